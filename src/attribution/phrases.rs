//! The noun phrases around a verb: its subject, before or after it, and the subject of the whole sentence.

use super::appositions::{before_apposition, is_adverbial};
use super::nouns::{is_manner, is_party, is_time, is_verb, owns, phrase_ending, phrase_starting};
use super::tokens::Token;
use super::words::{Class, Form};
use std::ops::Range;

/// What stands where a verb's subject would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// A noun phrase.
    Phrase(Range<usize>),
    /// "who": the phrase before it is meant.
    Relative(Range<usize>),
    /// Nothing, after "and" or "but", or before an -ing form: that of an earlier verb.
    Shared,
    /// Nothing at all.
    Missing,
}

/// The subject of the verb at `verb`, where it stands before it.
pub(super) fn before(line: &[Token], verb: usize) -> Subject {
    let end = skip_auxiliaries(line, verb);
    let Some(last) = end.checked_sub(1).map(|last| &line[last]) else { return Subject::Missing };
    if last.quoted {
        return Subject::Missing;
    }
    if last.is(Class::Relative) {
        return Subject::Relative(end - 1..end);
    }
    if last.is(Class::Conjunction) {
        // "But advocates …": there is no verb before that had a subject.
        return if end > 1 { Subject::Shared } else { Subject::Missing };
    }
    if last.says(",") || last.is_dash() || last.says(")") {
        return before_apposition(line, end - 1).map_or(Subject::Missing, Subject::Phrase);
    }
    let phrase = phrase_ending(line, end);
    let party = phrase.clone().filter(|phrase| !is_predicate(line, phrase));
    let party = party.or_else(|| main_subject(line, verb)).or(phrase);
    party.map_or(Subject::Missing, Subject::Phrase)
}

/// Whether what ends before a verb is no party but the end of a clause: "(who fled) for years", "(who wished not to be) named".
fn is_predicate(line: &[Token], phrase: &Range<usize>) -> bool {
    let first = &line[phrase.start];
    let alone = phrase.len() == 1;
    let Some(previous) = phrase.start.checked_sub(1).map(|before| &line[before]) else { return false };
    if previous.quoted {
        return false;
    }
    // "Sent the mayor a letter": an object, unless the verb is one that takes a clause.
    let knows = ["know", "knows", "knew", "hear", "hears", "heard", "see", "sees", "saw", "show", "shows"];
    let object = is_verb(previous) && previous.cues.is_empty() && !previous.says_any(&knows);
    object
        || previous.is_any(&[Class::Possessive, Class::Preposition]) && !first.is_capital()
        || is_verb(first) && (alone || !first.lower.ends_with("ed"))
        || alone && first.is(Class::Preposition) && !first.is_capital()
        || line[phrase.clone()].iter().all(|token| is_time(token))
}

/// Back over "has", "also", "repeatedly", "on Tuesday" before a verb.
fn skip_auxiliaries(line: &[Token], verb: usize) -> usize {
    let mut at = verb;
    while at > 0 && !line[at - 1].quoted {
        if helps(line, at - 1) {
            at -= 1;
        } else if let Some(start) = time_before(line, at) {
            at = start;
        } else {
            break;
        }
    }
    at
}

fn helps(line: &[Token], at: usize) -> bool {
    let token = &line[at];
    let listed = token.is_helper() || token.is(Class::Adverb);
    let subject = token.says_any(&["both", "all"])
        && !(at > 0 && (line[at - 1].is(Class::Have) || line[at - 1].is(Class::Be)));
    (listed || is_manner(token)) && !token.is(Class::Subject) && !subject && !owns(line, at)
}

/// The start of an expression of time that ends before `end`: "on Tuesday", "last week", "on June 5", "in 2019".
fn time_before(line: &[Token], end: usize) -> Option<usize> {
    let start = (0..end).rev().take_while(|at| is_time(&line[*at])).last()?;
    let dated = line[start..end].iter().any(|token| !token.is_number())
        || start > 0 && line[start - 1].says_any(&["in", "since"]);
    // “…,” Jun said.
    if !dated || start == 0 || line[start - 1].quoted {
        return None;
    }
    let leads = |at: &usize| {
        line[*at].says_any(&[
            "this", "last", "the", "late", "early", "on", "in", "earlier", "same", "that", "next", "of",
            "since",
        ])
    };
    Some((1..start).rev().take_while(leads).last().unwrap_or(start))
}

