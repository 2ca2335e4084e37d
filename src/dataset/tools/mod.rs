//! Exports of labelling tools: doccano, Label Studio, Prodigy.
//!
//! ```text
//! bytes --items--> JSON objects with their places --doccano | label_studio | prodigy--> Tasks --task--> Records
//! ```
//!
//! Where texts were labelled as a whole, each is a row. Where regions of texts were labelled, each sentence is a row.

mod doccano;
mod items;
mod label_studio;
mod prodigy;
mod task;

use super::complaints::Complaints;
use super::options::{ReadOptions, Tool};
use super::record::Record;
use super::source::Source;
use items::{beginning, items};
use serde_json::{Map, Value};
use task::records_of;

impl Tool {
    /// The tool that has written a file, if its first objects show one.
    pub(super) fn of(content: &[u8]) -> Option<Tool> {
        beginning(content).iter().find_map(Tool::of_object)
    }

    fn of_object(object: &Map<String, Value>) -> Option<Tool> {
        let is_list = |key: &str| object.get(key).is_some_and(Value::is_array);
        let has = |key: &str| object.contains_key(key);
        if object.get("data").is_some_and(Value::is_object)
            && (is_list("annotations") || is_list("predictions"))
        {
            return Some(Tool::LabelStudio);
        }
        if has("_task_hash") || has("_input_hash") || (has("answer") && (has("accept") || has("spans"))) {
            return Some(Tool::Prodigy);
        }
        let first = |key: &str| object.get(key).and_then(Value::as_array).and_then(|values| values.first());
        let has_regions =
            first("label").is_some_and(Value::is_array) || first("entities").is_some_and(Value::is_object);
        (has_regions || has("Comments")).then_some(Tool::Doccano)
    }
}

/// The records of a tool's file; faulty objects become complaints.
pub(super) fn records(
    source: &Source,
    tool: Tool,
    options: &ReadOptions,
    complaints: &mut Complaints,
) -> Vec<Record> {
    let read = match tool {
        Tool::Doccano => doccano::task,
        Tool::LabelStudio => label_studio::task,
        Tool::Prodigy => prodigy::task,
    };
    let mut found = items(source, complaints);
    if tool == Tool::Prodigy {
        found = prodigy::joined(found, options.text());
    }
    let mut tasks = Vec::new();
    for item in found {
        match read(item, options) {
            Ok(task) => tasks.push(task),
            Err(complaint) => complaints.push(*complaint),
        }
    }
    records_of(tasks)
}
