//! At whom an act is directed: the party accused, threatened, answered or appealed to.
//!
//! First by the constructions of the label, then by who is the subject of the words reported. A target is always a
//! stretch of the sentence; where nothing in it points to one there is none.

use super::chunks::{Phrases, Rank, Word};
use super::constructions::{self, Constructions};
use super::grammar::{self, Class};
use super::phrases::main_subject;
use super::tokens::Token;
use crate::text::Span;
use std::ops::Range;

/// Whether a mention is a bare pronoun, which names nobody by itself.
pub(crate) fn is_pronoun(mention: &str) -> bool {
    let lower = mention.to_lowercase();
    let classes = grammar::classes(&lower);
    classes & (Class::Pronoun as u16 | Class::Speaker as u16) != 0
        || matches!(lower.as_str(), "who" | "that" | "which")
}

/// One tagged sentence, read once for all of its labels.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
    phrases: Phrases<'a>,
}

impl<'a> Reader<'a> {
    /// Reads a sentence of `text`.
    pub(super) fn new(text: &'a str, tokens: &'a [Token<'a>]) -> Self {
        Reader { text, tokens, phrases: Phrases::new(tokens) }
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

    /// Who does what the sentence tells: its subject, if that is a party, acts, and is not whom the act is directed at.
    pub(super) fn doer(&self, target: Option<Span>) -> Option<Span> {
        // The clause of an "as" or "when" further on is not what the sentence tells.
        let later = |at: &usize| self.tokens[*at].says_any(&["as", "when", "while", "after", "because"]);
        let limit = (2..self.tokens.len()).find(later).unwrap_or(self.tokens.len());
        let subject = main_subject(self.tokens, limit)?;
        let span = self.phrases.span(&subject);
        let other = target.is_none_or(|target| target.end <= span.start || span.end <= target.start);
        let own = self.phrases.words[subject.clone()].iter().all(|word| word.is(Class::Speaker));
        let party = self.phrases.rank(&subject) >= Rank::Pronoun && !own;
        (other && party && !self.tokens[subject.start].quoted && !self.undergoes(subject.end)).then_some(span)
    }

    /// Whether a passive verb follows at `at`: "was told".
    fn undergoes(&self, at: usize) -> bool {
        let helping = |word: &Word| word.is(Class::Auxiliary) || word.is(Class::Adverb);
        let rest = &self.phrases.words[at.min(self.phrases.words.len())..];
        let helped = rest.iter().take_while(|word| helping(word)).count();
        let be = rest[..helped]
            .iter()
            .any(|word| matches!(word.lower, "is" | "are" | "was" | "were" | "be" | "been" | "being"));
        be && rest.get(helped).is_some_and(|verb| verb.is_verbed())
    }

    fn by_construction(&self, list: &Constructions, source: Option<Span>) -> Option<Range<usize>> {
        let may_be = |target: &Range<usize>| self.may_be_target(target, source);
        let others = list.find(&self.phrases, |target| may_be(target) && !self.is_own(target));
        others.or_else(|| list.find(&self.phrases, may_be))
    }

    /// Whether a phrase names somebody of the speaker's: our people.
    fn is_own(&self, phrase: &Range<usize>) -> bool {
        matches!(self.phrases.words[phrase.start].lower, "our" | "my")
    }

    /// Who is said to have done something: the subject of a clause in the words reported, else in the sentence.
    fn by_subject(&self, source: Option<Span>, content: Option<Span>) -> Option<Range<usize>> {
        let all = 0..self.phrases.words.len();
        let inside = content.map(|span| self.phrases.within(span)).filter(|inside| *inside != all);
        let reported = inside.and_then(|inside| self.subject_in(&inside, source));
        reported.or_else(|| self.subject_in(&all, source))
    }

    /// The likeliest subject in a stretch of words: a party named, whom the speaker turns to, a pronoun, one of the
    /// speaker's own.
    fn subject_in(&self, inside: &Range<usize>, source: Option<Span>) -> Option<Range<usize>> {
        let within = |chunk: &&Range<usize>| inside.start <= chunk.start && chunk.end <= inside.end;
        let fit = |chunk: &&Range<usize>| self.may_be_target(chunk, source) && self.acts(chunk);
        let subjects: Vec<&Range<usize>> = self.phrases.chunks.iter().filter(within).filter(fit).collect();
        let first = |rank: Rank, own: bool| {
            let found =
                subjects.iter().find(|s| self.phrases.rank(s) == rank && self.belongs_to_speaker(s) == own);
            found.map(|subject| (*subject).clone())
        };
        first(Rank::Named, false)
            .or_else(|| self.addressee(source).filter(|_| !subjects.is_empty()))
            .or_else(|| first(Rank::Pronoun, false))
            .or_else(|| first(Rank::Named, true))
    }

    /// Whether a phrase may name somebody of the speaker's: our monitors, her campaign.
    fn belongs_to_speaker(&self, phrase: &Range<usize>) -> bool {
        matches!(self.phrases.words[phrase.start].lower, "our" | "my" | "his" | "her" | "its" | "their")
    }

    /// Whom the speaker turns to, unless it is those who only report it.
    fn addressee(&self, source: Option<Span>) -> Option<Range<usize>> {
        constructions::of_address().find(&self.phrases, |target| self.may_be_target(target, source))
    }

    /// Whether a noun phrase does what the sentence tells: it has a verb, and not one of speech.
    fn acts(&self, phrase: &Range<usize>) -> bool {
        let words = &self.phrases.words;
        let depends = phrase.start.checked_sub(1).is_some_and(|at| words[at].is(Class::Preposition));
        let Some(verb) = self.phrases.verb_of(phrase) else { return false };
        let helping = |word: &Word| word.is(Class::Auxiliary) || word.is(Class::Adverb);
        let main = words[verb..].iter().find(|word| !helping(word));
        let passive = matches!(words[verb].lower, "is" | "are" | "was" | "were");
        let speaks = main.is_some_and(|word| word.is(Class::Speech) && (!passive || word.lower == "told"));
        !depends && !speaks && !self.is_said_by(phrase)
    }

    /// Whether the phrase follows a verb of speech whose subject it is: “…,” said X.
    fn is_said_by(&self, phrase: &Range<usize>) -> bool {
        let words = &self.phrases.words;
        let said = phrase.start.checked_sub(1).filter(|at| words[*at].is(Class::Speech));
        said.is_some_and(|at| words[at.saturating_sub(2)..at].iter().any(Word::is_quote))
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
        let nobody = words.first().is_some_and(|word| word.lower == "no");
        !own && !nobody
            && !audience
            && !source.is_some_and(|source| same(source) || self.explains(phrase, source))
    }

    /// Whether the phrase explains who the source is: Orlan Dey, a judge.
    fn explains(&self, phrase: &Range<usize>, source: Span) -> bool {
        let comma = phrase.start.checked_sub(1).map(|at| &self.phrases.words[at]);
        comma.is_some_and(|comma| comma.lower == "," && comma.span.start == source.end)
    }

    /// Whether the phrase stands behind "told", where those who report are no party.
    fn is_told(&self, phrase: &Range<usize>) -> bool {
        let before = phrase.start.checked_sub(1).map(|at| self.phrases.words[at].lower);
        before.is_some_and(|word| matches!(word, "told" | "tells" | "tell" | "telling" | "to" | "at"))
    }
}
