//! `rhetor evaluate`: the report, the floor, the wrong rows, the comparison.

use crate::support::{Sandbox, repository, small_model};
use serde_json::Value;
use std::fs;

/// Labelled rows; the last one is labelled against all appearance.
const LABELLED: &[u8] = b"text,label,id,doc\n\
    Velmora accused Tarsk of theft.,accusation,r1,a\n\
    The envoy denied that he had lied.,denial,r2,a\n\
    The mayor urged residents to stay at home.,appeal,r3,b\n\
    The talks will resume on Monday.,threat,r4,c\n";

fn labelled() -> Sandbox {
    Sandbox::new(&[("labelled.csv", LABELLED), ("small.safetensors", small_model())])
}

#[test]
fn the_report_keeps_its_contract() {
    let report: Value =
        serde_json::from_str(&labelled().rhetor("evaluate labelled.csv --format json").done()).unwrap();
    assert_eq!(report["schema"], "rhetor.report/1");
    assert!(report["model"].as_str().unwrap().starts_with("default "));
    assert_eq!((&report["data"][0]["path"], &report["data"][0]["rows"]), (&"labelled.csv".into(), &4.into()));
    assert_eq!(report["data"][0]["sha256"].as_str().unwrap().len(), 64);
    let figures = [
        "precision",
        "recall",
        "f1",
        "average_precision",
        "support",
        "predicted",
        "threshold",
        "brier",
        "ece",
        "f1_interval",
    ];
    for label in ["accusation", "threat", "denial", "appeal"] {
        assert_eq!(report["labels"][label]["support"], 1);
        assert!(figures.iter().all(|figure| report["labels"][label].get(figure).is_some()), "{report}");
    }
    for figure in ["precision", "recall", "f1", "average_precision", "ece", "brier", "f1_interval"] {
        assert!(report["macro"].get(figure).is_some(), "{figure}");
    }
    assert!(report["micro"]["f1"].is_number() && report["exact_match"].is_number());
    assert!(report["baselines"]["majority"].is_object() && report["baselines"]["keyword"].is_object());
    assert_eq!(report["labels"]["threat"]["recall"], 0.0);
}

#[test]
fn an_undefined_figure_is_null() {
    let sandbox =
        Sandbox::new(&[("a.csv", b"text,label\nIt rained.,none\nHe denied that he lied.,denial\n")]);
    let report: Value = serde_json::from_str(&sandbox.rhetor("evaluate a.csv -f json").done()).unwrap();
    assert_eq!(report["labels"]["threat"]["support"], 0);
    assert!(
        report["labels"]["threat"]["recall"].is_null()
            && report["labels"]["threat"]["average_precision"].is_null()
    );
}

#[test]
fn the_text_has_slices_and_pairs_only_where_there_are_some() {
    let plain = labelled().rhetor("evaluate labelled.csv").done();
    assert!(!plain.contains("pairs") && !plain.contains("F1 by domain"), "{plain}");
    let sandbox = Sandbox::new(&[(
        "sliced.csv",
        b"text,labels,domain,form\n\
        Velmora accused Tarsk of theft.,accusation,war,reported\n\
        \"You lied, so pay or we strike.\",accusation|threat,war,reported\n\
        The talks will resume on Monday.,none,local,reported\n",
    )]);
    let text = sandbox.rhetor("evaluate sliced.csv -m lexical").done();
    let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap_or_default();
    assert!(
        text.contains("\nF1 by domain\n") && text.contains("\nF1 by length\n") == text.contains("11 to 20")
    );
    assert!(!text.contains("F1 by form"), "one form is all rows again: {text}");
    let figures = |start: &str| line(start).split_whitespace().skip(1).map(String::from).collect::<Vec<_>>();
    assert_eq!((&*figures("war")[0], &*figures("local")[0]), ("2", "1"), "{text}");
    assert!(line("accusation + threat").split_whitespace().nth(3) == Some("1"), "{text}");
}

#[test]
fn the_report_is_the_same_each_time_and_can_be_written() {
    let sandbox = labelled();
    let text = sandbox.rhetor("evaluate labelled.csv").done();
    assert!(text.contains("accusation") && text.contains("macro") && !text.contains('\u{1b}'), "{text}");
    assert_eq!(text, sandbox.rhetor("evaluate labelled.csv").done());
    assert_eq!(sandbox.rhetor("evaluate labelled.csv -f json -o report.json").done(), "");
    assert_eq!(sandbox.read("report.json"), sandbox.rhetor("evaluate labelled.csv -f json").done());
    assert_eq!(sandbox.rhetor("evaluate labelled.csv -o report.txt").done(), "");
    assert!(sandbox.read("report.txt").contains("accusation"));
}

#[test]
fn the_floor_decides_the_exit_code() {
    let sandbox = labelled();
    assert!(!sandbox.rhetor("evaluate labelled.csv --min-macro-f1 0.1").done().is_empty());
    let run = sandbox.rhetor("evaluate labelled.csv --min-macro-f1 0.99");
    let report = run.complains(1, &[&["macro F1 is 0.", "below the floor of 0.99"]]);
    assert!(report.contains("accusation"), "the report is written all the same");
}

