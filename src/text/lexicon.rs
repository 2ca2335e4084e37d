//! The word lists behind the segmenter, read from `abbreviations.txt`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What is known of a word before a full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Mr, Gen: a name follows.
    Title,
    /// e.g, vs: the sentence goes on.
    Never,
    /// No, p: a number follows.
    Number,
    /// Oct, Mon: a number follows, or the sentence ends.
    Month,
    /// Inc, etc: the sentence may end.
    Open,
    /// a.m, p.m.
    Time,
    /// J in J. Okoro.
    Initial,
    /// U.S, J.M.
    Initials,
}

/// The class of the word before a full stop, which is not part of it.
pub(crate) fn class(word: &str) -> Option<Class> {
    if word.is_empty() || word.len() > 16 {
        return None;
    }
    let listed = LEXICON.classes.get(word).or_else(|| LEXICON.classes.get(last_part(word))).copied();
    listed.or_else(|| initials(word))
}

/// Whether a line that ends with a full stop after `text` may end with an abbreviation rather than a sentence.
pub(crate) fn ends_names(text: &str) -> bool {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or("");
    matches!(class(word), Some(Class::Initials | Class::Open | Class::Time))
        && word.starts_with(char::is_uppercase)
}

/// Whether a word with a capital begins sentences more often than it is part of a name.
pub(crate) fn is_starter(word: &str) -> bool {
    LEXICON.starters.contains(word.trim_end_matches([',', ':', ';']))
}

/// Whether a word goes on with a clock time: a zone, a day, a month.
pub(crate) fn is_zone(word: &str) -> bool {
    LEXICON.zones.contains(word)
}

/// Whether a word is a verb of speech.
pub(crate) fn is_speech(word: &str) -> bool {
    LEXICON.speech.contains(word.trim_end_matches([',', ':', ';']))
}

/// `Col` in `Lt.Col`, as typed by those who leave out the blank.
fn last_part(word: &str) -> &str {
    match word.rsplit_once('.') {
        Some((before, last)) if before.len() > 1 && last.len() > 1 => last,
        _ => word,
    }
}

/// Single capital letters with stops between them.
fn initials(word: &str) -> Option<Class> {
    let mut letters = 0;
    for part in word.split('.') {
        let mut chars = part.chars();
        let capital = chars.next().is_some_and(char::is_uppercase);
        if !capital || chars.next().is_some() {
            return None;
        }
        letters += 1;
    }
    Some(if letters == 1 { Class::Initial } else { Class::Initials })
}

#[derive(Default)]
struct Lexicon {
    classes: HashMap<String, Class>,
    starters: HashSet<&'static str>,
    zones: HashSet<&'static str>,
    speech: HashSet<&'static str>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon::default();
    for (section, line) in sections(include_str!("abbreviations.txt")) {
        for word in line.split_whitespace() {
            lexicon.insert(section, word);
        }
    }
    lexicon
});

impl Lexicon {
    fn insert(&mut self, section: &str, word: &'static str) {
        let class = match section {
            "title" => Class::Title,
            "never" => Class::Never,
            "number" => Class::Number,
            "month" => Class::Month,
            "open" => Class::Open,
            "time" => Class::Time,
            "starter" => return self.starters.extend([word]),
            "zone" => return self.zones.extend([word]),
            _ => return self.speech.extend([word]),
        };
        // The first section that lists a word keeps it.
        for form in forms(word) {
            self.classes.entry(form).or_insert(class);
        }
    }
}

/// A word as listed, and in capitals (ST for St) or with a capital (Vs for vs).
fn forms(word: &str) -> Vec<String> {
    // A single capital is an initial, whatever the small letter stands for.
    if word.chars().count() == 1 {
        return vec![word.to_string()];
    }
    let mut chars = word.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    let capital = first + chars.as_str();
    let mut forms = vec![word.to_string()];
    if capital != word {
        forms.push(capital);
    } else {
        forms.push(word.to_uppercase());
    }
    forms
}

/// The lines of a list file that hold something, each with the `[section]` it stands in.
pub(crate) fn sections(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut section = "";
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).filter_map(
        move |line| match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(name) if name.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                section = name;
                None
            }
            _ => Some((section, line)),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        assert_eq!(class("Mr"), Some(Class::Title));
        assert_eq!(class("GEN"), Some(Class::Title));
        assert_eq!(class("Lt.Col"), Some(Class::Title));
        assert_eq!(class("No"), Some(Class::Number));
        assert_eq!(class("no"), None);
        assert_eq!(class("a.m"), Some(Class::Time));
        assert_eq!(class("J"), Some(Class::Initial));
        assert_eq!(class("U.S"), Some(Class::Initials));
        assert_eq!(class("table"), None);
        assert_eq!(class(""), None);
    }

    #[test]
    fn every_section_is_known() {
        let known = ["title", "never", "number", "month", "open", "time", "zone", "starter", "speech"];
        for (section, line) in sections(include_str!("abbreviations.txt")) {
            assert!(known.contains(&section), "{section}: {line}");
        }
    }
}
