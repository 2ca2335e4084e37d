//! What page furniture looks like, line by line: the lists of `furniture.txt`, bylines and datelines.

use super::lexicon::sections;
use regex::bytes::{Regex, RegexBuilder};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Longer passages, in bytes, are never furniture.
const LONGEST: usize = 480;

/// A sort of furniture, as far as it matters for what stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Furniture {
    /// Heads a list of links, whose short lines are furniture too.
    List,
    /// May interrupt an article anywhere.
    Advertisement,
    /// A link to another article, unless the line heads this one.
    Label,
    /// An agency or a desk that signs alone on a line: may stand right under the last paragraph.
    Signature,
    Other,
}

/// Whether a line or paragraph by itself is certainly page furniture.
pub(crate) fn recognise(passage: &str) -> Option<Furniture> {
    if passage.len() > LONGEST {
        return None;
    }
    if !passage.contains(char::is_alphabetic) {
        return is_decoration(passage).then_some(Furniture::Other);
    }
    let line = normalise(passage);
    if PATTERNS.lists.is_match(line.trim_end_matches([':', ' ']).as_bytes()) {
        return Some(Furniture::List);
    }
    if line.starts_with("ad") && PATTERNS.lines.is_match(line.as_bytes()) {
        return Some(Furniture::Advertisement);
    }
    if PATTERNS.upright.is_match(line.as_bytes()) {
        return Some(Furniture::Signature);
    }
    if PATTERNS.labels.is_match(line.as_bytes()) {
        return Some(Furniture::Label);
    }
    let other = is_buttons(&line)
        || is_date_line(&line)
        || is_dated_byline(&line)
        || is_byline(passage)
        || is_dateline(passage)
        || PATTERNS.lines.is_match(line.as_bytes());
    other.then_some(Furniture::Other)
}

/// Where the furniture begins that is glued to the end of a paragraph, in bytes; the paragraph must end before it.
pub(crate) fn glued_tail(passage: &str) -> Option<usize> {
    let mut floor = passage.len().saturating_sub(LONGEST);
    while !passage.is_char_boundary(floor) {
        floor += 1;
    }
    let tail = &passage[floor..];
    let at = floor + PATTERNS.glued.find(tail.as_bytes())?.start();
    let story = passage[..at].trim_end().trim_end_matches(['”', '’', '"', '\'', ')']);
    (story.ends_with(['.', '!', '?', '…'])
        && passage[story.len()..at]
            .find(char::is_whitespace)
            .is_none_or(|blank| passage[story.len() + blank..at].trim().is_empty()))
    .then_some(at)
}

struct Patterns {
    lines: Regex,
    labels: Regex,
    lists: Regex,
    upright: Regex,
    glued: Regex,
    words: HashSet<&'static str>,
    dates: HashSet<&'static str>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let of = |wanted: &'static str| {
        sections(include_str!("furniture.txt"))
            .filter(move |(section, _)| *section == wanted)
            .map(|(_, line)| line)
    };
    let words = |wanted| of(wanted).flat_map(str::split_whitespace).collect();
    Patterns {
        lines: alternatives(of("line")),
        labels: alternatives(of("label")),
        lists: alternatives(of("list")),
        upright: alternatives(of("upright")),
        glued: any(of("glued").map(regex::escape)),
        words: words("words"),
        dates: words("dates"),
    }
});

/// One expression for all, anchored at both ends.
fn alternatives(lines: impl Iterator<Item = &'static str>) -> Regex {
    any(lines.map(|line| format!("^(?:{line})$")))
}

fn any(expressions: impl Iterator<Item = String>) -> Regex {
    RegexBuilder::new(&expressions.collect::<Vec<_>>().join("|"))
        .unicode(false)
        .dfa_size_limit(32 << 20)
        .size_limit(64 << 20)
        .build()
        .expect("furniture.txt is part of the program, and a test builds it")
}

/// Small letters, straight apostrophes, single blanks.
fn normalise(passage: &str) -> String {
    let mut line = String::with_capacity(passage.len());
    for word in passage.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().map(|c| if c == '’' { '\'' } else { c.to_ascii_lowercase() }));
    }
    line
}

/// No letter at all: counters, rules, stars. Figures with a currency or a per cent sign may say something.
fn is_decoration(passage: &str) -> bool {
    !passage.contains(['$', '€', '£', '%', '?', '!']) && passage.len() < 40
}

fn tokens(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '-'))).filter(|token| !token.is_empty())
}

fn is_number(token: &str) -> bool {
    let digits = token.trim_start_matches(['+', '-']).trim_end_matches(|c: char| c.is_ascii_lowercase());
    let suffix = token.trim_start_matches(['+', '-']).get(digits.len()..).unwrap_or("");
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
        && matches!(suffix, "" | "am" | "pm" | "st" | "nd" | "rd" | "th" | "h" | "k" | "m")
}

/// `Facebook  Twitter  WhatsApp`, `Share 12`.
fn is_buttons(line: &str) -> bool {
    let mut named = false;
    for token in tokens(line).filter(|token| *token != "-") {
        let word = PATTERNS.words.contains(token);
        if !word && !is_number(token) {
            return false;
        }
        named |= word;
    }
    named && !line.ends_with(['.', '?', '!'])
}

/// `Updated 6:12 PM EAT, November 5, 2025`.
fn is_date_line(line: &str) -> bool {
    let (mut figure, mut word) = (false, false);
    for token in tokens(line).filter(|token| *token != "-") {
        let zone = token.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
        let known = PATTERNS.dates.contains(token) || PATTERNS.dates.contains(zone);
        if !known && !is_number(token) {
            return false;
        }
        word |= known;
        figure |= token.contains(|c: char| c.is_ascii_digit());
    }
    figure && word && (!line.ends_with('.') || line.ends_with(".m."))
}

