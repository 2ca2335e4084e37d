//! Labelled data: CSV, fastText and JSON Lines files and the exports of labelling tools in; rows with their tags and places out; folds and a held-out
//! part that never split a document; the checks that data must pass before anything is learned from it.
//!
//! ```text
//! paths --source--> bytes --csv | fasttext | jsonl | tools--> Records --draft--> Dataset --balance--> folds, split
//!                                                                  └--check--> CheckReport
//! ```

mod balance;
mod check;
mod complaints;
mod csv;
mod draft;
mod duplicates;
mod fasttext;
mod folds;
mod jsonl;
mod options;
mod predictions;
mod record;
mod source;
mod split;
mod tools;
mod union;
mod write;

pub(crate) use csv::SUGGESTED;

pub use check::{CheckOptions, CheckReport, DataSets, Finding, Severity, check};
pub use duplicates::{Match, NEAR, clusters, leaks, repeats};
pub use folds::folds;
pub use options::{ReadOptions, Tool};
pub use predictions::read_predictions;
pub use split::stratified_split;
pub use write::write_csv;

use crate::error::{Place, Result};
use crate::label::LabelSet;
use draft::Draft;
use ndarray::Array2;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Labelled texts, all under one label scheme.
///
/// ```
/// use rhetor::dataset::{Dataset, ReadOptions};
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("reviews.csv");
/// std::fs::write(&path, "text,label\nA joy to read.,positive\nIt rained.,none\n")?;
/// let dataset = Dataset::read(&[path], &ReadOptions::default())?;
/// assert_eq!(dataset.labels.to_string(), "positive");
/// assert_eq!(dataset.rows[1].tags, [false]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// The label scheme: as fixed by the options, else the labels in the data sorted by name.
    pub labels: LabelSet,
    /// The rows, in the order of the files and of their lines.
    pub rows: Vec<Row>,
    /// The files the rows came from, in the order read.
    pub files: Vec<DataFile>,
}

/// One labelled text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The text as it stands in the file, never blank.
    pub text: String,
    /// One flag a label, in the order of [`Dataset::labels`].
    pub tags: Vec<bool>,
    /// The row's own identifier.
    pub id: Option<String>,
    /// The document that the text is taken from.
    pub doc: Option<String>,
    /// The subject area.
    pub domain: Option<String>,
    /// All other columns, name and value, in file order.
    pub extra: Vec<(String, String)>,
    /// Where the text stands.
    pub place: Place,
}

/// A file that rows came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Its path as given, or as found under a folder as given.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in lower-case hexadecimal digits.
    pub sha256: String,
    /// How many rows came from it.
    pub rows: usize,
    /// How many of its texts were passed over, because nobody has labelled them yet.
    pub unanswered: usize,
}

impl Dataset {
    /// Reads files, and all data files under folders in the order of their names.
    ///
    /// The format goes by extension: `.csv`, `.tsv`, `.txt` and `.ft` (fastText: `__label__a __label__b text`) and
    /// `.jsonl`, and `.json` for what a labelling tool has exported; a file without extension is read as CSV. Exports of doccano,
    /// Label Studio and Prodigy are known by what is in them: see [`Tool`]. In folders other files are passed over, and so is a `.txt`
    /// beside a `.csv` of the same name, which is an article and not data: the rows of such a `.csv` are its sentences, and
    /// belong to one document unless they name others.
    ///
    /// # Errors
    /// A file that cannot be read; else one error with up to 20 complaints, each with its place: a missing column,
    /// broken quoting, bytes that are not UTF-8, a blank text, an unknown label, a label without any row, texts that
    /// recur with other labels, a file without rows.
    pub fn read(paths: &[PathBuf], options: &ReadOptions) -> Result<Dataset> {
        let mut draft = Draft::read(paths, options)?;
        draft.complain_of_conflicts();
        let labels = draft.scheme(options);
        if options.require_positives
            && let Some(labels) = &labels
        {
            draft.complain_of_missing_positives(labels);
        }
        draft.finish(labels)
    }

    /// The texts of such files alone, in order: for telling what has been labelled, be it with no label or in two ways.
    ///
    /// # Errors
    /// As of [`read`](Self::read), but for what is asked of labels in all rows together.
    pub fn read_texts(paths: &[PathBuf], options: &ReadOptions) -> Result<Vec<String>> {
        let draft = Draft::read(paths, options)?;
        draft.complaints.into_result()?;
        Ok(draft.records.into_iter().map(|record| record.fields.text).collect())
    }

    /// Some rows, by number, as a data set of the same scheme. The files stay, with as many rows as are taken of each.
    ///
    /// # Panics
    /// If a row number is not below the number of rows.
    pub fn select(&self, rows: &[usize]) -> Dataset {
        let rows: Vec<Row> = rows.iter().map(|&row| self.rows[row].clone()).collect();
        let mut files = self.files.clone();
        for file in &mut files {
            file.rows = rows.iter().filter(|row| row.place.file == file.path).count();
        }
        Dataset { labels: self.labels.clone(), rows, files }
    }

    /// The tags of all rows, (n_rows, n_labels).
    pub fn tags(&self) -> Array2<bool> {
        Array2::from_shape_fn((self.rows.len(), self.labels.len()), |(row, label)| self.rows[row].tags[label])
    }

    /// The files that the rows came from.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// The texts of all rows.
    pub fn texts(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row.text.as_str()).collect()
    }

    /// SHA-256 over the texts and labels of all rows in order, in lower-case hexadecimal digits. What files the rows
    /// stand in, and their other columns, do not matter.
    pub fn hash(&self) -> String {
        let mut sha = Sha256::new();
        for row in &self.rows {
            // A length before each part, so that no two data sets feed the same bytes.
            for part in [row.text.as_str(), &self.labels.format(&row.tags)] {
                sha.update((part.len() as u64).to_le_bytes());
                sha.update(part);
            }
        }
        format!("{:x}", sha.finalize())
    }

    /// The document number of each row, counted from 0 by first appearance. Rows of the same `doc` share one; a row
    /// without `doc` is a document of its own.
    pub fn groups(&self) -> Vec<usize> {
        let mut numbers = HashMap::new();
        let mut next = 0;
        let mut fresh = || {
            next += 1;
            next - 1
        };
        self.rows
            .iter()
            .map(|row| match &row.doc {
                Some(doc) => *numbers.entry(doc).or_insert_with(&mut fresh),
                None => fresh(),
            })
            .collect()
    }
}
