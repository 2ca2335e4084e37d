//! Tables at the widths of narrow terminals: they fit, and their figures are whole.

use crate::support::{Sandbox, small_model};
use std::collections::BTreeSet;
use textwrap::core::display_width;

const WIDTHS: [usize; 3] = [40, 60, 80];

/// Rows of two domains and forms, one with two labels.
const LABELLED: &[u8] = b"text,labels,domain,form\n\
    Velmora accused Tarsk of theft on Monday.,accusation,international relations,reported\n\
    The envoy denied that he had lied to them.,denial,international relations,reported\n\
    \"Lying is what they do, so pay or we strike.\",accusation|threat,local,quote\n\
    The mayor urged residents to stay at home.,appeal,local,reported\n\
    The talks will resume on Monday in the capital.,none,local,narration\n";
const FEED: &[u8] =
    "The Upper Nile Democratic Front accused the Transitional Government of National Unity of shelling \
    the port. The Organisation for Agricultural Reconstruction accused Tarsk of theft."
        .as_bytes();

fn sandbox() -> Sandbox {
    Sandbox::new(&[("labelled.csv", LABELLED), ("feed.txt", FEED), ("small.safetensors", small_model())])
}

/// What a program prints on a terminal of so many columns.
fn printed(sandbox: &Sandbox, program: &str, arguments: &str, columns: usize) -> String {
    let mut command = sandbox.command(program, arguments);
    let output = command.env("COLUMNS", columns.to_string()).output().unwrap();
    assert!(output.status.success(), "{arguments}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The words of a text that have digits in them.
fn figures(text: &str) -> BTreeSet<String> {
    let words = text.split_whitespace().map(|word| word.trim_matches([',', ':', ';', '(', ')']).to_string());
    words.filter(|word| word.contains(|c: char| c.is_ascii_digit())).collect()
}

/// Fits at each width. At every one the figures are some of those of a wide terminal; all of them, if `all`.
#[track_caller]
fn fits(program: &str, arguments: &str, all: bool) {
    let sandbox = sandbox();
    let wide = figures(&printed(&sandbox, program, arguments, 120));
    for columns in WIDTHS {
        let text = printed(&sandbox, program, arguments, columns);
        assert!(text.lines().all(|line| display_width(line) <= columns), "{columns}:\n{text}");
        let found = figures(&text);
        assert!(found.is_subset(&wide) && (!all || found == wide), "{columns}: {found:?} {wide:?}\n{text}");
    }
}

#[test]
fn reports_fit() {
    fits(env!("CARGO_BIN_EXE_rhetor"), "evaluate labelled.csv -m lexical", true);
}

#[test]
fn comparisons_fit() {
    fits(env!("CARGO_BIN_EXE_rhetor"), "evaluate labelled.csv -m lexical --compare small.safetensors", true);
}

#[test]
fn checks_fit() {
    let arguments = "check labelled.csv --labels accusation,threat,denial,appeal";
    fits(env!("CARGO_BIN_EXE_rhetor-train"), arguments, true);
}

#[test]
fn dyads_fit_and_their_names_are_whole() {
    let arguments = "dyads feed.txt --fast --threshold 1,accusation=0 --format table";
    fits(env!("CARGO_BIN_EXE_rhetor"), arguments, false);
    for columns in WIDTHS {
        let text = printed(&sandbox(), env!("CARGO_BIN_EXE_rhetor"), arguments, columns);
        for word in ["Democratic", "Transitional", "Organisation", "accusation", "Count"] {
            assert!(text.contains(word), "{columns} {word}:\n{text}");
        }
    }
}