/// `Ana Ruiz · Gazette · Posted: Apr 1, 2025 5:40 PM`: a few words, then nothing but a date.
fn is_dated_byline(line: &str) -> bool {
    let date = ["published", "posted", "updated"].iter().filter_map(|verb| line.find(verb)).min();
    date.is_some_and(|at| at > 0 && line[..at].split(' ').count() <= 12 && is_date_line(&line[at..]))
}

/// `By Ana Ruiz and Per Holm`, `BY ANA RUIZ  Health Correspondent`.
fn is_byline(passage: &str) -> bool {
    let Some(names) = ["By ", "BY ", "by ", "By: ", "From "].iter().find_map(|by| passage.strip_prefix(by))
    else {
        return false;
    };
    if passage.starts_with("From ") || passage.ends_with(['.', '?', '!', ':', ',', '…']) {
        return false;
    }
    let mut words = 0;
    for name in names.split([' ', '\t', ',', '/', '|', '\u{a0}']).filter(|name| !name.is_empty()) {
        let capital = name.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let small = matches!(
            name,
            "and"
                | "in"
                | "for"
                | "de"
                | "da"
                | "van"
                | "von"
                | "der"
                | "bin"
                | "al"
                | "of"
                | "the"
                | "with"
                | "&"
                | "-"
                | "–"
                | "—"
                | "·"
        );
        if !capital && !small {
            return false;
        }
        words += 1;
    }
    (1..=14).contains(&words) && !names.starts_with(|c: char| c.is_ascii_digit() || c.is_lowercase())
}

/// `ISLAMABAD / KABUL — Oct 29:` alone on a line: places in capitals, then a date.
fn is_dateline(passage: &str) -> bool {
    let is_place = |token: &str| {
        token.chars().count() > 1
            && !token.contains(char::is_lowercase)
            && !token.contains(|c: char| c.is_ascii_digit())
    };
    let all: Vec<&str> = tokens(passage).filter(|token| *token != "-").take(13).collect();
    let places = all.iter().take_while(|token| is_place(token)).count();
    let dates = &all[places..];
    let mut named = false;
    for token in dates {
        let lower = token.to_ascii_lowercase();
        let word = PATTERNS.dates.contains(lower.as_str());
        if !word && !is_number(&lower) && !matches!(lower.as_str(), "reuters" | "afp" | "ap") {
            return false;
        }
        named |= word;
    }
    (1..=6).contains(&places) && named && (2..=6).contains(&dates.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_is_known() {
        for line in [
            "LEAVE A REPLY",
            "Please enter your comment!",
            "Please enter your name here",
            "126 shares",
            "Facebook  Twitter  WhatsApp  Copy link",
            "Advertisement",
            "ADVERTISEMENT · SCROLL TO CONTINUE",
            "Also read: Ten bridges to see this spring",
            "By Ana Ruiz and Per Holm",
            "Updated: 4 May 2023 6:30 pm IST",
            "OSLO / BERGEN — May 4:",
            "3 min read",
            "Copyright © 2023 Fjord Gazette. All rights reserved.",
            "Subscribe to our newsletter",
            "We use cookies to improve your experience.",
            "Skaters on the Mjøsa on Friday. (Photo: P. Holm / Fjord Gazette)",
            "Skaters on the Mjøsa on Friday. (Per Holm/AFP)",
            "Reporting by Ana Ruiz in Oslo and Per Holm; editing by Ola Dahl",
            "Staff Correspondent, Bergen",
            "The author is a retired professor of law at Bergen.",
            "Corrections policy",
            "Opinion: Ten bridges to see this spring",
            "___",
            "11",
        ] {
            assert!(recognise(line).is_some(), "{line}");
        }
    }

    #[test]
    fn sentences_are_not() {
        for line in [
            "By law, the council has until May to decide.",
            "By the time it cleared, the ships had left.",
            "The army released a photo by mistake.",
            "He shared the newsletter with his staff.",
            "Advertisement of the post was delayed, she said.",
            "Follow the money, he said.",
            "The company uses cookies to spy on readers, the group said.",
            "Published reports say otherwise.",
            "May 4 was a Thursday, he said.",
            "GAZA STRIKE KILLS 20",
            "\"Leave a reply,\" he told the machine.",
            "Read the report, the minister urged.",
            "Source close to the talks denied it.",
            "More than 40 people died.",
            "$500 million",
            "Reporter shot dead in Lima",
            "Ads for the party were banned.",
            "The owners reject the charge. — AFP",
            "The owners accused the crews of lying. (Reuters/AFP)",
            "The truce was signed in May. (Reporting: Ana Ruiz)",
            "Corrections officers accused the governor of lying.",
            "Copyright holders accuse the company of theft",
            "Health staff threaten to strike",
            "The writer is a threat to public order, the minister said.",
            "Reporting by Bergen Watch accuses the army of torture.",
            "Information from drones in Bergen contradicts the claim.",
            "The bank says its critics lie. (Credit Bergen declined to comment.)",
            "He would strike back if he was attacked again (pictured)",
            "Sources: Crews to halt ferries",
            "More in Bergen face hunger, UN warns",
        ] {
            assert_eq!(recognise(line), None, "{line}");
        }
    }

    #[test]
    fn glued_tails_are_found() {
        let text = "The talks ended.LEAVE A REPLYPlease enter your comment!";
        assert_eq!(glued_tail(text), Some("The talks ended.".len()));
        assert_eq!(glued_tail("The talks ended."), None);
    }
}
