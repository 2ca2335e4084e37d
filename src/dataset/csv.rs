//! CSV and TSV files: a header, then records, quoted by RFC 4180.
//!
//! The csv crate reads any bytes as some record. Broken quoting is therefore looked for in the raw bytes of each
//! record, and reading starts anew on the next line when a quotation mark has swallowed lines.

use super::complaints::{Checked, Complaints, names};
use super::draft::{Fields, ReadOptions, Record};
use super::source::{Source, utf8};
use crate::error::{Complaint, Place};
use crate::label::split;
use csv::ByteRecord;
use std::path::Path;

/// The column that marks a file of sentences to be labelled: what a model would say.
pub(crate) const SUGGESTED: &str = "suggested";

/// The records of a file; faulty ones become complaints.
pub(super) fn records(
    source: &Source,
    delimiter: u8,
    options: &ReadOptions,
    complaints: &mut Complaints,
) -> Vec<Record> {
    let mut scanner = Scanner::new(source.content(), delimiter);
    let Some(header) = scanner.next() else { return Vec::new() };
    let place = Place::line(&source.path, header.line);
    if let Some(fault) = &header.fault {
        complaints.push(fault.complaint(place));
        return Vec::new();
    }
    let Some(columns) = Columns::find(&header.fields, place, options, complaints) else { return Vec::new() };
    read_rows(scanner, &columns, &source.path, complaints)
}

fn read_rows(
    mut scanner: Scanner<'_>,
    columns: &Columns,
    path: &Path,
    complaints: &mut Complaints,
) -> Vec<Record> {
    let mut records = Vec::new();
    // After a quotation mark that swallowed lines, what follows may be the middle of a field: nothing is said of it
    // until a record is whole again.
    let mut lost = false;
    while let Some(raw) = scanner.next() {
        match columns.record(&raw, Place::line(path, raw.line)) {
            Ok(record) => {
                lost = false;
                records.push(record);
            }
            Err(complaint) if !lost => complaints.push(*complaint),
            Err(_) => {}
        }
        if raw.fault.is_some() && raw.lines > 1 {
            lost = true;
            scanner.resume_after_line_of(&raw);
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

/// Why a record cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    Unclosed,
    Inside,
    AfterClosing,
}

/// Broken quoting in a field, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fault {
    kind: Break,
    field: u64,
}

impl Fault {
    fn complaint(&self, line: Place) -> Complaint {
        let found = match self.kind {
            Break::Unclosed => "a quotation mark that is never closed",
            Break::Inside => "a quotation mark inside a field that does not begin with one",
            Break::AfterClosing => "text after a closing quotation mark",
        };
        Complaint::new(
            line.at_column(self.field),
            found,
            "fields in quotation marks from end to end",
            "double every quotation mark inside a quoted field",
        )
    }

    /// The first fault in the raw bytes of one record.
    fn find(raw: &[u8], delimiter: u8) -> Option<Fault> {
        let mut state = State::Start;
        let mut field = 1;
        for &byte in raw {
            state = match (state, byte) {
                (State::Quoted, b'"') => State::Closed,
                (State::Quoted, _) => State::Quoted,
                (State::Start | State::Closed, b'"') => State::Quoted,
                (State::Bare, b'"') => return Some(Fault { kind: Break::Inside, field }),
                (_, byte) if byte == delimiter => {
                    field += 1;
                    State::Start
                }
                (state, b'\r' | b'\n') => state,
                (State::Closed, _) => return Some(Fault { kind: Break::AfterClosing, field }),
                (State::Start | State::Bare, _) => State::Bare,
            };
        }
        (state == State::Quoted).then_some(Fault { kind: Break::Unclosed, field })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the first byte of a field.
    Start,
    /// In a field without quotation marks.
    Bare,
    /// Between quotation marks.
    Quoted,
    /// After a mark that closes the field, unless the next byte is another.
    Closed,
}

/// One record with its place in the file.
struct RawRecord {
    fields: ByteRecord,
    fault: Option<Fault>,
    /// Offset of its first byte.
    start: usize,
    /// Line on which it begins, from 1.
    line: u64,
    /// How many lines it takes.
    lines: u64,
}

/// Goes through the records of a file and keeps count of bytes and lines.
struct Scanner<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    reader: csv::Reader<&'a [u8]>,
    /// Where `reader` started: offset and line.
    origin: (usize, u64),
}

impl<'a> Scanner<'a> {
    fn new(bytes: &'a [u8], delimiter: u8) -> Self {
        Scanner { bytes, delimiter, reader: reader(bytes, delimiter), origin: (0, 1) }
    }

    /// Starts anew on the line after that on which `record` begins.
    fn resume_after_line_of(&mut self, record: &RawRecord) {
        let rest = &self.bytes[record.start..];
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        self.origin = (record.start + length, record.line + 1);
        self.reader = reader(&rest[length..], self.delimiter);
    }

    fn next(&mut self) -> Option<RawRecord> {
        let before = self.reader.position().clone();
        let mut fields = ByteRecord::new();
        // Bytes in memory, of any number of fields: there is nothing to fail.
        if !self.reader.read_byte_record(&mut fields).unwrap_or(false) {
            return None;
        }
        // The reader stands before the line breaks that end the last record and before blank lines.
        let from = self.origin.0 + before.byte() as usize;
        let to = self.origin.0 + self.reader.position().byte() as usize;
        let blank = self.bytes[from..to].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = from + blank;
        let raw = self.bytes[start..to].trim_ascii_end();
        Some(RawRecord {
            fields,
            fault: Fault::find(raw, self.delimiter),
            start,
            line: self.origin.1 + before.line() - 1 + breaks(&self.bytes[from..start]),
            lines: 1 + breaks(raw),
        })
    }
}

fn reader(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes)
}

fn breaks(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(raw: &str) -> Option<(Break, u64)> {
        Fault::find(raw.as_bytes(), b',').map(|fault| (fault.kind, fault.field))
    }

    #[test]
    fn good_quoting_has_no_fault() {
        for raw in ["", "a,b", "\"a\",b", "\"a \"\"b\"\", c\",d", "\"\",\"\"", "\"a\nb\",c", ",,\"\"\"\""] {
            assert_eq!(fault(raw), None, "{raw}");
        }
    }

    #[test]
    fn broken_quoting_is_found_in_its_field() {
        assert_eq!(fault("a,\"b,c"), Some((Break::Unclosed, 2)));
        assert_eq!(fault("a \"b\",c"), Some((Break::Inside, 1)));
        assert_eq!(fault("a,b, \"c\""), Some((Break::Inside, 3)));
        assert_eq!(fault("\"a\" b,c"), Some((Break::AfterClosing, 1)));
    }

    fn lines(text: &str) -> Vec<u64> {
        let mut scanner = Scanner::new(text.as_bytes(), b',');
        std::iter::from_fn(|| scanner.next()).map(|record| record.line).collect()
    }

    #[test]
    fn records_begin_on_their_lines() {
        assert_eq!(lines("a\nb\nc"), [1, 2, 3]);
        assert_eq!(lines("a\r\nb\r\nc\r\n"), [1, 2, 3]);
        assert_eq!(lines("\n\na\n\n\nb\n"), [3, 6]);
        assert_eq!(lines("a\r\n\"b\r\nb\nb\"\r\n\r\nc"), [1, 2, 6]);
    }
}
