//! What another tool predicts for labelled rows.

use super::Dataset;
use super::complaints::{Complaints, excerpt, names};
use crate::error::{Complaint, Error, Place, Result};
use crate::label::LabelSet;
use csv::StringRecord;
use ndarray::Array2;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::Path;

/// Reads another tool's probabilities for the rows of a data set, shape (rows, labels) in the data set's order.
///
/// A CSV file with a column for each label, called `LABEL` or `p_LABEL`, that holds probabilities, or 0 and 1. If it has a
/// column `id` and all rows of the data set have an id, rows are matched by it; else they must stand in the same order. A
/// column `text`, if there is one, must then hold the same texts.
///
/// ```
/// use rhetor::dataset::{Dataset, ReadOptions, read_predictions};
/// let folder = tempfile::tempdir()?;
/// let [data, theirs] = ["data.csv", "theirs.csv"].map(|name| folder.path().join(name));
/// std::fs::write(&data, "id,text,label\na,A joy to read.,positive\nb,It rained.,none\n")?;
/// std::fs::write(&theirs, "id,positive\nb,0.2\na,0.9\n")?;
/// let dataset = Dataset::read(&[data], &ReadOptions::default())?;
/// assert_eq!(read_predictions(&theirs, &dataset)?, ndarray::array![[0.9], [0.2]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A file that cannot be read, a label without a column, a cell that is no probability, rows that cannot be matched: all
/// of these with their places, up to a limit.
pub fn read_predictions(path: &Path, dataset: &Dataset) -> Result<Array2<f32>> {
    let file = File::open(path).map_err(|error| Error::io(path, "open", error))?;
    let mut reader = csv::Reader::from_reader(file);
    let header = reader.headers().map_err(|error| broken(path, error))?.clone();
    let columns = Columns::find(&header, &dataset.labels, path)?;
    let records = reader.records().collect::<csv::Result<Vec<_>>>().map_err(|error| broken(path, error))?;
    let mut complaints = Complaints::default();
    let order = columns.order(&records, dataset, path, &mut complaints);
    let mut probabilities = Array2::zeros((dataset.rows.len(), dataset.labels.len()));
    for (row, record) in order.iter().enumerate().filter_map(|(row, at)| Some((row, &records[(*at)?]))) {
        for (label, column) in columns.labels.iter().enumerate() {
            match probability(&record[*column]) {
                Some(p) => probabilities[[row, label]] = p,
                None => complaints.add(
                    place(path, record).at_column(*column as u64 + 1),
                    excerpt(&record[*column]),
                    "a probability from 0 to 1",
                    "give each row a number for each label",
                ),
            }
        }
    }
    complaints.into_result()?;
    Ok(probabilities)
}

/// Where the columns stand, counted from 0.
struct Columns {
    /// In the scheme's order.
    labels: Vec<usize>,
    id: Option<usize>,
    text: Option<usize>,
}

impl Columns {
    fn find(header: &StringRecord, labels: &LabelSet, path: &Path) -> Result<Self> {
        let find = |name: &str| header.iter().position(|column| column.trim() == name);
        let mut complaints = Complaints::default();
        let mut columns = Vec::new();
        for name in labels.names() {
            match find(name).or_else(|| find(&format!("p_{name}"))) {
                Some(column) => columns.push(column),
                None => complaints.add(
                    Place::line(path, 1),
                    format!("the columns {}", names(header.iter())),
                    format!("a column `{name}` or `p_{name}`"),
                    "give each label of the model a column",
                ),
            }
        }
        complaints.into_result()?;
        Ok(Columns { labels: columns, id: find("id"), text: find("text") })
    }

    /// The record that belongs to each row of the data set; none after a complaint.
    fn order(
        &self,
        records: &[StringRecord],
        dataset: &Dataset,
        path: &Path,
        complaints: &mut Complaints,
    ) -> Vec<Option<usize>> {
        let ids: Option<Vec<&str>> = dataset.rows.iter().map(|row| row.id.as_deref()).collect();
        match self.id.zip(ids) {
            Some((column, ids)) => by_id(column, &ids, records, path, complaints),
            None => self.by_row(records, dataset, path, complaints),
        }
    }

    fn by_row(
        &self,
        records: &[StringRecord],
        dataset: &Dataset,
        path: &Path,
        complaints: &mut Complaints,
    ) -> Vec<Option<usize>> {
        let rows = dataset.rows.len();
        if records.len() != rows {
            let remedy = "predict each row once, in the order of the data, or give both files a column `id`";
            complaints.add(
                Place::file(path),
                format!("{} row(s)", records.len()),
                format!("{rows}, as in the data"),
                remedy,
            );
            return vec![None; rows];
        }
        for (record, row) in records.iter().zip(&dataset.rows) {
            if let Some(text) = self.text.map(|column| &record[column])
                && text.trim() != row.text.trim()
            {
                complaints.add(
                    place(path, record),
                    excerpt(text),
                    format!("{} as in {}", excerpt(&row.text), row.place),
                    "keep the order of the data, or give both files a column `id`",
                );
            }
        }
        (0..rows).map(Some).collect()
    }
}

fn by_id(
    column: usize,
    ids: &[&str],
    records: &[StringRecord],
    path: &Path,
    complaints: &mut Complaints,
) -> Vec<Option<usize>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (at, record) in records.iter().enumerate() {
        if places.insert(record[column].trim(), at).is_some() {
            let found = format!("the id {} for the second time", excerpt(&record[column]));
            complaints.add(place(path, record), found, "each id once", "keep one of the rows");
        }
    }
    let (mut order, mut known) = (Vec::new(), HashSet::new());
    for id in ids {
        if !known.insert(id) {
            let found = format!("the id {} in two rows of the data", excerpt(id));
            let remedy = "number the rows through, over all files, in the data and in the predictions";
            complaints.add(Place::file(path), found, "each id once", remedy);
        }
        let at = places.get(id).copied();
        if at.is_none() {
            let found = format!("no row with the id {}", excerpt(id));
            complaints.add(Place::file(path), found, "a row for each row of the data", "predict all of them");
        }
        order.push(at);
    }
    order
}

fn probability(cell: &str) -> Option<f32> {
    cell.trim().parse().ok().filter(|p| (0.0..=1.0).contains(p))
}

fn place(path: &Path, record: &StringRecord) -> Place {
    Place { line: record.position().map(csv::Position::line), ..Place::file(path) }
}

/// Bytes that are no UTF-8, or a row with more or fewer fields than the header.
fn broken(path: &Path, error: csv::Error) -> Error {
    let line = error.position().map(csv::Position::line);
    let found = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} field(s) instead of {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "bytes that are not UTF-8".into(),
        _ => return Error::io(path, "read", error.into()),
    };
    let place = Place { line, ..Place::file(path) };
    Error::input(Complaint::new(place, found, "CSV with a header, in UTF-8", "save it as such"))
}
