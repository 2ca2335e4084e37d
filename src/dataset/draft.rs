//! All records of some files, before they have a label scheme, and what records of every format are checked for.

use super::complaints::{Complaints, excerpt, names};
use super::options::{ReadOptions, Tool};
use super::record::{Fields, Record};
use super::source::{Format, Source, files};
use super::{DataFile, Dataset, Row, csv, fasttext, jsonl, tools};
use crate::error::{Complaint, Place, Result};
use crate::label::{LabelSet, NONE, is_label_name};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

/// All acceptable records of some files, and what is wrong with the others.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) records: Vec<Record>,
    pub(super) files: Vec<DataFile>,
    pub(super) complaints: Complaints,
}

impl Draft {
    /// Reads all files; bad records become complaints.
    pub(super) fn read(paths: &[PathBuf], options: &ReadOptions) -> Result<Draft> {
        let mut draft = Draft::default();
        for (path, format) in files(paths, &mut draft.complaints)? {
            draft.add(&Source::open(path, format)?, options);
        }
        Ok(draft)
    }

    fn add(&mut self, source: &Source, options: &ReadOptions) {
        let before = self.complaints.count();
        let mut records = read_source(source, options, &mut self.complaints);
        let read = records.len();
        records.retain(|record| record.answered);
        let unanswered = read - records.len();
        records.retain(|record| is_acceptable(record, options, &mut self.complaints));
        if records.is_empty() && self.complaints.count() == before {
            let found = match unanswered {
                0 => "no rows after the header".to_string(),
                some => format!("{some} row(s), none of them labelled yet"),
            };
            let expected = "labelled rows, with `none` where there is no label";
            self.complaints.add(Place::file(&source.path), found, expected, "fill it or leave it out");
        }
        if let Some(article) = source.article() {
            for record in records.iter_mut().filter(|record| record.fields.doc.is_none()) {
                record.fields.doc = Some(article.clone());
            }
        }
        self.files.push(DataFile {
            path: source.path.clone(),
            sha256: format!("{:x}", Sha256::digest(&source.bytes)),
            rows: records.len(),
            unanswered,
        });
        self.records.extend(records);
    }

    /// Complains of each text that occurred before with other labels.
    pub(super) fn complain_of_conflicts(&mut self) {
        for conflict in conflicts(&self.records) {
            self.complaints.push(conflict);
        }
    }

    /// Complains of each label of the scheme that no row has.
    pub(super) fn complain_of_missing_positives(&mut self, labels: &LabelSet) {
        let missing: Vec<&str> = labels.names().filter(|name| !self.has(name)).collect();
        for name in missing {
            let place = Place::file(self.files.first().map_or(PathBuf::from("-"), |file| file.path.clone()));
            let found = format!("no row labelled `{name}` in {} file(s)", self.files.len());
            let remedy = format!("add rows labelled `{name}` or leave it out of --labels");
            self.complaints.add(place, found, "at least one row for each label", remedy);
        }
    }

    /// Whether any row has the label.
    pub(super) fn has(&self, name: &str) -> bool {
        self.records.iter().any(|record| record.fields.labels.iter().any(|label| label == name))
    }

    /// The names of all labels in use, sorted.
    pub(super) fn label_names(&self) -> BTreeSet<&str> {
        self.records.iter().flat_map(|record| record.fields.labels.iter().map(String::as_str)).collect()
    }

    /// The fixed scheme, else that of the labels in use; none if no row has a label, which is complained of.
    pub(super) fn scheme(&mut self, options: &ReadOptions) -> Option<LabelSet> {
        let scheme = options.labels.clone().or_else(|| LabelSet::new(self.label_names()).ok());
        if scheme.is_none() && self.complaints.count() == 0 {
            let place = self.records.first().map_or(Place::file("-"), |record| record.label_place.clone());
            let expected = "at least one label in the data";
            self.complaints.add(
                place,
                "no label in any row",
                expected,
                "label the rows or name another column",
            );
        }
        scheme
    }

