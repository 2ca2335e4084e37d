//! Passages to blocks: which are headlines, which the story, which page furniture.
//!
//! First each passage is looked at by itself, then with its neighbours. The rule in doubt: a sentence that is lost is worse
//! than a bit of furniture that is scored.

use super::furniture::{self, Furniture};
use super::layout::{self, Hint, Passage};
use super::lexicon;
use super::{Article, Block, Kind, Span, one_line};

/// A headline has at most this many words.
const HEADLINE_WORDS: usize = 22;
/// A sub-heading has at most this many words.
const SUBHEADING_WORDS: usize = 12;
/// A passage at the end that looks like a title is a tag or a link up to this many words, and a cut sentence above.
const TAG_WORDS: usize = 8;
/// Groups of more passages are not furniture as a whole.
const GROUP: usize = 8;

impl Article {
    /// An article from plain text: `text` as given is what all positions refer to.
    ///
    /// ```
    /// use rhetor::{Article, Kind};
    /// let text = "Ferries stop over pay\n\nBy Ana Ruiz\n\nThe ferries stopped on Monday. Nobody knew why.\n\nLEAVE A REPLY";
    /// let article = Article::from_text("ferries.txt", None, None, text.into());
    /// let kinds: Vec<Kind> = article.blocks.iter().map(|block| block.kind).collect();
    /// assert_eq!(kinds, [Kind::Headline, Kind::Furniture, Kind::Body, Kind::Furniture]);
    /// assert_eq!(article.title.as_deref(), Some("Ferries stop over pay"));
    /// ```
    pub fn from_text(
        source: impl Into<String>,
        id: Option<String>,
        title: Option<String>,
        text: String,
    ) -> Self {
        let passages = layout::passages(&text);
        Article::from_passages(source.into(), id, title, text, &passages)
    }

    pub(crate) fn from_passages(
        source: String,
        id: Option<String>,
        title: Option<String>,
        text: String,
        passages: &[Passage],
    ) -> Self {
        let blocks = blocks(&text, passages);
        let headline = blocks.iter().find(|block| block.kind == Kind::Headline);
        let title = title.or_else(|| headline.map(|block| one_line(block.span.of(&text))));
        Article { source, id, title, text, extracted: false, blocks }
    }
}

/// How a passage looks by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Furniture(Furniture),
    /// Like a heading, with so many words.
    Title(usize),
    Prose,
}

impl Look {
    fn is_furniture(self) -> bool {
        matches!(self, Look::Furniture(_))
    }
}

fn blocks(text: &str, passages: &[Passage]) -> Vec<Block> {
    let passages = cut_glued(text, passages);
    let looks: Vec<Look> = (0..passages.len()).map(|index| look(text, &passages, index)).collect();
    let story = looks.iter().position(|look| *look == Look::Prose);
    let headline = headline(&looks[..story.unwrap_or(looks.len())]);
    let page = Page { text, passages: &passages, looks, headline, story }.without_link_lists();
    let block = |(passage, kind): (&Passage, Kind)| Block { kind, span: passage.span };
    passages.iter().zip(page.kinds()).map(block).collect()
}

/// Parts passages from the furniture that is glued to their end.
fn cut_glued(text: &str, passages: &[Passage]) -> Vec<Passage> {
    let mut cut = Vec::with_capacity(passages.len());
    for passage in passages {
        let Span { start, end } = passage.span;
        match furniture::glued_tail(passage.span.of(text)) {
            None => cut.push(*passage),
            Some(at) => {
                let story = start + text[start..start + at].trim_end().len();
                cut.push(Passage { span: Span { start, end: story }, ..*passage });
                cut.push(Passage {
                    span: Span { start: start + at, end },
                    group: usize::MAX,
                    hint: Hint::Caption,
                });
            }
        }
    }
    cut
}

fn look(text: &str, passages: &[Passage], index: usize) -> Look {
    let passage = &passages[index];
    let content = passage.span.of(text);
    if passage.hint == Hint::Caption {
        return Look::Furniture(Furniture::Other);
    }
    // A page's first line may be a headline such as “He never left”.
    let heads = index == 0 && passages.len() > 1;
    match furniture::recognise(content) {
        Some(Furniture::Label) if heads => {}
        Some(sort) => return Look::Furniture(sort),
        None => {}
    }
    match passage.hint {
        Hint::Heading => Look::Title(words(content).min(HEADLINE_WORDS)),
        Hint::Plain if is_title_like(content) && (heads || !begins_like_a_sentence(content)) => {
            Look::Title(words(content))
        }
        _ => Look::Prose,
    }
}

fn words(content: &str) -> usize {
    content.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// Short, without the punctuation at the end that sentences have.
fn is_title_like(content: &str) -> bool {
    if content.len() > 400 || words(content) > HEADLINE_WORDS {
        return false;
    }
    let end = content.trim_end_matches(['”', '’', '"', '\'', ')', '»', '|']);
    match end.chars().next_back() {
        // “Rebels in talks with U.S.”
        Some('.') => lexicon::ends_names(&end[..end.len() - 1]),
        Some(',' | ';' | ':' | '…' | '।' | '۔' | '。' | '-' | '—' | '–') => false,
        Some('!' | '?') => words(content) <= SUBHEADING_WORDS && !content.contains([',', '“', '"']),
        _ => true,
    }
}

/// A small letter, or a pronoun before a small word: a sentence cut short rather than a headline.
fn begins_like_a_sentence(content: &str) -> bool {
    let mut words = content.split_whitespace();
    let first = words.next().unwrap_or("");
    let small = words.next().is_some_and(|word| word.starts_with(char::is_lowercase));
    let pronoun = matches!(
        first,
        "He" | "She" | "They" | "It" | "We" | "I" | "But" | "And" | "This" | "These" | "“We" | "“I" | "“They"
    );
    (pronoun && small) || (first.starts_with(char::is_lowercase) && words.count() + 2 > TAG_WORDS)
}

/// The headline among the looks before the story: the first title of four words or more, else the first of two, of one.
fn headline(looks: &[Look]) -> Option<usize> {
    let first =
        |least: usize| looks.iter().position(|look| matches!(look, Look::Title(words) if *words >= least));
    first(4).or_else(|| first(2)).or_else(|| first(1))
}

/// All passages with their looks.
struct Page<'a> {
    text: &'a str,
    passages: &'a [Passage],
    looks: Vec<Look>,
    headline: Option<usize>,
    /// Where the story begins.
    story: Option<usize>,
}

