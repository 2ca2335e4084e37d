//! The checks of labelled data.

use super::{fixed, folder};
use rhetor::dataset::{CheckOptions, CheckReport, DataSets, Severity, check};
use tempfile::TempDir;

/// Checks a data folder with the labels accusation and threat; the report, with the folder's path left out.
fn checked(files: &[(&str, &str)]) -> (CheckReport, String) {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let folder = folder(&files);
    let report = check(&sets(&folder), &options()).unwrap();
    let text = report.to_string().replace(&format!("{}/", folder.path().display()), "");
    (report, text)
}

fn sets(folder: &TempDir) -> DataSets {
    DataSets::find(&[folder.path().to_path_buf()])
}

fn options() -> CheckOptions {
    CheckOptions { read: fixed(&["accusation", "threat"]), openings: 2, ..CheckOptions::default() }
}

/// The findings of the report as printed.
fn findings(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("error (") || line.starts_with("warning (")).collect()
}

const GOOD: &str = "text,labels,domain,form\n\
    They let the dam burst and then hid it.,accusation,local,quote\n\
    We will close the border on Friday unless they leave.,threat,war,quote\n\
    \"The river rose again on Monday, for the third time.\",none,local,narration\n\
    You burned the mill; the next fire will be yours.,accusation|threat,war,quote\n";

#[test]
fn good_data_is_counted_and_nothing_found() {
    let (report, text) = checked(&[("train/a.csv", GOOD)]);
    assert!(!report.has_errors() && report.findings().is_empty(), "{text}");
    // Words a row: 9, 10, 10, 10.
    let expected = "\
file          rows  accusation  threat  none  none %  words ¼   ½   ¾
train/a.csv      4           2       2     1    25.0        9  10  10
all of train     4           2       2     1    25.0        9  10  10

domain        rows  accusation  threat  none  none %  words ¼   ½   ¾
train: local     2           1       0     1    50.0        9   9  10
train: war       2           1       2     0     0.0       10  10  10

form              rows  accusation  threat  none  none %  words ¼   ½   ¾
train: narration     1           0       0     1   100.0       10  10  10
train: quote         3           2       2     0     0.0        9  10  10

duplicates    exact  near
within train      0     0

errors: 0, warnings: 0";
    assert_eq!(text, expected);
}

#[test]
fn a_text_in_two_sets_is_a_leak() {
    let leak = "text,label\nThey let the dam burst and then hid it.,accusation\n\
                “We will close the border on Friday unless they leave!”,threat\n";
    for set in ["test", "articles"] {
        let (report, text) = checked(&[("train/a.csv", GOOD), (&format!("{set}/b.csv"), leak)]);
        assert!(report.has_errors());
        let expected = [
            format!(
                "error (leaks): {set}/b.csv:2:1: found the text of train/a.csv:2:1 again; expected no text in two sets; rewrite or delete one of them"
            ),
            format!(
                "error (leaks): {set}/b.csv:3:1: found nearly the text of train/a.csv:3:1 again (Jaccard 1.00); expected no text in two sets; rewrite or delete one of them"
            ),
        ];
        assert_eq!(findings(&text), expected);
        assert!(
            text.contains(&format!("{set} in train")) && text.contains("errors: 2, warnings: 0"),
            "{text}"
        );
    }
}

#[test]
fn repeats_within_a_set_are_warned_of() {
    let again =
        format!("{GOOD}\"The river rose again on Monday, for the third time.\",none,local,narration\n");
    let (report, text) = checked(&[("train/a.csv", &again)]);
    assert!(!report.has_errors());
    assert_eq!(findings(&text).len(), 1);
    assert!(
        findings(&text)[0]
            .starts_with("warning (repeats): train/a.csv:6:1: found the text of train/a.csv:4:1 again;")
    );
}

