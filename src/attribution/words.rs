//! The word lists behind the rules: what part a word may have in a sentence (`words.txt`), and which verbs report
//! (`cues.txt`).

use crate::text::lexicon::sections;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A part that a word may have in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Determiner,
    /// A pronoun that can be a subject.
    Subject,
    Object,
    Possessive,
    Preposition,
    Subordinator,
    Conjunction,
    Be,
    Have,
    /// A modal verb, or a form of "do".
    Modal,
    Adverb,
    Time,
    Relative,
    /// A preposition or subordinator that may part a verb of saying from what was said ("said on Monday that").
    Adjunct,
    /// A noun for a person or body that speaks, or for what they speak in.
    Party,
    /// A letter, a statement, a report.
    Document,
    Title,
    /// A small word within a name: de, bin.
    Particle,
    Male,
    Female,
    /// Mr, Mrs: a title that is no office.
    Honorific,
    /// A word that is a noun as often as a verb.
    Noun,
}

/// All parts that a word may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Classes(u32);

impl Classes {
    /// Whether `class` is among them.
    pub(super) fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u32) != 0
    }

    /// Adds `class`.
    pub(super) fn add(&mut self, class: Class) {
        self.0 |= 1 << class as u32;
    }
}

/// What goes with a reporting verb; see `cues.txt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    Say,
    Tell,
    Claim,
    Think,
    Want,
    Accuse,
    Urge,
    Praise,
    Talk,
    Nominal,
}

/// The form of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// say
    Base,
    /// says
    Third,
    /// said
    Past,
    /// saying
    Gerund,
    /// written
    Participle,
    /// claim, a noun
    Noun,
}

/// One way in which a word reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) frame: Frame,
    pub(super) form: Form,
    /// The word that must follow: "for" in "call for"; "..as" within eight words.
    pub(super) with: Option<&'static str>,
}

impl Cue {
    /// Whether the very next word belongs to the verb.
    pub(super) fn is_phrasal(&self) -> bool {
        self.with.is_some_and(|with| !with.starts_with(".."))
    }
}

/// The parts that a word, in small letters and with straight apostrophes, may have.
pub(super) fn classes(word: &str) -> Classes {
    LISTS.words.get(word).copied().unwrap_or_default()
}

/// The ways in which a word, in small letters, reports: those that ask for a certain next word first.
pub(super) fn cues(word: &str) -> &'static [Cue] {
    LISTS.cues.get(word).map_or(&[], Vec::as_slice)
}

struct Lists {
    words: HashMap<String, Classes>,
    cues: HashMap<String, Vec<Cue>>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists { words: HashMap::new(), cues: HashMap::new() };
    for (section, line) in sections(include_str!("words.txt")) {
        if let Some(class) = class_named(section) {
            line.split_whitespace().for_each(|word| lists.add_word(class, word, section == "party"));
        }
    }
    for (section, line) in sections(include_str!("cues.txt")) {
        if let Some(frame) = frame_named(section) {
            lists.add_cue(frame, line);
        }
    }
    // "Cast" is a past form more often than a base.
    lists
        .cues
        .values_mut()
        .for_each(|cues| cues.sort_by_key(|cue| (cue.with.is_none(), cue.form == Form::Base)));
    lists
});

impl Lists {
    fn add_word(&mut self, class: Class, word: &str, counted: bool) {
        for form in [Some(word.to_string()), counted.then(|| plural(word))].into_iter().flatten() {
            let classes = self.words.entry(form).or_default();
            classes.add(class);
            if class == Class::Document {
                classes.add(Class::Party);
            }
        }
    }

    fn add_cue(&mut self, frame: Frame, line: &'static str) {
        let (verb, with) = match line.split_once('/') {
            Some((verb, with)) => (verb, Some(with)),
            None => (line, None),
        };
        for (form, word) in forms(frame, verb) {
            self.cues.entry(word).or_default().push(Cue { frame, form, with });
        }
    }
}

fn class_named(section: &str) -> Option<Class> {
    Some(match section {
        "determiner" => Class::Determiner,
        "subject" => Class::Subject,
        "object" => Class::Object,
        "possessive" => Class::Possessive,
        "preposition" => Class::Preposition,
        "subordinator" => Class::Subordinator,
        "conjunction" => Class::Conjunction,
        "be" => Class::Be,
        "have" => Class::Have,
        "modal" => Class::Modal,
        "adverb" => Class::Adverb,
        "time" => Class::Time,
        "relative" => Class::Relative,
        "adjunct" => Class::Adjunct,
        "party" => Class::Party,
        "document" => Class::Document,
        "title" => Class::Title,
        "particle" => Class::Particle,
        "male" => Class::Male,
        "female" => Class::Female,
        "honorific" => Class::Honorific,
        "noun" => Class::Noun,
        _ => return None,
    })
}

