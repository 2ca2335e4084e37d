//! What a file holds, by its name or by its beginning.

use super::decode::decode;
use super::html::looks_like_html;
use std::path::Path;

/// Extensions that are read from folders, and what they mean.
const EXTENSIONS: [(&str, InputFormat); 11] = [
    ("txt", InputFormat::Text),
    ("text", InputFormat::Text),
    ("md", InputFormat::Text),
    ("html", InputFormat::Html),
    ("htm", InputFormat::Html),
    ("xhtml", InputFormat::Html),
    ("jsonl", InputFormat::Jsonl),
    ("ndjson", InputFormat::Jsonl),
    ("json", InputFormat::Json),
    ("csv", InputFormat::Csv),
    ("tsv", InputFormat::Tsv),
];

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputFormat {
    /// One article in plain text.
    Text,
    /// One web page.
    Html,
    /// A JSON object a line.
    Jsonl,
    /// A JSON object, or an array of them.
    Json,
    /// Comma-separated values with a header line.
    Csv,
    /// Tab-separated values with a header line.
    Tsv,
}

/// The extensions that are read from folders.
pub(super) fn extensions() -> impl Iterator<Item = &'static str> {
    EXTENSIONS.iter().map(|(extension, _)| *extension)
}

/// The format that a path's extension says.
pub(super) fn of(path: &Path) -> Option<InputFormat> {
    let extension = path.extension()?.to_str()?;
    EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension)).map(|(_, format)| *format)
}

/// What bytes look like: JSON, a page, or else plain text.
pub(super) fn sniff(start: &[u8]) -> InputFormat {
    let text = decode(&start[..start.len().min(1 << 15)]).text;
    let trimmed = text.trim_start();
    let first_line = trimmed.lines().next().unwrap_or("").trim_end();
    let inside = |bracket: char| trimmed.strip_prefix(bracket).map(str::trim_start);
    if inside('{').is_some_and(|rest| rest.starts_with(['"', '}'])) {
        if first_line.ends_with('}') { InputFormat::Jsonl } else { InputFormat::Json }
    } else if inside('[').is_some_and(|rest| rest.starts_with('{')) {
        InputFormat::Json
    } else if looks_like_html(trimmed) {
        InputFormat::Html
    } else {
        InputFormat::Text
    }
}
