//! Names in a sentence, with the office and the affiliation that stand beside them.

use super::tokens::Token;
use super::words::Class;
use std::ops::Range;

/// A name and what its sentence says of it; all numbers are tokens.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Named {
    pub(super) name: Range<usize>,
    pub(super) role: Option<Range<usize>>,
    pub(super) affiliation: Option<Range<usize>>,
    /// Whether an honorific, an office or an age shows that a person is meant.
    pub(super) is_person: bool,
}

/// All names of a sentence, by position.
pub(super) fn names(line: &[Token]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let end = name_end(line, at);
        if end > at {
            found.push(named(line, at..end));
        }
        at = end.max(at + 1);
    }
    found
}

/// The end of the name that starts at `start`; `start` itself if none does.
fn name_end(line: &[Token], start: usize) -> usize {
    let mut end = start;
    while end < line.len() && is_part(line, end, end > start) {
        end += 1;
        let particles = line[end..]
            .iter()
            .take(2)
            .take_while(|token| token.is(Class::Particle) && !token.is_capital())
            .count();
        if particles > 0 && line.get(end + particles).is_some_and(|next| next.is_name() && !is_office(next)) {
            end += particles;
        }
    }
    end
}

fn is_part(line: &[Token], at: usize, inside: bool) -> bool {
    let token = &line[at];
    // The first word of a sentence has its capital anyway.
    let first = at == 0 || line[at - 1].is_quote() || line[at - 1].is_break();
    let word = !first
        || line.get(at + 1).is_some_and(|next| next.is_name() || next.is_possessive_mark())
        || token.classes == Default::default();
    // "Will Smith", "May Okoro", "Al From": a capital amid capitals.
    let disguised = inside
        && token.is_capital()
        && token.is_word()
        && (token.is(Class::Modal) || token.is(Class::Preposition))
        && !token.is(Class::Time);
    token.is_word() && !is_office(token) && (token.is_name() && word || disguised)
}

/// Whether a word names an office or a kind of body.
pub(super) fn is_office(token: &Token) -> bool {
    token.is(Class::Title) || token.is(Class::Party)
}

/// A name with what stands before and after it.
pub(super) fn named(line: &[Token], name: Range<usize>) -> Named {
    let role_start = (0..name.start)
        .rev()
        .take_while(|at| is_office(&line[*at]) && !line[*at].quoted)
        .last()
        .unwrap_or(name.start);
    let honorific = (role_start..name.start).all(|at| line[at].is(Class::Honorific));
    let before = (role_start < name.start && !honorific).then_some(role_start..name.start);
    let (after, of) = apposed(line, name.end);
    let (earlier, its) = announced(line, role_start);
    let age = line.get(name.end).is_some_and(|next| next.says(","))
        && line.get(name.end + 1).is_some_and(Token::is_number);
    Named {
        is_person: role_start < name.start || after.is_some() || earlier.is_some() || age,
        affiliation: owner(line, role_start)
            .filter(|_| before.is_some() || line[..role_start].last().is_some_and(Token::is_possessive_mark))
            .or(of)
            .or(its),
        role: earlier.or(before).or(after),
        name,
    }
}

/// "Pakistan" before ’s, "Pakistani" right before an office.
pub(super) fn owner(line: &[Token], before: usize) -> Option<Range<usize>> {
    let last = before.checked_sub(1)?;
    let end = if line[last].is_possessive_mark() { last } else { before };
    let start = (0..end)
        .rev()
        .take_while(|at| line[*at].is_name() && !is_office(&line[*at]) && !line[*at].quoted)
        .last()?;
    Some(start..end)
}

/// What follows a name: "…, a spokesman for the ministry," gives "spokesman" and "ministry".
fn apposed(line: &[Token], end: usize) -> (Option<Range<usize>>, Option<Range<usize>>) {
    if line.get(end).is_some_and(|next| next.says("of")) {
        return (None, party_after(line, end + 1));
    }
    if !line.get(end).is_some_and(|next| next.says(",") && !next.quoted) {
        return (None, None);
    }
    let mut start = end + 1;
    while line.get(start).is_some_and(|token| token.is(Class::Determiner)) {
        start += 1;
    }
    let stop = (start..line.len())
        .find(|at| {
            !line[*at].is_word() && !line[*at].is_possessive_mark()
                || line[*at].is(Class::Preposition)
                || line[*at].is(Class::Relative)
        })
        .unwrap_or(line.len());
    let office = stop > start
        && stop - start <= 7
        && line[stop - 1].is(Class::Party)
        && !line[start..stop].iter().any(|token| token.is(Class::Be) && !token.is_possessive_mark());
    if !office {
        return (None, None);
    }
    let owned = (start..stop).rev().find(|at| line[*at].is_possessive_mark());
    let affiliation = match owned {
        Some(mark) => Some(start..mark),
        None if line.get(stop).is_some_and(|token| token.says_any(&["of", "for", "at", "from", "with"])) => {
            party_after(line, stop + 1)
        }
        None => None,
    };
    (Some(owned.map_or(start, |mark| mark + 1)..stop), affiliation)
}

/// What comes before a name: "The interior minister, General Ruiz" gives "interior minister".
fn announced(line: &[Token], start: usize) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let comma = match start.checked_sub(1) {
        Some(comma) if line[comma].says(",") && !line[comma].quoted => comma,
        _ => return (None, None),
    };
    let open = (0..comma)
        .rev()
        .take_while(|at| (line[*at].is_word() || line[*at].is_possessive_mark()) && !line[*at].quoted)
        .last()
        .unwrap_or(comma);
    let leads = line.get(open).is_some_and(|first| first.is(Class::Determiner))
        || (open..comma).any(|at| line[at].is_possessive_mark());
    if comma - open < 2 || comma - open > 6 || !leads || !line[comma - 1].is(Class::Party) {
        return (None, None);
    }
    match (open..comma).rev().find(|at| line[*at].is_possessive_mark()) {
        Some(mark) => (Some(mark + 1..comma), Some(open..mark)),
        None => (Some(open + 1..comma), None),
    }
}

/// The party after "for" or "of": "the ministry", "Puerta Abierta".
fn party_after(line: &[Token], at: usize) -> Option<Range<usize>> {
    let start = at + usize::from(line.get(at)?.is(Class::Determiner));
    let inside = |at: &usize| {
        line[*at].is_capital()
            || line[*at].is(Class::Party)
            || line[*at].is_possessive_mark()
            || line[*at].says("of") && line.get(at + 1).is_some_and(Token::is_capital)
    };
    let end = (start..line.len()).take_while(inside).last()? + 1;
    (start < end).then_some(start..end)
}
