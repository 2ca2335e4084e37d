//! `rhetor dyads`: who does what to whom, counted over articles.

use crate::support::Sandbox;
use serde_json::Value;

/// Two articles with the same dyad in both, twice in the second.
const FEED: &str = concat!(
    r#"{"id": "a1", "text": "It is cold. Velmora accused Tarsk of shelling the port."}"#,
    "\n",
    r#"{"id": "b2", "text": "It is cold. Velmora accused Tarsk of theft. On Monday Velmora accused Tarsk of arson."}"#,
    "\n"
);

/// Every sentence bears the label accusation, whatever the model says.
const ALL_ACCUSE: &str = "--fast --threshold 1,accusation=0";

fn feed() -> Sandbox {
    Sandbox::new(&[("feed.jsonl", FEED.as_bytes())])
}

fn table(sandbox: &Sandbox, arguments: &str) -> Vec<Vec<String>> {
    let output = sandbox.rhetor(&format!("dyads feed.jsonl {ALL_ACCUSE} {arguments}")).done();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(output.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(String::from).collect()).collect()
}

#[test]
fn csv_has_a_line_for_each_dyad_with_codes_and_articles() {
    let rows = table(&feed(), "--format csv");
    assert_eq!(rows[0].join(","), "source,target,label,cameo,plover,count,probability,articles");
    assert_eq!(rows[1][..6], ["Velmora", "Tarsk", "accusation", "112", "ACCUSE", "3"]);
    assert_eq!(rows[1][7], "a1|b2");
    assert!(rows[2..].iter().all(|row| row[0].is_empty() && row[1].is_empty()), "{rows:?}");
}

#[test]
fn articles_with_the_same_id_are_two() {
    let numbered = |text: &str| format!("{{\"id\": 1, \"text\": \"It is cold. {text}\"}}\n");
    let (one, two) =
        (numbered("Velmora accused Tarsk of theft."), numbered("Velmora accused Tarsk of arson."));
    let sandbox = Sandbox::new(&[("a.jsonl", one.as_bytes()), ("b.jsonl", two.as_bytes())]);
    let output = sandbox.rhetor(&format!("dyads a.jsonl b.jsonl {ALL_ACCUSE} -f json"));
    let whole: Value = serde_json::from_str(&output.done()).unwrap();
    assert_eq!(whole["dyads"][0]["articles"], serde_json::json!(["1", "b.jsonl:1"]));
}

#[test]
fn json_has_the_same_with_null_for_the_unknown() {
    let output = feed().rhetor(&format!("dyads feed.jsonl {ALL_ACCUSE} -f json")).done();
    let whole: Value = serde_json::from_str(&output).unwrap();
    assert_eq!((&whole["schema"], &whole["articles"]), (&"rhetor.dyads/1".into(), &2.into()));
    let [known, unknown] = &whole["dyads"].as_array().unwrap()[..] else { panic!("{output}") };
    assert_eq!((&known["source"], &known["count"]), (&"Velmora".into(), &3.into()));
    assert_eq!(known["articles"], serde_json::json!(["a1", "b2"]));
    assert_eq!((&unknown["source"], &unknown["target"]), (&Value::Null, &Value::Null));
    assert_eq!(unknown["count"], 2);
}

#[test]
fn tables_are_aligned_and_fit() {
    let output = feed().rhetor(&format!("dyads feed.jsonl {ALL_ACCUSE} --format table")).done();
    let lines: Vec<&str> = output.lines().collect();
    let column = lines[0].find("Target").unwrap();
    assert!(lines[1][column..].starts_with("Tarsk"), "{output}");
    assert!(lines[2].trim_start().starts_with('?'), "{output}");
    assert_eq!(lines.last(), Some(&"5 statements in 2 articles"));
}

#[test]
fn only_what_is_probable_enough_is_counted() {
    let rows = table(&feed(), "--min-probability 1");
    assert_eq!(rows.len(), 1, "{rows:?}");
    for number in ["2", "x", "-0.1"] {
        let run = feed().rhetor(&format!("dyads feed.jsonl --min-probability={number}"));
        assert_eq!(run.code, Some(2), "{number}");
        assert!(run.stderr.contains("from 0 to 1"), "{}", run.stderr);
    }
}

#[test]
fn the_outputs_name_says_its_format_and_bad_records_are_named() {
    let sandbox = feed();
    sandbox.rhetor(&format!("dyads feed.jsonl {ALL_ACCUSE} -o d.json")).done();
    assert!(sandbox.read("d.json").starts_with("{\n"));
    sandbox.rhetor(&format!("dyads feed.jsonl {ALL_ACCUSE} -o d.txt")).done();
    assert!(sandbox.read("d.txt").contains("statements in 2 articles"));
    sandbox.write("bad.jsonl", format!("{FEED}{{\"id\": 3}}\n").as_bytes());
    let run = sandbox.rhetor("dyads bad.jsonl --fast");
    assert!(run.complains(1, &[&["bad.jsonl:3"]]).starts_with("source,target,"));
    sandbox.rhetor("dyads missing.txt -o no/d.csv").refuses(&["no/d.csv"]);
}

#[test]
fn statements_are_in_json_and_csv() {
    let sandbox = feed();
    let lines = sandbox.rhetor(&format!("classify feed.jsonl {ALL_ACCUSE}")).done();
    let article: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let statement = &article["sentences"][1]["statements"][0];
    assert_eq!(statement["label"], "accusation");
    let source = &article["attributions"][statement["source"].as_u64().unwrap() as usize]["source"];
    assert_eq!(source["text"], "Velmora");
    let [start, end] = ["start", "end"].map(|key| statement["target"][key].as_u64().unwrap() as usize);
    let text = "It is cold. Velmora accused Tarsk of shelling the port.";
    assert_eq!(&text[start..end], "Tarsk");
    for key in ["text", "name"] {
        assert_eq!(statement["target"][key], "Tarsk");
    }
    let csv = sandbox.rhetor(&format!("classify feed.jsonl {ALL_ACCUSE} --format csv")).done();
    assert!(csv.lines().next().unwrap().ends_with(",speaker,target,cameo,plover"));
    assert!(csv.lines().nth(2).unwrap().ends_with(",Velmora,Tarsk,112,ACCUSE"), "{csv}");
}
