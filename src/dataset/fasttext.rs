//! fastText files: lines of `__label__a __label__b text`.

use super::complaints::{Checked, Complaints};
use super::record::{Fields, Record};
use super::source::{Source, utf8};
use crate::error::{Complaint, Place};
use crate::label::split;

/// What labels begin with; fastText's default for `-label`.
const PREFIX: &str = "__label__";

/// The records of a file; faulty lines become complaints, blank ones are passed over.
pub(super) fn records(source: &Source, complaints: &mut Complaints) -> Vec<Record> {
    if !source.content().windows(PREFIX.len()).any(|window| window == PREFIX.as_bytes()) {
        complaints.add(
            Place::line(&source.path, 1).at_column(1),
            format!("no `{PREFIX}` in the file"),
            format!("fastText lines, as `{PREFIX}a {PREFIX}b text`"),
            "give labelled data as .csv, .jsonl or fastText lines",
        );
        return Vec::new();
    }
    lines(source, complaints, record)
}

/// Reads a file line by line; what cannot be read becomes a complaint, blank lines are passed over.
pub(super) fn lines<T>(
    source: &Source,
    complaints: &mut Complaints,
    read: impl Fn(Place, &str) -> Checked<T>,
) -> Vec<T> {
    let mut records = Vec::new();
    for (index, raw) in source.content().split(|byte| *byte == b'\n').enumerate() {
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        if raw.trim_ascii().is_empty() {
            continue;
        }
        let place = Place::line(&source.path, index as u64 + 1);
        match utf8(place.clone(), raw).and_then(|line| read(place, line)) {
            Ok(record) => records.push(record),
            Err(complaint) => complaints.push(*complaint),
        }
    }
    records
}

fn record(place: Place, line: &str) -> Checked<Record> {
    let mut rest = line.trim_start();
    let mut labels = Vec::new();
    while let Some(tail) = rest.strip_prefix(PREFIX) {
        let end = tail.find(char::is_whitespace).unwrap_or(tail.len());
        labels.extend(split(&tail[..end]).map(str::to_string));
        rest = tail[end..].trim_start();
    }
    let column = |tail: &str| 1 + line[..line.len() - tail.len()].chars().count() as u64;
    if let Some(at) = rest.find(PREFIX) {
        return Err(Complaint::new(
            place.at_column(column(&rest[at..])),
            format!("`{PREFIX}` inside the text"),
            "labels before the text",
            "move the label to the beginning of the line",
        )
        .into());
    }
    Ok(Record {
        place: place.clone().at_column(column(rest)),
        label_place: place.at_column(column(line.trim_start())),
        fields: Fields { text: rest.trim_end().to_string(), labels, ..Fields::default() },
        answered: true,
    })
}
