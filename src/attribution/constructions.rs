//! Constructions that say at whom an act is directed ("accused Y of"), read from `constructions.txt`.

use super::chunks::{Phrases, Rank};
use super::grammar::{Class, forms};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

/// The section for labels without one.
const ANY: &str = "any";
/// The section that says to whom is spoken.
const ADDRESSEE: &str = "addressee";
const BE: [&str; 10] = ["is", "are", "was", "were", "be", "been", "being", "'s", "am", "'re"];

/// The constructions of one label, those tried first in front.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Constructions {
    list: Vec<Construction>,
    /// The verbs that constructions begin with: whoever reports with one of them reports this act.
    cues: BTreeSet<String>,
}

/// Parts in their order; one of them is the target.
#[derive(Debug, PartialEq)]
struct Construction(Vec<Part>);

#[derive(Debug, PartialEq)]
enum Part {
    /// One of these words.
    Words(Vec<String>),
    /// A verb in the past or a participle.
    Verbed,
    /// Words of any kind: at least and at most so many.
    Gap(usize, usize),
    /// The target, which must at least be of this rank.
    Target(Rank),
}

/// The constructions for a label: its own if there are any, else the general ones.
pub(super) fn of_label(name: &str) -> &'static Constructions {
    match name {
        ADDRESSEE => section(ANY),
        name if LISTS.contains_key(name) => section(name),
        _ => section(ANY),
    }
}

/// Those that say to whom is spoken, whatever the act.
pub(super) fn of_address() -> &'static Constructions {
    section(ADDRESSEE)
}

fn section(name: &str) -> &'static Constructions {
    static NONE: Constructions = Constructions { list: Vec::new(), cues: BTreeSet::new() };
    LISTS.get(name).unwrap_or(&NONE)
}

static LISTS: LazyLock<BTreeMap<String, Constructions>> = LazyLock::new(|| {
    parse(include_str!("constructions.txt")).expect("constructions.txt, which a test reads")
});

impl Constructions {
    /// The first target, by the order of the constructions and then of the text, that `accept` takes.
    pub(super) fn find(
        &self,
        phrases: &Phrases,
        accept: impl Fn(&Range<usize>) -> bool,
    ) -> Option<Range<usize>> {
        let places = 0..phrases.words.len();
        self.list.iter().find_map(|construction| {
            places.clone().filter_map(|at| construction.target(phrases, at)).find(|target| accept(target))
        })
    }

    /// Whether words that report an act are such as this act is reported with.
    pub(super) fn reports(&self, cue: &str) -> bool {
        cue.split(|c: char| !c.is_alphanumeric()).any(|word| self.cues.contains(&word.to_lowercase()))
    }
}

impl Construction {
    /// The target, if the construction stands at word `at`; where the target comes first, if what follows it does.
    fn target(&self, phrases: &Phrases, at: usize) -> Option<Range<usize>> {
        if let [Part::Target(rank), rest @ ..] = &self.0[..] {
            follows(rest, phrases, at)?;
            return phrases.subject(at).filter(|subject| phrases.rank(subject) >= *rank);
        }
        follows(&self.0, phrases, at).flatten()
    }
}

/// Whether the parts stand at word `at`: then the target, if it is among them.
fn follows(parts: &[Part], phrases: &Phrases, at: usize) -> Option<Option<Range<usize>>> {
    let Some((part, rest)) = parts.split_first() else { return Some(None) };
    match part {
        Part::Words(any) => {
            let word = phrases.words.get(at)?;
            if any.iter().any(|one| one == word.lower) {
                return follows(rest, phrases, at + 1);
            }
            let passed = word.is(Class::Adverb) || word.is_quote();
            (passed && at > 0).then(|| follows(parts, phrases, at + 1))?
        }
        Part::Verbed => {
            phrases.words.get(at).filter(|word| word.is_verbed()).and_then(|_| follows(rest, phrases, at + 1))
        }
        Part::Gap(least, most) => (*least..=*most).find_map(|gap| follows(rest, phrases, at + gap)),
        Part::Target(rank) => {
            let quoted = phrases.words.get(at)?.is_quote() || phrases.words[at].is(Class::Adverb);
            let start = at + usize::from(quoted);
            let ends = phrases.ends(start);
            let mut targets = ends.into_iter().rev().map(|end| start..end);
            targets
                .find(|target| phrases.rank(target) >= *rank && follows(rest, phrases, target.end).is_some())
                .map(Some)
        }
    }
}