#[test]
fn wrong_rows_are_written_worst_first() {
    let sandbox = labelled();
    sandbox.rhetor("evaluate labelled.csv --errors wrong.csv").done();
    let mut reader = csv::Reader::from_path(sandbox.path("wrong.csv")).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    assert_eq!(header[..6], ["file", "line", "id", "gold", "predicted", "wrong"]);
    assert_eq!(header[6..], ["p_accusation", "p_threat", "p_denial", "p_appeal", "text"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    let last = rows.iter().find(|row| &row[2] == "r4").expect("the row labelled against all appearance");
    assert_eq!((&last[0], &last[1], &last[3]), ("labelled.csv", "5", "threat"));
    assert!(last[5].contains("threat"));
    assert!(rows.iter().all(|row| row[3] != row[4]));
}

#[test]
fn two_models_are_compared() {
    let sandbox = labelled();
    let text = sandbox.rhetor("evaluate labelled.csv --compare small.safetensors").done();
    assert!(text.contains("default ") && text.contains("golden 2026-01-01 "), "{text}");
    let run =
        sandbox.rhetor("evaluate labelled.csv -m small.safetensors --compare small.safetensors -f json");
    let comparison: Value = serde_json::from_str(&run.done()).unwrap();
    assert_eq!((&comparison["schema"], &comparison["rows"]), (&"rhetor.comparison/1".into(), &4.into()));
    assert_eq!(comparison["model"], comparison["other"]);
    assert_eq!(comparison["macro"]["f1"]["difference"], 0.0);
}

#[test]
fn models_of_other_labels_are_not_compared() {
    let sandbox = labelled();
    let data =
        fs::read_to_string(repository("tests/golden/train.csv")).unwrap().replace(",threat", ",menace");
    sandbox.write("other.csv", data.as_bytes());
    assert_eq!(sandbox.train("other.csv --features lexical -o other.safetensors --folds 2").code, Some(0));
    let run = sandbox.rhetor("evaluate labelled.csv --compare other.safetensors");
    run.refuses(&[
        "other.safetensors: has the labels accusation, appeal, denial, menace",
        "accusation, threat, denial, appeal",
    ]);
    assert_eq!(sandbox.rhetor("evaluate other.csv -m other.safetensors --min-macro-f1 0.9").code, Some(0));
}

#[test]
fn bad_data_is_refused_with_every_place() {
    let sandbox = Sandbox::new(&[
        ("a.csv", b"text,label\nIt rained.,none\n,denial\nIt snowed.,praise\n"),
        ("columns.csv", b"sentence,act\nIt rained.,none\n"),
        ("empty.csv", b""),
        ("folder/x.png", b""),
    ]);
    let run = sandbox.rhetor("evaluate a.csv --errors wrong.csv -o report.txt");
    assert_eq!(run.complains(2, &[&["a.csv:3:1: ", "blank"], &["a.csv:4:2: ", "praise"]]), "");
    sandbox.rhetor("evaluate columns.csv").complains(
        2,
        &[&["columns.csv:1", "`text`", "--text-column"], &["`label` or `labels`", "--label-column"]],
    );
    sandbox.rhetor("evaluate columns.csv --text-column sentence --label-column act").done();
    sandbox.rhetor("evaluate empty.csv").refuses(&["empty.csv: found an empty file"]);
    sandbox.rhetor("evaluate none.csv").refuses(&["none.csv: cannot open: No such file", "check the path"]);
    assert_eq!(sandbox.rhetor("evaluate folder").code, Some(2));
    assert_eq!(sandbox.names(), ["a.csv", "columns.csv", "empty.csv", "folder"]);
}

#[test]
fn the_annotated_articles_can_be_evaluated() {
    let sandbox = Sandbox::new(&[]);
    let folder = repository("data/articles");
    let report = sandbox.rhetor(&format!("evaluate {} --min-macro-f1 0.3", folder.display())).done();
    assert!(report.contains("macro"));
}

#[test]
fn outputs_spare_the_input_and_each_other() {
    let sandbox = labelled();
    let names = sandbox.names();
    for (arguments, said) in [
        ("--errors labelled.csv", "--errors: found labelled.csv; expected another file than the input"),
        ("--errors a -o a", "--errors: found a; expected another file than --output"),
        ("-o none/report.html", "none/report.html"),
    ] {
        let run = sandbox.rhetor(&format!("evaluate labelled.csv --model lexical {arguments}"));
        run.refuses(&[said]);
    }
    assert_eq!(sandbox.names(), names);
    assert_eq!(sandbox.read("labelled.csv").as_bytes(), LABELLED);
}

#[test]
fn rows_without_an_answer_are_counted() {
    let queue = b"text,labels,suggested\nHe denied it.,denial,denial\nIt rained.,,none\n";
    let sandbox = Sandbox::new(&[("queue.csv", queue), ("m.safetensors", small_model())]);
    let run = sandbox.rhetor("evaluate queue.csv -m m.safetensors -f json");
    let report: Value =
        serde_json::from_str(run.complains(0, &[&["queue.csv: 1 text(s) not labelled yet are passed over"]]))
            .unwrap();
    assert_eq!(report["rows"], 1);
}