/// The subject that follows a verb of saying: “…,” said Ana Ruiz, a judge.
pub(super) fn after(line: &[Token], verb: usize) -> Option<Range<usize>> {
    let mut start = verb + 1;
    while line.get(start).is_some_and(|token| {
        !token.quoted
            && (token.is(Class::Adverb) || is_manner(token))
            && !token.is_capital()
            && !token.is(Class::Determiner)
    }) {
        start += 1;
    }
    phrase_starting(line, start)
}

/// The subject of the clause that the verb at `limit` stands in: that of a clause that a conjunction opened with no comma
/// since, or of the sentence.
pub(super) fn main_subject(line: &[Token], limit: usize) -> Option<Range<usize>> {
    subject_between(line, clause_opening(line, limit).unwrap_or(0), limit)
}

/// The subject of the sentence, whatever clause stands at its end.
pub(super) fn sentence_subject(line: &[Token]) -> Option<Range<usize>> {
    subject_between(line, 0, line.len())
}

fn subject_between(line: &[Token], from: usize, limit: usize) -> Option<Range<usize>> {
    segments(line, from, limit)
        .find(|segment| !is_adverbial(&line[segment.clone()]))
        .and_then(|segment| first_phrase(line, segment))
        .filter(|subject| !line[subject.start].says("there"))
}

/// After the "when" or "as" of the clause that is still open at `limit`.
fn clause_opening(line: &[Token], limit: usize) -> Option<usize> {
    const OPENING: [&str; 8] = ["when", "as", "while", "after", "although", "though", "because", "since"];
    let joined = limit > 0 && (line[limit - 1].says(",") || line[limit - 1].is(Class::Conjunction));
    let parts = |at: &usize| line[*at].says(",") || line[*at].is_break() || line[*at].quoted;
    let inner = (0..limit - usize::from(joined)).rev().take_while(|at| !parts(at));
    inner.into_iter().find(|at| line[*at].says_any(&OPENING)).map(|at| at + 1)
}

/// The stretches between commas and other marks, without the conjunctions that open them.
fn segments<'a>(line: &'a [Token], from: usize, limit: usize) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut start = from;
    std::iter::from_fn(move || {
        while start < limit && (line[start].is(Class::Conjunction) || !line[start].is_word()) {
            start += 1;
        }
        let parts = |at: &usize| line[*at].says(",") || line[*at].is_break() || line[*at].quoted;
        let end = (start..limit).find(parts).unwrap_or(limit);
        let segment = start..end;
        start = end + 1;
        (segment.start < segment.end).then_some(segment)
    })
}

/// The noun phrase that a segment begins with, up to a word that looks like a verb.
fn first_phrase(line: &[Token], segment: Range<usize>) -> Option<Range<usize>> {
    let leads = |token: &Token| {
        token.is(Class::Adverb) && !token.is_any(&[Class::Determiner, Class::Subject])
            || is_manner(token)
            || token.is(Class::Conjunction)
    };
    let start = segment.clone().find(|at| !leads(&line[*at]))?;
    let first = &line[start];
    if !first.is_word() {
        return None;
    }
    let pronoun = first.is(Class::Subject) && !first.is(Class::Determiner);
    let ends = |at: &usize| pronoun || ends_subject(line, *at) || first.is_name() && !extends_name(line, *at);
    let end = (start + 1..segment.end).find(ends).unwrap_or(segment.end);
    Some(start..end)
}

/// Whether a word cannot belong to a subject: a verb, an adverb, a conjunction.
fn ends_subject(line: &[Token], at: usize) -> bool {
    let token = &line[at];
    let past = token.lower.ends_with("ed") || token.cues.iter().any(|cue| cue.form == Form::Past);
    token.is_helper() && !owns(line, at)
        || token.is_any(&[Class::Adverb, Class::Relative])
        || token.is(Class::Subordinator) && !token.says("of")
        || past && !token.is_capital()
        || is_verb(token) && is_party(&line[at - 1])
}

/// Whether a subject that begins with a name may go on with this word.
fn extends_name(line: &[Token], at: usize) -> bool {
    let token = &line[at];
    token.is_capital()
        || token.is_possessive_mark()
        || line[at - 1].is_possessive_mark()
        || line[at - 1].says("and") && !is_verb(token)
        || token.is_any(&[Class::Party, Class::Particle])
        || token.says_any(&["of", "and", "the", "for", "&"])
}
