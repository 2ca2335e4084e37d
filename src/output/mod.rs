//! Scored articles to something to read: a listing and a web page for people; JSON, JSON Lines and CSV for programs; the
//! formats of other tools; counts of who does what to whom; a queue of sentences to label next.

mod codes;
mod csv;
mod dyads;
mod export;
mod html;
mod json;
mod listing;
mod page;
mod queue;
mod record;
mod report;

pub use codes::Codes;
pub use dyads::{DyadFormat, Dyads};
pub use export::Export;
pub use listing::Listing;
pub use queue::{Queued, write_queue};
pub use record::{
    ArticleRecord, AttributionRecord, Findings, MentionRecord, Scores, SentenceRecord, SpanRecord,
    StatementRecord, TargetRecord, TextRecord, WordRecord,
};
pub use report::{comparison_page, report_page};

use crate::error::{Error, Result};
use crate::label::LabelSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The shape of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A listing for people.
    Text(Listing),
    /// One JSON array of articles.
    Json,
    /// One JSON object an article, one a line.
    Jsonl,
    /// One line a sentence, with a header.
    Csv,
    /// One self-contained web page for all articles, which are kept in memory until the end.
    Html,
    /// The format of another tool.
    Export(Export),
}

/// Writes articles one after the other, each whole before the next.
pub struct Writer<W: Write> {
    out: Output<W>,
    labels: LabelSet,
    name: PathBuf,
    written: usize,
}

enum Output<W: Write> {
    Text(Listing, W),
    Json(W),
    Jsonl(W),
    Csv(Box<::csv::Writer<W>>),
    Html(Box<html::Pages>, W),
    Export(Export, W),
}

impl<W: Write> Writer<W> {
    /// A writer onto `out`, for the labels of one model; `name` stands for `out` in messages.
    pub fn new(format: Format, labels: LabelSet, out: W, name: &Path) -> Self {
        let out = match format {
            Format::Text(listing) => Output::Text(listing, out),
            Format::Json => Output::Json(out),
            Format::Jsonl => Output::Jsonl(out),
            Format::Csv => Output::Csv(Box::new(::csv::Writer::from_writer(out))),
            Format::Html => Output::Html(Box::new(html::Pages::new(labels.clone())), out),
            Format::Export(export) => Output::Export(export, out),
        };
        Writer { out, labels, name: name.into(), written: 0 }
    }

    /// Writes one article and flushes, so that a reader of a pipe has it at once. (A web page is written in
    /// [`finish`](Self::finish).)
    ///
    /// # Errors
    /// When the output cannot be written to.
    pub fn write(&mut self, article: &ArticleRecord) -> Result<()> {
        let first = self.written == 0;
        let written = match &mut self.out {
            Output::Text(listing, out) => listing.write(article, first, out),
            Output::Json(out) => json::element(article, first, out),
            Output::Jsonl(out) => json::line(article, out),
            Output::Csv(out) => csv::rows(article, &self.labels, first, out),
            Output::Html(pages, _) => {
                pages.add(article);
                Ok(())
            }
            Output::Export(export, out) => export.write(article, first, out),
        };
        self.written += 1;
        written.map_err(|e| Error::io(&self.name, "write", e))
    }

    /// Ends the output: what a format needs after the last article, also when there was none.
    ///
    /// # Errors
    /// When the output cannot be written to.
    pub fn finish(mut self) -> Result<()> {
        let first = self.written == 0;
        let written = match &mut self.out {
            Output::Text(listing, out) => listing.finish(self.written, out),
            Output::Json(out) => json::end(first, out),
            Output::Jsonl(_) => Ok(()),
            Output::Csv(out) if first => csv::header(&self.labels, out),
            Output::Csv(_) => Ok(()),
            Output::Html(pages, out) => out.write_all(pages.page().as_bytes()).and_then(|()| out.flush()),
            Output::Export(export, out) => export.finish(first, out),
        };
        written.map_err(|e| Error::io(&self.name, "write", e))
    }
}

/// Whether a file that begins with these bytes shows that it was written here, as articles never do. Listings and most
/// formats of other tools do not show it.
pub(crate) fn is_output(beginning: &[u8]) -> bool {
    let text = String::from_utf8_lossy(beginning);
    let header = |columns: &[&str]| text.starts_with(&columns.join(","));
    let schema = ["\"schema\":\"rhetor.", "\"schema\": \"rhetor.", page::GENERATED];
    schema.iter().any(|mark| text.contains(mark)) || header(&csv::COLUMNS) || header(&dyads::COLUMNS)
}

/// The system's own error, so that a closed pipe is known as one.
fn unwrapped(error: ::csv::Error) -> std::io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}
