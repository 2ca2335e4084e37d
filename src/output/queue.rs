//! Sentences to be labelled in a spreadsheet.

use super::record::rounded;
use crate::dataset::SUGGESTED;
use crate::error::{Error, Result};
use crate::label::LabelSet;
use std::io::Write;
use std::path::Path;

/// Excel takes a file without this mark for Latin-1, and would break every curly quotation mark.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One sentence to label.
#[derive(Debug, Clone, PartialEq)]
pub struct Queued {
    /// The sentence.
    pub text: String,
    /// The labels that the model gives it, joined by `|`, or `none`.
    pub suggested: String,
    /// The label that the model is in doubt about.
    pub unsure: String,
    /// The probability of each label, in the order of the scheme.
    pub scores: Vec<f32>,
    /// The article it is taken from.
    pub doc: String,
    /// The sentence before it in the article; empty if it is the first.
    pub before: String,
    /// The sentence after it.
    pub after: String,
}

/// Writes sentences as a CSV file, with a column `labels` to be filled in, that [`Dataset::read`](crate::Dataset::read)
/// then reads as it is: rows whose labels are still blank are passed over there. `name` stands for `out` in messages.
///
/// # Errors
/// When the output cannot be written to.
pub fn write_queue(labels: &LabelSet, rows: &[Queued], out: &mut dyn Write, name: &Path) -> Result<()> {
    let refused = |error: ::csv::Error| Error::io(name, "write", error.into());
    out.write_all(BYTE_ORDER_MARK).map_err(|error| Error::io(name, "write", error))?;
    let mut writer = ::csv::Writer::from_writer(out);
    let scores = labels.names().map(|label| format!("p_{label}"));
    let (first, last) = (["text", "labels", SUGGESTED, "unsure"], ["doc", "before", "after"]);
    let header = first.map(String::from).into_iter().chain(scores).chain(last.map(String::from));
    writer.write_record(header).map_err(refused)?;
    for row in rows {
        let scores: Vec<String> = row.scores.iter().map(|score| rounded(*score).to_string()).collect();
        let first = [&row.text, "", &row.suggested, &row.unsure];
        let last = [&row.doc, &row.before, &row.after].map(String::as_str);
        writer
            .write_record(first.into_iter().chain(scores.iter().map(String::as_str)).chain(last))
            .map_err(refused)?;
    }
    writer.flush().map_err(|error| Error::io(name, "write", error))
}
