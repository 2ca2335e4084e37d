//! `rhetor review`: a queue that a person fills in and `rhetor-train` reads.

use crate::support::Sandbox;
use rhetor::{Dataset, ReadOptions};

/// Sentences of which some are alike, and one repeats.
const FEED: &str = "The minister accused the union of lying. The minister accused the union of lying. It rained. \
    The minister accused the unions of lying. “We will strike,” the union said. Officials dismissed the report. \
    The party called for calm. Rebels vowed to march on the capital.";

fn sandbox() -> Sandbox {
    Sandbox::new(&[("feed.txt", FEED.as_bytes()), ("more.txt", b"Nobody came. The mayor denied it.")])
}

/// The records of a CSV file, the header first.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(String::from).collect()).collect()
}

#[test]
fn the_queue_is_the_same_each_time_and_repeats_nothing() {
    let sandbox = sandbox();
    let queue = sandbox.rhetor("review feed.txt more.txt --fast --count 5").done();
    assert_eq!(
        queue,
        sandbox.rhetor("review feed.txt more.txt --fast -n 5 -o queue.csv").done()
            + &sandbox.read("queue.csv")
    );
    let records = records(&queue);
    assert_eq!(records.len(), 6);
    assert!(queue.starts_with('\u{feff}'), "Excel needs the mark");
    assert_eq!(
        records[0].join(","),
        "text,labels,suggested,unsure,p_accusation,p_threat,p_denial,p_appeal,doc,before,after"
    );
    let all = sandbox.rhetor("review feed.txt more.txt --fast --count 100").done();
    let mut texts: Vec<String> =
        self::records(&all).into_iter().skip(1).map(|mut record| record.remove(0)).collect();
    // Of ten, one repeats another, and one differs only in a word that the model does not know.
    assert_eq!(texts.len(), 8, "{texts:?}");
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 8);
}

#[test]
fn neighbours_are_of_the_same_article() {
    let records = records(&sandbox().rhetor("review feed.txt more.txt --fast --count 100").done());
    let row = |text: &str| records.iter().find(|record| record[0] == text).unwrap()[8..].join(" / ");
    assert_eq!(row("Nobody came."), "more.txt /  / The mayor denied it.");
    assert_eq!(row("The mayor denied it."), "more.txt / Nobody came. / ");
    assert_eq!(
        row("The party called for calm."),
        "feed.txt / Officials dismissed the report. / Rebels vowed to march on the capital."
    );
}

#[test]
fn a_filled_queue_is_training_data_and_is_not_asked_for_again() {
    let sandbox = sandbox();
    sandbox.rhetor("review feed.txt more.txt --fast --count 4 --output queue.csv").done();
    let mut records = records(&sandbox.read("queue.csv"));
    for (index, record) in records.iter_mut().skip(1).enumerate() {
        record[1] = ["accusation", "none", "threat|denial", ""][index].into();
    }
    let mut filled = csv::Writer::from_writer(Vec::new());
    records.iter().for_each(|record| filled.write_record(record).unwrap());
    sandbox.write("filled.csv", &filled.into_inner().unwrap());
    let options = ReadOptions { require_positives: false, ..ReadOptions::default() };
    let dataset = Dataset::read(&[sandbox.path("filled.csv")], &options).unwrap();
    let labels: Vec<String> = dataset.rows.iter().map(|row| dataset.labels.format(&row.tags)).collect();
    assert_eq!(labels, ["accusation", "none", "denial|threat"]);
    assert!(dataset.rows.iter().all(|row| row.doc.is_some()));
    assert_eq!(dataset.files[0].unanswered, 1);

    let next = self::records(&sandbox.rhetor("review feed.txt more.txt --fast --labelled filled.csv").done());
    let asked = |text: &String| next.iter().any(|record| record[0] == *text);
    assert!(next.len() > 4);
    assert!(dataset.rows.iter().all(|row| !asked(&row.text)) && asked(&records[4][0]));
}

#[test]
fn bad_articles_are_named_and_passed_over() {
    let sandbox = sandbox();
    let run = sandbox.rhetor("review more.txt missing.txt --fast");
    run.complains(1, &[&["missing.txt: cannot open"]]);
    let run = sandbox.rhetor("review missing.txt --fast");
    run.complains(2, &[&["missing.txt: cannot open"], &["nothing to read"]]);
}

#[test]
fn texts_labelled_with_nothing_or_in_two_ways_are_known() {
    let sandbox = sandbox();
    sandbox.write("none.csv", b"text,labels\nNobody came.,none\n");
    sandbox.write("two.csv", b"text,labels\nThe mayor denied it.,denial\nThe mayor denied it.,none\n");
    let queue = sandbox.rhetor("review more.txt --fast --labelled none.csv two.csv").done();
    assert_eq!(records(&queue).len(), 1, "only the header: {queue}");
}

#[test]
fn the_queue_replaces_no_input_and_no_queue_among_them() {
    let sandbox = sandbox();
    sandbox.write("labelled.csv", b"text,labels\nIt rained.,none\n");
    let run = sandbox.rhetor("review feed.txt --fast --labelled labelled.csv -o labelled.csv");
    run.refuses(&["--output: found labelled.csv; expected another file than the input labelled.csv"]);
    sandbox.write("art/more.txt", b"Nobody came. The mayor denied it.");
    sandbox.rhetor("review art --fast -o art/queue.csv").done();
    // By now it may bear answers.
    let again = sandbox.rhetor("review art --fast -o art/queue.csv");
    again.refuses(&["--output: found art/queue.csv; expected another file than one to be read in art"]);
}
