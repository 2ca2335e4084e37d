//! `rhetor-train`: the model, its companions, the checks and the split.

use crate::support::{LABELS, SMALL_MODEL, Sandbox, repository, small_model};
use serde_json::Value;
use std::fs;

fn data() -> Sandbox {
    Sandbox::new(&[("train.csv", &fs::read(repository("tests/golden/train.csv")).unwrap())])
}

#[test]
fn a_model_comes_with_its_report_and_its_card() {
    let sandbox = data();
    let run = sandbox.train(&format!(
        "train.csv --features lexical -o m.safetensors --labels {LABELS} --report r.json --card m.md --ngrams 100 --folds 2 --name small --seed 3"
    ));
    let text = run.done();
    assert!(text.contains("macro") && text.trim_end().ends_with("written to m.safetensors"), "{text}");
    let report: Value = serde_json::from_str(&sandbox.read("r.json")).unwrap();
    assert_eq!((&report["schema"], &report["data"][0]["rows"]), (&"rhetor.report/1".into(), &60.into()));
    let card = sandbox.read("m.md");
    let identity = report["model"].as_str().unwrap();
    assert!(card.starts_with("# Model card: small\n") && card.contains(identity), "{card}");
    assert!(card.contains("seed 3") && card.contains("60 sentences, SHA-256 "), "{card}");
    assert_eq!(sandbox.names(), ["m.md", "m.safetensors", "r.json", "train.csv"]);
}

#[test]
fn threads_do_not_change_the_model() {
    let sandbox = data();
    let arguments = format!("train.csv {SMALL_MODEL}");
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_rhetor-train"), &arguments);
    assert!(command.env("RAYON_NUM_THREADS", "1").output().unwrap().status.success());
    assert_eq!(fs::read(sandbox.path("golden.safetensors")).unwrap(), small_model());
}

#[test]
fn an_output_that_cannot_be_written_is_said_before_the_work() {
    let sandbox = data();
    sandbox
        .train("train.csv --features lexical -o no/m.safetensors")
        .refuses(&["no/m.safetensors: cannot create: ", "check the path"]);
    sandbox
        .train("train.csv --features lexical -o m --report no/r.json")
        .refuses(&["no/r.json: cannot create: "]);
    sandbox
        .train("train.csv --features lexical -o m --card train.csv/x")
        .refuses(&["train.csv/x: cannot create: "]);
    assert_eq!(sandbox.names(), ["train.csv"]);
}

#[test]
fn data_that_cannot_teach_are_refused() {
    let sandbox = data();
    sandbox.write(
        "rare.csv",
        b"text,label\nOne came.,a\nTwo went home.,b\nThree of them slept.,b\nIt rained.,b\n",
    );
    sandbox.train("rare.csv --features lexical -o m --folds 2").refuses(&[
        "cannot fit label \"a\"",
        "in one fold",
        "give more rows",
    ]);
    sandbox.write(
        "all.csv",
        b"text,label\nFour came.,a\nFive went home.,a|b\nSix of them slept.,a\nIt snowed.,a|b\n",
    );
    sandbox
        .train("all.csv --features lexical -o m --calibrate rare.csv --folds 2")
        .refuses(&["cannot fit label \"a\"", "there is no row without it to train on"]);
    sandbox.train("train.csv --features lexical -o m --labels threat").complains(
        2,
        &[&["train.csv:2:2", "accusation"] as &[&str]; 20]
            .into_iter()
            .enumerate()
            .map(|(i, line)| if i == 0 { line } else { &["train.csv:", "expected"] as &[&str] })
            .chain([&["more of the kind"] as &[&str]])
            .collect::<Vec<_>>(),
    );
    sandbox
        .train("train.csv --features lexical -o m --folds 1")
        .refuses(&["folds: found 1; expected 2 to 60"]);
    sandbox
        .train("train.csv --features lexical -o m --date 2026-13-01")
        .refuses(&["--date: found \"2026-13-01\"", "2026-12-01"]);
    sandbox.train("train.csv --features lexical -o m --alphas 0").refuses(&["alphas: found 0"]);
    sandbox.train("train.csv --features lexical -o m --labels none").refuses(&["labels: found \"none\""]);
    assert_eq!(sandbox.train("train.csv").code, Some(2));
    assert_eq!(sandbox.names(), ["all.csv", "rare.csv", "train.csv"]);
}

