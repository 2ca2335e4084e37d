//! At whom an act is directed: the party accused, threatened, answered or appealed to.
//!
//! First by the constructions of the label, then by who is the subject of the words reported. A target is always a
//! stretch of the sentence; where nothing in it points to one there is none.

use super::chunks::{Phrases, Rank};
use super::constructions::{self, Constructions};
use super::grammar::Class;
use crate::text::Span;
use std::ops::Range;

/// One tagged sentence, read once for all of its labels.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    phrases: Phrases<'a>,
}

impl<'a> Reader<'a> {
    /// Reads the sentence at `span` of `text`.
    pub(super) fn new(text: &'a str, span: Span) -> Self {
        Reader { text, phrases: Phrases::new(text, span) }
    }

    /// The target of the act `label`. `source` is who performs it and is never its target; `content` are the words that
    /// it is reported in, if it is.
    pub(super) fn target(&self, label: &str, source: Option<Span>, content: Option<Span>) -> Option<Span> {
        let found = self.by_construction(constructions::of_label(label), source).or_else(|| match label {
            "accusation" => self.by_subject(source, content),
            "denial" => None,
            _ => self.addressee(source),
        });
        found.map(|target| self.phrases.span(&target))
    }

    fn by_construction(&self, list: &Constructions, source: Option<Span>) -> Option<Range<usize>> {
        let may_be = |target: &Range<usize>| self.may_be_target(target, source);
        let others = list.find(&self.phrases, |target| may_be(target) && !self.is_own(target));
        others.or_else(|| list.find(&self.phrases, may_be))
    }

    /// Whether a phrase names somebody of the speaker's: our people.
    fn is_own(&self, phrase: &Range<usize>) -> bool {
        matches!(&*self.phrases.words[phrase.start].lower, "our" | "my")
    }

    /// Who is said to have done something: the subject of a clause in the words reported, a name before a pronoun.
    fn by_subject(&self, source: Option<Span>, content: Option<Span>) -> Option<Range<usize>> {
        let inside = content.map_or(0..self.phrases.words.len(), |span| self.phrases.within(span));
        let addressee = self.addressee(source);
        let subjects: Vec<&Range<usize>> = self
            .phrases
            .chunks
            .iter()
            .filter(|chunk| inside.start <= chunk.start && chunk.end <= inside.end)
            .filter(|chunk| self.may_be_target(chunk, source) && self.acts(chunk))
            .collect();
        let of_rank = |rank| subjects.iter().find(|subject| self.phrases.rank(subject) == rank);
        let best = of_rank(Rank::Named).map(|subject| (*subject).clone());
        best.or(addressee).or_else(|| of_rank(Rank::Pronoun).map(|subject| (*subject).clone()))
    }

    /// Whom the speaker turns to, unless it is those who only report it.
    fn addressee(&self, source: Option<Span>) -> Option<Range<usize>> {
        constructions::of_address().find(&self.phrases, |target| self.may_be_target(target, source))
    }

    /// Whether a noun phrase does what the sentence tells: it has a verb, and not one of speech.
    fn acts(&self, phrase: &Range<usize>) -> bool {
        let speaks = |at: usize| self.phrases.words.get(at).is_some_and(|word| word.is(Class::Speech));
        let depends =
            phrase.start.checked_sub(1).is_some_and(|at| self.phrases.words[at].is(Class::Preposition));
        let verb = self.phrases.verb_of(phrase);
        !depends && verb.is_some_and(|verb| !speaks(verb) && !self.is_said_by(phrase))
    }

    /// Whether the phrase follows a verb of speech whose subject it is: "…," said X.
    fn is_said_by(&self, phrase: &Range<usize>) -> bool {
        let words = &self.phrases.words;
        let said = phrase.start.checked_sub(1).filter(|at| words[*at].is(Class::Speech));
        said.is_some_and(|at| at == 0 || !words[at - 1].is_word())
    }

    /// Whether a phrase can be a target: neither the source, nor an audience, nor the speaker's own side.
    fn may_be_target(&self, phrase: &Range<usize>, source: Option<Span>) -> bool {
        let words = &self.phrases.words[phrase.clone()];
        let span = self.phrases.span(phrase);
        let same = |source: Span| {
            span.start < source.end && source.start < span.end
                || span.of(self.text).eq_ignore_ascii_case(source.of(self.text))
        };
        let own = words.iter().all(|word| word.is(Class::Speaker) || word.is(Class::Adverb));
        let audience = words.last().is_some_and(|word| word.is(Class::Audience)) && self.is_told(phrase);
        !own && !audience && !source.is_some_and(same)
    }

    /// Whether the phrase stands behind "told", where those who report are no party.
    fn is_told(&self, phrase: &Range<usize>) -> bool {
        let before = phrase.start.checked_sub(1).map(|at| &*self.phrases.words[at].lower);
        before.is_some_and(|word| matches!(word, "told" | "tells" | "tell" | "telling" | "to" | "at"))
    }
}
