//! Noun phrases around a verb: its subject, before or after it, and the subject of the whole sentence.
//!
//! No parser: a phrase ends where a word or mark stands that no noun phrase holds.

use super::appositions::{before_apposition, is_adverbial};
use super::grammar;
use super::tokens::Token;
use super::words::{Class, Form, Frame};
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

pub(super) fn is_manner(token: &Token) -> bool {
    token.lower.len() > 4
        && token.lower.ends_with("ly")
        && !token.is_capital()
        && !token.says_any(&["family", "assembly", "ally", "rally", "reply", "italy"])
}

/// "Separately, the mayor": an adverb of manner whose capital may be that of the sentence. Not "Kelly, a judge", "Italy, which".
pub(super) fn is_manner_first(token: &Token) -> bool {
    const ENDINGS: [&str; 8] = ["ately", "ally", "ently", "antly", "ously", "ively", "fully", "ingly"];
    ENDINGS.iter().any(|ending| token.lower.ends_with(ending))
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

/// A day, a month, a date.
pub(super) fn is_time(token: &Token) -> bool {
    let name = token.is(Class::Time) && (!token.says("may") || token.is_capital());
    name || (token.is_number() && !token.text.contains('-'))
}

/// The noun phrase that ends before `end`.
pub(super) fn phrase_ending(line: &[Token], end: usize) -> Option<Range<usize>> {
    let last = line.get(end.checked_sub(1)?)?;
    if last.is(Class::Subject) && !last.is(Class::Determiner) {
        return Some(end - 1..end);
    }
    if !last.is_word() && !last.is_possessive_mark() && !last.says("%") {
        return None;
    }
    let start = trim_start(line, leftmost(line, end)..end);
    (start < end).then_some(start..end)
}

/// How far to the left a noun phrase may reach.
fn leftmost(line: &[Token], end: usize) -> usize {
    (0..end - 1).rev().find(|at| !continues_left(line, *at)).map_or(0, |at| at + 1)
}

fn continues_left(line: &[Token], at: usize) -> bool {
    let token = &line[at];
    match token.lower.as_str() {
        _ if token.quoted || token.is_break() => false,
        "," | "." | "but" | "then" | "after" | "before" | "since" | "until" | "because" => false,
        "and" | "or" => joins_nouns(line, at),
        "who" => at > 0,
        // "A claim which the council denied": the council denied it.
        "which" | "that" | "whom" if opens_noun(line, at + 1) => false,
        _ if owns(line, at) || qualifies(line, at) => true,
        _ if token.is_helper() && !token.is_capital() => follows_relative(line, at),
        _ => !opens_clause(token) && !reports(line, at) && !parts_nouns(line, at),
    }
}

/// Whether a noun phrase begins here.
fn opens_noun(line: &[Token], at: usize) -> bool {
    let opening = [Class::Determiner, Class::Possessive, Class::Subject, Class::Party];
    line.get(at).is_some_and(|next| next.is_name() || next.is_any(&opening))
}

/// "that" or "which" after a noun.
fn qualifies(line: &[Token], at: usize) -> bool {
    at > 0 && line[at].is(Class::Relative) && (line[at - 1].is_name() || line[at - 1].is(Class::Party))
}

fn follows_relative(line: &[Token], at: usize) -> bool {
    (at.saturating_sub(3)..at).any(|before| line[before].says_any(&["who", "which"]))
}

/// A conjunction, or a pronoun that is no subject.
fn opens_clause(token: &Token) -> bool {
    let joins = token.is(Class::Subordinator) && !token.is_any(&[Class::Preposition, Class::Determiner]);
    joins || token.is(Class::Object) && !token.is_any(&[Class::Possessive, Class::Subject])
}

/// A finite verb of reporting, not a noun that looks like one.
fn reports(line: &[Token], at: usize) -> bool {
    let acts = line[at].cues.iter().any(|cue| {
        matches!(cue.form, Form::Past | Form::Third)
            && matches!(cue.frame, Frame::Say | Frame::Tell | Frame::Claim | Frame::Think | Frame::Want)
    });
    let noun = at > 0
        && (line[at - 1].is_any(&[Class::Determiner, Class::Possessive])
            || line[at - 1].is_possessive_mark());
    acts && !noun && !line[at].is_capital()
}

/// A verb between a party and another noun phrase: "the mayor opened" before "the club's".
fn parts_nouns(line: &[Token], at: usize) -> bool {
    let noun = |next: &Token| {
        next.is_name() || next.is_any(&[Class::Determiner, Class::Possessive, Class::Preposition])
    };
    is_verb(&line[at]) && at > 0 && is_party(&line[at - 1]) && line.get(at + 1).is_some_and(noun)
}

/// A word that looks like a verb wherever it stands.
fn is_verb(token: &Token) -> bool {
    let listed = grammar::classes(&token.lower) & grammar::Class::Verb as u16 != 0;
    !token.is_capital() && (listed || token.lower.ends_with("ed"))
}

fn is_party(token: &Token) -> bool {
    token.is_name() || token.is_any(&[Class::Party, Class::Subject])
}

/// Whether ’s at `at` is that of a possessor, not short for "is".
pub(super) fn owns(line: &[Token], at: usize) -> bool {
    let pronoun = |token: &Token| {
        token.is(Class::Subject) || token.is(Class::Relative) || token.is(Class::Subordinator)
    };
    let noun = at > 0 && (line[at - 1].is_name() || !pronoun(&line[at - 1]));
    line[at].is_possessive_mark() && noun
}

/// Whether "and" joins two parties rather than two clauses.
fn joins_nouns(line: &[Token], at: usize) -> bool {
    let nominal = |token: &Token| token.is_name() || token.is(Class::Party) || token.is_possessive_mark();
    at > 0
        && nominal(&line[at - 1])
        && line.get(at + 1).is_some_and(|next| {
            next.is_name() || next.is(Class::Party) || next.is(Class::Determiner) || next.lower.ends_with('s')
        })
}

/// Drops what leads up to the phrase: "But", "On Tuesday", "In Boston".
fn trim_start(line: &[Token], phrase: Range<usize>) -> usize {
    let mut start = phrase.start;
    while start < phrase.end {
        let token = &line[start];
        let last = start + 1 == phrase.end;
        // "Said that the group": no determiner.
        let that = token.says("that") && start > 0 && line[start - 1].is_word() && !last;
        if that || leads(token) || is_time(token) && !token.is_number() && !last {
            start += 1;
        } else if token.is(Class::Preposition) && !last && !token.says("about") {
            start = after_adverbial(line, start..phrase.end);
        } else {
            break;
        }
    }
    start
}

/// A conjunction or an adverb before a phrase.
fn leads(token: &Token) -> bool {
    let joins = token.is(Class::Subordinator) && !token.is(Class::Preposition);
    let leads =
        joins || token.is_any(&[Class::Conjunction, Class::Adverb, Class::Relative]) || is_manner(token);
    leads && !token.is_any(&[Class::Determiner, Class::Subject])
}

/// Where the party begins after an adverbial without a comma: "On Tuesday the mayor", "In Boston she", "In March 2019 Ruiz".
fn after_adverbial(line: &[Token], phrase: Range<usize>) -> usize {
    let mut at = phrase.start + 1;
    while at < phrase.end && (is_time(&line[at]) || line[at].is(Class::Determiner) && at == phrase.start + 1)
    {
        at += 1;
    }
    let timed = at > phrase.start + 1 && is_time(&line[at - 1]);
    if timed || at >= phrase.end {
        return at;
    }
    let opens =
        |at: &usize| line[*at].is(Class::Determiner) || line[*at].is_name() && !line[*at - 1].is_name();
    let from = at + usize::from(line[phrase.start].says_any(&["in", "at", "from", "on"]));
    let party = (from..phrase.end).rev().find(opens);
    party.unwrap_or(phrase.end - 1)
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

/// The noun phrase that starts at `start`.
pub(super) fn phrase_starting(line: &[Token], start: usize) -> Option<Range<usize>> {
    let first = line.get(start).filter(|first| !first.quoted && (first.is_word() || first.says("$")))?;
    let function =
        first.is_helper() || first.is_any(&[Class::Preposition, Class::Subordinator, Class::Conjunction]);
    if function && !first.is_capital() && !first.is(Class::Determiner) {
        return None;
    }
    let pronoun = first.is_any(&[Class::Subject, Class::Object])
        && !first.is_any(&[Class::Determiner, Class::Possessive]);
    let end = (start + 1..line.len()).find(|at| pronoun || !continues_right(line, *at));
    Some(start..end.unwrap_or(line.len()))
}

fn continues_right(line: &[Token], at: usize) -> bool {
    let token = &line[at];
    let stops = [Class::Preposition, Class::Subordinator, Class::Conjunction, Class::Adverb, Class::Relative];
    match token.lower.as_str() {
        _ if token.quoted || token.is_break() => false,
        "," | "." => false,
        "and" => joins_nouns(line, at),
        "of" | "for" | "&" => true,
        _ if token.is_capital() && !is_time(token) => true,
        "with" | "from" | "at" => {
            line.get(at + 1).is_some_and(|next| next.is_name() || next.is(Class::Determiner))
        }
        _ => {
            owns(line, at)
                || !(token.is_helper() || token.is_any(&stops) || is_time(token) || is_manner(token))
        }
    }
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
