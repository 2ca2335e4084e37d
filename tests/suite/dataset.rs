//! Labelled data: what is read, what is complained of and where, folds, duplicates, checks, splits.

mod check;
mod deal;
mod tools;
mod write;

use proptest::prelude::*;
use rhetor::LabelSet;
use rhetor::dataset::{Dataset, ReadOptions};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// A folder with files of the given names and contents.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn read_with(name: &str, bytes: &[u8], options: &ReadOptions) -> rhetor::Result<Dataset> {
    let folder = folder(&[(name, bytes)]);
    Dataset::read(&[folder.path().join(name)], options)
}

fn read(name: &str, text: &str) -> Dataset {
    read_with(name, text.as_bytes(), &ReadOptions::default()).unwrap()
}

/// The complaints about a file, `LINE:COLUMN: found …`, the path left out.
fn complaints_with(name: &str, bytes: &[u8], options: &ReadOptions) -> Vec<String> {
    let folder = folder(&[(name, bytes)]);
    let error = Dataset::read(&[folder.path().join(name)], options).unwrap_err().to_string();
    let path = folder.path().join(name).display().to_string();
    error.lines().map(|line| line.replace(&format!("{path}:"), "")).collect()
}

fn complaints(name: &str, text: &str) -> Vec<String> {
    complaints_with(name, text.as_bytes(), &ReadOptions::default())
}

fn fixed(labels: &[&str]) -> ReadOptions {
    ReadOptions { labels: Some(LabelSet::new(labels.to_vec()).unwrap()), ..ReadOptions::default() }
}

/// Asserts that each complaint begins and ends as given.
#[track_caller]
fn assert_complaints(found: &[String], expected: &[(&str, &str)]) {
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, (start, end)) in found.iter().zip(expected) {
        assert!(found.starts_with(start) && found.ends_with(end), "{found}\n{start} … {end}");
    }
}

#[test]
fn csv_columns_go_where_they_belong() {
    let data = "\u{feff}id,text,labels,speaker,doc,domain\r\n\
                7,\"He said \"\"no\"\", twice.\",threat|denial,Ilves,talks,war\r\n\
                ,It rained., none ,,,\r\n";
    let dataset = read("a.csv", data);
    assert_eq!(dataset.labels.names().collect::<Vec<_>>(), ["denial", "threat"]);
    let row = &dataset.rows[0];
    assert_eq!((row.text.as_str(), row.tags.as_slice()), ("He said \"no\", twice.", [true, true].as_slice()));
    assert_eq!([&row.id, &row.doc, &row.domain].map(|cell| cell.as_deref().unwrap()), ["7", "talks", "war"]);
    assert_eq!(row.extra, [("speaker".to_string(), "Ilves".to_string())]);
    assert_eq!((row.place.line, row.place.column), (Some(2), Some(2)));
    let row = &dataset.rows[1];
    assert_eq!(
        (&row.id, &row.doc, &row.domain, row.tags.as_slice()),
        (&None, &None, &None, [false, false].as_slice())
    );
    assert_eq!(dataset.tags().shape(), [2, 2]);
    assert_eq!(dataset.files[0].rows, 2);
    // sha256sum of the same bytes, from coreutils.
    assert_eq!(
        read("b.csv", "text,label\na,b\n").files[0].sha256,
        "ec6a4a4aa824691f0804aabf5ebd23d51db8334b01e907f0f790bbe42866939a"
    );
}

#[test]
fn all_formats_say_the_same() {
    let csv = read("a.csv", "text,label\n\"Out, now!\",appeal|threat\nIt rained.,\n");
    let tsv = read("a.tsv", "text\tlabel\nOut, now!\tthreat|appeal\nIt rained.\tnone\n");
    let fasttext = read("a.txt", "__label__threat __label__appeal Out, now!\n\n__label__none It rained.\n");
    let json = concat!(
        r#"{"text": "Out, now!", "labels": ["threat", "appeal"], "doc": 3, "score": 0.5, "by": null}"#,
        "\r\n",
        r#"{"label": null, "text": "It rained."}"#
    );
    let json = read("a.jsonl", json);
    for other in [&tsv, &fasttext, &json] {
        assert_eq!((other.texts(), other.tags()), (csv.texts(), csv.tags()));
        assert_eq!(other.hash(), csv.hash());
    }
    assert_eq!(json.rows[0].doc.as_deref(), Some("3"));
    assert_eq!(json.rows[0].extra, [("score".to_string(), "0.5".to_string())]);
    assert_eq!(fasttext.rows[1].place.line, Some(3));
    assert_eq!(fasttext.rows[0].place.column, Some(33));
}

#[test]
fn any_label_scheme_will_do() {
    let grades = ["very bad", "bad", "neutral", "good", "very good"];
    let data: String = grades.iter().map(|grade| format!("A {grade} film.,{grade}\n")).collect();
    let dataset = read("a.csv", &format!("text,label\n{data}"));
    assert_eq!(
        dataset.labels.names().collect::<Vec<_>>(),
        ["bad", "good", "neutral", "very bad", "very good"]
    );
    let dataset = read_with("a.csv", format!("text,label\n{data}").as_bytes(), &fixed(&grades)).unwrap();
    assert_eq!(dataset.labels.names().collect::<Vec<_>>(), grades);
    assert!((0..5).all(|row| dataset.rows[row].tags[row]));
}

