//! Where noun phrases begin and end.
//!
//! No parser: a phrase ends where a word or mark stands that no noun phrase holds.

use super::grammar;
use super::tokens::Token;
use super::words::{Class, Form, Frame};
use std::ops::Range;

/// An adverb of manner: "repeatedly".
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
pub(super) fn is_verb(token: &Token) -> bool {
    let listed = grammar::classes(&token.lower) & grammar::Class::Verb as u16 != 0;
    !token.is_capital() && (listed || token.lower.ends_with("ed"))
}

pub(super) fn is_party(token: &Token) -> bool {
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
