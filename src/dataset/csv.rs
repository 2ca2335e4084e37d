//! CSV and TSV files: a header, then records.

use super::complaints::{Checked, Complaints, names};
use super::options::ReadOptions;
use super::record::{Fields, Record};
use super::source::{Source, utf8};
use crate::error::{Complaint, Place};
use crate::label::split;
use crate::separated::{RawRecord, Separated};
use csv::ByteRecord;

/// The column that marks a file of sentences to be labelled: what a model would say.
pub(crate) const SUGGESTED: &str = "suggested";

/// The records of a file; faulty ones become complaints.
pub(super) fn records(
    source: &Source,
    delimiter: u8,
    options: &ReadOptions,
    complaints: &mut Complaints,
) -> Vec<Record> {
    let mut rows = Separated::new(source.content(), delimiter, usize::MAX);
    // Bytes in memory, of any number of fields: there is nothing to fail.
    let Ok(Some(header)) = rows.next() else { return Vec::new() };
    let place = Place::line(&source.path, header.line);
    if let Some(fault) = &header.fault {
        complaints.push(fault.complaint(place));
        return Vec::new();
    }
    let Some(columns) = Columns::find(&header.fields, place, options, complaints) else { return Vec::new() };
    let mut records = Vec::new();
    while let Ok(Some(read)) = rows.next_as(|raw| columns.record(raw, Place::line(&source.path, raw.line))) {
        match read {
            Ok(record) => records.push(record),
            Err(complaint) => complaints.push(*complaint),
        }
    }
    records
}

/// Where the columns stand, counted from 0.
struct Columns {
    names: Vec<String>,
    text: usize,
    label: usize,
    id: Option<usize>,
    doc: Option<usize>,
    domain: Option<usize>,
}

impl Columns {
    fn find(
        header: &ByteRecord,
        place: Place,
        options: &ReadOptions,
        complaints: &mut Complaints,
    ) -> Option<Columns> {
        let names: Vec<String> =
            header.iter().map(|name| String::from_utf8_lossy(name).trim().to_string()).collect();
        let before = complaints.count();
        complain_of_repeats(&names, &place, complaints);
        let find = |name: &str| names.iter().position(|other| other == name);
        let mut must = |wanted: &[&str], flag: &str| {
            let found: Vec<usize> = wanted.iter().filter_map(|name| find(name)).collect();
            if found.len() != 1 {
                complaints.push(missing(&names, found.get(1), wanted, flag, &place));
            }
            found.first().copied()
        };
        let text = must(&[options.text()], "--text-column");
        let label = must(&options.label(), "--label-column");
        let doc = match &options.doc_column {
            Some(name) => must(&[name], "--doc-column"),
            None => find(options.doc()),
        };
        let (id, domain) = (find("id"), find("domain"));
        if complaints.count() > before {
            return None;
        }
        Some(Columns { text: text?, label: label?, id, doc, domain, names })
    }

    /// The record in the fields of a line, else the first thing that is wrong with it.
    fn record(&self, raw: &RawRecord, line: Place) -> Checked<Record> {
        if let Some(fault) = &raw.fault {
            return Err(fault.complaint(line).into());
        }
        if raw.fields.len() != self.names.len() {
            return Err(self.ragged(raw.fields.len(), line).into());
        }
        let place = |column: usize| line.clone().at_column(column as u64 + 1);
        let cells: Vec<&str> = raw
            .fields
            .iter()
            .enumerate()
            .map(|(column, field)| utf8(place(column), field))
            .collect::<Result<_, _>>()?;
        Ok(Record {
            fields: self.fields(&cells),
            place: place(self.text),
            label_place: place(self.label),
            answered: !(self.is_queue() && cells[self.label].trim().is_empty()),
        })
    }

    /// Whether the file is one of sentences still to be labelled: then a blank cell is not `none`, but no answer yet.
    fn is_queue(&self) -> bool {
        self.names.iter().any(|name| name == SUGGESTED)
    }

    fn fields(&self, cells: &[&str]) -> Fields {
        let filled = |column: Option<usize>| {
            column.map(|column| cells[column].trim()).filter(|cell| !cell.is_empty()).map(str::to_string)
        };
        let known = [Some(self.text), Some(self.label), self.id, self.doc, self.domain];
        let others = (0..cells.len()).filter(|column| !known.contains(&Some(*column)));
        Fields {
            text: cells[self.text].to_string(),
            labels: split(cells[self.label]).map(str::to_string).collect(),
            id: filled(self.id),
            doc: filled(self.doc),
            domain: filled(self.domain),
            extra: others.map(|column| (self.names[column].clone(), cells[column].to_string())).collect(),
        }
    }

    fn ragged(&self, found: usize, line: Place) -> Complaint {
        let expected = self.names.len();
        Complaint::new(
            line.at_column(found.min(expected) as u64 + 1),
            format!("{found} field(s)"),
            format!("{expected} as in the header"),
            "quote fields that contain the separator, and give every row the same fields",
        )
    }
}

fn complain_of_repeats(names: &[String], place: &Place, complaints: &mut Complaints) {
    for (column, name) in names.iter().enumerate() {
        if !name.is_empty() && names[..column].contains(name) {
            let place = place.clone().at_column(column as u64 + 1);
            let found = format!("the column `{name}` for the second time");
            complaints.add(place, found, "each column name once", "rename or delete one of them");
        }
    }
}

/// A complaint of a column that is not there, or (`second`) of two that could be meant.
fn missing(
    columns: &[String],
    second: Option<&usize>,
    wanted: &[&str],
    flag: &str,
    line: &Place,
) -> Complaint {
    let there = names(columns.iter().map(String::as_str));
    let wanted: Vec<String> = wanted.iter().map(|name| format!("`{name}`")).collect();
    Complaint::new(
        line.clone().at_column(second.map_or(1, |column| *column as u64 + 1)),
        format!("the columns {there}"),
        format!("{} column {}", if second.is_some() { "only one" } else { "a" }, wanted.join(" or ")),
        format!("rename it, or name the column to use with {flag}"),
    )
}
