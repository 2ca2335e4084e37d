//! JSON and JSON Lines.

use super::ArticleRecord;
use serde::Serialize;
use serde_json::Value;
use std::io::{Result, Write};

/// One object on one line.
pub(super) fn line(article: &ArticleRecord, out: &mut impl Write) -> Result<()> {
    // Serialised first, so that a line is written whole or not at all.
    let mut line = serde_json::to_vec(article)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

/// Objects one a line.
pub(super) fn lines(objects: impl Iterator<Item = Value>, out: &mut impl Write) -> Result<()> {
    for object in objects {
        writeln!(out, "{object}")?;
    }
    out.flush()
}

/// One element of an array of articles.
pub(super) fn element(article: &impl Serialize, first: bool, out: &mut impl Write) -> Result<()> {
    out.write_all(if first { b"[\n" } else { b",\n" })?;
    out.write_all(&serde_json::to_vec_pretty(article)?)?;
    out.flush()
}

/// The end of the array.
pub(super) fn end(first: bool, out: &mut impl Write) -> Result<()> {
    out.write_all(if first { b"[]\n" } else { b"\n]\n" })?;
    out.flush()
}