fn parse(text: &str) -> Result<BTreeMap<String, Constructions>, String> {
    let (mut lists, mut section) = (BTreeMap::<String, Constructions>::new(), None);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
            Some(name) => section = Some(name.to_string()),
            None => {
                let section = section.clone().ok_or_else(|| format!("before any section: {line}"))?;
                let list = lists.entry(section).or_default();
                let construction = construction(line)?;
                list.cues.extend(cues(line));
                list.list.push(construction);
            }
        }
    }
    Ok(lists)
}

/// The forms of the verbs that a construction begins with.
fn cues(line: &str) -> impl Iterator<Item = String> {
    let first = line.split_whitespace().next().unwrap_or_default();
    first.split('|').filter(|word| word.ends_with('+')).flat_map(forms)
}

fn construction(line: &str) -> Result<Construction, String> {
    let parts = line.split_whitespace().map(part).collect::<Result<Vec<Part>, String>>()?;
    let targets = parts.iter().filter(|part| matches!(part, Part::Target(_))).count();
    let words = parts.iter().any(|part| matches!(part, Part::Words(_)));
    match (targets, words, parts.first()) {
        (1, true, Some(Part::Words(_) | Part::Target(_))) => Ok(Construction(parts)),
        _ => Err(format!("one PARTY or ANY among words expected: {line}")),
    }
}

fn part(text: &str) -> Result<Part, String> {
    match text {
        "PARTY" => Ok(Part::Target(Rank::It)),
        "ANY" => Ok(Part::Target(Rank::Other)),
        "*" => Ok(Part::Gap(1, 1)),
        "VERBED" => Ok(Part::Verbed),
        "BE" => Ok(Part::Words(BE.map(String::from).to_vec())),
        _ => match text.strip_prefix("..") {
            Some(number) => number.parse().map(|most| Part::Gap(0, most)).map_err(|e| format!("{text}: {e}")),
            None => Ok(Part::Words(text.split('|').flat_map(forms).collect())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::tokens::Page;
    use crate::text::{Article, sentences};

    fn target(label: &str, sentence: &str) -> Option<String> {
        let article = Article::from_text("-", None, None, sentence.into());
        let page = Page::new(&article, &sentences(&article));
        let phrases = Phrases::new(&page.lines[0].tokens);
        let found = of_label(label).find(&phrases, |_| true)?;
        Some(phrases.span(&found).of(sentence).to_string())
    }

    #[test]
    fn the_file_is_well_formed() {
        assert!(parse(include_str!("constructions.txt")).is_ok_and(|lists| lists.len() == 6));
    }

    #[test]
    fn malformed_constructions_are_refused() {
        for line in ["accuse+ of", "PARTY", "PARTY of PARTY", "..3 PARTY of", "accuse+ ..x PARTY"] {
            assert!(construction(line).is_err(), "{line}");
        }
        assert!(parse("accuse+ PARTY").is_err());
    }

    #[test]
    fn a_label_without_constructions_has_the_general_ones() {
        assert_eq!(
            target("praise", "She told the Velmoran envoy that he was brave.").as_deref(),
            Some("the Velmoran envoy")
        );
        assert_eq!(target("praise", "He is brave."), None);
    }

    #[test]
    fn cues_are_the_verbs_that_constructions_begin_with() {
        assert!(of_label("accusation").reports("had Accused"));
        assert!(!of_label("accusation").reports("denied"));
        assert!(!of_label("appeal").reports("said"));
    }
}
