//! What another tool predicts for labelled rows.

use super::Dataset;
use super::complaints::{Checked, Complaints, excerpt, names};
use super::source::{Format, Source, utf8};
use crate::error::{Complaint, Error, Place, Result};
use crate::label::LabelSet;
use crate::separated::{RawRecord, Separated};
use ndarray::Array2;
use std::collections::{HashMap, HashSet};
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
    let (header, rows) = read_rows(path)?;
    let columns = Columns::find(&header, &dataset.labels)?;
    let mut complaints = Complaints::default();
    let order = columns.order(&rows, dataset, path, &mut complaints);
    let mut probabilities = Array2::zeros((dataset.rows.len(), dataset.labels.len()));
    for (at, row) in order.iter().enumerate().filter_map(|(at, row)| Some((at, &rows[(*row)?]))) {
        for (label, column) in columns.labels.iter().enumerate() {
            match probability(&row.cells[*column]) {
                Some(p) => probabilities[[at, label]] = p,
                None => complaints.add(
                    row.place.clone().at_column(*column as u64 + 1),
                    excerpt(&row.cells[*column]),
                    "a probability from 0 to 1",
                    "give each row a number for each label",
                ),
            }
        }
    }
    complaints.into_result()?;
    Ok(probabilities)
}

/// A row of a file of predictions, or its header.
struct Row {
    place: Place,
    cells: Vec<String>,
}

/// The header and the rows below it, each with as many cells.
fn read_rows(path: &Path) -> Result<(Row, Vec<Row>)> {
    let source = Source::open(path.into(), Format::Separated(b','))?;
    let mut records = Separated::new(source.content(), b',', usize::MAX);
    let mut complaints = Complaints::default();
    let mut rows: Vec<Row> = Vec::new();
    // Bytes in memory: nothing but their content can be wrong.
    while let Ok(Some(read)) = records.next_as(|raw| Row::read(raw, path, rows.first())) {
        match read {
            Ok(row) => rows.push(row),
            Err(complaint) => complaints.push(*complaint),
        }
    }
    complaints.into_result()?;
    if rows.is_empty() {
        let place = Place::file(path);
        return Err(Error::input(Complaint::new(place, "no header", "predictions", "fill the file")));
    }
    let header = rows.remove(0);
    Ok((header, rows))
}

impl Row {
    fn read(raw: &RawRecord, path: &Path, header: Option<&Row>) -> Checked<Row> {
        let place = Place::line(path, raw.line);
        if let Some(fault) = raw.damage() {
            return Err(fault.complaint(place).into());
        }
        let (found, expected) = (raw.fields.len(), header.map_or(raw.fields.len(), |row| row.cells.len()));
        if found != expected {
            let found = format!("{found} field(s) instead of {expected}");
            return Err(Complaint::new(
                place,
                found,
                "as many as the header has",
                "give each row the same fields",
            )
            .into());
        }
        let cell =
            |(column, field)| utf8(place.clone().at_column(column as u64 + 1), field).map(str::to_string);
        let cells = raw.fields.iter().enumerate().map(cell).collect::<Checked<_>>()?;
        Ok(Row { place, cells })
    }
}

/// Where the columns stand, counted from 0.
struct Columns {
    /// In the scheme's order.
    labels: Vec<usize>,
    id: Option<usize>,
    text: Option<usize>,
}

impl Columns {
    fn find(header: &Row, labels: &LabelSet) -> Result<Self> {
        let find = |name: &str| header.cells.iter().position(|column| column.trim() == name);
        let mut complaints = Complaints::default();
        let mut columns = Vec::new();
        for name in labels.names() {
            match find(name).or_else(|| find(&format!("p_{name}"))) {
                Some(column) => columns.push(column),
                None => complaints.add(
                    header.place.clone(),
                    format!("the columns {}", names(header.cells.iter().map(String::as_str))),
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
        rows: &[Row],
        dataset: &Dataset,
        path: &Path,
        complaints: &mut Complaints,
    ) -> Vec<Option<usize>> {
        let ids: Option<Vec<&str>> = dataset.rows.iter().map(|row| row.id.as_deref()).collect();
        match self.id.zip(ids) {
            Some((column, ids)) => by_id(column, &ids, rows, path, complaints),
            None => self.by_row(rows, dataset, path, complaints),
        }
    }

    fn by_row(
        &self,
        rows: &[Row],
        dataset: &Dataset,
        path: &Path,
        complaints: &mut Complaints,
    ) -> Vec<Option<usize>> {
        let all = dataset.rows.len();
        if rows.len() != all {
            let remedy = "predict each row once, in the order of the data, or give both files a column `id`";
            complaints.add(
                Place::file(path),
                format!("{} row(s)", rows.len()),
                format!("{all}, as in the data"),
                remedy,
            );
            return vec![None; all];
        }
        for (row, gold) in rows.iter().zip(&dataset.rows) {
            if let Some(text) = self.text.map(|column| &row.cells[column])
                && text.trim() != gold.text.trim()
            {
                complaints.add(
                    row.place.clone(),
                    excerpt(text),
                    format!("{} as in {}", excerpt(&gold.text), gold.place),
                    "keep the order of the data, or give both files a column `id`",
                );
            }
        }
        (0..all).map(Some).collect()
    }
}

fn by_id(
    column: usize,
    ids: &[&str],
    rows: &[Row],
    path: &Path,
    complaints: &mut Complaints,
) -> Vec<Option<usize>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let id = &row.cells[column];
        if places.insert(id.trim(), at).is_some() {
            let found = format!("the id {} for the second time", excerpt(id));
            complaints.add(row.place.clone(), found, "each id once", "keep one of the rows");
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