fn frame_named(section: &str) -> Option<Frame> {
    Some(match section {
        "say" => Frame::Say,
        "tell" => Frame::Tell,
        "claim" => Frame::Claim,
        "think" => Frame::Think,
        "want" => Frame::Want,
        "accuse" => Frame::Accuse,
        "urge" => Frame::Urge,
        "praise" => Frame::Praise,
        "talk" => Frame::Talk,
        "nominal" => Frame::Nominal,
        _ => return None,
    })
}

/// The forms of a verb as listed, made by rule where only the base form is.
fn forms(frame: Frame, listed: &str) -> Vec<(Form, String)> {
    let words: Vec<&str> = listed.split_whitespace().collect();
    if frame == Frame::Nominal {
        return words.iter().map(|word| (Form::Noun, word.to_string())).collect();
    }
    let order = [Form::Base, Form::Third, Form::Past, Form::Gerund, Form::Participle];
    match words.as_slice() {
        [base] => order.into_iter().zip(regular(base)).collect(),
        words => order.into_iter().zip(words.iter().map(|word| word.to_string())).collect(),
    }
}

/// The regular plural of a noun.
pub(super) fn plural(noun: &str) -> String {
    regular(noun)[1].clone()
}

/// Base, third person, past and -ing form of a regular verb.
pub(super) fn regular(base: &str) -> [String; 4] {
    let (third, past) = match base.as_bytes() {
        [.., before, b'y'] if !b"aeiou".contains(before) => {
            let stem = &base[..base.len() - 1];
            (format!("{stem}ies"), format!("{stem}ied"))
        }
        [.., b'e'] => (format!("{base}s"), format!("{base}d")),
        [.., b's' | b'x' | b'z'] | [.., b's' | b'c', b'h'] => (format!("{base}es"), format!("{base}ed")),
        _ => (format!("{base}s"), format!("{base}ed")),
    };
    let gerund = match base.strip_suffix('e') {
        Some(stem) if !base.ends_with("ee") => format!("{stem}ing"),
        _ => format!("{base}ing"),
    };
    [base.to_string(), third, past, gerund]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_in_all_forms() {
        let form = |word: &str| cues(word).iter().map(|cue| (cue.frame, cue.form)).next();
        assert_eq!(form("denies"), Some((Frame::Claim, Form::Third)));
        assert_eq!(form("denied"), Some((Frame::Claim, Form::Past)));
        assert_eq!(form("accusing"), Some((Frame::Accuse, Form::Gerund)));
        assert_eq!(form("said"), Some((Frame::Say, Form::Past)));
        assert_eq!(form("pressed"), Some((Frame::Say, Form::Past)));
        assert_eq!(form("urged"), Some((Frame::Urge, Form::Past)));
        assert_eq!(form("saying"), Some((Frame::Say, Form::Gerund)));
        assert_eq!(form("written"), Some((Frame::Say, Form::Participle)));
        assert_eq!(form("disagreeing"), Some((Frame::Talk, Form::Gerund)));
        assert_eq!(form("table"), None);
    }

    #[test]
    fn those_with_a_next_word_come_first() {
        let order = |word: &str| cues(word).iter().map(|cue| (cue.frame, cue.with)).collect::<Vec<_>>();
        assert_eq!(order("agreeing"), [(Frame::Claim, Some("that")), (Frame::Talk, Some("with"))]);
        let warned = order("warned");
        assert!(warned[0].1.is_some() && warned[warned.len() - 1].1.is_none(), "{warned:?}");
        assert!(LISTS.cues.values().all(|cues| cues.is_sorted_by_key(|cue| cue.with.is_none())));
    }

    #[test]
    fn parties_are_known_in_the_plural() {
        for word in ["ministry", "ministries", "coalitions", "witnesses", "men"] {
            assert!(classes(word).has(Class::Party), "{word}");
        }
        assert!(classes("survey").has(Class::Party) && !classes("sandbags").has(Class::Party));
    }

    #[test]
    fn every_section_is_known() {
        for (section, line) in sections(include_str!("words.txt")) {
            assert!(class_named(section).is_some(), "{section}: {line}");
        }
        for (section, line) in sections(include_str!("cues.txt")) {
            assert!(frame_named(section).is_some(), "{section}: {line}");
        }
    }
}
