//! What labelling tools export, as their documentation shows it.

use super::{complaints_with, read_with};
use rhetor::dataset::{Dataset, ReadOptions, Tool};
use serde_json::json;

fn options() -> ReadOptions {
    ReadOptions { require_positives: false, ..ReadOptions::default() }
}

fn read(name: &str, text: &str) -> Dataset {
    read_with(name, text.as_bytes(), &options()).unwrap()
}

/// The texts with their labels, joined.
fn rows(dataset: &Dataset) -> Vec<(&str, String)> {
    dataset.rows.iter().map(|row| (row.text.as_str(), dataset.labels.format(&row.tags))).collect()
}

fn expect(dataset: &Dataset, expected: &[(&str, &str)]) {
    let expected: Vec<(&str, String)> =
        expected.iter().map(|(text, labels)| (*text, labels.to_string())).collect();
    assert_eq!(rows(dataset), expected);
}

#[test]
fn doccano_classifications() {
    let export = r#"{"id": 3, "text": "They lied.", "doc": "a.txt", "label": ["accusation"], "Comments": []}
{"id": 4, "text": "It rained.", "doc": "a.txt", "label": [], "Comments": ["?"]}"#;
    let dataset = read("all.jsonl", export);
    expect(&dataset, &[("They lied.", "accusation"), ("It rained.", "none")]);
    assert_eq!((dataset.rows[1].id.as_deref(), dataset.rows[1].doc.as_deref()), (Some("4"), Some("a.txt")));
    assert_eq!(dataset.rows[1].place.line, Some(2));
}

#[test]
fn a_choice_called_none_is_no_label() {
    let export = r#"{"id": 3, "text": "They lied.", "label": ["accusation"], "Comments": []}
{"id": 4, "text": "It rained.", "label": ["none"], "Comments": []}"#;
    expect(&read("all.jsonl", export), &[("They lied.", "accusation"), ("It rained.", "none")]);
}

#[test]
fn a_list_of_names_is_no_export() {
    let rows = r#"{"text": "They lied, and must go.", "labels": "accusation|appeal", "entities": ["Iran"]}
{"text": "It rained.", "labels": "none", "entities": []}"#;
    let expected = [("They lied, and must go.", "accusation|appeal"), ("It rained.", "none")];
    expect(&read("all.jsonl", rows), &expected);
}

#[test]
fn doccano_regions_become_sentences() {
    let text = "🙂 They lied. It rained. Go home, or else!";
    let regions = json!({"id": 1, "text": text, "label": [[2, 12, "accusation"], [24, 31, "appeal"], [25, 40, "threat"]]});
    let dataset = read("all.jsonl", &regions.to_string());
    expect(
        &dataset,
        &[("🙂 They lied.", "accusation"), ("It rained.", "none"), ("Go home, or else!", "appeal|threat")],
    );
    assert!(dataset.groups().iter().all(|group| *group == 0), "the sentences of one text are one document");
    let relations = json!([{"id": 1, "text": text, "relations": [], "entities": [
        {"id": 1, "label": "accusation", "start_offset": 2, "end_offset": 12}]}]);
    let dataset = read("all.json", &relations.to_string());
    expect(
        &dataset,
        &[("🙂 They lied.", "accusation"), ("It rained.", "none"), ("Go home, or else!", "none")],
    );
}

#[test]
fn label_studio_choices() {
    let choice = |labels: &[&str]| json!({"result": [{"type": "choices", "value": {"choices": labels}}]});
    let task = |id: u64, text: &str, annotations: serde_json::Value| json!({"id": id, "data": {"text": text}, "annotations": annotations, "predictions": []});
    let export = json!([
        task(1, "They lied.", json!([choice(&["accusation"])])),
        task(2, "It rained.", json!([choice(&[])])),
        task(3, "Not seen yet.", json!([])),
        task(4, "Passed over.", json!([{"was_cancelled": true, "result": []}])),
        task(5, "Two of three.", json!([choice(&["a", "b"]), choice(&["a"]), choice(&["b", "c", "a"])])),
        task(6, "One of two.", json!([choice(&["a"]), choice(&["c"])])),
    ]);
    let dataset = read("all.json", &serde_json::to_string_pretty(&export).unwrap());
    expect(
        &dataset,
        &[
            ("They lied.", "accusation"),
            ("It rained.", "none"),
            ("Two of three.", "a|b"),
            ("One of two.", "none"),
        ],
    );
    assert_eq!((dataset.files[0].rows, dataset.files[0].unanswered), (4, 2));
    assert_eq!(dataset.rows[1].id.as_deref(), Some("2"));
    assert!(dataset.rows[0].place.line < dataset.rows[1].place.line);
}