    /// The data set under a scheme that has all labels in use.
    pub(super) fn finish(self, labels: Option<LabelSet>) -> Result<Dataset> {
        self.complaints.into_result()?;
        // Without a complaint there is a scheme (see `scheme`), unless there was nothing to read at all.
        let labels = labels.map_or_else(|| LabelSet::new::<String>([]), Ok)?;
        let rows = self.records.into_iter().map(|record| row(record, &labels)).collect();
        Ok(Dataset { labels, rows, files: self.files })
    }
}

/// A complaint of each text that occurred before with other labels.
pub(super) fn conflicts<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Complaint> {
    let mut first = HashMap::new();
    let mut conflicts = Vec::new();
    for record in records {
        let labels: BTreeSet<&str> = record.fields.labels.iter().map(String::as_str).collect();
        let (place, before) =
            first.entry(record.fields.text.trim()).or_insert_with(|| (&record.place, labels.clone()));
        if *before != labels {
            conflicts.push(Complaint::new(
                record.label_place.clone(),
                format!("{} for the text that {place} labels {}", cell(&labels), cell(before)),
                "the same labels for the same text",
                "keep one of the two rows",
            ));
        }
    }
    conflicts
}

fn row(record: Record, labels: &LabelSet) -> Row {
    let Fields { text, labels: tagged, id, doc, domain, extra } = record.fields;
    let tags = labels.names().map(|name| tagged.iter().any(|tag| tag == name)).collect();
    Row { text, tags, id, doc, domain, extra, place: record.place }
}

fn read_source(source: &Source, options: &ReadOptions, complaints: &mut Complaints) -> Vec<Record> {
    if let Some(complaint) = source.complaint() {
        complaints.push(complaint);
        return Vec::new();
    }
    let is_json = matches!(source.format, Format::Json | Format::JsonLines);
    let shown = || is_json.then(|| Tool::of(source.content())).flatten();
    if let Some(tool) = options.tool.or_else(shown) {
        return tools::records(source, tool, options, complaints);
    }
    match source.format {
        Format::Json => {
            complaints.push(source.unknown_json());
            Vec::new()
        }
        Format::Separated(delimiter) => csv::records(source, delimiter, options, complaints),
        Format::FastText => fasttext::records(source, complaints),
        Format::JsonLines => jsonl::records(source, options, complaints),
    }
}

/// Whether the text and all labels of a record are good; complains if not.
fn is_acceptable(record: &Record, options: &ReadOptions, complaints: &mut Complaints) -> bool {
    let before = complaints.count();
    if record.fields.text.trim().is_empty() {
        complaints.add(record.place.clone(), "a blank text", "a sentence", "fill it or delete the row");
    }
    for name in &record.fields.labels {
        let good = options.labels.as_ref().map_or(is_plausible(name), |labels| labels.index(name).is_some());
        if !good {
            let (expected, remedy) = unknown(name, options);
            complaints.add(
                record.label_place.clone(),
                format!("the label {}", excerpt(name)),
                expected,
                remedy,
            );
        }
    }
    complaints.count() == before
}

/// Whether a name found in data can be a label; `None` is a slip for `none`.
fn is_plausible(name: &str) -> bool {
    is_label_name(name) && !name.eq_ignore_ascii_case(NONE)
}

/// What is expected in place of an unknown label, and what to do.
fn unknown(name: &str, options: &ReadOptions) -> (String, String) {
    let known: Vec<&str> = options.labels.iter().flat_map(LabelSet::names).chain([NONE]).collect();
    let expected = match &options.labels {
        Some(labels) => format!("one of {} or `{NONE}`", names(labels.names())),
        None => format!("label names joined by `|`, or `{NONE}`"),
    };
    let remedy = match nearest(name, &known) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "correct it, or join several labels by `|`".to_string(),
    };
    (expected, remedy)
}

/// The known name that `name` may be a slip for: at most a third of its letters changed, whatever the case.
fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let distance = |other: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase());
    let best = known.iter().map(|other| (distance(other), *other)).min()?;
    (best.0 <= name.chars().count().div_ceil(3)).then_some(best.1)
}

fn cell(labels: &BTreeSet<&str>) -> String {
    if labels.is_empty() {
        return format!("`{NONE}`");
    }
    format!("`{}`", labels.iter().copied().collect::<Vec<_>>().join("|"))
}
