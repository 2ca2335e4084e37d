//! Noun phrases around a verb: its subject, before or after it, and the subject of the whole sentence.
//!
//! No parser: a phrase ends where a word or mark stands that no noun phrase holds.

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
    if last.is(Class::Relative) && !(last.says("that") && end == verb && false) {
        return Subject::Relative(end - 1..end);
    }
    if last.is(Class::Conjunction) {
        return Subject::Shared;
    }
    if last.says(",") || last.is_dash() || last.says(")") {
        return before_apposition(line, end - 1);
    }
    phrase_ending(line, end).map_or(Subject::Missing, Subject::Phrase)
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
    let listed = [Class::Be, Class::Have, Class::Modal, Class::Adverb].iter().any(|class| token.is(*class));
    let subject = token.says_any(&["both", "all"])
        && !(at > 0 && (line[at - 1].is(Class::Have) || line[at - 1].is(Class::Be)));
    (listed || is_manner(token)) && !token.is(Class::Subject) && !subject && !owns(line, at)
}

fn is_manner(token: &Token) -> bool {
    token.lower.len() > 4
        && token.lower.ends_with("ly")
        && !token.is_capital()
        && !token.says_any(&["family", "assembly", "ally", "rally", "reply", "italy"])
}

/// The start of an expression of time that ends before `end`: "on Tuesday", "last week", "on June 5", "in 2019".
fn time_before(line: &[Token], end: usize) -> Option<usize> {
    let start = (0..end).rev().take_while(|at| is_time(&line[*at])).last()?;
    let dated = line[start..end].iter().any(|token| !token.is_number())
        || start > 0 && line[start - 1].says_any(&["in", "since"]);
    if !dated || start == 0 {
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

/// The subject before the comma (or dash) at `comma`, which ends an apposition: "Ana Ruiz, a judge, said".
fn before_apposition(line: &[Token], comma: usize) -> Subject {
    let floor = floor(line, comma);
    let mut segments = Vec::new();
    let mut end = comma;
    for at in (floor..comma).rev() {
        let parts = line[at].says(",") || line[at].is_dash() || line[at].says("(") && line[end].says(")");
        if parts || at == floor {
            let start = if parts { at + 1 } else { at };
            if start < end {
                segments.push(start..end);
            }
            end = at;
        }
    }
    let mut chosen = None;
    for (index, segment) in segments.iter().enumerate() {
        let segment = segment.clone();
        if line[segment.clone()].iter().all(Token::is_number) {
            continue;
        }
        if line[segment.start].says("of") && chosen.is_some() {
            chosen = None;
            continue;
        }
        if is_adverbial(&line[segment.clone()]) {
            if chosen.is_some() {
                break;
            }
            continue;
        }
        let named = |before: &Range<usize>| {
            line[before.clone()].iter().all(|token| token.is_name() || token.is(Class::Particle))
        };
        let office =
            line[segment.clone()].iter().any(|token| token.is(Class::Title) || token.is(Class::Party));
        let apposed =
            is_apposed(&line[segment.clone()]) || office && segments.get(index + 1).is_some_and(named);
        chosen = Some(segment);
        if !apposed {
            break;
        }
    }
    match chosen.and_then(|segment| phrase_ending(line, segment.end)) {
        Some(phrase) => Subject::Phrase(phrase),
        None => Subject::Missing,
    }
}

/// The first token after the last quotation before `end`.
fn floor(line: &[Token], end: usize) -> usize {
    (0..end)
        .rev()
        .find(|at| line[*at].quoted || line[*at].says(";") || line[*at].says(":"))
        .map_or(0, |at| at + 1)
}

/// A segment between commas that is no party: "on Tuesday", "speaking to reporters", "who lives there".
fn is_adverbial(segment: &[Token]) -> bool {
    let Some(first) = segment.first() else { return true };
    let first = segment
        .iter()
        .find(|token| !token.is(Class::Adverb) && !is_manner(token) || token.is(Class::Determiner))
        .unwrap_or(first);
    let leads = first.is(Class::Preposition)
        || first.is(Class::Subordinator)
        || first.is(Class::Relative)
        || first.is(Class::Conjunction)
        || first.says("whose");
    let manner = segment.len() == 1 && (first.is(Class::Adverb) || is_manner(first));
    let acts = first.lower.ends_with("ing") && !first.is_capital();
    leads
        || manner
        || acts
        || segment.iter().all(|token| {
            is_time(token) || token.is(Class::Determiner) || token.is(Class::Adverb) || !token.is_word()
        }) && segment.iter().any(is_time)
}

/// A segment between commas that may explain the party before it: "a judge", "38", "the party's leader".
fn is_apposed(segment: &[Token]) -> bool {
    segment.first().is_some_and(|first| {
        first.is(Class::Determiner)
            || first.is_number()
            || !first.is_capital()
            || segment.len() == 1 && (first.text.starts_with("R-") || first.text.starts_with("D-"))
            || segment.len() == 1 && first.says_any(&["jr", "sr", "jr.", "sr."])
    })
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
    let mut start = end - 1;
    while start > 0 && continues_left(line, start - 1, end) {
        start -= 1;
    }
    start
}

fn continues_left(line: &[Token], at: usize, end: usize) -> bool {
    let token = &line[at];
    if token.quoted || token.says(",") || token.is_break() || token.says(".") {
        return false;
    }
    if token.says("and") || token.says("or") {
        return joins_nouns(line, at);
    }
    if token.is(Class::Relative)
        && at > 0
        && (line[at - 1].is_name() || line[at - 1].is(Class::Party) || token.says("who"))
    {
        return true;
    }
    if owns(line, at) {
        return true;
    }
    let verbal = token.is(Class::Be) || token.is(Class::Have) || token.is(Class::Modal);
    if verbal && !token.is_capital() {
        return (at.saturating_sub(3)..at).any(|before| line[before].says_any(&["who", "which"]));
    }
    let parts =
        token.is(Class::Subordinator) && !token.is(Class::Preposition) && !token.is(Class::Determiner);
    let thing = token.is(Class::Object) && !token.is(Class::Possessive) && !token.is(Class::Subject);
    let acts = token.cues.iter().any(|cue| {
        matches!(cue.form, Form::Past | Form::Third)
            && matches!(cue.frame, Frame::Say | Frame::Tell | Frame::Claim | Frame::Think | Frame::Want)
    });
    let noun_like = at > 0
        && (line[at - 1].is(Class::Determiner)
            || line[at - 1].is(Class::Possessive)
            || line[at - 1].is_possessive_mark());
    let _ = end;
    !(token.says("but") || token.says("then") || parts || thing || acts && !noun_like && !token.is_capital())
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
        let party = token.is(Class::Determiner) || token.is(Class::Subject);
        let leads = token.is(Class::Conjunction)
            || token.is(Class::Subordinator) && !token.is(Class::Preposition)
            || token.is(Class::Adverb)
            || is_manner(token)
            || token.is(Class::Relative);
        if leads && !party {
            start += 1;
        } else if token.is(Class::Preposition)
            && start + 1 < phrase.end
            && !token.says("about")
            && !(token.is_capital() && start > 0 && !line[start - 1].quoted)
        {
            start = after_adverbial(line, start..phrase.end);
        } else if is_time(token) && !token.is_number() && start + 1 < phrase.end {
            start += 1;
        } else {
            break;
        }
    }
    start
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
    let party = (at + 1..phrase.end).rev().find(opens);
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
    let first = line.get(start)?;
    let refused =
        [Class::Preposition, Class::Subordinator, Class::Conjunction, Class::Be, Class::Have, Class::Modal];
    if first.quoted
        || !first.is_word() && !first.says("$")
        || !first.is_capital() && !first.is(Class::Determiner) && refused.iter().any(|class| first.is(*class))
    {
        return None;
    }
    let pronoun = (first.is(Class::Subject) || first.is(Class::Object))
        && !first.is(Class::Determiner)
        && !first.is(Class::Possessive);
    let mut end = start + 1;
    while !pronoun && end < line.len() && continues_right(line, end) {
        end += 1;
    }
    Some(start..end)
}

fn continues_right(line: &[Token], at: usize) -> bool {
    let token = &line[at];
    if token.quoted
        || token.is_break() && !token.says("(")
        || token.says(",")
        || token.says(".")
        || token.says("(")
    {
        return false;
    }
    if token.says("and") {
        return joins_nouns(line, at);
    }
    if token.says_any(&["of", "for", "&"]) {
        return true;
    }
    if token.is_capital() && !is_time(token) {
        return true;
    }
    if token.says_any(&["with", "from", "at"]) {
        return line.get(at + 1).is_some_and(|next| next.is_name() || next.is(Class::Determiner));
    }
    if token.is_capital() && !is_time(token) {
        return true;
    }
    if owns(line, at) {
        return true;
    }
    let stops = [
        Class::Preposition,
        Class::Subordinator,
        Class::Conjunction,
        Class::Be,
        Class::Have,
        Class::Modal,
        Class::Adverb,
        Class::Relative,
    ];
    !(stops.iter().any(|class| token.is(*class)) || is_time(token) || is_manner(token))
}

/// The subject of the clause that the verb at `limit` stands in: that of a clause that a conjunction opened with no comma
/// since, or of the sentence.
pub(super) fn main_subject(line: &[Token], limit: usize) -> Option<Range<usize>> {
    let from = clause_opening(line, limit).unwrap_or(0);
    segments(line, from, limit)
        .find(|segment| !is_adverbial(&line[segment.clone()]))
        .and_then(|segment| first_phrase(line, segment))
}

/// After the "when" or "as" of the clause that is still open at `limit`.
fn clause_opening(line: &[Token], limit: usize) -> Option<usize> {
    let end = if limit > 0 && (line[limit - 1].says(",") || line[limit - 1].is(Class::Conjunction)) {
        limit - 1
    } else {
        limit
    };
    let inner =
        (0..end).rev().take_while(|at| !line[*at].says(",") && !line[*at].is_break() && !line[*at].quoted);
    inner
        .into_iter()
        .find(|at| {
            line[*at].says_any(&["when", "as", "while", "after", "although", "though", "because", "since"])
        })
        .map(|at| at + 1)
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

fn first_phrase(line: &[Token], segment: Range<usize>) -> Option<Range<usize>> {
    let start = segment.clone().find(|at| {
        !(line[*at].is(Class::Adverb) && !line[*at].is(Class::Determiner)
            || is_manner(&line[*at])
            || line[*at].is(Class::Conjunction))
    })?;
    let first = &line[start];
    if !first.is_word() {
        return None;
    }
    if first.is(Class::Subject) && !first.is(Class::Determiner) {
        return Some(start..start + 1);
    }
    let named = first.is_name();
    let ends = |at: &usize| {
        let token = &line[*at];
        let verbal = token.is(Class::Be) && !owns(line, *at)
            || token.is(Class::Have)
            || token.is(Class::Modal)
            || token.is(Class::Adverb)
            || token.is(Class::Relative)
            || token.is(Class::Subordinator) && !token.says("of");
        let past = token.lower.ends_with("ed") && !token.is_capital()
            || token.cues.iter().any(|cue| cue.form == Form::Past) && !token.is_capital();
        let apposed = named
            && !token.is_capital()
            && !token.is_possessive_mark()
            && !token.says_any(&["of", "and", "the", "for", "de", "von", "van", "al", "bin", "&"])
            && !line[*at - 1].is_possessive_mark()
            && !token.is(Class::Party);
        verbal || past || apposed
    };
    let end = (start + 1..segment.end).find(ends).unwrap_or(segment.end);
    Some(start..end)
}
