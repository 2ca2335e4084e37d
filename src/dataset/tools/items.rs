//! The objects of a JSON file, whether an array of them or one a line.

use crate::dataset::complaints::{Checked, Complaints, excerpt};
use crate::dataset::fasttext::lines;
use crate::dataset::source::{Source, utf8};
use crate::error::{Complaint, Place, json_problem};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// How many objects show what tool has written a file.
const SHOWN: usize = 100;

/// An object with its place.
pub(super) struct Item {
    pub(super) place: Place,
    pub(super) values: Map<String, Value>,
}

/// All objects of a file; what is none becomes a complaint.
pub(super) fn items(source: &Source, complaints: &mut Complaints) -> Vec<Item> {
    if !is_array(source.content()) {
        return lines(source, complaints, Item::parse);
    }
    let elements = match elements(source) {
        Ok(elements) => elements,
        Err(complaint) => {
            complaints.push(*complaint);
            return Vec::new();
        }
    };
    let mut items = Vec::new();
    for (place, element) in elements {
        match Item::parse(place, element) {
            Ok(item) => items.push(item),
            Err(complaint) => complaints.push(*complaint),
        }
    }
    items
}

/// The first objects of a file, as far as they can be read.
pub(super) fn beginning(content: &[u8]) -> Vec<Map<String, Value>> {
    if is_array(content) {
        let elements: Vec<&RawValue> = serde_json::from_slice(content).unwrap_or_default();
        return elements.iter().take(SHOWN).filter_map(|raw| serde_json::from_str(raw.get()).ok()).collect();
    }
    let lines = content.split(|byte| *byte == b'\n').take(SHOWN);
    lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

fn is_array(content: &[u8]) -> bool {
    content.trim_ascii_start().starts_with(b"[")
}

/// The elements of an array with the lines on which they begin.
fn elements(source: &Source) -> Checked<Vec<(Place, &str)>> {
    let content = source.content();
    for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
        utf8(Place::line(&source.path, index as u64 + 1), line)?;
    }
    let elements: Vec<&RawValue> = serde_json::from_slice(content).map_err(|error| {
        let found = format!("broken JSON ({})", json_problem(&error));
        let place = Place::file(&source.path).in_json(&String::from_utf8_lossy(content), &error);
        Complaint::new(place, found, "one JSON array of tasks", "export the file again")
    })?;
    let mut placed = Vec::new();
    let (mut line, mut counted) = (1, 0);
    for element in elements {
        let at = element.get().as_ptr() as usize - content.as_ptr() as usize;
        line += content[counted..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        counted = at;
        placed.push((Place::line(&source.path, line), element.get()));
    }
    Ok(placed)
}

impl Item {
    fn parse(place: Place, json: &str) -> Checked<Item> {
        match serde_json::from_str(json) {
            Ok(Value::Object(values)) => Ok(Item { place, values }),
            Ok(other) => Err(not_an_object(place, &other.to_string())),
            Err(_) => Err(not_an_object(place, json)),
        }
    }

    /// The text under the first of `keys` that there is.
    pub(super) fn text(&self, values: &Map<String, Value>, keys: &[&str]) -> Checked<String> {
        let found = keys.iter().find_map(|key| values.get(*key));
        match found {
            Some(Value::String(text)) => Ok(text.clone()),
            other => {
                let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
                let expected = format!("a text under {}", keys.join(" or "));
                let remedy = "name the key of the texts with --text-column";
                Err(self.complaint(&other.unwrap_or(&Value::Null).to_string(), &expected, remedy))
            }
        }
    }

    pub(super) fn complaint(&self, found: &str, expected: &str, remedy: &str) -> Box<Complaint> {
        Complaint::new(self.place.clone(), excerpt(found), expected, remedy).into()
    }
}

/// A string or a number as a cell; nothing for what is blank or neither.
pub(super) fn cell(value: Option<&Value>) -> Option<String> {
    let cell = match value? {
        Value::String(text) => text.trim().to_string(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!cell.is_empty()).then_some(cell)
}

fn not_an_object(place: Place, found: &str) -> Box<Complaint> {
    let remedy = "give a file as the tool has exported it";
    Complaint::new(place, excerpt(found), "a JSON object for each task", remedy).into()
}
