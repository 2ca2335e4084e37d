//! Doccano: `text` and `label`, a list of names, or of `[start, end, name]` in code points; with relations, `entities`.
//!
//! Doccano does not mark which texts have been looked at: one without a label counts as none, and a suggestion that came
//! with it as an answer. Export what is done only.

use super::items::{Item, cell};
use super::task::{Answer, Region, Task, Unit};
use crate::dataset::complaints::Checked;
use crate::dataset::options::ReadOptions;
use serde_json::Value;

pub(super) fn task(item: Item, options: &ReadOptions) -> Checked<Task> {
    let text = item.text(&item.values, &[options.text(), "data"])?;
    let keys = options.label().into_iter().chain(["entities"]);
    let mut labels = keys.filter_map(|key| item.values.get(key));
    let answer = match labels.next() {
        None => return Err(wrong(&item, &Value::Null)),
        Some(labels) => answer(&item, &text, labels)?,
    };
    let of = |key: &str| cell(item.values.get(key));
    Ok(Task {
        id: of("id"),
        doc: of(options.doc()),
        domain: of("domain"),
        answers: vec![answer],
        text,
        place: item.place,
    })
}

fn answer(item: &Item, text: &str, labels: &Value) -> Checked<Answer> {
    let mut answer = Answer::default();
    let list = match labels {
        Value::Array(list) => list.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    for label in list {
        match label {
            Value::String(label) => answer.labels.push(label.clone()),
            other => {
                let (place, label) = region(other).ok_or_else(|| wrong(item, other))?;
                answer.regions.push(Region::new(item, text, Unit::CodePoint, place, label)?);
            }
        }
    }
    Ok(answer)
}

/// `[start, end, label]`, or an object with them.
fn region(value: &Value) -> Option<([u64; 2], String)> {
    let [start, end, label] = match value {
        Value::Array(parts) => [parts.first()?, parts.get(1)?, parts.get(2)?],
        other => ["start_offset", "end_offset", "label"].map(|key| &other[key]),
    };
    Some(([start.as_u64()?, end.as_u64()?], label.as_str()?.to_string()))
}

fn wrong(item: &Item, found: &Value) -> Box<crate::error::Complaint> {
    item.complaint(
        &found.to_string(),
        "a list of label names, or of [start, end, name], under `label`",
        "export the project as JSONL, or name the key of the labels with --label-column",
    )
}
