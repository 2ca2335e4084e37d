//! Labelled rows to a CSV file.

use super::{Dataset, Row};
use crate::atomic;
use crate::error::{Error, Result};
use std::io::Write;
use std::path::Path;

/// Writes some rows of a data set, by number, as a CSV file that [`Dataset::read`] reads: `text`, `labels`, those of
/// `id`, `doc` and `domain` that any row has, then the other columns.
///
/// The file appears whole or not at all: it is written beside its place, then moved there.
///
/// # Errors
/// A folder that cannot be written to, or a further column that bears one of the names above.
///
/// # Panics
/// If a row number is not below the number of rows.
pub fn write_csv(dataset: &Dataset, rows: &[usize], path: &Path) -> Result<()> {
    let rows: Vec<&Row> = rows.iter().map(|row| &dataset.rows[*row]).collect();
    let columns = columns(&rows)?;
    atomic::write(path, |out| {
        write_all(out, dataset, &rows, &columns).map_err(|error| Error::io(path, "write", error.into()))
    })
}

fn write_all(out: &mut dyn Write, dataset: &Dataset, rows: &[&Row], columns: &[&str]) -> csv::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["text", "labels"].iter().chain(columns))?;
    for row in rows {
        let labels = dataset.labels.format(&row.tags);
        let others = columns.iter().map(|name| value(row, name).unwrap_or_default());
        writer.write_record([row.text.as_str(), &labels].into_iter().chain(others))?;
    }
    Ok(writer.flush()?)
}

/// The columns beside text and labels that any row has.
fn columns<'a>(rows: &[&'a Row]) -> Result<Vec<&'a str>> {
    let known = ["id", "doc", "domain"];
    let mut columns: Vec<&str> =
        known.into_iter().filter(|name| rows.iter().any(|row| value(row, name).is_some())).collect();
    for (name, _) in rows.iter().flat_map(|row| &row.extra) {
        if ["text", "label", "labels"].contains(&name.as_str()) || known.contains(&name.as_str()) {
            let expected = "other names for the columns that are only kept";
            return Err(Error::parameter("column", format!("`{name}` beside the one in use"), expected));
        }
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    Ok(columns)
}

fn value<'a>(row: &'a Row, column: &str) -> Option<&'a str> {
    match column {
        "id" => row.id.as_deref(),
        "doc" => row.doc.as_deref(),
        "domain" => row.domain.as_deref(),
        _ => row.extra.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_str()),
    }
}
