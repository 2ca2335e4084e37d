//! The closed word classes that tell where a noun phrase begins and ends, read from `grammar.txt`, and from `words.txt` what both
//! need.

use super::words::{plural, regular};
use crate::text::lexicon::sections;
use std::collections::HashMap;
use std::sync::LazyLock;

/// One class of words; the value is its bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// the, two, their: before a noun.
    Determiner = 1,
    /// he, everyone: stands alone.
    Pronoun = 1 << 1,
    /// those (who …), anyone: people named by what they do.
    Indefinite = 1 << 2,
    /// I, us: the speaker's own side.
    Speaker = 1 << 3,
    /// of, against.
    Preposition = 1 << 4,
    /// and, that, who.
    Link = 1 << 5,
    /// is, would.
    Auxiliary = 1 << 6,
    /// not, repeatedly: passed over between the parts of a construction.
    Adverb = 1 << 7,
    /// Verbs that would otherwise be taken for nouns.
    Verb = 1 << 8,
    /// Verbs of speech.
    Speech = 1 << 9,
    /// Nouns for persons and bodies that can act.
    Party = 1 << 11,
    /// Those who listen, and are not accused of anything by being told.
    Audience = 1 << 12,
    /// Days and months.
    Calendar = 1 << 13,
}

const SECTIONS: [(&str, Class); 13] = [
    ("determiner", Class::Determiner),
    ("pronoun", Class::Pronoun),
    ("indefinite", Class::Indefinite),
    ("speaker", Class::Speaker),
    ("preposition", Class::Preposition),
    ("link", Class::Link),
    ("auxiliary", Class::Auxiliary),
    ("adverb", Class::Adverb),
    ("verb", Class::Verb),
    ("speech", Class::Speech),
    ("party", Class::Party),
    ("audience", Class::Audience),
    ("calendar", Class::Calendar),
];

/// The classes of a word in lower case, as bits.
pub(super) fn classes(word: &str) -> u16 {
    GRAMMAR.get(word).copied().unwrap_or(0)
}

static GRAMMAR: LazyLock<HashMap<String, u16>> = LazyLock::new(|| {
    let mut words = parse(include_str!("grammar.txt")).expect("grammar.txt, which a test reads");
    let shared = |section: &str| ["preposition", "party"].contains(&section);
    for (section, line) in sections(include_str!("words.txt")).filter(|(section, _)| shared(section)) {
        let class = class(section).expect("one of the sections here");
        line.split_whitespace().for_each(|word| add(&mut words, class, word));
    }
    words
});

fn parse(text: &str) -> Result<HashMap<String, u16>, String> {
    let (mut words, mut section) = (HashMap::new(), None);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
            Some(name) => section = Some(class(name)?),
            None => {
                let class = section.ok_or_else(|| format!("before any section: {line}"))?;
                line.split_whitespace().for_each(|word| add(&mut words, class, word));
            }
        }
    }
    Ok(words)
}

/// Adds a word in its forms: those of a verb, the plural of a party.
fn add(words: &mut HashMap<String, u16>, class: Class, word: &str) {
    let plural = (class == Class::Party).then(|| plural(word));
    for form in forms(word).into_iter().chain(plural) {
        *words.entry(form).or_insert(0) |= class as u16;
    }
}

fn class(name: &str) -> Result<Class, String> {
    let found = SECTIONS.iter().find(|(section, _)| *section == name);
    found.map(|(_, class)| *class).ok_or_else(|| format!("no such class: {name}"))
}

/// `warn+` as its four regular forms, any other word as itself.
pub(super) fn forms(word: &str) -> Vec<String> {
    word.strip_suffix('+').map_or_else(|| vec![word.to_string()], |verb| regular(verb).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_well_formed() {
        assert!(parse(include_str!("grammar.txt")).is_ok_and(|words| words.len() > 500));
        assert!(parse("word").is_err());
        assert!(parse("[no such]\nword").is_err());
    }

    #[test]
    fn verbs_are_inflected() {
        assert_eq!(forms("deny+"), ["deny", "denies", "denied", "denying"]);
        assert_eq!(forms("accuse+"), ["accuse", "accuses", "accused", "accusing"]);
        assert_eq!(forms("reproach+"), ["reproach", "reproaches", "reproached", "reproaching"]);
        assert_eq!(forms("obey+"), ["obey", "obeys", "obeyed", "obeying"]);
        assert_eq!(forms("beg"), ["beg"]);
    }

    #[test]
    fn plurals_of_parties_are_parties() {
        for word in ["ministries", "coaches", "rebels", "government", "policemen"] {
            assert_ne!(classes(word) & Class::Party as u16, 0, "{word}");
        }
        assert_eq!(classes("sandbags") & Class::Party as u16, 0);
    }
}
