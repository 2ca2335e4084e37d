//! What stands between commas around a subject: explanations of it, and what is said of time, place and manner.

use super::nouns::{is_manner, is_manner_first, is_time, phrase_ending};
use super::tokens::Token;
use super::words::Class;
use std::ops::Range;

/// The subject before the comma, dash or bracket at `comma`, which ends an apposition: "Ana Ruiz, a judge, said".
pub(super) fn before_apposition(line: &[Token], comma: usize) -> Option<Range<usize>> {
    let segments = segments(line, comma);
    let mut chosen: Option<&Range<usize>> = None;
    for (index, segment) in segments.iter().enumerate() {
        let words = &line[segment.clone()];
        if is_age_or_place(words) {
            continue;
        }
        // "Ana Ruiz, of Quay Lane, Velm, said": what stands after "of" is no party.
        if words[0].says("of") && chosen.take().is_some() {
            continue;
        }
        if is_adverbial(words) {
            match chosen {
                Some(_) => break,
                None => continue,
            }
        }
        chosen = Some(segment);
        let named = segments.get(index + 1).is_some_and(|before| is_name(&line[before.clone()]));
        let office = words.iter().any(|token| token.is_any(&[Class::Title, Class::Party]));
        let apposed = is_apposed(words) || office && named;
        if !apposed {
            break;
        }
    }
    phrase_ending(line, chosen?.end)
}

/// What stands between commas before `comma`, the nearest first, back to the last quotation.
fn segments(line: &[Token], comma: usize) -> Vec<Range<usize>> {
    let stops = |at: &usize| line[*at].quoted || line[*at].says_any(&[";", ":"]);
    let floor = (0..comma).rev().find(stops).map_or(0, |at| at + 1);
    let mut found = Vec::new();
    let mut end = comma;
    for at in (floor..comma).rev() {
        let parts = line[at].says(",") || line[at].is_dash() || line[at].says("(") && line[end].says(")");
        if parts || at == floor {
            let start = if parts { at + 1 } else { at };
            found.extend((start < end).then_some(start..end));
            end = at;
        }
    }
    found
}

fn is_name(segment: &[Token]) -> bool {
    segment.iter().all(|token| token.is_name() || token.is(Class::Particle))
}

/// "38", "Fla."
fn is_age_or_place(segment: &[Token]) -> bool {
    segment.iter().all(Token::is_number) || segment.len() == 1 && segment[0].text.ends_with('.')
}

/// A segment between commas that is no party: "on Tuesday", "speaking to reporters", "who lives there".
pub(super) fn is_adverbial(segment: &[Token]) -> bool {
    let aside = |token: &Token| (token.is(Class::Adverb) || is_manner(token)) && !token.is(Class::Determiner);
    let Some(first) = segment.iter().find(|token| !aside(token)) else { return true };
    let leading = [Class::Preposition, Class::Subordinator, Class::Relative, Class::Conjunction];
    // "Beijing" is no participle; "Speaking to reporters" is.
    let acts = first.lower.ends_with("ing")
        && (!first.is_capital()
            || !first.cues.is_empty()
            || first.says_any(&["according", "speaking", "talking", "citing"]));
    let manner = segment.len() == 1 && is_manner_first(first);
    let time = |token: &Token| {
        is_time(token) || token.is_any(&[Class::Determiner, Class::Adverb]) || !token.is_word()
    };
    // "About 200 dockers"
    let counted =
        first.says_any(&["about", "over", "around"]) && segment.get(1).is_some_and(Token::is_number);
    first.is_any(&leading) && !counted
        || first.says("whose")
        || acts
        || manner
        || segment.iter().all(time) && segment.iter().any(is_time)
}

/// A segment between commas that may explain the party before it: "a judge", "the party's leader", "Jr.", "D-Velm".
fn is_apposed(segment: &[Token]) -> bool {
    let Some(first) = segment.first() else { return false };
    let suffix = first.text.starts_with("R-")
        || first.text.starts_with("D-")
        || first.says_any(&["jr", "sr", "jr.", "sr."]);
    first.is(Class::Determiner) || first.is_number() || !first.is_capital() || segment.len() == 1 && suffix
}
