//! Words and noun phrases of one sentence, found without a parser.

use super::grammar::{self, Class};
use super::tokens::Token;
use crate::text::Span;
use std::ops::Range;

/// One word or one mark of punctuation, with its classes in this grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// Where it stands in the article.
    pub(super) span: Span,
    /// In lower case, apostrophes straight.
    pub(super) lower: &'a str,
    /// Whether it has a capital.
    pub(super) capital: bool,
    classes: u16,
}

impl Word<'_> {
    /// Whether it belongs to a class.
    pub(super) fn is(&self, class: Class) -> bool {
        self.classes & class as u16 != 0
    }

    /// Whether it is a word or a number, not a mark.
    pub(super) fn is_word(&self) -> bool {
        self.lower.starts_with(|c: char| c.is_alphanumeric() || "$€£".contains(c))
    }

    /// Whether it is a quotation mark.
    pub(super) fn is_quote(&self) -> bool {
        matches!(self.lower, "\"" | "“" | "”" | "'" | "‘" | "«" | "»" | "„")
    }

    /// Whether it may be a verb in the past or a participle.
    pub(super) fn is_verbed(&self) -> bool {
        self.lower.ends_with("ed") || self.lower.ends_with("en") || self.is(Class::Verb)
    }

    fn is_number(&self) -> bool {
        self.lower.starts_with(|c: char| c.is_ascii_digit() || "$€£".contains(c))
    }

    fn is_possessive(&self) -> bool {
        self.lower == "'s"
    }

    /// A word in -ed or -ing that may be an adjective: the dismissed employee, the boarding party.
    fn is_participle(&self) -> bool {
        let ending = self.lower.ends_with("ed") || self.lower.ends_with("ing");
        ending && !self.capital && !self.is(Class::Party) && !self.lower.contains('-')
    }

    /// Whether no noun phrase goes on with it.
    fn ends_phrase(&self) -> bool {
        const ENDS: u16 = Class::Preposition as u16
            | Class::Link as u16
            | Class::Auxiliary as u16
            | Class::Adverb as u16
            | Class::Verb as u16
            | Class::Pronoun as u16;
        !self.is_word()
            || self.classes & ENDS != 0 && (!self.capital || self.classes & Class::Verb as u16 == 0)
    }
}

/// What a noun phrase names, as far as the target of an act goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// A thing, a place in time, the speaker.
    Other,
    /// it.
    It,
    /// they, she, you.
    Pronoun,
    /// A name, or a noun for a person or a body.
    Named,
}

/// The words of a sentence and the noun phrases among them.
#[derive(Debug)]
pub(super) struct Phrases<'a> {
    /// In order.
    pub(super) words: Vec<Word<'a>>,
    /// Noun phrases from left to right, not overlapping, as ranges of words.
    pub(super) chunks: Vec<Range<usize>>,
}

/// Small words within names.
const PARTICLES: [&str; 12] =
    ["de", "du", "des", "del", "della", "di", "da", "la", "van", "von", "bin", "el"];
/// At most so many extensions (of …, and …) of one noun phrase.
const EXTENSIONS: usize = 3;

