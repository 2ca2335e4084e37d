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
mod nouns;
mod phrases;
mod sites;
mod spans;
mod statement;
mod tails;
mod target;
mod tokens;
mod verbs;
mod words;

pub(crate) use target::is_pronoun;

use crate::label::LabelSet;
use crate::text::{Article, Kind, Sentence, Span};
use entities::Cast;
use ndarray::ArrayView2;
use std::ops::Range;
use tokens::{Page, Token};
use words::Class;

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
    /// Which of the article's attributions performs the act; none where the narrator tells of it or nobody named does it.
    pub source: Option<usize>,
    /// Who performs the act: the source of the attribution, or the subject of which the narrator tells it.
    pub speaker: Option<Mention>,
    /// The party that the act is directed at, if the text names it.
    pub target: Option<Mention>,
}

/// An article read for who says what in it, and who does what to whom.
///
/// ```
/// use ndarray::array;
/// use rhetor::{Article, LabelSet, attribution::Voices, sentences};
///
/// let text = "Mayor Dana Orel came late. “They lied,” she said, and accused the ministry of fraud.";
/// let article = Article::from_text("-", None, None, text.into());
/// let voices = Voices::new(&article, &sentences(&article));
/// let contents: Vec<&str> = voices.attributions().iter().map(|said| said.content.of(text)).collect();
/// assert_eq!(contents, ["“They lied,”", "the ministry of fraud"]);
///
/// let labels = LabelSet::new(["accusation"])?;
/// let found = voices.statements(array![[false], [true]].view(), &labels);
/// let [speaker, target] = [&found[0].speaker, &found[0].target].map(|party| party.as_ref().unwrap());
/// assert_eq!((speaker.name.as_deref(), target.span.of(text)), (Some("Dana Orel"), "the ministry"));
/// # Ok::<(), rhetor::Error>(())
/// ```
#[derive(Debug)]
pub struct Voices<'a> {
    page: Page<'a>,
    cast: Cast,
    attributions: Vec<Attribution>,
}

impl<'a> Voices<'a> {
    /// Finds the attributions of an article.
    pub fn new(article: &'a Article, sentences: &[Sentence]) -> Self {
        let page = Page::new(article, sentences);
        let mut drafts: Vec<Draft> = (0..page.lines.len()).flat_map(|line| drafts(&page, line)).collect();
        direct::join(&page, &mut drafts);
        let mut cast = Cast::new(&page);
        let attributions = resolved(&page, &mut cast, drafts);
        Voices { page, cast, attributions }
    }

    /// Who says what, by where the content begins.
    pub fn attributions(&self) -> &[Attribution] {
        &self.attributions
    }

    /// One statement for each tag, by sentence and label.
    ///
    /// `tags` has the shape (sentences, labels). The source is the attribution whose content or cue lies in the sentence:
    /// the one with a cue of the act ("accused" for an accusation) before others, one that names a speaker before one that
    /// does not, one that reports a fifth of the sentence before "according to", then the one that covers most of it. Where
    /// there is none, the subject of the sentence performs the act, unless the act is directed at it.
    ///
    /// # Panics
    /// If the tags are of another shape.
    pub fn statements(&self, tags: ArrayView2<bool>, labels: &LabelSet) -> Vec<Statement> {
        assert_eq!(tags.dim(), (self.page.lines.len(), labels.len()), "a row a sentence, a column a label");
        statement::statements(&self.page, self.cast.rewound(), &self.attributions, tags, labels)
    }

    /// The attributions alone.
    pub fn into_attributions(self) -> Vec<Attribution> {
        self.attributions
    }
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
    let found: Vec<Draft> = (0..sites.len()).filter_map(draft).collect();
    let mut drafts: Vec<Draft> =
        found.iter().filter(|draft| !is_echo(tokens, draft, &found)).cloned().collect();
    drafts.extend(direct::unreported(page, line, &drafts));
    drafts
}

/// Whether speakers say something of themselves: in "she said that she doubted it" nobody but her speaks, and once.
fn is_echo(tokens: &[Token], draft: &Draft, drafts: &[Draft]) -> bool {
    let Some(Party { tokens: party, .. }) = &draft.source else { return false };
    let opens = |other: &Draft| {
        let content = tokens.partition_point(|token| token.span.start < other.content.start);
        let that = tokens.get(content).is_some_and(|first| first.says("that"));
        content + usize::from(that) == party.start && tokens[party.start].span.end < other.content.end
    };
    let word = &tokens[party.start];
    let pronoun = party.len() == 1 && word.says_any(&["i", "he", "she", "it", "we", "they"]);
    // "She said he had": two persons.
    let differs = |other: &Draft| {
        other.source.as_ref().is_some_and(|Party { tokens: others, .. }| {
            let first = &tokens[others.start];
            others.len() == 1 && first.is(Class::Subject) && !first.says(&word.lower)
        })
    };
    pronoun && drafts.iter().any(|other| other.cue != draft.cue && opens(other) && !differs(other))
}

fn over(tokens: &[Token], range: &Range<usize>) -> Span {
    Span { start: tokens[range.start].span.start, end: tokens[range.end - 1].span.end }
}

/// Resolves the sources in the order of the text, and leaves the attributions in that of their contents.
fn resolved(page: &Page, cast: &mut Cast, drafts: Vec<Draft>) -> Vec<Attribution> {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    let place = |index: &usize| drafts[*index].source.as_ref().map(|party| (party.line, party.tokens.start));
    order.sort_by_key(place);
    let mut sources: Vec<Option<Mention>> = vec![None; drafts.len()];
    for index in order {
        sources[index] = drafts[index].source.as_ref().map(|party| cast.resolve(page, party));
    }
    let attribution = |(draft, source): (Draft, Option<Mention>)| Attribution {
        direct: page.quote_at(draft.content.start).is_some(),
        content: draft.content,
        cue: draft.cue,
        source,
    };
    drafts.into_iter().zip(sources).map(attribution).collect()
}
