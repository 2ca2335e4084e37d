//! The formats of other tools: what each needs, and that labels come back from those in which people label.
//!
//! `tests/oracle/exports.py` opens the same outputs with the tools' own loaders.

use crate::support::{LABELS, Sandbox};
use rhetor::dataset::{Dataset, ReadOptions};
use serde_json::{Value, json};

/// Characters of one, two, three and four bytes, two sentences that read the same, furniture, text that is not UTF-16 safe.
const ARTICLE: &str = "Velmora accuses Tarsk of shelling village 🙂\n\n\
    Velmora accused Tarsk of shelling the border village. “We never fired a single shell 🙂,” a spokesman for Tarsk said.\n\n\
    Advertisement\n\n\
    The talks were cancelled. “Leave the valley, señores, or we will burn it,” the general warned. It rained.\n";

/// A probability that some sentences reach for no label, some for one, some for more.
const CLASSIFY: &str = "classify news.txt --fast --threshold 0.2";

fn sandbox() -> Sandbox {
    Sandbox::new(&[("news.txt", ARTICLE.as_bytes())])
}

fn export(sandbox: &Sandbox, format: &str) -> String {
    sandbox.rhetor(&format!("{CLASSIFY} --format {format}")).done()
}

/// The objects of an output in JSON Lines.
fn objects(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The scored sentences of the JSON output with their labels.
fn sentences(sandbox: &Sandbox) -> Vec<Value> {
    let article = objects(&export(sandbox, "jsonl")).remove(0);
    let mut sentences = article["sentences"].as_array().unwrap().clone();
    sentences.retain(|sentence| sentence["kind"] != "furniture");
    sentences
}

fn names(labels: &Value) -> Vec<String> {
    labels.as_array().unwrap().iter().map(|label| label.as_str().unwrap().to_string()).collect()
}

fn text(value: &Value) -> String {
    value["text"].as_str().unwrap().to_string()
}

/// Text and labels, as the JSON output has them.
fn expected(sandbox: &Sandbox) -> Vec<(String, Vec<String>)> {
    let expected: Vec<_> =
        sentences(sandbox).iter().map(|sentence| (text(sentence), names(&sentence["labels"]))).collect();
    let count = |labels: usize| expected.iter().filter(|(_, own)| own.len() == labels).count();
    assert!(
        count(0) > 0 && count(1) > 0 && count(2) + count(3) > 0,
        "the threshold tells nothing: {expected:?}"
    );
    expected
}

/// Text and labels that `rhetor-train convert` has from a file, and the document, the same for all.
fn converted(sandbox: &Sandbox, name: &str) -> (Vec<(String, Vec<String>)>, String) {
    let said = sandbox.train(&format!("convert {name} -o data.csv --labels {LABELS}")).done();
    assert!(said.ends_with(" to data.csv\n"), "{said}");
    let options = ReadOptions { require_positives: false, ..ReadOptions::default() };
    let dataset = Dataset::read(&[sandbox.path("data.csv")], &options).unwrap();
    let labels = |tags: &[bool]| {
        let order =
            LABELS.split(',').filter(|name| dataset.labels.index(name).is_some_and(|label| tags[label]));
        order.map(String::from).collect::<Vec<_>>()
    };
    let docs: Vec<&String> = dataset.rows.iter().filter_map(|row| row.doc.as_ref()).collect();
    assert_eq!(docs.len(), dataset.rows.len());
    assert!(docs.iter().all(|doc| *doc == docs[0]));
    (dataset.rows.iter().map(|row| (row.text.clone(), labels(&row.tags))).collect(), docs[0].clone())
}

#[test]
fn doccano_takes_texts_and_labels_and_gives_them_back() {
    let sandbox = sandbox();
    let mut examples = objects(&export(&sandbox, "doccano"));
    for (index, example) in examples.iter_mut().enumerate() {
        // As doccano exports: an id and comments of its own, the metadata kept.
        example["id"] = index.into();
        example["Comments"] = json!([]);
    }
    let lines: Vec<String> = examples.iter().map(Value::to_string).collect();
    sandbox.write("all.jsonl", lines.join("\n").as_bytes());
    assert_eq!(converted(&sandbox, "all.jsonl"), (expected(&sandbox), "news.txt".into()));
    sandbox.write("all.json", Value::from(examples).to_string().as_bytes());
    assert_eq!(converted(&sandbox, "all.json").0, expected(&sandbox));
}

#[test]
fn prodigy_takes_choices_and_gives_them_back() {
    let sandbox = sandbox();
    let mut tasks = objects(&export(&sandbox, "prodigy"));
    for task in &mut tasks {
        assert_eq!(task["options"].as_array().unwrap().len(), 4);
        assert_eq!(task["config"]["choice_style"], "multiple");
        assert!(task["meta"]["threat"].is_f64());
        task["answer"] = "accept".into();
        task["_task_hash"] = 1.into();
    }
    let lines: Vec<String> = tasks.iter().map(Value::to_string).collect();
    sandbox.write("all.jsonl", lines.join("\n").as_bytes());
    assert_eq!(converted(&sandbox, "all.jsonl"), (expected(&sandbox), "news.txt".into()));
}

#[test]
fn label_studio_takes_predictions_and_gives_annotations_back() {
    let sandbox = sandbox();
    let mut tasks: Vec<Value> = serde_json::from_str(&export(&sandbox, "label-studio")).unwrap();
    let task = &mut tasks[0];
    let prediction = task["predictions"][0].clone();
    assert!(prediction["model_version"].as_str().unwrap().starts_with("lexical "));
    assert!((0.5..=1.0).contains(&prediction["score"].as_f64().unwrap()));
    let units: Vec<u16> = task["data"]["text"].as_str().unwrap().encode_utf16().collect();
    for region in prediction["result"].as_array().unwrap() {
        let (start, end) =
            (region["value"]["start"].as_u64().unwrap(), region["value"]["end"].as_u64().unwrap());
        let cut = String::from_utf16(&units[start as usize..end as usize]).unwrap();
        assert_eq!(cut, region["value"]["text"]);
    }
    sandbox.write("predicted.json", Value::from(tasks.clone()).to_string().as_bytes());
    let unanswered = ["predicted.json: found 1 row(s), none of them labelled yet"];
    sandbox.train("convert predicted.json -o data.csv").refuses(&unanswered);
    // As Label Studio exports it when the annotator has taken the prediction over.
    tasks[0]["annotations"] = json!([{"id": 1, "was_cancelled": false, "result": prediction["result"]}]);
    tasks[0]["id"] = 7.into();
    sandbox.write("all.json", serde_json::to_string_pretty(&tasks).unwrap().as_bytes());
    assert_eq!(converted(&sandbox, "all.json"), (expected(&sandbox), "news.txt".into()));
}

#[test]
fn spacy_takes_cats_of_nought_and_one() {
    let sandbox = sandbox();
    let examples = objects(&export(&sandbox, "spacy"));
    let given = |example: &Value| {
        let cats = example["cats"].as_object().unwrap();
        assert!(cats.len() == 4 && cats.values().all(|value| *value == json!(0.0) || *value == json!(1.0)));
        cats.iter()
            .filter(|(_, value)| **value == json!(1.0))
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    let found: Vec<_> = examples.iter().map(|example| (text(example), given(example))).collect();
    assert_eq!(found, expected(&sandbox));
}

#[test]
fn fasttext_lines_are_read_again() {
    let sandbox = sandbox();
    sandbox.write("all.ft", export(&sandbox, "fasttext").as_bytes());
    sandbox.train(&format!("convert all.ft -o data.csv --labels {LABELS}")).done();
    let dataset = Dataset::read(
        &[sandbox.path("data.csv")],
        &ReadOptions { require_positives: false, ..ReadOptions::default() },
    );
    let dataset = dataset.unwrap();
    let expected = expected(&sandbox);
    assert_eq!(dataset.rows.len(), expected.len());
    for (row, (text, labels)) in dataset.rows.iter().zip(expected) {
        let tagged: Vec<&str> =
            LABELS.split(',').filter(|name| row.tags[dataset.labels.index(name).unwrap()]).collect();
        assert_eq!((&row.text, tagged), (&text, labels.iter().map(String::as_str).collect()));
    }
}

#[test]
fn annotations_point_at_their_sentences() {
    let sandbox = sandbox();
    let annotations = objects(&export(&sandbox, "annotations"));
    let tagged: Vec<Value> =
        sentences(&sandbox).into_iter().filter(|sentence| !names(&sentence["labels"]).is_empty()).collect();
    assert_eq!(annotations.len(), tagged.len());
    let points: Vec<char> = ARTICLE.chars().collect();
    for (annotation, sentence) in annotations.iter().zip(&tagged) {
        assert_eq!(annotation["type"], "Annotation");
        let bodies: Vec<&Value> =
            annotation["body"].as_array().unwrap().iter().map(|body| &body["value"]).collect();
        assert_eq!(json!(bodies), sentence["labels"]);
        assert_eq!(annotation["target"]["source"], "news.txt");
        let [quote, position] = [0, 1].map(|index| &annotation["target"]["selector"][index]);
        let (start, end) =
            (position["start"].as_u64().unwrap() as usize, position["end"].as_u64().unwrap() as usize);
        let exact: String = points[start..end].iter().collect();
        assert_eq!(quote["exact"], exact);
        let around =
            format!("{}{exact}{}", quote["prefix"].as_str().unwrap(), quote["suffix"].as_str().unwrap());
        assert_eq!(ARTICLE.matches(&around).count(), 1, "{around}");
    }
    assert_eq!(export(&sandbox, "annotations"), export(&sandbox, "annotations"));
}

#[test]
fn annotations_of_a_page_have_no_positions() {
    let page = "<html><body><article><h1>Talks</h1><p>Velmora accused Tarsk of shelling the border village on Monday, \
        and Tarsk denied it at once.</p></article></body></html>";
    let sandbox = Sandbox::new(&[("page.html", page.as_bytes())]);
    let output = sandbox.rhetor("classify page.html --fast --threshold 0.05 --format annotations").done();
    let annotations = objects(&output);
    assert!(!annotations.is_empty());
    for annotation in annotations {
        assert_eq!(annotation["target"]["selector"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn every_export_of_nothing_is_empty_but_whole() {
    let sandbox = Sandbox::new(&[("feed.jsonl", b"{\"text\": \"Share\"}\n{\"text\": \"It rained.\"}\n")]);
    for format in ["doccano", "prodigy", "spacy", "fasttext", "annotations", "label-studio"] {
        let some = sandbox.rhetor(&format!("classify feed.jsonl --fast --format {format}")).done();
        let only =
            sandbox.rhetor(&format!("classify feed.jsonl --fast --only threat --format {format}")).done();
        if format == "label-studio" {
            for output in [some, only] {
                assert_eq!(serde_json::from_str::<Vec<Value>>(&output).unwrap().len(), 2);
            }
        } else {
            assert_eq!((some.is_empty(), only.as_str()), (format == "annotations", ""), "{format}");
        }
    }
}
