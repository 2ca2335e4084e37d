//! What follows a reporting verb: over its listener and its adjuncts to the words reported.

use super::nouns::is_time;
use super::tokens::Token;
use super::words::{Class, Cue, Frame};

/// What follows a reporting clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// The end of the sentence, or nothing that can be reported.
    Nothing,
    /// The words reported begin at this token.
    Content(usize),
    /// A comma at this token, then more of the sentence.
    Comma(usize),
}

impl Tail {
    /// What comes after the next comma from `from` on.
    pub(super) fn after_comma(line: &[Token], from: usize) -> Self {
        let comma = (from..line.len()).find(|at| line[*at].says(",") && !line[*at].quoted);
        comma.map_or(Tail::Nothing, Tail::Comma)
    }
}

const QUESTIONS: [&str; 6] = ["if", "whether", "why", "how", "what", "about"];
const PREPOSITIONS: [&str; 6] = ["about", "of", "for", "against", "on", "to"];

/// What follows a verb at `from`; none where the verb cannot report it. `closes` for verbs that come after the words they
/// report, so that all that follows is adjuncts.
pub(super) fn tail(line: &[Token], from: usize, cue: &Cue, closes: bool) -> Option<Tail> {
    let from = from + usize::from(cue.is_phrasal());
    Some(match cue.frame {
        Frame::Talk if cue.with.is_some() => thing(line, from),
        _ if closes => adjuncts(line, from, true),
        Frame::Say => adjuncts(line, from, true),
        Frame::Tell => adjuncts(line, listener(line, from), true),
        Frame::Urge => urged(line, from),
        Frame::Claim | Frame::Think | Frame::Want | Frame::Accuse | Frame::Praise => {
            adjuncts(line, from, false)
        }
        Frame::Talk if line.get(from)?.says_any(&PREPOSITIONS) => Tail::Content(from + 1),
        Frame::Talk | Frame::Nominal => return None,
    })
}

/// The thing after a preposition.
fn thing(line: &[Token], from: usize) -> Tail {
    match line.get(from) {
        Some(token) if !token.says_any(&[",", "."]) => Tail::Content(from),
        _ => Tail::Nothing,
    }
}

/// The end of the listener of "told": "told reporters on Monday that".
fn listener(line: &[Token], from: usize) -> usize {
    let Some(first) = line.get(from) else { return from };
    if first.quoted && !first.is_quote() || first.says_any(&["that", ":", ","]) {
        return from;
    }
    if first.is(Class::Object) && !first.is(Class::Possessive)
        || first.says_any(&["reporters", "journalists", "her"])
    {
        return from + 1;
    }
    let near = (from..line.len().min(from + 14)).take_while(|at| !line[*at].says(",") && !line[*at].quoted);
    let that = near.into_iter().find(|at| line[*at].says("that"));
    that.unwrap_or_else(|| listener_end(line, from + 1))
}

fn listener_end(line: &[Token], from: usize) -> usize {
    let mut at = from;
    while at < line.len() {
        match titled(line, at) {
            Some(end) => at = end,
            None if ends_listener(line, at) => break,
            None => at += 1,
        }
    }
    at
}

fn ends_listener(line: &[Token], at: usize) -> bool {
    let (token, previous) = (&line[at], &line[at - 1]);
    let opens_clause = token.is(Class::Subject) && !token.says("one")
        || token.is(Class::Determiner) && !previous.is_any(&[Class::Preposition, Class::Determiner]);
    opens_clause
        || token.quoted
        || token.says_any(&[",", ":", ".", "to"])
        || token.is(Class::Adjunct) && !token.says("of")
        || is_time(token)
}

/// The end of a quoted title at `at`, which is no quotation: ABC’s “Good Morning”, on “Talk of the Day”.
fn titled(line: &[Token], at: usize) -> Option<usize> {
    let previous = line.get(at.checked_sub(1)?)?;
    let leads = previous.is_possessive_mark() || previous.is_any(&[Class::Preposition, Class::Determiner]);
    let end = (at..line.len()).find(|at| !line[*at].quoted).unwrap_or(line.len());
    let capital = line.get(at + 1).is_some_and(Token::is_capital);
    (line[at].is_quote() && leads && capital && end - at <= 8).then_some(end)
}

