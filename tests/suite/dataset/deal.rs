//! Folds and the held-out part.

use super::{fixed, folder, read_with};
use proptest::prelude::*;
use rhetor::dataset::{Dataset, ReadOptions, clusters, folds, stratified_split};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of the given labels (bits of a, b, c), docs (0 for none) and wordings (texts of one wording are alike).
fn dataset(rows: &[(u8, u8, u8)]) -> Dataset {
    let mut data = String::from("text,labels,doc,domain\n");
    for (row, (bits, doc, wording)) in rows.iter().enumerate() {
        let labels: Vec<&str> =
            ["a", "b", "c"].into_iter().filter(|name| bits >> (name.as_bytes()[0] - b'a') & 1 == 1).collect();
        let doc = if *doc == 0 { String::new() } else { format!("d{doc}") };
        // Texts of one wording differ in a number only, which near-duplicate search takes for the same.
        let text =
            format!("{} {row}", letters(if *wording == 0 { 1000 + row } else { usize::from(*wording) }));
        data += &format!("{text},{},{doc},{}\n", labels.join("|"), ["x", "y"][row % 2]);
    }
    let options = ReadOptions { require_positives: false, ..fixed(&["a", "b", "c"]) };
    read_with("a.csv", data.as_bytes(), &options).unwrap()
}

/// A number as four words, other for every number.
fn letters(number: usize) -> String {
    (0..4)
        .map(|word| format!("{}{number:b}", ["p", "q", "r", "s"][word]).replace('0', "o").replace('1', "i"))
        .collect::<Vec<_>>()
        .join(" ")
}

fn rows() -> impl Strategy<Value = Vec<(u8, u8, u8)>> {
    prop::collection::vec((0..8u8, 0..12u8, 0..12u8), 40..160)
}

/// Asserts that rows of one document or one cluster stand in one part.
fn assert_whole(dataset: &Dataset, parts: &[usize]) {
    for groups in [dataset.groups(), clusters(&dataset.texts(), 0.8)] {
        let mut part_of = BTreeMap::new();
        for (group, part) in groups.iter().zip(parts) {
            assert_eq!(part_of.entry(group).or_insert(part), &part);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn folds_split_no_document_and_no_cluster(rows in rows(), k in 2..6usize, seed: u64) {
        let dataset = dataset(&rows);
        if let Ok(folds) = folds(&dataset, k, seed) {
            prop_assert!(folds.iter().all(|fold| *fold < k));
            prop_assert_eq!(folds.iter().collect::<BTreeSet<_>>().len(), k);
            assert_whole(&dataset, &folds);
        }
    }

    #[test]
    fn folds_of_single_rows_share_out_every_label(bits in prop::collection::vec(0..8u8, 40..160), k in 2..6usize, seed: u64) {
        let dataset = dataset(&bits.iter().map(|bits| (*bits, 0, 0)).collect::<Vec<_>>());
        let folds = folds(&dataset, k, seed).unwrap();
        for label in 0..3 {
            let count = |fold| (0..bits.len()).filter(|row| folds[*row] == fold && dataset.rows[*row].tags[label]).count();
            let counts: Vec<usize> = (0..k).map(count).collect();
            let (least, most) = (*counts.iter().min().unwrap(), *counts.iter().max().unwrap());
            prop_assert!(most - least <= 2, "label {label}: {counts:?}");
        }
    }

    #[test]
    fn a_split_is_whole_and_complete(rows in rows(), share in 0.1..0.5, seed: u64) {
        let dataset = dataset(&rows);
        if let Ok((train, test)) = stratified_split(&dataset, share, seed) {
            let mut parts = vec![0; rows.len()];
            test.iter().for_each(|row| parts[*row] = 1);
            prop_assert_eq!(train, (0..rows.len()).filter(|row| parts[*row] == 0).collect::<Vec<_>>());
            assert_whole(&dataset, &parts);
        }
    }
}

#[test]
fn a_selection_counts_its_rows_by_file() {
    let folder = folder(&[
        ("a.csv", b"text,label\nOne.,x\nTwo.,y\nThree.,y\n".as_slice()),
        ("b.csv", b"text,label\nFour.,x\n"),
    ]);
    let all = Dataset::read(&[folder.path().to_path_buf()], &ReadOptions::default()).unwrap();
    let counts = |rows: &[usize]| all.select(rows).files.iter().map(|file| file.rows).collect::<Vec<_>>();
    assert_eq!((counts(&[0, 1, 2, 3]), counts(&[2]), counts(&[3, 0])), (vec![3, 1], vec![1, 0], vec![1, 1]));
}

#[test]
fn folds_and_splits_go_by_the_seed_alone() {
    let rows: Vec<(u8, u8, u8)> = (0..200).map(|row| ((row % 8) as u8, 0, 0)).collect();
    let dataset = dataset(&rows);
    assert_eq!(folds(&dataset, 5, 7).unwrap(), folds(&dataset, 5, 7).unwrap());
    assert_ne!(folds(&dataset, 5, 7).unwrap(), folds(&dataset, 5, 8).unwrap());
    assert_eq!(stratified_split(&dataset, 0.1, 7).unwrap(), stratified_split(&dataset, 0.1, 7).unwrap());
    assert_ne!(stratified_split(&dataset, 0.1, 7).unwrap(), stratified_split(&dataset, 0.1, 8).unwrap());
}

#[test]
fn more_folds_than_documents_are_refused() {
    let dataset = dataset(&[(1, 1, 0), (1, 1, 0), (0, 2, 0), (0, 0, 0)]);
    assert!(folds(&dataset, 3, 1).is_ok());
    let error = |k| folds(&dataset, k, 1).unwrap_err().to_string();
    assert!(error(4).starts_with("folds: found 4; expected 2 to 3, the number of documents"), "{}", error(4));
    assert!(error(1).starts_with("folds: found 1; expected 2 to 3"));
    let alike = self::dataset(&[(1, 1, 0), (0, 1, 0)]);
    let error = folds(&alike, 2, 1).unwrap_err().to_string();
    assert!(error.contains("these are all of one"), "{error}");
}

#[test]
fn a_split_draws_its_share_of_every_label_in_every_domain() {
    // 50 rows of each of 8 combinations in each of 2 domains.
    let rows: Vec<(u8, u8, u8)> = (0..800).map(|row| ((row / 2 % 8) as u8, 0, 0)).collect();
    let dataset = dataset(&rows);
    let (train, test) = stratified_split(&dataset, 0.1, 3).unwrap();
    assert_eq!((train.len(), test.len()), (720, 80));
    let mut strata: BTreeMap<_, usize> = BTreeMap::new();
    for row in &test {
        *strata.entry((&dataset.rows[*row].domain, &dataset.rows[*row].tags)).or_default() += 1;
    }
    assert!(strata.len() == 16 && strata.values().all(|count| *count == 5), "{strata:?}");
}

#[test]
fn a_split_without_a_part_is_refused() {
    let dataset = dataset(&[(1, 1, 0), (1, 1, 0)]);
    for (share, start) in
        [(0.5, "share: found 0.5 of 2 rows;"), (0.0, "share: found 0;"), (f64::NAN, "share: found NaN;")]
    {
        let error = stratified_split(&dataset, share, 1).unwrap_err().to_string();
        assert!(error.starts_with(start), "{error}");
    }
}
