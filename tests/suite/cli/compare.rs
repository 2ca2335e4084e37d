//! `rhetor evaluate --compare` and `--predictions`.

use crate::support::{Sandbox, repository, small_model};
use dom_query::Document;
use serde_json::Value;

const LABELLED: &[u8] = b"text,label,id,doc\n\
    Velmora accused Tarsk of theft.,accusation,r1,a\n\
    The envoy denied that he had lied.,denial,r2,a\n\
    The mayor urged residents to stay at home.,appeal,r3,b\n\
    The talks will resume on Monday.,threat,r4,c\n";
/// Right throughout, but in another order.
const THEIRS: &[u8] = b"id,p_threat,appeal,denial,accusation\n\
    r4,1,0,0,0\nr3,0,0.9,0,0.2\nr1,0,0,0,1\nr2,0,0,0.5,0\n";

fn sandbox(theirs: &[u8]) -> Sandbox {
    Sandbox::new(&[("labelled.csv", LABELLED), ("theirs.csv", theirs), ("m.safetensors", small_model())])
}

fn compared(sandbox: &Sandbox, arguments: &str) -> Value {
    let output = sandbox.rhetor(&format!("evaluate labelled.csv -m m.safetensors {arguments} -f json"));
    serde_json::from_str(&output.done()).unwrap()
}

#[test]
fn predictions_are_matched_by_id() {
    let comparison = compared(&sandbox(THEIRS), "--predictions theirs.csv");
    assert_eq!(comparison["other"], "theirs.csv");
    for label in ["accusation", "threat", "denial", "appeal"] {
        for figure in ["f1", "precision", "recall", "average_precision"] {
            assert_eq!(comparison["labels"][label][figure]["other"], 1.0, "{label} {figure}");
        }
    }
}

#[test]
fn predictions_without_ids_are_matched_by_row_and_text() {
    let rows = b"text,accusation,threat,denial,appeal\n\
        Velmora accused Tarsk of theft.,1,0,0,0\nThe envoy denied that he had lied.,1,0,0,0\n\
        The mayor urged residents to stay at home.,0,0,0,1\nThe talks will resume on Monday.,0,1,0,0\n";
    let comparison = compared(&sandbox(rows), "--predictions theirs.csv");
    assert_eq!(comparison["labels"]["accusation"]["precision"]["other"], 0.5);
    assert_eq!(comparison["labels"]["denial"]["recall"]["other"], 0.0);
    let swapped = String::from_utf8(rows.to_vec()).unwrap().replace("The talks will", "The talks would");
    let run =
        sandbox(swapped.as_bytes()).rhetor("evaluate labelled.csv -m m.safetensors --predictions theirs.csv");
    run.refuses(&["theirs.csv:5: ", "The talks would", "labelled.csv:5", "column `id`"]);
}

#[test]
fn bad_predictions_are_refused_with_their_places() {
    let refuses = |theirs: &[u8], parts: &[&str]| {
        sandbox(theirs)
            .rhetor("evaluate labelled.csv -m m.safetensors --predictions theirs.csv")
            .refuses(parts);
    };
    refuses(b"id,accusation,threat,denial\nr1,1,0,0\n", &["theirs.csv:1: ", "`appeal` or `p_appeal`"]);
    refuses(
        b"id,accusation,threat,denial,appeal\nr1,1,0,0,0\nr2,0,0,1.5,0\nr3,0,0,0,1\nr4,0,0,0,0\n",
        &["theirs.csv:3:4: ", "1.5", "a probability from 0 to 1"],
    );
    refuses(
        b"\xef\xbb\xbfid,accusation,threat,denial,appeal\r\nr1,1,0,0,0\r\n\r\nr2,0,0,no,0\r\nr3,0,0,0,1\r\nr4,0,0,0,0\r\n",
        &["theirs.csv:4:4: ", "no", "a probability from 0 to 1"],
    );
    refuses(b"accusation,threat,denial,appeal\n\"1,0,0,0\n", &["theirs.csv:2:1: ", "never closed"]);
    refuses(
        b"id,accusation,threat,denial,appeal\nr1,1,0,0,0\nr2,0,0,1,0\nr3,0,0,0,1\n",
        &["theirs.csv: found no row with the id \"r4\""],
    );
    refuses(b"accusation,threat,denial,appeal\n1,0,0,0\n", &["theirs.csv: found 1 row(s); expected 4"]);
    refuses(b"accusation,threat,denial,appeal\n1,0,0\n", &["theirs.csv:2: ", "3 field(s) instead of 4"]);
    refuses(b"accusation,threat,denial,appeal\n1,0,\xff,0\n", &["theirs.csv:2:3: ", "not UTF-8"]);
    let twice = sandbox(THEIRS);
    twice.write(
        "labelled.csv",
        String::from_utf8(LABELLED.to_vec()).unwrap().replace(",r2,", ",r1,").as_bytes(),
    );
    twice
        .rhetor("evaluate labelled.csv -m m.safetensors --predictions theirs.csv")
        .refuses(&["theirs.csv: found the id \"r1\" in two rows of the data", "number the rows through"]);
    sandbox(THEIRS).rhetor("evaluate labelled.csv --predictions no.csv").refuses(&["no.csv: cannot read"]);
}

