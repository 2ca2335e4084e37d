//! At whom acts are directed: the cases of `tests/targets/*.txt`, and the annotated articles of `data/articles`.

use crate::support::{LABELS, files};
use ndarray::Array2;
use rhetor::attribution::{Mention, Statement, Voices};
use rhetor::{Article, LabelSet, sentences};
use std::fs;
use std::path::Path;

/// Of the tagged sentences whose target is annotated, in how many it must be found.
const TARGETS_FOUND: f64 = 0.84;
/// Of the tagged sentences without one, in how many none may be found.
const NONE_KEPT: f64 = 0.885;
/// Of the tagged sentences whose speaker is annotated, in how many it must be found.
const SPEAKERS_FOUND: f64 = 0.89;

/// A sentence with its label, and what is marked in it: `[the target]`, and `{the speaker}` where a case is about that.
#[derive(Debug, PartialEq)]
struct Case {
    label: String,
    text: String,
    target: Option<String>,
    speaker: Option<String>,
}

fn case(line: &str) -> Result<Case, String> {
    let (label, marked) = line.split_once(": ").ok_or("no `label: sentence`")?;
    let plain = |text: &str| text.replace(['[', ']', '{', '}'], "");
    let [target, speaker] = [('[', ']'), ('{', '}')].map(|pair| marked_by(marked, pair));
    let (target, speaker) = (target?.map(plain), speaker?.map(plain));
    Ok(Case { label: label.into(), text: plain(marked), target, speaker })
}

/// What stands between the only two brackets of a kind, if there are any.
fn marked_by(line: &str, (open, close): (char, char)) -> Result<Option<&str>, String> {
    let once = |mark| line.matches(mark).count() == 1;
    match (line.find(open), line.find(close)) {
        (None, None) => Ok(None),
        (Some(start), Some(end)) if start < end && once(open) && once(close) => {
            Ok(Some(&line[start + 1..end]))
        }
        _ => Err(format!("not one pair of {open}{close}")),
    }
}

fn cases(path: &Path) -> Vec<(String, Case)> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let content = fs::read_to_string(path).unwrap();
    let lines = content.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let read = |(number, line)| {
        let place = format!("{name}:{}", number + 1);
        let case = case(line).unwrap_or_else(|what| panic!("{place}: malformed case: {what}"));
        (place, case)
    };
    lines.map(read).collect()
}

/// The target and the speaker found in the first sentence of a text, all of whose sentences bear the label.
fn parties(label: &str, text: &str) -> [Option<String>; 2] {
    let labels = LabelSet::new([label]).unwrap();
    let article = Article::from_text("-", None, None, text.into());
    let sentences = sentences(&article);
    let tags = Array2::from_elem((sentences.len(), 1), true);
    let found = Voices::new(&article, &sentences).statements(tags.view(), &labels);
    let first = found.into_iter().find(|statement| statement.sentence == 0);
    let parties = first.map_or([None, None], |first| [first.target, first.speaker]);
    parties.map(|party| Some(party?.span.of(&article.text).to_string()))
}

#[test]
fn parties_are_those_marked() {
    let cases: Vec<(String, Case)> =
        files("tests/targets", "txt").iter().flat_map(|path| cases(path)).collect();
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|(place, case)| {
            let [target, speaker] = parties(&case.label, &case.text);
            let right = target == case.target && (case.speaker.is_none() || speaker == case.speaker);
            let expected = (&case.speaker, &case.target);
            let difference =
                || format!("{place}: {}\n  expected {expected:?}, got {:?}", case.text, (&speaker, &target));
            (!right).then(difference)
        })
        .collect();
    assert!(failures.is_empty(), "{} of {} fail\n{}", failures.len(), cases.len(), failures.join("\n"));
    assert!(cases.len() >= 80, "only {} cases", cases.len());
    assert!(cases.iter().filter(|(_, case)| case.speaker.is_some()).count() >= 8);
}

#[test]
fn malformed_cases_are_refused() {
    for line in ["Velmora accused Tarsk.", "threat: [a", "threat: a] [b", "threat: [a] [b]", "threat: {a"] {
        assert!(case(line).is_err(), "{line}");
    }
    assert_eq!(case("threat: [Tarsk] pays.").unwrap().target.as_deref(), Some("Tarsk"));
}

/// Hits, and of how many.
#[derive(Debug, Default, Clone, Copy)]
struct Share(usize, usize);

impl Share {
    fn count(&mut self, hit: bool) {
        self.0 += usize::from(hit);
        self.1 += 1;
    }

