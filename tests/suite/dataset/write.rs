//! Rows written as CSV.

use super::{folder, read, read_with};
use proptest::prelude::*;
use rhetor::dataset::{Dataset, ReadOptions, write_csv};
use std::fs;

proptest! {
    #[test]
    fn what_is_written_reads_the_same(
        texts in prop::collection::vec("[ -~é\n\"]{0,12}[a-z]", 1..12),
        extra in prop::collection::vec("[ -~\n]{0,6}", 12),
    ) {
        let lines: Vec<String> = texts.iter().enumerate().zip(&extra).map(|((row, text), extra)| {
            serde_json::json!({"text": text, "labels": "b|a", "by": extra, "id": row, "domain": "x"}).to_string()
        }).collect();
        let dataset = read("a.jsonl", &lines.join("\n"));
        let folder = folder(&[]);
        let path = folder.path().join("b.csv");
        write_csv(&dataset, &(0..texts.len()).collect::<Vec<_>>(), &path).unwrap();
        let again = Dataset::read(&[path], &ReadOptions::default()).unwrap();
        prop_assert_eq!(again.hash(), dataset.hash());
        for (row, other) in dataset.rows.iter().zip(&again.rows) {
            prop_assert_eq!((&row.extra, &row.id, &row.domain), (&other.extra, &other.id, &other.domain));
        }
    }
}

#[test]
fn columns_that_would_clash_are_not_written() {
    let options = ReadOptions { label_column: Some("gold".into()), ..ReadOptions::default() };
    let dataset = read_with("a.csv", b"text,gold,label\nGo.,a,b\n", &options).unwrap();
    let folder = folder(&[]);
    let error = write_csv(&dataset, &[0], &folder.path().join("b.csv")).unwrap_err().to_string();
    assert!(error.starts_with("column: found `label` beside the one in use;"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let error = write_csv(&dataset, &[], &folder.path().join("no/b.csv")).unwrap_err().to_string();
    assert!(error.contains("no/b.csv: cannot create: "), "{error}");
}