#[test]
fn labels_may_stand_in_another_order() {
    let sandbox = sandbox(THEIRS);
    let data = repository("tests/golden/train.csv");
    let train = format!("{} --features lexical --folds 6 --ngrams 400", data.display());
    let same =
        sandbox.train(&format!("{train} -o turned.safetensors --labels appeal,denial,threat,accusation"));
    assert_eq!(same.code, Some(0), "{}", same.stderr);
    let own = compared(&sandbox, "--compare m.safetensors");
    let output =
        sandbox.rhetor("evaluate labelled.csv -m turned.safetensors --compare m.safetensors -f json").done();
    let turned: Value = serde_json::from_str(&output).unwrap();
    let order: Vec<&String> = turned["labels"].as_object().unwrap().keys().collect();
    assert_eq!(order, ["appeal", "denial", "threat", "accusation"]);
    for label in order {
        for figure in ["f1", "average_precision"] {
            let [turned, own] =
                [&turned, &own].map(|comparison| &comparison["labels"][label][figure]["other"]);
            assert_eq!(turned, own, "{label} {figure}");
        }
    }
}

#[test]
fn a_comparison_page_has_the_figures_of_the_json() {
    let sandbox = sandbox(THEIRS);
    let comparison = compared(&sandbox, "--predictions theirs.csv");
    sandbox.rhetor("evaluate labelled.csv -m m.safetensors --predictions theirs.csv -o c.html").done();
    let document = Document::from(sandbox.read("c.html").as_str());
    let values: Vec<f64> = document
        .select("[data-row='F1 accusation'] data")
        .iter()
        .map(|data| data.attr("value").unwrap().parse().unwrap())
        .collect();
    let f1 = &comparison["labels"]["accusation"]["f1"];
    let expected: Vec<f64> =
        ["model", "other", "difference", "p"].iter().filter_map(|field| f1[*field].as_f64()).collect();
    assert!(expected.len() >= 3);
    assert_eq!(values, expected);
    assert_eq!(document.select("svg").length(), 4);
}

#[test]
fn means_are_over_the_labels_that_both_have() {
    // The last row makes the model's threats one false tag, of which the other tool has none: F1 0 here, undefined there.
    let data = b"text,label,id\nVelmora accused Tarsk of theft.,accusation,r1\n\
        The envoy accused the mayor of fraud.,accusation,r2\nThey threatened to attack Tarsk.,none,r3\n";
    let theirs = b"id,accusation,threat,denial,appeal\nr1,1,0,0,0\nr2,0,0,0,0\nr3,0,0,0,0\n";
    let sandbox = Sandbox::new(&[("labelled.csv", data), ("theirs.csv", theirs)]);
    let output = sandbox.rhetor("evaluate labelled.csv -m lexical --predictions theirs.csv -f json").done();
    let comparison: Value = serde_json::from_str(&output).unwrap();
    let f1 = |of: &Value| [of["f1"]["model"].as_f64(), of["f1"]["other"].as_f64()];
    assert_eq!(f1(&comparison["labels"]["threat"]), [Some(0.0), None]);
    assert_eq!(f1(&comparison["macro"]), f1(&comparison["labels"]["accusation"]));
}
