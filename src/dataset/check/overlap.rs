//! Texts that recur, within a set or between two.

use super::{Finding, Part, Record, Severity};
use crate::dataset::duplicates::{Match, leaks, repeats};
use crate::error::Complaint;
use std::collections::HashMap;

/// How many rows of one set repeat another row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Overlap {
    /// Which sets, in words.
    pub(super) name: String,
    /// Rows with the very text of another.
    pub(super) exact: usize,
    /// Further rows with nearly the text of another.
    pub(super) near: usize,
}

/// The overlaps within each set (warnings) and between each two (errors).
pub(super) fn overlaps(parts: &[Part], near: f64) -> (Vec<Overlap>, Vec<Finding>) {
    let mut overlaps = Vec::new();
    let mut findings = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let pairs = pairs(part, None, near);
        overlaps.push(overlap(format!("within {}", part.name), &pairs));
        findings.extend(pairs.into_iter().map(|pair| pair.finding(Severity::Warning, "repeats")));
        for earlier in &parts[..i] {
            let pairs = self::pairs(part, Some(earlier), near);
            overlaps.push(overlap(format!("{} in {}", part.name, earlier.name), &pairs));
            findings.extend(pairs.into_iter().map(|pair| pair.finding(Severity::Error, "leaks")));
        }
    }
    (overlaps, findings)
}

fn overlap(name: String, pairs: &[Pair<'_>]) -> Overlap {
    let exact = pairs.iter().filter(|pair| pair.similarity.is_none()).count();
    Overlap { name, exact, near: pairs.len() - exact }
}

/// A row that repeats another.
struct Pair<'a> {
    row: &'a Record,
    of: &'a Record,
    /// Their Jaccard index, if the texts are not the same.
    similarity: Option<f64>,
}

/// The rows of `part` that repeat one of `other`, or an earlier one of their own set.
fn pairs<'a>(part: &'a Part, other: Option<&'a Part>, near: f64) -> Vec<Pair<'a>> {
    let (rows, others) = (part.records(), other.unwrap_or(part).records());
    let matches = match other {
        Some(_) => leaks(&texts(others), &texts(rows), near),
        None => repeats(&texts(rows), near),
    };
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (at, record) in others.iter().enumerate() {
        first.entry(record.fields.text.trim()).or_insert(at);
    }
    let pair = |Match { row, of, similarity }: Match| {
        let same = first.get(rows[row].fields.text.trim()).filter(|at| other.is_some() || **at < row);
        let similarity = if same.is_some() { None } else { Some(similarity) };
        Pair { row: &rows[row], of: &others[*same.unwrap_or(&of)], similarity }
    };
    matches.into_iter().map(pair).collect()
}

fn texts(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| record.fields.text.as_str()).collect()
}

impl Pair<'_> {
    fn finding(self, severity: Severity, rule: &'static str) -> Finding {
        let found = match self.similarity {
            None => format!("the text of {} again", self.of.place),
            Some(similarity) => {
                format!("nearly the text of {} again (Jaccard {similarity:.2})", self.of.place)
            }
        };
        let expected = match severity {
            Severity::Error => "no text in two sets",
            Severity::Warning => "each text once",
        };
        let complaint =
            Complaint::new(self.row.place.clone(), found, expected, "rewrite or delete one of them");
        Finding { severity, rule, complaint }
    }
}
