//! What labelled data must pass before anything is learned from it.

mod overlap;
mod report;
mod rules;
mod tally;

use super::draft::Draft;
use super::duplicates::NEAR;
use super::options::ReadOptions;
use super::record::Record;
use crate::error::{Complaint, Result};
use crate::label::LabelSet;
use overlap::Overlap;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use tally::Tallies;

/// The files to check: what is learned from, what is measured on, and whole articles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DataSets {
    /// Files and folders of training rows.
    pub train: Vec<PathBuf>,
    /// Files and folders of held-out rows.
    pub test: Vec<PathBuf>,
    /// Files and folders of whole articles.
    pub articles: Vec<PathBuf>,
}

impl DataSets {
    /// Sorts paths into the three sets: of a folder that has `train`, `test`, `articles` or `stories` in it, these, the
    /// last two being articles; any other path is training data.
    pub fn find(paths: &[PathBuf]) -> DataSets {
        let mut sets = DataSets::default();
        for path in paths {
            let inner = |name: &str| Some(path.join(name)).filter(|inner| inner.is_dir());
            let found = [inner("train"), inner("test"), inner("articles"), inner("stories")];
            if found.iter().all(Option::is_none) {
                sets.train.push(path.clone());
                continue;
            }
            let [train, test, articles, stories] = found;
            sets.train.extend(train);
            sets.test.extend(test);
            sets.articles.extend(articles.into_iter().chain(stories));
        }
        sets
    }
}

/// What to check by.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckOptions {
    /// How to read the files. With fixed labels their order in the cells is checked too.
    pub read: ReadOptions,
    /// The Jaccard index over word triples, in (0, 1], from which two texts count as near-duplicates.
    pub near: f64,
    /// How many texts of a set may begin with the same four words.
    pub openings: usize,
    /// How many words a text may have.
    pub words: RangeInclusive<usize>,
}

impl Default for CheckOptions {
    fn default() -> Self {
        CheckOptions { read: ReadOptions::default(), near: NEAR, openings: 8, words: 3..=80 }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The data must not be used.
    Error,
    /// Worth a look.
    Warning,
}

/// One thing that the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Which rule found it, in a word or two.
    pub rule: &'static str,
    /// Where, what, and what to do.
    pub complaint: Complaint,
}

/// What is in the data, and what is wrong with it. Shown as plain tables, then the findings, errors first.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckReport {
    tallies: Tallies,
    overlaps: Vec<Overlap>,
    findings: Vec<Finding>,
}

impl CheckReport {
    /// All findings, errors first, those of one rule together.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether anything forbids the use of the data.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// A set of files as read.
struct Part {
    name: &'static str,
    draft: Draft,
}

impl Part {
    fn records(&self) -> &[Record] {
        &self.draft.records
    }
}

/// Checks labelled data: that it can be read; encoding, label order, lengths and openings of its texts; duplicates
/// within each set and between sets; conflicting labels.
///
/// # Errors
/// A file that cannot be opened. Whatever is wrong inside files is a finding of the report.
///
/// ```
/// use rhetor::dataset::{CheckOptions, DataSets, check};
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("acts.csv");
/// std::fs::write(&path, "text,label\nStop the raids at once.,appeal\nStop the raids at once!,none\n")?;
/// let report = check(&DataSets::find(&[path]), &CheckOptions::default())?;
/// assert!(!report.has_errors());
/// assert_eq!(report.findings()[0].rule, "repeats");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check(sets: &DataSets, options: &CheckOptions) -> Result<CheckReport> {
    let mut parts = read(sets, &options.read)?;
    let mut findings = unreadable(&mut parts);
    let tallies = Tallies::of(&parts, options.read.labels.as_ref());
    findings.extend(rules::unanswered(&parts));
    findings.extend(rules::labels(&parts, &options.read));
    findings.extend(rules::rows(&parts, options));
    findings.extend(rules::openings(&parts, options.openings));
    let (overlaps, repeats) = overlap::overlaps(&parts, options.near);
    findings.extend(repeats);
    findings.sort_by_key(|finding| finding.severity == Severity::Warning);
    Ok(CheckReport { tallies, overlaps, findings: by_rule(findings) })
}

fn read(sets: &DataSets, options: &ReadOptions) -> Result<Vec<Part>> {
    let sets = [("train", &sets.train), ("test", &sets.test), ("articles", &sets.articles)];
    let given = sets.into_iter().filter(|(_, paths)| !paths.is_empty());
    given.map(|(name, paths)| Ok(Part { name, draft: Draft::read(paths, options)? })).collect()
}

fn unreadable(parts: &mut [Part]) -> Vec<Finding> {
    let complaints =
        parts.iter_mut().flat_map(|part| std::mem::take(&mut part.draft.complaints).into_sorted());
    complaints.map(|complaint| Finding { severity: Severity::Error, rule: "reading", complaint }).collect()
}

/// The findings with those of one rule together, rules in the order of their first finding.
fn by_rule(findings: Vec<Finding>) -> Vec<Finding> {
    let mut order: Vec<(Severity, &str)> = Vec::new();
    for finding in &findings {
        if !order.contains(&(finding.severity, finding.rule)) {
            order.push((finding.severity, finding.rule));
        }
    }
    let mut findings = findings;
    findings.sort_by_key(|finding| order.iter().position(|rule| *rule == (finding.severity, finding.rule)));
    findings
}

/// The labels of the scheme, else all in use, sorted.
fn label_names(parts: &[Part], labels: Option<&LabelSet>) -> Vec<String> {
    let used = || parts.iter().flat_map(|part| part.draft.label_names()).collect::<BTreeSet<&str>>();
    match labels {
        Some(labels) => labels.names().map(str::to_string).collect(),
        None => used().into_iter().map(str::to_string).collect(),
    }
}

/// A file's name with that of its folder.
fn short(path: &Path) -> String {
    let last: Vec<_> = path.components().rev().take(2).collect();
    last.into_iter().rev().collect::<PathBuf>().display().to_string()
}
