//! One line a sentence.

use super::ArticleRecord;
use super::record::rounded;
use crate::label::{LabelSet, NONE};
use crate::text::Kind;
use std::io::{Error, Result, Write};

/// The columns before the labels' own.
const COLUMNS: [&str; 9] = ["source", "id", "index", "kind", "start", "end", "quoted", "text", "labels"];

pub(super) fn header<W: Write>(labels: &LabelSet, out: &mut ::csv::Writer<W>) -> Result<()> {
    out.write_record(COLUMNS.into_iter().chain(labels.names())).map_err(unwrapped)?;
    out.flush()
}

pub(super) fn rows<W: Write>(
    article: &ArticleRecord,
    labels: &LabelSet,
    first: bool,
    out: &mut ::csv::Writer<W>,
) -> Result<()> {
    if first {
        header(labels, out)?;
    }
    for sentence in article.sentences.iter().filter(|sentence| sentence.kind != Kind::Furniture) {
        let tagged = if sentence.labels.is_empty() { NONE.into() } else { sentence.labels.join("|") };
        let kind = if sentence.kind == Kind::Headline { "headline" } else { "body" };
        let fields = [
            article.source.clone(),
            article.id.clone().unwrap_or_default(),
            sentence.index.to_string(),
            kind.into(),
            sentence.start.to_string(),
            sentence.end.to_string(),
            sentence.quoted.to_string(),
            sentence.text.clone(),
            tagged,
        ];
        let scores = sentence
            .scores
            .0
            .iter()
            .map(|(_, score)| score.map(|s| rounded(s).to_string()).unwrap_or_default());
        out.write_record(fields.into_iter().chain(scores)).map_err(unwrapped)?;
    }
    out.flush()
}

/// The system's own error, so that a closed pipe is known as one.
fn unwrapped(error: ::csv::Error) -> Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => Error::other(format!("{other:?}")),
    }
}