#[test]
fn every_rule_names_the_place() {
    let rows = "\
        They hid what they knew from everyone.,threat,x,quote\n\
        They hid what they knew from everyone.,accusation,x,quote\n\
        They hid what they knew from the judge.,accusation,x,quote\n\
        The cafÃ© must close by noon.,threat,x,quote\n\
        A soft\u{ad}hyphen is no letter.,none,x,quote\n\
        A lost \u{fffd} letter is none.,none,x,quote\n\
        A bell \u{7} rings in this line.,none,x,quote\n\
        \u{20}They lied to all of us.,accusation,x,quote\n\
        They lied to both of us. ,accusation,x,quote\n\
        Pay for your lies or leave.,threat|accusation,x,quote\n\
        Out now!,threat,x,quote\n\
        ,none,x,quote\n";
    let (report, text) = checked(&[("train/a.csv", &(GOOD.to_string() + rows))]);
    let found: Vec<&str> = findings(&text).iter().map(|line| line.split(';').next().unwrap()).collect();
    assert_eq!(
        found,
        [
            "error (reading): train/a.csv:17:1: found a blank text",
            "error (conflicts): train/a.csv:7:2: found `accusation` for the text that train/a.csv:6:1 labels `threat`",
            "error (characters): train/a.csv:9:1: found \"Ã©\", which looks like UTF-8 decoded as Windows-1252",
            "error (characters): train/a.csv:10:1: found the character U+00AD",
            "error (characters): train/a.csv:11:1: found the character U+FFFD",
            "error (characters): train/a.csv:12:1: found the character U+0007",
            "error (blanks): train/a.csv:13:1: found a blank before the text",
            "error (blanks): train/a.csv:14:1: found a blank after the text",
            "warning (label order): train/a.csv:15:2: found `threat|accusation`",
            "warning (length): train/a.csv:16:1: found a text of 2 word(s)",
            "warning (openings): train/a.csv:6:1: found 3 texts that begin \"they hid what they\"",
            "warning (repeats): train/a.csv:7:1: found the text of train/a.csv:6:1 again",
        ]
    );
    assert_eq!(report.findings().iter().filter(|finding| finding.severity == Severity::Error).count(), 8);
}

#[test]
fn scripts_with_joiners_and_accents_pass() {
    let rows = "Âmes sœurs — São Paulo; Ångström; “naïve” café.,none,x,quote\n\
                می\u{200c}خواهیم که بروند و برنگردند.,none,x,quote\n\
                \"Two lines,\nof one text.\",none,x,quote\n";
    let (_, text) = checked(&[("train/a.csv", &(GOOD.to_string() + rows))]);
    assert!(findings(&text).is_empty(), "{text}");
}

#[test]
fn a_label_without_rows_is_an_error_in_training_data_only() {
    let test = "text,label\nA new bridge was opened on Sunday in the north.,none\n";
    let (report, text) = checked(&[("train/a.csv", GOOD), ("test/b.csv", test)]);
    assert!(!report.has_errors());
    assert!(
        findings(&text)[0]
            .starts_with("warning (labels): test/b.csv: found no row labelled `accusation` in test;")
    );
    let (report, text) = checked(&[("train/b.csv", test)]);
    assert!(report.has_errors());
    assert_eq!(findings(&text).len(), 2, "{text}");
}

#[test]
fn texts_without_an_answer_are_counted() {
    let queue = "text,label,suggested\nThey lied to all of us and hid the letters.,accusation,none\n\
        A new bridge was opened on Sunday in the north.,,none\n";
    let (report, text) = checked(&[("train/a.csv", GOOD), ("test/queue.csv", queue)]);
    assert!(!report.has_errors());
    assert!(
        text.contains("warning (unanswered): test/queue.csv: found 1 text(s) not labelled yet"),
        "{text}"
    );
}

#[test]
fn a_folder_is_sorted_into_its_sets() {
    let folder =
        folder(&[("train/a.csv", b""), ("articles/b.csv", b""), ("stories/d.csv", b""), ("c.csv", b"")]);
    let inner = |name: &str| vec![folder.path().join(name)];
    let found = DataSets::find(&[folder.path().to_path_buf(), folder.path().join("c.csv")]);
    assert_eq!(found.train, [inner("train"), inner("c.csv")].concat());
    assert_eq!((found.test, found.articles), (vec![], [inner("articles"), inner("stories")].concat()));
}
