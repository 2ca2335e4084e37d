//! What is in the data: rows, labels and lengths by file, domain and form.

use super::{Part, Record, label_names, short};
use crate::label::LabelSet;
use std::collections::BTreeMap;

/// What some rows add up to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// How many rows.
    pub(super) rows: usize,
    /// How many rows have each label.
    pub(super) labels: Vec<usize>,
    /// How many rows have no label.
    pub(super) none: usize,
    /// The number of words of each row, sorted.
    words: Vec<usize>,
}

impl Tally {
    fn of<'a>(records: impl IntoIterator<Item = &'a Record>, labels: &[String]) -> Tally {
        let mut tally = Tally { labels: vec![0; labels.len()], ..Tally::default() };
        for record in records {
            tally.rows += 1;
            tally.none += usize::from(record.fields.labels.is_empty());
            tally.words.push(record.fields.text.split_whitespace().count());
            for (count, label) in tally.labels.iter_mut().zip(labels) {
                *count += usize::from(record.fields.labels.contains(label));
            }
        }
        tally.words.sort_unstable();
        tally
    }

    /// The quartiles of the number of words, by nearest rank; none without rows.
    pub(super) fn quartiles(&self) -> Option<[usize; 3]> {
        let rank = |quarter: usize| (self.words.len() * quarter).div_ceil(4).checked_sub(1);
        Some([self.words[rank(1)?], self.words[rank(2)?], self.words[rank(3)?]])
    }
}

/// The tallies of all tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tallies {
    /// The names of the labels that are counted.
    pub(super) labels: Vec<String>,
    /// By file, and by set.
    pub(super) files: Vec<(String, Tally)>,
    /// By set and domain.
    pub(super) domains: Vec<(String, Tally)>,
    /// By set and form.
    pub(super) forms: Vec<(String, Tally)>,
}

impl Tallies {
    pub(super) fn of(parts: &[Part], labels: Option<&LabelSet>) -> Tallies {
        let labels = label_names(parts, labels);
        Tallies {
            files: parts.iter().flat_map(|part| files(part, &labels)).collect(),
            domains: by(parts, &labels, |record| record.fields.domain.as_deref()),
            forms: by(parts, &labels, |record| {
                record.fields.extra.iter().find(|(name, _)| name == "form").map(|(_, form)| form.as_str())
            }),
            labels,
        }
    }
}

/// The tally of each file of a set, then of the set.
fn files(part: &Part, labels: &[String]) -> Vec<(String, Tally)> {
    let mut rest = part.records();
    let mut tallies = Vec::new();
    for file in &part.draft.files {
        let (records, others) = rest.split_at(file.rows);
        rest = others;
        tallies.push((short(&file.path), Tally::of(records, labels)));
    }
    tallies.push((format!("all of {}", part.name), Tally::of(part.records(), labels)));
    tallies
}

/// The tallies of each set by a value that rows may have; none if no row has any.
fn by<'a>(
    parts: &'a [Part],
    labels: &[String],
    value: impl Fn(&'a Record) -> Option<&'a str>,
) -> Vec<(String, Tally)> {
    let mut groups: BTreeMap<(usize, Option<&str>), Vec<&Record>> = BTreeMap::new();
    for (part, record) in
        parts.iter().enumerate().flat_map(|(i, part)| part.records().iter().map(move |r| (i, r)))
    {
        groups.entry((part, value(record).filter(|value| !value.is_empty()))).or_default().push(record);
    }
    if groups.keys().all(|(_, value)| value.is_none()) {
        return Vec::new();
    }
    let name = |part: usize, value: Option<&str>| {
        format!("{}: {}", parts[part].name, value.unwrap_or("(not given)"))
    };
    groups
        .into_iter()
        .map(|((part, value), records)| (name(part, value), Tally::of(records, labels)))
        .collect()
}
