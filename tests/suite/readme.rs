//! The README cannot go stale: every command in its blocks marked `sh` is run.
//!
//! The commands run in the order they stand, by a shell, in one folder that has copies of `data` and `models`; so a
//! command may use what an earlier one has written, and nothing is written into the repository. What would build, test
//! or train everything is not run again, but must be there. A command of any other kind fails the test.

use crate::support::{Sandbox, repository};
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

/// How a command begins, and the program that is run in its place.
const PROGRAMS: [(&str, &str); 5] = [
    ("cargo run --release --bin rhetor-train -- ", env!("CARGO_BIN_EXE_rhetor-train")),
    ("cargo run --release --bin rhetor -- ", env!("CARGO_BIN_EXE_rhetor")),
    ("cargo run --release -- ", env!("CARGO_BIN_EXE_rhetor")),
    ("target/release/rhetor-train ", env!("CARGO_BIN_EXE_rhetor-train")),
    ("target/release/rhetor ", env!("CARGO_BIN_EXE_rhetor")),
];
/// Cargo's other work: the test itself is part of it.
const CARGO: [&str; 5] = ["cargo build", "cargo test", "cargo bench", "cargo doc", "cargo install"];
/// Programs that may stand in a pipeline with ours.
const COMPANIONS: [&str; 10] = ["cat", "head", "tail", "echo", "printf", "ls", "sort", "wc", "grep", "cut"];

/// What is to be done with a command.
#[derive(Debug, PartialEq)]
enum Step {
    /// Given to the shell.
    Run(String),
    /// A file of the repository that is not run again.
    Exists(String),
    /// Not run again.
    Known,
    /// The part of it that is not known.
    Unknown(String),
}

/// The commands in the blocks marked `sh`: lines joined where they end in a backslash; comments and blanks left out.
fn commands(markdown: &str) -> Vec<String> {
    let (mut inside, mut commands, mut begun) = (false, Vec::new(), String::new());
    for line in markdown.lines() {
        match line.trim() {
            "```sh" => inside = true,
            fence if fence.starts_with("```") => inside = false,
            line if inside && !line.starts_with('#') && !line.is_empty() => match line.strip_suffix('\\') {
                Some(part) => begun.push_str(part),
                None => commands.push(std::mem::take(&mut begun) + line),
            },
            _ => {}
        }
    }
    commands
}

fn step(command: &str) -> Step {
    if CARGO.iter().any(|known| command.starts_with(known)) {
        return Step::Known;
    }
    if let Some(script) = command.strip_prefix("./") {
        return Step::Exists(script.split_whitespace().next().unwrap_or_default().to_string());
    }
    let parts: Vec<&str> = command.split('|').collect();
    let known: Vec<Option<String>> = parts.iter().map(|part| resolved(part.trim())).collect();
    match known.iter().position(Option::is_none) {
        Some(unknown) => Step::Unknown(parts[unknown].trim().into()),
        None => Step::Run(known.into_iter().flatten().collect::<Vec<_>>().join(" | ")),
    }
}

/// A part of a pipeline with the built program in place of the command that would build it.
fn resolved(part: &str) -> Option<String> {
    let spaced = format!("{part} ");
    let own = PROGRAMS
        .iter()
        .find_map(|(start, program)| Some(format!("'{program}' {}", spaced.strip_prefix(start)?.trim_end())));
    let companion = COMPANIONS.iter().any(|name| part.split_whitespace().next() == Some(name));
    own.or_else(|| companion.then(|| part.into()))
}

/// A folder with copies of what commands refer to.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new(&[]);
    for folder in ["data", "models"] {
        copy(&repository(folder), &sandbox.path(folder));
    }
    sandbox
}

fn copy(from: &Path, to: &Path) {
    for entry in WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn every_command_in_the_readme_works() {
    let markdown = fs::read_to_string(repository("README.md")).expect("README.md");
    let commands = commands(&markdown);
    assert!(!commands.is_empty(), "no block marked `sh` in README.md");
    let sandbox = sandbox();
    for command in commands {
        match step(&command) {
            Step::Run(script) => {
                let output = sandbox.command("sh", "-c").arg(&script).output().unwrap();
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "`{command}` ends with {}: {said}", output.status);
            }
            Step::Exists(file) => assert!(repository(&file).is_file(), "`{command}`: there is no {file}"),
            Step::Known => {}
            Step::Unknown(part) => {
                panic!("`{command}`: nothing is known of `{part}` in tests/suite/readme.rs")
            }
        }
    }
}

#[test]
fn commands_are_told_apart() {
    let markdown = "x\n```sh\n# first\ncargo run --release -- classify a.txt \\\n  --all\n./train.sh\n```\n```text\nno\n```\n";
    assert_eq!(commands(markdown), ["cargo run --release -- classify a.txt --all", "./train.sh"]);
    assert!(matches!(step("cargo run --release -- classify x | head -3"), Step::Run(script)
        if script.ends_with("classify x | head -3") && !script.contains("cargo")));
    assert!(matches!(step("cargo run --release --bin rhetor-train -- check data"), Step::Run(script)
        if script.contains("rhetor-train' check data")));
    assert_eq!(step("cargo test --release"), Step::Known);
    assert_eq!(step("./train.sh"), Step::Exists("train.sh".into()));
    assert_eq!(step("rm -r data"), Step::Unknown("rm -r data".into()));
    assert_eq!(step("cat a.txt | mail me"), Step::Unknown("mail me".into()));
}
