//! Rules that rows must keep, alone or as a set.

use super::{CheckOptions, Finding, Part, ReadOptions, Record, Severity};
use crate::dataset::DataFile;
use crate::dataset::complaints::excerpt;
use crate::dataset::draft::conflicts;
use crate::error::{Complaint, Place};
use crate::label::LabelSet;
use regex::Regex;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// How many words make an opening.
const OPENING: usize = 4;

fn error(rule: &'static str, complaint: Complaint) -> Finding {
    Finding { severity: Severity::Error, rule, complaint }
}

fn warning(rule: &'static str, complaint: Complaint) -> Finding {
    Finding { severity: Severity::Warning, rule, complaint }
}

/// Files with texts that nobody has labelled yet.
pub(super) fn unanswered(parts: &[Part]) -> Vec<Finding> {
    let files = parts.iter().flat_map(|part| &part.draft.files).filter(|file| file.unanswered > 0);
    let complaint = |file: &DataFile| {
        let found = format!("{} text(s) not labelled yet, which are passed over", file.unanswered);
        let remedy = "fill in their labels, or delete them";
        Complaint::new(Place::file(&file.path), found, "a label or `none` for each text", remedy)
    };
    files.map(|file| warning("unanswered", complaint(file))).collect()
}

/// Texts with conflicting labels, and labels of a fixed scheme that a set lacks.
pub(super) fn labels(parts: &[Part], options: &ReadOptions) -> Vec<Finding> {
    let conflicts = conflicts(parts.iter().flat_map(Part::records));
    let mut findings: Vec<Finding> =
        conflicts.into_iter().map(|conflict| error("conflicts", conflict)).collect();
    for part in parts.iter().filter(|part| part.name != "articles") {
        let names = options.labels.iter().flat_map(LabelSet::names);
        for name in names.filter(|name| !part.draft.has(name)) {
            let complaint = without(name, part);
            let learned = part.name == "train" && options.require_positives;
            findings.push(if learned { error("labels", complaint) } else { warning("labels", complaint) });
        }
    }
    findings
}

fn without(name: &str, part: &Part) -> Complaint {
    Complaint::new(
        Place::file(part.draft.files.first().map_or("-".into(), |file| file.path.clone())),
        format!("no row labelled `{name}` in {}", part.name),
        "at least one row for each label",
        format!("add rows labelled `{name}`"),
    )
}

/// Faults of single rows: encoding, blanks, label order, length.
pub(super) fn rows(parts: &[Part], options: &CheckOptions) -> Vec<Finding> {
    let mut findings = Vec::new();
    for record in parts.iter().flat_map(Part::records) {
        findings.extend(characters(record).map(|complaint| error("characters", complaint)));
        findings.extend(blanks(record).map(|complaint| error("blanks", complaint)));
        findings.extend(order(record, options.read.labels.as_ref()).map(|c| warning("label order", c)));
        findings.extend(length(record, &options.words).map(|complaint| warning("length", complaint)));
    }
    findings
}

/// UTF-8 that was read as Windows-1252 and saved again: a lead byte's letter, then what a continuation byte became.
static MOJIBAKE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("[ÃÂ][\u{80}-\u{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|â[\u{80}-\u{9F}]")
        .expect("a constant pattern")
});

fn characters(record: &Record) -> Option<Complaint> {
    let text = &record.fields.text;
    let found = match (MOJIBAKE.find(text), text.chars().find(|c| is_unfit(*c))) {
        (Some(found), _) => {
            format!("{}, which looks like UTF-8 decoded as Windows-1252", excerpt(found.as_str()))
        }
        (None, Some(c)) => format!("the character U+{:04X}", c as u32),
        (None, None) => return None,
    };
    Some(Complaint::new(record.place.clone(), found, "readable characters only", "correct the text"))
}

/// Control characters other than a line break, invisible format characters, and the mark of a lost character. Joiners
/// stay: Persian and Hindi are written with them.
fn is_unfit(c: char) -> bool {
    let invisible = matches!(c, '\u{AD}' | '\u{200B}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}');
    invisible || matches!(c, '\u{FEFF}' | '\u{FFFD}') || (c.is_control() && c != '\n')
}

fn blanks(record: &Record) -> Option<Complaint> {
    let text = &record.fields.text;
    let found = match (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace)) {
        (true, _) => "a blank before the text",
        (_, true) => "a blank after the text",
        _ => return None,
    };
    Some(Complaint::new(record.place.clone(), found, "the text alone", "delete the blank"))
}

fn order(record: &Record, labels: Option<&LabelSet>) -> Option<Complaint> {
    let labels = labels?;
    let columns: Vec<Option<usize>> = record.fields.labels.iter().map(|name| labels.index(name)).collect();
    (!columns.is_sorted_by(|a, b| a < b)).then(|| {
        let found = format!("`{}`", record.fields.labels.join("|"));
        let expected = format!("each label once, in the order {labels}");
        Complaint::new(record.label_place.clone(), found, expected, "put them in order")
    })
}

fn length(record: &Record, words: &RangeInclusive<usize>) -> Option<Complaint> {
    let count = record.fields.text.split_whitespace().count();
    (!words.contains(&count)).then(|| {
        let found = format!("a text of {count} word(s)");
        let expected = format!("{} to {} words", words.start(), words.end());
        Complaint::new(record.place.clone(), found, expected, "see that it is one sentence")
    })
}

/// Openings that more than `most` texts of a set share, the most frequent first, each at the first of its texts.
pub(super) fn openings(parts: &[Part], most: usize) -> Vec<Finding> {
    let shared = parts.iter().flat_map(|part| shared_openings(part, most));
    let complaint = |(opening, records): (String, Vec<&Record>)| {
        Complaint::new(
            records[0].place.clone(),
            format!("{} texts that begin {}", records.len(), excerpt(&opening)),
            format!("at most {most} with the same {OPENING} words"),
            "vary the openings",
        )
    };
    shared.map(complaint).map(|complaint| warning("openings", complaint)).collect()
}

fn shared_openings(part: &Part, most: usize) -> Vec<(String, Vec<&Record>)> {
    let mut openings: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for record in part.records() {
        if let Some(opening) = opening(&record.fields.text) {
            openings.entry(opening).or_default().push(record);
        }
    }
    let mut shared: Vec<_> = openings.into_iter().filter(|(_, records)| records.len() > most).collect();
    shared.sort_by_key(|(_, records)| std::cmp::Reverse(records.len()));
    shared
}

/// The first words of a text, in lower case and without punctuation; none of a shorter text.
fn opening(text: &str) -> Option<String> {
    let words =
        text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    let words: Vec<String> = words.filter(|word| !word.is_empty()).take(OPENING).collect();
    (words.len() == OPENING).then(|| words.join(" "))
}
