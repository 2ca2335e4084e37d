//! Golden outputs: what `rhetor classify` makes of two articles with a small model trained for the purpose.
//!
//! A change that is meant to change them renews them, for the diff to show:
//!
//! ```sh
//! RHETOR_GOLDEN=write cargo test --release --test suite golden::
//! ```
//!
//! The model is trained in the test, from `tests/golden/train.csv`, so that no change of the shipped model touches these
//! files. Its digest is masked and numbers may differ a little, because processors round differently; everything else
//! must be the same.

use crate::support::{Sandbox, repository, small_model};
use regex::Regex;
use std::fs;

const ARTICLES: [&str; 2] = ["port-strike", "river-dispute"];
/// For probabilities from 0 to 1.
const TOLERANCE: f64 = 0.02;

/// The output for an article, the digest masked.
fn classified(article: &str, arguments: &str) -> String {
    let text = fs::read(repository(&format!("data/articles/{article}.txt"))).unwrap();
    let sandbox = Sandbox::new(&[("article.txt", &text), ("model.safetensors", small_model())]);
    let output =
        sandbox.rhetor(&format!("classify article.txt --model model.safetensors {arguments}")).done();
    let digest = Regex::new("golden 2026-01-01 [0-9a-f]{12}").unwrap();
    digest.replace_all(&output, "golden 2026-01-01 DIGEST").into_owned()
}

/// What is wrong with an output, compared with the golden one: all but the numbers must be the same, numbers nearly.
fn difference(golden: &str, found: &str) -> Option<String> {
    let number = Regex::new(r"\d+\.\d+|\d+%").unwrap();
    let pairs = golden.lines().zip(found.lines()).enumerate();
    for (i, (golden, found)) in pairs {
        if number.replace_all(golden, "#") != number.replace_all(found, "#") {
            return Some(format!("line {}:\n  golden {golden}\n  found  {found}", i + 1));
        }
        for (a, b) in number.find_iter(golden).zip(number.find_iter(found)) {
            if (value(a.as_str()) - value(b.as_str())).abs() > TOLERANCE {
                return Some(format!("line {}: {} instead of {}", i + 1, b.as_str(), a.as_str()));
            }
        }
    }
    let (lines, found) = (golden.lines().count(), found.lines().count());
    (lines != found).then(|| format!("{found} lines instead of {lines}"))
}

fn value(number: &str) -> f64 {
    match number.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().unwrap() / 100.0,
        None => number.parse().unwrap(),
    }
}

fn check(arguments: &str, extension: &str) {
    for article in ARTICLES {
        let path = repository(&format!("tests/golden/{article}.{extension}"));
        let found = classified(article, arguments);
        if std::env::var("RHETOR_GOLDEN").is_ok_and(|wish| wish == "write") {
            fs::write(&path, &found).unwrap();
        }
        let golden = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if let Some(difference) = difference(&golden, &found) {
            panic!("{}, {difference}\nIf this is meant, renew it: see tests/suite/golden.rs", path.display());
        }
    }
}

#[test]
fn listings_are_as_they_were() {
    check("--format text --all", "txt");
}

#[test]
fn json_lines_are_as_they_were() {
    check("--format jsonl", "jsonl");
}

#[test]
fn tables_are_as_they_were() {
    check("--format csv", "csv");
}

#[test]
fn differences_are_found() {
    assert_eq!(difference("threat 61%\na 0.5\n", "threat 62%\na 0.51\n"), None);
    assert!(difference("threat 61%\n", "threat 68%\n").is_some());
    assert!(difference("threat 61%\n", "denial 61%\n").is_some());
    assert!(difference("a\n", "a\nb\n").is_some());
}