    fn value(self) -> f64 {
        self.0 as f64 / self.1 as f64
    }
}

/// What is measured on the annotated articles.
#[derive(Debug, Default)]
struct Accuracy {
    targets: Share,
    none: Share,
    speakers: Share,
}

/// In lower case, without articles, possessives and marks.
fn normalised(text: &str) -> String {
    let lower = text.to_lowercase().replace('’', "'");
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '\'');
    let kept = words.map(|word| word.trim_end_matches("'s").trim_matches('\''));
    kept.filter(|word| !matches!(*word, "" | "the" | "a" | "an")).collect::<Vec<_>>().join(" ")
}

/// Whether one holds the other, word by word.
fn overlap(found: &str, gold: &str) -> bool {
    let [found, gold] = [found, gold].map(|text| format!(" {} ", normalised(text)));
    found.trim() != "" && gold.trim() != "" && (found.contains(&gold) || gold.contains(&found))
}

/// Whether a mention, by its words or the name it stands for, is the party annotated.
fn names(mention: &Mention, text: &str, gold: &str) -> bool {
    overlap(mention.span.of(text), gold) || mention.name.as_ref().is_some_and(|name| overlap(name, gold))
}

impl Accuracy {
    /// Adds an article whose tagged sentences are given the labels annotated.
    fn add(&mut self, path: &Path, labels: &LabelSet) {
        let article = Article::from_text("-", None, None, fs::read_to_string(path).unwrap());
        let sentences = sentences(&article);
        let mut reader = csv::Reader::from_path(path.with_extension("csv")).unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
        assert_eq!(rows.len(), sentences.len(), "{}", path.display());
        let gold: Vec<Vec<bool>> = rows.iter().map(|row| labels.parse(&row[1]).unwrap()).collect();
        let tags = Array2::from_shape_fn((rows.len(), labels.len()), |(row, label)| gold[row][label]);
        let found = Voices::new(&article, &sentences).statements(tags.view(), labels);
        for (index, row) in rows.iter().enumerate().filter(|(index, _)| gold[*index].contains(&true)) {
            let own: Vec<&Statement> = found.iter().filter(|statement| statement.sentence == index).collect();
            self.row(&article.text, &own, (&row[2], &row[3]));
        }
    }

    fn row(&mut self, text: &str, found: &[&Statement], (speaker, target): (&str, &str)) {
        let mut targets = found.iter().filter_map(|statement| statement.target.as_ref());
        match target {
            "" => self.none.count(targets.next().is_none()),
            _ => self.targets.count(targets.any(|found| names(found, text, target))),
        }
        let mut speakers = found.iter().filter_map(|statement| statement.speaker.as_ref());
        if !speaker.is_empty() {
            self.speakers.count(speakers.any(|found| names(found, text, speaker)));
        }
    }
}

#[test]
fn annotated_targets_and_speakers_are_found() {
    let labels = LabelSet::new(LABELS.split(',')).unwrap();
    let mut accuracy = Accuracy::default();
    for path in files("data/articles", "txt") {
        accuracy.add(&path, &labels);
    }
    println!("{accuracy:?}");
    assert!(accuracy.targets.1 > 200 && accuracy.none.1 > 100 && accuracy.speakers.1 > 300, "{accuracy:?}");
    assert!(accuracy.targets.value() >= TARGETS_FOUND, "{accuracy:?}");
    assert!(accuracy.none.value() >= NONE_KEPT, "{accuracy:?}");
    assert!(accuracy.speakers.value() >= SPEAKERS_FOUND, "{accuracy:?}");
}

#[test]
fn overlap_goes_by_whole_words() {
    assert!(overlap("the Council’s president", "The council"));
    assert!(!overlap("the art council", "art councillors"));
    assert!(!overlap("the", "the council"));
}

#[test]
fn any_input_gives_statements_and_no_panic() {
    let labels = LabelSet::new(LABELS.split(',')).unwrap();
    for text in [
        "",
        "’s",
        "’",
        "accused",
        "accused “",
        "of of of the the",
        "who, who, said 's the",
        "“Let",
        "(EU",
        "if 1,",
    ] {
        let article = Article::from_text("-", None, None, text.repeat(3));
        let sentences = sentences(&article);
        let tags = Array2::from_elem((sentences.len(), 4), true);
        let found = Voices::new(&article, &sentences).statements(tags.view(), &labels);
        assert_eq!(found.len(), 4 * sentences.len(), "{text}");
    }
}
