//! fastText: a line a sentence, its labels in front.

use crate::label::NONE;
use crate::output::SentenceRecord;
use std::io::{Result, Write};

pub(super) fn lines<'a>(
    sentences: impl Iterator<Item = &'a SentenceRecord>,
    out: &mut impl Write,
) -> Result<()> {
    for sentence in sentences {
        writeln!(out, "{}", line(sentence))?;
    }
    out.flush()
}

/// fastText takes a label to end at the next blank, and a text at the end of the line.
fn line(sentence: &SentenceRecord) -> String {
    let none = [NONE.to_string()];
    let labels = if sentence.labels.is_empty() { &none[..] } else { &sentence.labels };
    let labels = labels.iter().map(|label| format!("__label__{}", joined(label, "_")));
    let text = joined(&sentence.text, " ");
    labels.chain([text]).collect::<Vec<_>>().join(" ")
}

fn joined(text: &str, by: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(by)
}