#[test]
fn label_studio_regions_in_utf16_units() {
    let result = |start: u64, end: u64, label: &str| json!({"type": "labels", "from_name": "l", "to_name": "t", "value": {"start": start, "end": end, "labels": [label]}});
    let text = "🙂🙂 They lied. It rained.";
    let task = |result| {
        json!([{"id": 1, "data": {"text": text}, "annotations": [{"result": [result]}]}]).to_string()
    };
    let dataset = read("all.json", &task(result(5, 15, "accusation")));
    expect(&dataset, &[("🙂🙂 They lied.", "accusation"), ("It rained.", "none")]);
    for (start, end) in [(1, 15), (5, 99), (15, 15)] {
        let complaints = complaints_with("all.json", task(result(start, end, "a")).as_bytes(), &options());
        assert!(complaints[0].starts_with("1: found \"the region "), "{complaints:?}");
    }
}

#[test]
fn a_region_outside_all_sentences_is_kept() {
    let text = "They lied.\n\nAdvertisement\n\nIt rained.";
    let export = json!({"text": text, "label": [[12, 25, "plea"]], "Comments": []});
    let dataset = read("all.jsonl", &export.to_string());
    expect(&dataset, &[("They lied.", "none"), ("Advertisement", "plea"), ("It rained.", "none")]);
}

#[test]
fn prodigy_choices_decisions_and_spans() {
    let choices = r#"{"text": "They lied.", "accept": ["accusation"], "answer": "accept", "_task_hash": 1, "meta": {"doc": "a"}}
{"text": "It rained.", "accept": [], "answer": "accept", "_task_hash": 2}
{"text": "What?", "accept": [], "answer": "ignore", "_task_hash": 3}
{"text": "Whatever.", "accept": ["denial"], "answer": "reject", "_task_hash": 4}"#;
    let dataset = read("all.jsonl", choices);
    expect(&dataset, &[("They lied.", "accusation"), ("It rained.", "none")]);
    assert_eq!((dataset.files[0].unanswered, dataset.rows[0].doc.as_deref()), (2, Some("a")));

    let decisions = r#"{"text": "Go, or else!", "label": "threat", "answer": "accept", "_task_hash": 1}
{"text": "It rained.", "label": "threat", "answer": "reject", "_task_hash": 2}
{"text": "Go, or else!", "label": "appeal", "answer": "accept", "_task_hash": 3}
{"text": "Go, or else!", "label": "denial", "answer": "reject", "_task_hash": 4}"#;
    expect(&read("all.jsonl", decisions), &[("Go, or else!", "appeal|threat"), ("It rained.", "none")]);

    let spans = json!({"text": "They lied. It rained.", "spans": [{"start": 0, "end": 9, "label": "accusation"}],
        "answer": "accept", "_task_hash": 1});
    expect(&read("all.jsonl", &spans.to_string()), &[("They lied.", "accusation"), ("It rained.", "none")]);
}

#[test]
fn the_tool_can_be_named() {
    let export = r#"{"sentence": "They lied.", "label": "accusation", "answer": "accept"}"#;
    let named = ReadOptions { tool: Some(Tool::Prodigy), text_column: Some("sentence".into()), ..options() };
    expect(&read_with("all.jsonl", export.as_bytes(), &named).unwrap(), &[("They lied.", "accusation")]);
    let export = r#"[{"sentence": "They lied.", "label": "accusation"}]"#;
    assert!(complaints_with("all.json", export.as_bytes(), &options())[0].contains("--from"));
    let named = ReadOptions { tool: Some(Tool::Doccano), text_column: Some("sentence".into()), ..options() };
    expect(&read_with("all.json", export.as_bytes(), &named).unwrap(), &[("They lied.", "accusation")]);
}

#[test]
fn what_is_broken_is_complained_of_where_it_stands() {
    let broken = [
        ("[{\"id\": 1,\n \"data\": {\"text\": \"a\"}, \"annotations\": [}]", "2:"),
        (
            "[\n{\"id\": 1, \"data\": {\"txt\": \"a\"}, \"annotations\": []}]",
            "2: found \"null\"; expected a text under `text`",
        ),
        (
            "[\n{\"data\": {\"text\": \"a\"}, \"annotations\": []},\n7]",
            "3: found \"7\"; expected a JSON object",
        ),
        (
            "[{\"data\": {\"text\": \"a\"}, \"annotations\": [{\"result\": [{\"type\": \"labels\"}]}]}]",
            "1: found \"{",
        ),
    ];
    let named = ReadOptions { tool: Some(Tool::LabelStudio), ..options() };
    for (export, start) in broken {
        let complaints = complaints_with("all.json", export.as_bytes(), &named);
        assert!(complaints[0].starts_with(start), "{complaints:?}");
    }
}

#[test]
fn a_queue_has_no_answer_where_labels_are_blank() {
    let queue =
        "\u{feff}text,labels,suggested\nThey lied.,accusation,none\nIt rained., ,none\nWell.,none,denial\n";
    let dataset = read("queue.csv", queue);
    expect(&dataset, &[("They lied.", "accusation"), ("Well.", "none")]);
    assert_eq!(dataset.files[0].unanswered, 1);
    let blank = complaints_with("queue.csv", b"text,labels,suggested\nIt rained.,,none\n", &options());
    assert!(blank[0].contains("1 row(s), none of them labelled yet"), "{blank:?}");
}