#[test]
fn columns_may_have_other_names() {
    let options = ReadOptions {
        text_column: Some("sentence".into()),
        label_column: Some("act".into()),
        doc_column: Some("article".into()),
        ..ReadOptions::default()
    };
    let csv = read_with("a.csv", b"sentence,act,article,text\nGo!,appeal,x,y\n", &options).unwrap();
    let json = br#"{"sentence": "Go!", "act": "appeal", "article": "x", "text": "y"}"#;
    let json = read_with("a.jsonl", json, &options).unwrap();
    for dataset in [csv, json] {
        let row = &dataset.rows[0];
        assert_eq!((row.text.as_str(), row.doc.as_deref()), ("Go!", Some("x")));
        assert_eq!(row.extra, [("text".to_string(), "y".to_string())]);
    }
    let found = complaints_with("a.csv", b"sentence,act\nGo!,appeal\n", &options);
    assert_complaints(
        &found,
        &[("1:1: found the columns `sentence`, `act`; expected a column `article`;", "")],
    );
}

#[test]
fn every_fault_of_a_csv_file_is_named_with_its_place() {
    let data = "text,label,by\n\
                \"Two\nlines\",threat,A\n\
                 ,threat,A\n\
                Stop it.,threat\n\
                He \"knew\" it.,threat,A\n\
                They go.,threat,A,B\n\
                \"Out\" now,threat,A\n\
                They lied.,\"threat,denial\",A\n\
                They came.,None,A\n\
                \"Two\nlines\",denial,A\n\
                \"never closed,threat,A\n\
                No.,threat,A\n\
                ,threat,A\n";
    assert_complaints(
        &complaints("a.csv", data),
        &[
            ("4:1: found a blank text; expected a sentence; fill it or delete the row", ""),
            ("5:3: found 2 field(s); expected 3 as in the header;", "same fields"),
            ("6:1: found a quotation mark inside a field that does not begin with one;", "a quoted field"),
            ("7:4: found 4 field(s); expected 3 as in the header;", "same fields"),
            ("8:1: found text after a closing quotation mark;", "a quoted field"),
            ("9:2: found the label \"threat,denial\"; expected label names joined by `|`", ""),
            ("10:2: found the label \"None\";", "did you mean `none`?"),
            ("11:2: found `denial` for the text that 2:1 labels `threat`;", "keep one of the two rows"),
            ("13:1: found a quotation mark that is never closed;", "a quoted field"),
            ("15:1: found a blank text;", ""),
        ],
    );
}

#[test]
fn a_missing_column_is_said_with_those_that_are_there() {
    assert_complaints(
        &complaints("a.csv", "Text;label\na;b\n"),
        &[
            ("1:1: found the columns `Text;label`; expected a column `text`;", "use with --text-column"),
            ("1:1: found the columns `Text;label`; expected a column `label` or `labels`;", "--label-column"),
        ],
    );
    let found = complaints("a.csv", "text,label,labels,text\na,b,c,d\n");
    assert_complaints(
        &found,
        &[
            (
                "1:3: found the columns `text`, `label`, `labels`, `text`; expected only one column `label` or `labels`;",
                "",
            ),
            ("1:4: found the column `text` for the second time;", ""),
        ],
    );
}

#[test]
fn labels_not_in_a_fixed_scheme_are_rejected_with_the_nearest() {
    let data = b"text,labels\nThey lied.,acusation|threat\nGo.,Appeal\nNo.,praise\nWell.,nnoe\n";
    let found = complaints_with("a.csv", data, &fixed(&["accusation", "threat", "appeal"]));
    let expected = "expected one of `accusation`, `threat`, `appeal` or `none`;";
    assert_complaints(
        &found,
        &[
            (" found no row labelled `accusation` in 1 file(s);", ""),
            (" found no row labelled `threat` in 1 file(s);", ""),
            (" found no row labelled `appeal` in 1 file(s);", "leave it out of --labels"),
            (&format!("2:2: found the label \"acusation\"; {expected}"), "did you mean `accusation`?"),
            (&format!("3:2: found the label \"Appeal\"; {expected}"), "did you mean `appeal`?"),
            (&format!("4:2: found the label \"praise\"; {expected}"), "or join several labels by `|`"),
            (&format!("5:2: found the label \"nnoe\"; {expected}"), "did you mean `none`?"),
        ],
    );
}

#[test]
fn data_for_measuring_may_lack_a_label() {
    let options = ReadOptions { require_positives: false, ..fixed(&["denial", "threat"]) };
    let dataset = read_with("a.csv", b"text,label\nIt rained.,none\n", &options).unwrap();
    assert_eq!(dataset.rows[0].tags, [false, false]);
}