impl Page<'_> {
    /// Titles after `Read next` and `Related stories` are furniture, until the story goes on.
    fn without_link_lists(mut self) -> Self {
        let mut list: Option<usize> = None;
        for index in 0..self.looks.len() {
            let group = self.passages[index].group;
            match self.looks[index] {
                Look::Furniture(Furniture::List) => list = Some(group),
                Look::Furniture(_) => {}
                _ if list == Some(group) && Some(index) != self.headline && self.is_link(index) => {
                    self.looks[index] = Look::Furniture(Furniture::Other);
                }
                _ => list = None,
            }
        }
        self
    }

    /// A title, alone or as an item of a list.
    fn is_link(&self, index: usize) -> bool {
        let item = self.passages[index].hint == Hint::Item;
        matches!(self.looks[index], Look::Title(_))
            || (item && is_title_like(self.passages[index].span.of(self.text)))
    }

    fn kinds(&self) -> Vec<Kind> {
        let next_story = self.next_story();
        let tainted = self.tainted_groups(&next_story);
        let mut kinds = Vec::with_capacity(self.looks.len());
        for index in 0..self.looks.len() {
            let kind = match self.looks[index] {
                _ if Some(index) == self.headline => Kind::Headline,
                Look::Furniture(_) => Kind::Furniture,
                _ if tainted[index] => Kind::Furniture,
                Look::Prose => Kind::Body,
                // Nothing but titles: a list of headlines.
                Look::Title(_) if self.story.is_none() => Kind::Headline,
                Look::Title(words) => self.title_kind(index, words, next_story[index]),
            };
            kinds.push(kind);
        }
        kinds
    }

    /// For each passage, the look of the next one that is not an advertisement; `None` when no prose follows at all.
    fn next_story(&self) -> Vec<Option<Look>> {
        let (mut next, mut prose) = (None, false);
        let mut found = vec![None; self.looks.len()];
        for (index, look) in self.looks.iter().enumerate().rev() {
            found[index] = next.filter(|_| prose);
            prose |= *look == Look::Prose;
            if *look != Look::Furniture(Furniture::Advertisement) {
                next = Some(*look);
            }
        }
        found
    }

    /// Passages in small groups with certain furniture and no running text: names, sections, buttons.
    fn tainted_groups(&self, next_story: &[Option<Look>]) -> Vec<bool> {
        let mut tainted = vec![false; self.looks.len()];
        let mut start = 0;
        for group in self.passages.chunk_by(|a, b| a.group == b.group) {
            let end = start + group.len();
            let looks = &self.looks[start..end];
            let last = next_story[end - 1].is_none();
            let furniture = looks.iter().any(|look| look.is_furniture());
            let signed = looks.contains(&Look::Furniture(Furniture::Signature));
            let story = (start..end).any(|index| {
                self.looks[index] == Look::Prose && !(last && !signed && self.is_afterthought(index))
            });
            if furniture && !story && group.len() <= GROUP && group.len() > 1 {
                let headed = self.headline.is_some_and(|headline| (start..end).contains(&headline));
                for (tainted, look) in tainted[start..end].iter_mut().zip(looks) {
                    // A second headline may stand right under the first.
                    *tainted = !(headed && matches!(look, Look::Title(words) if *words > TAG_WORDS));
                }
            }
            start = end;
        }
        tainted
    }

    /// A short sentence that is not all there is: what a writer covers, where to write to.
    fn is_afterthought(&self, index: usize) -> bool {
        self.story != Some(index) && words(self.passages[index].span.of(self.text)) <= SUBHEADING_WORDS
    }

    /// A title that is not the headline.
    fn title_kind(&self, index: usize, words: usize, next: Option<Look>) -> Kind {
        let story_began = self.story.is_some_and(|story| story < index);
        match next {
            None if words <= TAG_WORDS => Kind::Furniture,
            None => Kind::Body,
            Some(_) if !story_began => self.kind_before_story(index, words, next),
            Some(Look::Furniture(_)) if words <= TAG_WORDS => Kind::Furniture,
            Some(Look::Furniture(_)) => Kind::Body,
            Some(_) if words <= SUBHEADING_WORDS => Kind::Headline,
            Some(_) => Kind::Body,
        }
    }

    /// Around the headline stand section names and bylines, but also second headlines.
    fn kind_before_story(&self, index: usize, words: usize, next: Option<Look>) -> Kind {
        let after_headline = self.headline.is_some_and(|headline| headline < index);
        let heading = self.passages[index].hint == Hint::Heading;
        let leads_in = next == Some(Look::Prose) && !is_name(self.passages[index].span.of(self.text));
        if after_headline && (heading || words > 4 || leads_in) { Kind::Headline } else { Kind::Furniture }
    }
}

/// Two to four words with capitals: a byline without its `By`.
fn is_name(content: &str) -> bool {
    let count = words(content);
    (2..=4).contains(&count) && content.split_whitespace().all(|word| word.starts_with(char::is_uppercase))
}
