//! Label Studio's JSON: `data` with the text, `annotations` with `result`s. Choices label the whole text, labels a region
//! of it in UTF-16 code units. Predictions are no answers.

use super::items::{Item, cell};
use super::task::{Answer, Region, Task, Unit};
use crate::dataset::complaints::Checked;
use crate::dataset::options::ReadOptions;
use crate::error::Complaint;
use serde_json::Value;

pub(super) fn task(item: Item, options: &ReadOptions) -> Checked<Task> {
    let data = match item.values.get("data") {
        Some(Value::Object(data)) => data.clone(),
        other => {
            let found = other.unwrap_or(&Value::Null).to_string();
            return Err(item.complaint(
                &found,
                "an object under `data`",
                "export the project as JSON, not JSON-MIN",
            ));
        }
    };
    let text = item.text(&data, &[options.text()])?;
    let annotations = item.values.get("annotations").and_then(Value::as_array);
    let answered = annotations.into_iter().flatten().filter(|annotation| annotation["was_cancelled"] != true);
    let answers = answered.map(|annotation| answer(&item, &text, annotation)).collect::<Checked<_>>()?;
    let id = cell(data.get("id")).or_else(|| cell(item.values.get("id")));
    let (doc, domain) = (cell(data.get(options.doc())), cell(data.get("domain")));
    Ok(Task { text, id, doc, domain, answers, place: item.place })
}

fn answer(item: &Item, text: &str, annotation: &Value) -> Checked<Answer> {
    let mut answer = Answer::default();
    for result in annotation["result"].as_array().into_iter().flatten() {
        match result["type"].as_str() {
            Some("choices") => answer.labels.extend(names(item, result, "choices")?),
            Some("labels") => answer.regions.extend(regions(item, text, result)?),
            // Comments, relations, ratings.
            _ => {}
        }
    }
    Ok(answer)
}

fn regions(item: &Item, text: &str, result: &Value) -> Checked<Vec<Region>> {
    let value = &result["value"];
    let (Some(start), Some(end)) = (value["start"].as_u64(), value["end"].as_u64()) else {
        return Err(wrong(item, result));
    };
    let region = |label| Region::new(item, text, Unit::Utf16, [start, end], label);
    names(item, result, "labels")?.into_iter().map(region).collect()
}

fn names(item: &Item, result: &Value, key: &str) -> Checked<Vec<String>> {
    let names = result["value"][key].as_array().ok_or_else(|| wrong(item, result))?;
    names.iter().map(|name| name.as_str().map(str::to_string).ok_or_else(|| wrong(item, result))).collect()
}

fn wrong(item: &Item, result: &Value) -> Box<Complaint> {
    let expected = "a result of Choices, or of Labels over a Text";
    item.complaint(&result.to_string(), expected, "export the project as JSON")
}