impl<'a> Phrases<'a> {
    /// Those of a sentence.
    pub(super) fn new(tokens: &'a [Token]) -> Self {
        let word = |token: &'a Token| Word {
            span: token.span,
            lower: &token.lower,
            capital: token.is_capital(),
            classes: grammar::classes(&token.lower),
        };
        let mut phrases = Phrases { words: tokens.iter().map(word).collect(), chunks: Vec::new() };
        let mut at = 0;
        while at < phrases.words.len() {
            match phrases.ends(at).last() {
                Some(&end) => {
                    phrases.chunks.push(at..end);
                    at = end;
                }
                None => at += 1,
            }
        }
        phrases
    }

    /// Where a noun phrase that begins at word `start` may end, the shortest first: with a possessor only, with its head,
    /// with "of …", "in …" and "and …" behind it. Empty where none begins.
    pub(super) fn ends(&self, start: usize) -> Vec<usize> {
        let mut ends = self.base_ends(start);
        for _ in 0..EXTENSIONS {
            let Some(&end) = ends.last() else { break };
            match self.extension(start, end) {
                Some(further) if further > end => ends.push(further),
                _ => break,
            }
        }
        ends
    }

    /// The ends of the phrase without extensions: after each possessor, then after the head.
    fn base_ends(&self, start: usize) -> Vec<usize> {
        let (mut ends, mut head) = (Vec::new(), false);
        let mut at = self.after_quantity(start);
        if let Some(word) = self.words.get(at)
            && word.is(Class::Pronoun)
            && !self.is_determiner(at)
        {
            return vec![at + 1];
        }
        while let Some(word) = self.words.get(at) {
            match () {
                () if word.is_possessive() && head => {
                    ends.push(at);
                    head = false;
                }
                () if !head && self.is_determiner(at) => {}
                () if head && self.breaks_after_head(at) => break,
                () if !head && word.is_participle() => {
                    if at == start || !self.is_determiner(at - 1) {
                        break;
                    }
                }
                () if word.ends_phrase() || word.is(Class::Calendar) && word.capital => break,
                () => head = true,
            }
            at += 1;
        }
        if head {
            ends.push(at);
        }
        ends
    }

    /// Behind "all of", "some of", "the two of".
    fn after_quantity(&self, start: usize) -> usize {
        let quantity = |word: &Word| word.is(Class::Determiner) || word.lower == "one" || word.is_number();
        let rest = &self.words[start..];
        let counted = rest.iter().take_while(|word| quantity(word)).count();
        match rest.get(counted..counted + 2) {
            Some([of, next]) if counted > 0 && of.lower == "of" && next.is_word() => start + counted + 1,
            _ => start,
        }
    }

    /// Whether the word only introduces a noun: an article, a number, "her" before its noun.
    fn is_determiner(&self, at: usize) -> bool {
        let word = &self.words[at];
        let noun_follows =
            || self.words.get(at + 1).is_some_and(|next| !next.ends_phrase() && !next.is_number());
        match word.lower {
            "that" => self.opens_clause(at) && noun_follows(),
            "those" | "these" | "this" | "her" | "all" | "both" | "some" | "any" | "each" | "no" => {
                self.words.get(at + 1).is_some_and(|next| !next.ends_phrase())
            }
            _ => word.is(Class::Determiner) || word.is_number(),
        }
    }

    /// Whether the word is the first of the sentence or of a quotation.
    fn opens_clause(&self, at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| self.words[before].is_quote())
    }

    /// Whether a phrase that has a head ends before this word: a verb in the past, an article, a common word after a name
    /// or after a noun for a party.
    fn breaks_after_head(&self, at: usize) -> bool {
        let (word, before) = (&self.words[at], &self.words[at - 1]);
        if word.capital {
            return word.is(Class::Determiner);
        }
        let name = before.capital && !is_demonym(before.lower) && !self.opens_clause(at - 1);
        let particle = PARTICLES.contains(&word.lower) || PARTICLES.contains(&before.lower);
        let complete = name && !particle || before.is(Class::Party) && !before.capital;
        word.is_participle()
            || word.is_number()
            || word.is(Class::Determiner) && !particle
            || complete && !word.is(Class::Party)
    }

    /// How far the phrase goes on behind `end`.
    fn extension(&self, start: usize, end: usize) -> Option<usize> {
        let link = self.words.get(end)?;
        let next = self.words.get(end + 1)?;
        let definite = next.capital || matches!(next.lower, "the" | "its" | "their" | "his" | "her" | "our");
        let further = || self.base_ends(end + 1).last().copied();
        match link.lower {
            "who" if self.is_open(start, end) => Some(self.clause_end(end + 1)),
            "of" => further(),
            "(" if next.capital && self.words.get(end + 2).is_some_and(|close| close.lower == ")") => {
                Some(end + 3)
            }
            "in" | "from" | "at" if definite && !next.is(Class::Calendar) => further(),
            "and" if definite && self.words[end - 1].capital && next.is_word() => further(),
            _ => None,
        }
    }

    /// Whether the phrase says nothing without the clause behind it: those, anyone, the men.
    fn is_open(&self, start: usize, end: usize) -> bool {
        self.words[start..end].iter().all(|word| word.is(Class::Determiner) || word.is(Class::Indefinite))
            || end - start <= 2 && self.words[start..end].iter().all(|word| !word.capital)
    }

    /// The end of a relative clause: before the second verb, or a comma.
    fn clause_end(&self, from: usize) -> usize {
        let verb = |word: &Word| word.is(Class::Auxiliary) || word.is(Class::Verb);
        let begin = (from..self.words.len()).find(|at| !verb(&self.words[*at])).unwrap_or(from);
        let stop = |at: &usize| {
            let word = &self.words[*at];
            *at > begin && verb(word) || !word.is_word() && !word.is_possessive()
        };
        (from..self.words.len()).find(stop).unwrap_or(self.words.len())
    }

    /// What a noun phrase names.
    pub(super) fn rank(&self, phrase: &Range<usize>) -> Rank {
        let start = self.after_quantity(phrase.start).min(phrase.end);
        let words = &self.words[start..phrase.end];
        let [first, ..] = words else { return Rank::Other };
        if words.len() == 1 && first.is(Class::Pronoun) && !first.is(Class::Indefinite) {
            return match first.lower {
                "it" => Rank::It,
                _ if first.is(Class::Speaker) || matches!(first.lower, "nobody" | "somebody" | "someone") => {
                    Rank::Other
                }
                _ => Rank::Pronoun,
            };
        }
        let named = (start..phrase.end).any(|at| self.names(at));
        if named || self.head_is_party(phrase) || first.is(Class::Indefinite) {
            Rank::Named
        } else {
            Rank::Other
        }
    }

    /// Whether a word is (part of) a name. A capital at the start of a sentence says nothing by itself.
    fn names(&self, at: usize) -> bool {
        let word = &self.words[at];
        let common = word.is(Class::Determiner) || word.is(Class::Calendar) || word.is(Class::Pronoun);
        let next = self.words.get(at + 1);
        let first = self.opens_clause(at);
        let alone =
            || next.is_none_or(|next| next.is_possessive() || next.ends_phrase()) && !is_common(word.lower);
        let name = || next.is_some_and(|next| next.capital) || is_demonym(word.lower) || alone();
        word.capital && !common && !word.lower.contains(|c: char| c.is_ascii_digit()) && (!first || name())
    }

    /// Whether the head, the last word before "of" or another extension, is a noun for a person or a body.
    fn head_is_party(&self, phrase: &Range<usize>) -> bool {
        let start = self.after_quantity(phrase.start).min(phrase.end.saturating_sub(1));
        let behind = (start..phrase.end).find(|at| {
            let word = &self.words[*at];
            *at > start && (word.is(Class::Preposition) || word.is(Class::Link))
        });
        let end = behind.unwrap_or(phrase.end);
        end > start && self.words[end - 1].is(Class::Party)
    }

    /// The subject of the verb at word `verb`: the noun phrase before it, past adverbs, relative clauses and "of …"; the
    /// possessor, if a possessive mark stands there.
    pub(super) fn subject(&self, verb: usize) -> Option<Range<usize>> {
        if self.words[verb].is_possessive() {
            return self.possessor(verb);
        }
        let mut end = self.before_adverbs(verb);
        for _ in 0..2 * EXTENSIONS {
            let chunk = self.chunks.iter().rev().find(|chunk| chunk.start < end)?;
            if !self.ends(chunk.start).contains(&end) {
                end = self.before_relative(end).or_else(|| self.before_insertion(end))?;
                continue;
            }
            match self.governor(chunk.start) {
                Some(further) => end = further,
                None if self.rank(&(chunk.start..end)) == Rank::Other => return self.whoever(end),
                None => return Some(chunk.start..end),
            }
        }
        None
    }

    /// The party before the possessive mark at `mark`.
    fn possessor(&self, mark: usize) -> Option<Range<usize>> {
        let chunk = self.chunks.iter().rev().find(|chunk| chunk.start < mark)?;
        let inner = (chunk.start..mark).rev().find(|at| self.words[*at].is(Class::Preposition));
        let start = inner.map_or(chunk.start, |at| at + 1);
        (start < mark && mark <= chunk.end).then_some(start..mark)
    }

    /// Before "who" or "that" which stands before `end`.
    fn before_relative(&self, end: usize) -> Option<usize> {
        let relative = end.checked_sub(1).map(|at| self.words[at].lower);
        relative.filter(|word| matches!(*word, "who" | "that" | "which")).map(|_| end - 1)
    }

    /// The last "anyone who …", "those who …" before `end` in its clause, else the phrase that ends there.
    fn whoever(&self, end: usize) -> Option<Range<usize>> {
        let clause = (0..end).rev().find(|at| !self.words[*at].is_word()).map_or(0, |at| at + 1);
        let mut before = self.chunks.iter().rev().filter(|chunk| clause <= chunk.start && chunk.end <= end);
        let open = |chunk: &&Range<usize>| self.words[chunk.start].is(Class::Indefinite) && chunk.len() > 1;
        before.clone().find(open).or_else(|| before.next()).cloned()
    }

    fn before_adverbs(&self, verb: usize) -> usize {
        let passed = |word: &Word| {
            word.is(Class::Adverb)
                || word.is(Class::Auxiliary)
                || word.is_quote()
                || word.lower.ends_with("ly")
        };
        (0..verb).rev().find(|at| !passed(&self.words[*at])).map_or(0, |at| at + 1)
    }

    /// Where the noun phrase ends on which the one at `start` depends by a preposition.
    fn governor(&self, start: usize) -> Option<usize> {
        let before = start.checked_sub(1)?;
        let depends = self.words[before].is(Class::Preposition);
        (depends && self.chunks.iter().any(|chunk| chunk.end == before)).then_some(before)
    }

    /// Before the comma that opens an insertion which ends at `end` with another comma.
    fn before_insertion(&self, end: usize) -> Option<usize> {
        let closing = end.checked_sub(1).filter(|at| self.words[*at].lower == ",")?;
        (0..closing).rev().find(|at| self.words[*at].lower == ",").filter(|open| *open > 0)
    }

    /// The verb behind a noun phrase, past adverbs and an insertion between commas.
    pub(super) fn verb_of(&self, phrase: &Range<usize>) -> Option<usize> {
        let mut at = phrase.end;
        if self.words.get(at).is_some_and(|word| word.lower == ",") {
            at = (at + 1..self.words.len()).find(|at| self.words[*at].lower == ",").map_or(at, |at| at + 1);
        }
        if self.words.get(at).is_some_and(|word| matches!(word.lower, "who" | "which" | "that")) {
            at += 1;
        }
        let passed = |word: &Word| word.is(Class::Adverb) || word.is_quote();
        while self.words.get(at).is_some_and(passed) {
            at += 1;
        }
        let word = self.words.get(at)?;
        let known = word.is(Class::Auxiliary) || word.is(Class::Verb) || word.is(Class::Speech);
        let past = word.lower.ends_with("ed") && !word.capital;
        let present = at == phrase.end && word.lower.ends_with('s') && !word.capital && word.is_word();
        (known || past || present).then_some(at)
    }

    /// The words of a span of the article, as a range.
    pub(super) fn within(&self, span: Span) -> Range<usize> {
        let start = self.words.partition_point(|word| word.span.start < span.start);
        let end = self.words.partition_point(|word| word.span.end <= span.end);
        start..end.max(start)
    }

    /// Where a range of words stands in the article.
    pub(super) fn span(&self, phrase: &Range<usize>) -> Span {
        Span { start: self.words[phrase.start].span.start, end: self.words[phrase.end - 1].span.end }
    }
}

/// Algerian, Chinese, Turkish, Iraqi: adjectives of countries, after which the noun is still to come.
fn is_demonym(word: &str) -> bool {
    const ENDINGS: [&str; 8] = ["an", "ese", "ish", "qi", "ni", "eli", "ench", "utch"];
    ENDINGS.iter().any(|ending| word.ends_with(ending))
        || word.ends_with(".s.")
        || matches!(word, "us" | "uk" | "eu")
}

/// Whether a word with a capital that begins a sentence looks like a common noun: Relations, Victims, Fighting.
fn is_common(word: &str) -> bool {
    let plural =
        word.ends_with('s') && !["ss", "us", "is", "as", "es"].iter().any(|ending| word.ends_with(ending));
    plural
        || ["ing", "ity", "ion", "ment", "ness", "ence", "ance", "ers"]
            .iter()
            .any(|ending| word.ends_with(ending))
}
