//! Sentences to who says it, towards whom, in which words.
//!
//! ```text
//! Article, Sentences --> Attributions (source, cue, content) --> sources resolved to entities
//! tagged Sentences, Attributions --> Statements (label, source, target)
//! ```

mod appositions;
mod chunks;
mod constructions;
mod direct;
mod entities;
mod grammar;
mod names;
mod phrases;
mod sites;
mod spans;
mod statement;
mod tails;
mod target;
mod tokens;
mod verbs;
mod words;

pub use statement::statements;
pub(crate) use target::is_pronoun;

use crate::text::{Article, Kind, Sentence, Span};
use entities::Cast;
use std::cmp::Reverse;
use std::ops::Range;
use tokens::{Page, Token};

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

/// Who says what in an article: its attributions by where their content begins.
///
/// ```
/// use rhetor::attribution::attributions;
/// use rhetor::text::{Article, sentences};
///
/// let text = "Mayor Dana Orel came late. “They lied,” she said, and accused the ministry of fraud.";
/// let article = Article::from_text("-", None, None, text.into());
/// let found = attributions(&article, &sentences(&article));
/// let contents: Vec<&str> = found.iter().map(|attribution| attribution.content.of(text)).collect();
/// assert_eq!(contents, ["“They lied,”", "the ministry of fraud"]);
/// assert!(found.iter().all(|said| said.source.as_ref().unwrap().name.as_deref() == Some("Dana Orel")));
/// ```
pub fn attributions(article: &Article, sentences: &[Sentence]) -> Vec<Attribution> {
    let page = Page::new(article, sentences);
    let mut drafts: Vec<Draft> = (0..page.lines.len()).flat_map(|line| drafts(&page, line)).collect();
    direct::join(&page, &mut drafts);
    resolved(&page, drafts)
}

/// A party as it stands in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Party {
    line: usize,
    tokens: Range<usize>,
}

/// An attribution before its source is resolved.
#[derive(Debug, Clone)]
struct Draft {
    content: Span,
    cue: Option<Span>,
    source: Option<Party>,
    /// The sentence that its cue stands in.
    line: usize,
    /// Whether a quotation that follows in the same paragraph belongs to it.
    goes_on: bool,
}

/// Tokens of a sentence beyond which it is no prose but a table or a list, and the rules would take long over it.
const LONGEST: usize = 600;

/// What the sites of one sentence report.
fn drafts(page: &Page, line: usize) -> Vec<Draft> {
    let tokens = &page.lines[line].tokens;
    if tokens.len() > LONGEST {
        return Vec::new();
    }
    let sites = sites::sites(tokens, page.lines[line].sentence.kind == Kind::Headline);
    let draft = |index: usize| {
        let site = &sites[index];
        let within = spans::content(tokens, &sites, index).map(|(content, after)| {
            let quoted = tokens[content.start].quoted;
            let goes_on = quoted || after && tokens[content.clone()].iter().any(|token| token.quoted);
            (direct::widen(page, over(tokens, &content)), goes_on)
        });
        let (content, goes_on) = within.or_else(|| Some((direct::beside(page, line, site)?, true)))?;
        let source = site.source.clone().map(|tokens| Party { line, tokens });
        Some(Draft { content, cue: Some(over(tokens, &site.cue)), source, line, goes_on })
    };
    (0..sites.len()).filter_map(draft).collect()
}

fn over(tokens: &[Token], range: &Range<usize>) -> Span {
    Span { start: tokens[range.start].span.start, end: tokens[range.end - 1].span.end }
}

/// Resolves the sources in the order of the text, and leaves the attributions in that of their contents.
fn resolved(page: &Page, drafts: Vec<Draft>) -> Vec<Attribution> {
    let mut cast = Cast::new(page);
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    let place = |index: &usize| drafts[*index].source.as_ref().map(|party| (party.line, party.tokens.start));
    order.sort_by_key(place);
    let mut sources: Vec<Option<Mention>> = vec![None; drafts.len()];
    for index in order {
        sources[index] = drafts[index].source.as_ref().map(|party| cast.resolve(party));
    }
    let attribution = |(draft, source): (Draft, Option<Mention>)| Attribution {
        direct: page.quote_at(draft.content.start).is_some(),
        content: draft.content,
        cue: draft.cue,
        source,
    };
    drafts.into_iter().zip(sources).map(attribution).collect()
}

/// Which attribution covers a sentence, so that a sentence amid a quotation finds its speaker: the one that reports the most of it, of several alike the innermost. One that
/// only names the witness ("according to") gives way to any other that covers a fifth of the sentence.
pub fn covering(text: &str, attributions: &[Attribution], sentence: Span) -> Option<usize> {
    let shared = |index: usize| {
        let content = attributions[index].content;
        content.end.min(sentence.end).saturating_sub(content.start.max(sentence.start))
    };
    let witness = |index: usize| {
        attributions[index]
            .cue
            .is_some_and(|cue| cue.of(text).get(..9).is_some_and(|cue| cue.eq_ignore_ascii_case("according")))
    };
    let acts = |index: usize| !witness(index) && shared(index) * 5 >= sentence.end - sentence.start;
    let length = |index: usize| attributions[index].content.end - attributions[index].content.start;
    let rank = |index: &usize| (acts(*index), shared(*index), Reverse(length(*index)), Reverse(*index));
    (0..attributions.len()).filter(|index| shared(*index) > 0).max_by_key(rank)
}
