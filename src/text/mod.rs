//! Bytes to articles to sentences.
//!
//! ```text
//! bytes --decode--> String --html / boilerplate--> Article (blocks with a kind) --segment--> Sentences
//! ```

pub mod decode;
pub mod input;
pub mod quotes;
pub mod segment;

mod boilerplate;
mod format;
mod furniture;
mod html;
mod layout;
pub(crate) mod lexicon;
mod records;

pub(crate) use input::is_read_from;
pub use {
    decode::{Decoded, decode, is_binary},
    format::InputFormat,
    input::{InputOptions, articles},
    quotes::{Quotation, quotations},
    records::ARTICLE_LIMIT,
    segment::sentences,
};

use serde::Serialize;

/// A half-open range of byte positions into [`Article::text`], always on character boundaries.
///
/// Output converts to code points; inside the library positions are bytes, since Rust slices by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The text under the span.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        &text[self.start..self.end]
    }
}

/// A text without the line breaks that wrapping or markup gave it, each stretch of white space as one blank.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a stretch of an article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The headline or a sub-heading.
    Headline,
    /// Running text.
    Body,
    /// Page furniture: share counts, captions, bylines, pleas. Never scored.
    Furniture,
}

/// One paragraph, heading, list item or line of furniture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, trimmed of white space.
    pub span: Span,
}

/// An article as rhetor works on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Where it came from: a path, `-` for standard input, `path:line` for records of a file.
    pub source: String,
    /// The record's own id, if it has one.
    pub id: Option<String>,
    /// Its title: the one given with the record, else the headline found in the text.
    pub title: Option<String>,
    /// The text to which all spans refer: the text as given, or the text extracted from HTML.
    pub text: String,
    /// Whether `text` was extracted from HTML (so that positions do not refer to the input file).
    pub extracted: bool,
    /// The blocks in order, not overlapping.
    pub blocks: Vec<Block>,
}

/// One sentence of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// What kind of block it stands in.
    pub kind: Kind,
    /// Where it stands, trimmed of white space.
    pub span: Span,
    /// Whether its first word stands inside a quotation.
    pub quoted: bool,
}
