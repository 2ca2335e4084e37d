//! JSON Lines files: one object a line.

use super::complaints::{Checked, Complaints, excerpt, names};
use super::fasttext::lines;
use super::options::ReadOptions;
use super::record::{Fields, Record};
use super::source::Source;
use crate::error::{Complaint, Place, json_problem};
use crate::label::split;
use serde_json::{Map, Value};

/// The records of a file; faulty lines become complaints, blank ones are passed over.
pub(super) fn records(source: &Source, options: &ReadOptions, complaints: &mut Complaints) -> Vec<Record> {
    lines(source, complaints, |place, line| Object::parse(place, line)?.record(options))
}

/// A line's object, with the line to find columns in.
struct Object<'a> {
    place: Place,
    line: &'a str,
    values: Map<String, Value>,
}

impl<'a> Object<'a> {
    fn parse(place: Place, line: &'a str) -> Checked<Self> {
        match serde_json::from_str(line) {
            Ok(Value::Object(values)) => Ok(Object { place, line, values }),
            Ok(_) => Err(not_an_object(place.at_column(1), "another JSON value")),
            Err(error) => {
                let place = place.in_json(line, &error);
                Err(not_an_object(place, &format!("broken JSON ({})", json_problem(&error))))
            }
        }
    }

    fn record(mut self, options: &ReadOptions) -> Checked<Record> {
        let text_key = self.key(&[options.text()], "--text-column")?;
        let label_key = self.key(&options.label(), "--label-column")?;
        if options.doc_column.is_some() {
            self.key(&[options.doc()], "--doc-column")?;
        }
        let (place, label_place) = (self.place_of(&text_key), self.place_of(&label_key));
        let text = match self.values.shift_remove(&text_key) {
            Some(Value::String(text)) => text,
            other => return Err(not_a_string(place, other, "a text in quotation marks")),
        };
        let labels = self.values.shift_remove(&label_key).unwrap_or(Value::Null);
        let labels = label_names(labels).map_err(|other| {
            not_a_string(label_place.clone(), Some(other), "a label, or a list of labels, in quotation marks")
        })?;
        let mut take = |key: &str| {
            let value = self.values.shift_remove(key).and_then(plain);
            value.map(|value| value.trim().to_string()).filter(|value| !value.is_empty())
        };
        let (id, doc, domain) = (take("id"), take(options.doc()), take("domain"));
        let extra = self.values.into_iter().filter_map(|(key, value)| Some((key, plain(value)?))).collect();
        let fields = Fields { text, labels, id, doc, domain, extra };
        Ok(Record { fields, place, label_place, answered: true })
    }

    /// The one key of `wanted` that the object has.
    fn key(&self, wanted: &[&str], flag: &str) -> Checked<String> {
        let found: Vec<&str> = wanted.iter().copied().filter(|key| self.values.contains_key(*key)).collect();
        if let [key] = found[..] {
            return Ok(key.to_string());
        }
        let wanted: Vec<String> = wanted.iter().map(|key| format!("`{key}`")).collect();
        Err(Complaint::new(
            self.place.clone().at_column(1),
            format!("the keys {}", names(self.values.keys().map(String::as_str))),
            format!("{} key {}", if found.is_empty() { "a" } else { "only one" }, wanted.join(" or ")),
            format!("rename it, or name the key to use with {flag}"),
        )
        .into())
    }

    /// Where a key stands in the line.
    fn place_of(&self, key: &str) -> Place {
        let at = self.line.find(&format!("\"{key}\"")).unwrap_or(0);
        self.place.clone().at_column(1 + self.line[..at].chars().count() as u64)
    }
}

/// Label names in a string with `|`, a number, a list of these, or null; else the value that is none of these.
fn label_names(value: Value) -> Result<Vec<String>, Value> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::String(cell) => Ok(split(&cell).map(str::to_string).collect()),
        Value::Number(number) => Ok(vec![number.to_string()]),
        Value::Array(items) if items.iter().any(Value::is_array) => Err(Value::Array(items)),
        Value::Array(items) => {
            items.into_iter().map(label_names).collect::<Result<Vec<_>, _>>().map(|names| names.concat())
        }
        other => Err(other),
    }
}

/// A value as a cell: strings as they are, null as nothing, others as JSON.
fn plain(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

fn not_an_object(place: Place, found: &str) -> Box<Complaint> {
    Complaint::new(place, found, "a JSON object on each line", "write one object a line, without line breaks")
        .into()
}

fn not_a_string(place: Place, found: Option<Value>, expected: &str) -> Box<Complaint> {
    let found = found.unwrap_or(Value::Null).to_string();
    Complaint::new(place, excerpt(&found), expected, "correct the value").into()
}
