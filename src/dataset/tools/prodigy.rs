//! Prodigy's `db-out`: `text` and `answer`, with the chosen options in `accept`, one `label` to say yes or no to, or
//! `spans` in code points. What was ignored is no answer, nor is a rejected choice.

use super::items::{Item, cell};
use super::task::{Answer, Region, Task, Unit};
use crate::dataset::complaints::Checked;
use crate::dataset::options::ReadOptions;
use crate::error::Complaint;
use serde_json::Value;
use std::collections::HashMap;

pub(super) fn task(item: Item, options: &ReadOptions) -> Checked<Task> {
    let text = item.text(&item.values, &[options.text()])?;
    let answers = answer(&item, &text)?.into_iter().collect();
    let meta = item.values.get("meta");
    let of = |key: &str| cell(meta.and_then(|meta| meta.get(key))).or_else(|| cell(item.values.get(key)));
    Ok(Task { id: of("id"), doc: of(options.doc()), domain: of("domain"), answers, text, place: item.place })
}

fn answer(item: &Item, text: &str) -> Checked<Option<Answer>> {
    if item.values.get("answer").and_then(Value::as_str) != Some("accept") {
        return Ok(None);
    }
    if let Some(chosen) = item.values.get("accept") {
        return Ok(Some(Answer { labels: names(item, chosen)?, ..Answer::default() }));
    }
    match item.values.get("spans") {
        Some(Value::Array(spans)) => {
            let regions = spans.iter().map(|span| region(item, text, span)).collect::<Checked<_>>()?;
            Ok(Some(Answer { regions, ..Answer::default() }))
        }
        other => Err(wrong(item, other.unwrap_or(&Value::Null))),
    }
}

fn names(item: &Item, value: &Value) -> Checked<Vec<String>> {
    match value {
        Value::Array(values) => {
            values.iter().map(|value| names(item, value)).collect::<Checked<Vec<_>>>().map(|n| n.concat())
        }
        value => cell(Some(value)).map(|name| vec![name]).ok_or_else(|| wrong(item, value)),
    }
}

fn region(item: &Item, text: &str, span: &Value) -> Checked<Region> {
    match (span["start"].as_u64(), span["end"].as_u64(), span["label"].as_str()) {
        (Some(start), Some(end), Some(label)) => {
            Region::new(item, text, Unit::CodePoint, [start, end], label.to_string())
        }
        _ => Err(wrong(item, span)),
    }
}

fn wrong(item: &Item, found: &Value) -> Box<Complaint> {
    let expected = "chosen options under `accept`, a `label`, or `spans` with start, end and label";
    item.complaint(&found.to_string(), expected, "give a file that `prodigy db-out` has written")
}

/// The same with one item for each text whose labels were asked for one by one, a line each: as if the labels that were
/// accepted had been chosen together.
pub(super) fn joined(items: Vec<Item>, text: &str) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::new();
    let mut first = HashMap::new();
    for mut item in items {
        let Some((text, accepted)) = decision(&item, text) else {
            joined.push(item);
            continue;
        };
        let at = *first.entry(text).or_insert(joined.len());
        if at == joined.len() {
            item.values.insert("accept".into(), Value::Array(Vec::new()));
            item.values.insert("answer".into(), "accept".into());
            joined.push(item);
        }
        if let Some(Value::Array(labels)) = joined[at].values.get_mut("accept") {
            labels.extend(accepted);
        }
    }
    joined
}

/// Yes or no to one label of a text: the text, and the label if it was accepted.
fn decision(item: &Item, text: &str) -> Option<(String, Option<Value>)> {
    let get = |key: &str| item.values.get(key).and_then(Value::as_str);
    let (text, label, answer) = (get(text)?, get("label")?, get("answer")?);
    let asked = !item.values.contains_key("accept") && ["accept", "reject"].contains(&answer);
    asked.then(|| (text.to_string(), (answer == "accept").then(|| label.into())))
}
