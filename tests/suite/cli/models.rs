//! Files that are no usable model: the message tells in what way, and what to do.

use super::news;
use crate::support::{Sandbox, small_model};

const REMEDY: &str = "give a file written by rhetor-train, or leave out --model";

#[track_caller]
fn refused(bytes: &[u8], said: &str, remedy: &str) {
    let sandbox = news();
    sandbox.write("m.safetensors", bytes);
    sandbox.rhetor("classify news.txt -m m.safetensors").refuses(&["m.safetensors: ", said, remedy]);
    sandbox.rhetor("evaluate news.csv -m m.safetensors").refuses(&["m.safetensors: ", said, remedy]);
}

/// Puts `new` in place of the only `old`, of the same length.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let places: Vec<usize> =
        (0..bytes.len() - old.len()).filter(|&at| bytes[at..].starts_with(old)).collect();
    assert_eq!(places.len(), 1, "{places:?}");
    [&bytes[..places[0]], new, &bytes[places[0] + old.len()..]].concat()
}

#[test]
fn a_model_is_used_and_named() {
    let sandbox = news();
    sandbox.write("m.safetensors", small_model());
    assert!(
        sandbox
            .rhetor("classify news.txt -m m.safetensors")
            .done()
            .contains("\"model\":\"golden 2026-01-01 ")
    );
}

#[test]
fn a_path_that_is_no_file_is_named() {
    let sandbox = news();
    sandbox.write("folder/x", b"");
    sandbox.rhetor("classify news.txt -m folder").refuses(&["folder: is a folder, not a model file", REMEDY]);
    sandbox
        .rhetor("classify news.txt -m none")
        .refuses(&["none: cannot read the model: No such file", "check the path"]);
    sandbox
        .rhetor("classify news.txt -m news.txt/x")
        .refuses(&["news.txt/x: cannot read the model: Not a directory"]);
}

#[test]
fn an_empty_file_is_named() {
    refused(b"", "is empty", REMEDY);
}

#[test]
fn a_truncated_file_is_named() {
    let model = small_model();
    let header = 8 + u64::from_le_bytes(*model.first_chunk().unwrap()) as usize;
    for kept in [20, header / 2, header - 1, header, header + 1, model.len() / 2, model.len() - 1] {
        refused(&model[..kept], "is cut short", REMEDY);
    }
    refused(&[model, b"x"].concat(), "has something added", REMEDY);
}

#[test]
fn an_altered_file_is_named() {
    let mut model = small_model().to_vec();
    *model.last_mut().unwrap() ^= 1;
    refused(&model, "was altered: its contents do not match its digest", REMEDY);
    let renamed = replaced(small_model(), br#"\"name\":\"golden\""#, br#"\"name\":\"forged\""#);
    refused(&renamed, "was altered", REMEDY);
}

#[test]
fn a_newer_format_is_named() {
    let newer = replaced(small_model(), br#"\"format\":2"#, br#"\"format\":9"#);
    refused(
        &newer,
        "has format 9; this rhetor reads format 2",
        "use a newer rhetor, or train the model again",
    );
}

#[test]
fn a_foreign_file_is_named() {
    refused(b"x", "is not a rhetor model", REMEDY);
    refused(b"A text about something else, and long enough.", "is not a rhetor model", REMEDY);
    let empty = serde_json::json!({}).to_string();
    let tensors_of_others = [&(empty.len() as u64).to_le_bytes()[..], empty.as_bytes()].concat();
    refused(&tensors_of_others, "is not a rhetor model", REMEDY);
    let renamed = replaced(small_model(), br#""rhetor":"{"#, br#""someon":"{"#);
    refused(&renamed, "is not a rhetor model", REMEDY);
}

#[test]
fn a_compared_model_is_checked_too() {
    let sandbox =
        Sandbox::new(&[("a.csv", b"text,label\nIt rained.,none\nHe denied it.,denial\n"), ("m", b"x")]);
    sandbox.rhetor("evaluate a.csv --compare m").refuses(&["m: is not a rhetor model", REMEDY]);
}