/// What follows "asked" or "urged": with the party that is urged, without the one that is asked a question.
fn urged(line: &[Token], from: usize) -> Tail {
    let Some(first) = line.get(from) else { return Tail::Nothing };
    if first.says_any(&["about", "for"]) {
        return adjuncts(line, from + 1, true);
    }
    if first.quoted
        || first.says_any(&["reporters", "journalists", "that", "if", "whether", "to", ":", ",", "."])
    {
        return adjuncts(line, from, true);
    }
    let near = (from..line.len().min(from + 7)).take_while(|at| !line[*at].says_any(&["to", ","]));
    match near.into_iter().find(|at| line[*at].says_any(&QUESTIONS) && !line[*at].quoted) {
        Some(at) if line[at].says("about") => Tail::Content(at + 1),
        Some(at) => Tail::Content(at),
        None => Tail::Content(from),
    }
}

/// Over "on Monday", "in a statement", "to reporters" to what follows; `all` for verbs that take no preposition themselves.
fn adjuncts(line: &[Token], from: usize, all: bool) -> Tail {
    let mut at = from;
    while let Some(token) = line.get(at) {
        if let Some(tail) = settled(line, at) {
            return tail;
        }
        let adjunct = token.is(Class::Adjunct) && (all || token.says_any(&["on", "in", "at", "during"]));
        if is_aside(line, at) {
            at += 1;
        } else if adjunct && !token.is_capital() {
            at = after_adjunct(line, at);
        } else {
            return Tail::Content(at);
        }
    }
    Tail::Nothing
}

/// What a mark or word says of what follows, if it settles it.
fn settled(line: &[Token], at: usize) -> Option<Tail> {
    let token = &line[at];
    let count = token.says("at") && line.get(at + 1).is_some_and(|next| next.says_any(&["least", "most"]));
    match token.lower.as_str() {
        _ if token.quoted || token.says("that") || count => Some(Tail::Content(at)),
        ":" if at + 1 < line.len() => Some(Tail::Content(at + 1)),
        "," => Some(Tail::Comma(at)),
        _ if token.says(".") || token.is_break() || token.is(Class::Conjunction) => Some(Tail::Nothing),
        _ => None,
    }
}

/// An adverb, or an expression of time: "Monday", "this week".
fn is_aside(line: &[Token], at: usize) -> bool {
    let token = &line[at];
    let day = |token: &Token| is_time(token) && !token.is_number();
    let adverb = (token.is(Class::Adverb) || token.lower.ends_with("ly")) && !token.is(Class::Determiner);
    let dated =
        token.says_any(&["this", "last", "early", "late", "next"]) && line.get(at + 1).is_some_and(day);
    adverb && !token.is_capital() && !token.says("there") || day(token) || dated
}

/// The end of a prepositional phrase or clause that stands between a verb and what it reports.
fn after_adjunct(line: &[Token], from: usize) -> usize {
    let clause =
        line[from].is(Class::Subordinator) && !line[from].is(Class::Preposition) || line[from].says("as");
    let mut at = from + 1;
    while let Some(token) = line.get(at) {
        if let Some(end) = titled(line, at) {
            at = end;
            continue;
        }
        let ends = token.quoted || token.says_any(&["that", ",", ":", "."]) || token.is_break();
        if ends || !clause && at > from + 1 && opens_subject(line, at) {
            break;
        }
        at += 1;
        if !clause && is_time(token) && !token.is_number() {
            break;
        }
    }
    at
}

/// Whether the subject of a new clause may open here.
fn opens_subject(line: &[Token], at: usize) -> bool {
    let (token, previous) = (&line[at], &line[at - 1]);
    let after_noun = !previous.is_any(&[Class::Preposition, Class::Determiner, Class::Conjunction]);
    token.is(Class::Subject) && !token.says("one")
        || token.is(Class::Determiner) && after_noun && !token.says("whose")
}