#[test]
fn bytes_that_are_not_utf8_are_named() {
    let found =
        complaints_with("a.csv", b"text,by,label\nGo.,A,b\nGo on.,Caf\xe9,b\n", &ReadOptions::default());
    assert_complaints(&found, &[("3:2: found the byte 0xE9, which is not UTF-8;", "save the file as UTF-8")]);
}

#[test]
fn faults_of_fasttext_and_json_lines_have_line_and_character() {
    let mut bytes = "__label__a Né 1\n__label__a Né ".as_bytes().to_vec();
    bytes.extend(b"\xff\n__label__a\n__label__a Go __label__b\n");
    assert_complaints(
        &complaints_with("a.ft", &bytes, &ReadOptions::default()),
        &[
            ("2:15: found the byte 0xFF, which is not UTF-8;", ""),
            ("3:11: found a blank text;", ""),
            ("4:15: found `__label__` inside the text;", ""),
        ],
    );
    let lines = [
        r#"{"text": "é", "label": "a"}"#,
        r#"{"text": "é", "label" "a"}"#,
        r#"["text"]"#,
        r#"{"label": "a", "text": " "}"#,
        r#"{"body": "b", "label": "a"}"#,
        r#"{"text": 5, "label": "a"}"#,
        r#"{"text": "b", "label": {"a": 1}}"#,
    ];
    assert_complaints(
        &complaints("a.jsonl", &lines.join("\n")),
        &[
            ("2:23: found broken JSON (expected `:`);", ""),
            ("3:1: found another JSON value;", ""),
            ("4:16: found a blank text;", ""),
            ("5:1: found the keys `body`, `label`; expected a key `text`;", "--text-column"),
            ("6:2: found \"5\"; expected a text in quotation marks;", ""),
            ("7:15: found \"{\\\"a\\\":1}\"; expected a label, or a list of labels, in quotation marks;", ""),
        ],
    );
}

#[test]
fn files_with_nothing_in_them_are_named() {
    let found = |name: &str, bytes: &[u8]| complaints_with(name, bytes, &ReadOptions::default()).join("\n");
    assert!(found("a.csv", b"\xef\xbb\xbf \n").starts_with(" found an empty file;"));
    assert!(found("a.csv", b"text,label\n").starts_with(" found no rows after the header;"));
    assert!(found("a.csv", b"text,label\nGo.,none\n").starts_with("2:2: found no label in any row;"));
    assert!(found("a.csv", b"t\0e\0x\0t\0").starts_with(" found NUL bytes"));
    assert!(found("a.pdf", b"text").starts_with(" found a file name with another extension; expected .csv,"));
    assert!(found("a.txt", b"Talks fail\n").starts_with("1:1: found no `__label__` in the file;"));
    let empty = folder(&[("notes.md", b"x")]);
    let error = Dataset::read(&[empty.path().into()], &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.contains(": found a folder without data files;"), "{error}");
    let error =
        Dataset::read(&[PathBuf::from("missing.csv")], &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.starts_with("missing.csv: cannot open: "), "{error}");
    assert!(Dataset::read(&[], &ReadOptions::default()).is_err());
}

#[test]
fn twenty_complaints_are_listed_and_the_rest_counted() {
    let found = complaints("a.csv", &format!("text,label\n{}", ",a\n".repeat(32)));
    assert_eq!(found.len(), 21);
    assert!(found[19].starts_with("21:1: "));
    assert_eq!(found[20], "and 12 more of the kind");
}

#[test]
fn folders_are_read_in_the_order_of_names_each_file_once() {
    let folder = folder(&[
        ("b.csv", b"text,label\nTwo.,a\n"),
        ("a/c.jsonl", br#"{"text": "One.", "label": "a"}"#),
        ("b.txt", b"An article, and no data.\n"),
        (".hidden.csv", b"junk"),
        ("README.md", b"junk"),
    ]);
    let paths = [folder.path().to_path_buf(), folder.path().join("b.csv")];
    let dataset = Dataset::read(&paths, &ReadOptions::default()).unwrap();
    assert_eq!(dataset.texts(), ["One.", "Two."]);
    assert_eq!(dataset.files.len(), 2);
}

#[test]
fn rows_of_one_doc_are_one_group_across_files() {
    let folder = folder(&[
        ("a.csv", b"text,label,doc\nOne.,a,x\nTwo.,a,\nThree.,a,x\n"),
        ("b.csv", b"text,label,doc\nFour.,a,y\nFive.,a,\nSix.,a,x\n"),
    ]);
    let dataset = Dataset::read(&[folder.path().into()], &ReadOptions::default()).unwrap();
    assert_eq!(dataset.groups(), [0, 1, 0, 2, 3, 0]);
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(prop::sample::select(b"\"\",\n\r\t |ab{}:_\xff".to_vec()), 0..80)) {
        for name in ["a.csv", "a.tsv", "a.ft", "a.jsonl"] {
            let headed = [b"text,label\n".as_slice(), &bytes].concat();
            let _ = read_with(name, &headed, &ReadOptions::default());
            let _ = read_with(name, &bytes, &ReadOptions::default());
        }
    }
}
