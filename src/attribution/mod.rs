//! Sentences to who says it, towards whom, in which words.
//!
//! ```text
//! Article, Sentences --> Attributions (source, cue, content) --> sources resolved to entities
//! tagged Sentences, Attributions --> Statements (label, source, target)
//! ```

mod chunks;
mod constructions;
mod grammar;

mod statement;
mod target;

pub use statement::statements;

use crate::text::Span;

/// A stretch of the article that names a party, and what the article says of that party elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands.
    pub span: Span,
    /// The fullest name that the article has for it; none where the article names it nowhere.
    pub name: Option<String>,
    /// Its office or trade, where the text says so.
    pub role: Option<String>,
    /// The country, party or body that it belongs to, where the text says so.
    pub affiliation: Option<String>,
}

/// Words that the article ascribes to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// The words reported, with their quotation marks.
    pub content: Span,
    /// The words that report them: "said", "according to", "accused".
    pub cue: Option<Span>,
    /// Who speaks, if the text says so.
    pub source: Option<Mention>,
    /// Whether the content is quoted rather than retold.
    pub direct: bool,
}

/// One tag of one sentence: who does it, towards whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Which sentence.
    pub sentence: usize,
    /// Which label of the scheme.
    pub label: usize,
    /// Which of the article's attributions performs the act; none where the narrator or nobody named does.
    pub source: Option<usize>,
    /// The party that the act is directed at, if the text names it.
    pub target: Option<Mention>,
}