#[test]
fn measuring_on_training_rows_is_said() {
    let run = data().train("train.csv --features lexical -o m --ngrams 50 --folds 2 --calibrate train.csv --card /dev/null --report /dev/null");
    run.complains(0, &[&["60 of the 60 texts of --calibrate are training rows too"]]);
}

#[test]
fn data_are_checked() {
    let sandbox = data();
    let run = sandbox.train("check train.csv");
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.stdout);
    sandbox.write("bad.csv", b"text,label\nIt rained.,a\nIt rained.,b\n");
    let run = sandbox.train("check bad.csv");
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stdout.contains("bad.csv:3"), "{}", run.stdout);
}

#[test]
fn a_blank_after_a_comma_is_no_part_of_a_label() {
    let sandbox = Sandbox::new(&[("a.csv", b"text,label\nIt rained.,a\nIt snowed.,b\n")]);
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_rhetor-train"), "convert a.csv -o b.csv --labels");
    let output = command.arg("b, a").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(sandbox.read("b.csv").contains("It rained.,a"));
}

#[test]
fn data_are_split() {
    let sandbox = data();
    let said = sandbox.train("split train.csv --share 0.2 --train a.csv --test b.csv").done();
    let rows = |name: &str| -> Vec<String> {
        let mut reader = csv::Reader::from_path(sandbox.path(name)).unwrap();
        reader.records().map(|row| row.unwrap()[0].to_string()).collect()
    };
    let (train, test) = (rows("a.csv"), rows("b.csv"));
    assert!((10..=14).contains(&test.len()), "{}", test.len());
    assert!(
        said.starts_with(&format!("{} rows to a.csv, {} rows to b.csv", train.len(), test.len())),
        "{said}"
    );
    let mut all = [train, test].concat();
    let mut original = rows("train.csv");
    all.sort();
    original.sort();
    assert_eq!(all, original);
}

#[test]
fn what_does_not_fit_together_is_refused_before_any_work() {
    let sandbox = data();
    let names = sandbox.names();
    for (arguments, said) in [
        (
            "train.csv -o m.safetensors --features lexical --fine-tune",
            "expected encoder or both with --fine-tune",
        ),
        (
            "train.csv -o m.safetensors --features lexical --encoder x",
            "expected encoder or both with --encoder",
        ),
        (
            "train.csv -o m.safetensors --fine-tune --calibrate train.csv --alphas 0",
            "alphas: found 0; expected finite numbers above 0",
        ),
        ("train.csv -o m.safetensors --fine-tune --calibrate train.csv --ngrams 0", "columns: found 0"),
        (
            "train.csv -o m.safetensors --fine-tune --calibrate train.csv --runs 0",
            "runs: found 0; expected 1 or more",
        ),
        (
            "train.csv -o m.safetensors --fine-tune --calibrate train.csv --average lexical",
            "--average: found lexical; expected a model whose encoder was fine-tuned from the same one",
        ),
        ("train.csv -o m.safetensors --fine-tune --checkpoint none/c.ck", "none"),
        (
            "split train.csv --train a.csv --test ./a.csv",
            "--test: found ./a.csv; expected another file than --train",
        ),
        (
            "train.csv --features lexical -o m --card ./m",
            "--card: found ./m; expected another file than --output",
        ),
        (
            "train.csv --features lexical -o ./train.csv",
            "--output: found ./train.csv; expected another file than the input train.csv",
        ),
        ("split train.csv --train a.csv --test train.csv", "expected another file than the input train.csv"),
        ("convert train.csv -o train.csv", "expected another file than the input train.csv"),
    ] {
        let run = sandbox.train(arguments);
        assert_eq!(run.code, Some(2), "{arguments}: {run:?}");
        assert!(run.stderr.contains(said), "{arguments}: {}", run.stderr);
    }
    assert_eq!(sandbox.names(), names);
}
