//! The architecture: a module uses only modules above it, and files stay short.

use crate::support::repository;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// All modules of the library from the top down; `atomic` and `separated` use nothing but `error`, `grid` and `ranking` nothing.
const LAYERS: [&str; 18] = [
    "error",
    "atomic",
    "separated",
    "grid",
    "ranking",
    "label",
    "text",
    "features",
    "classifier",
    "model",
    "explanation",
    "attribution",
    "dataset",
    "evaluation",
    "train",
    "review",
    "output",
    "cli",
];
const LONGEST_FILE: usize = 600;
const LONGEST_PROGRAM: usize = 120;

/// The Rust files below `src`, with their paths inside of it.
fn sources() -> Vec<(PathBuf, String)> {
    let src = repository("src");
    let entries = WalkDir::new(&src).sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path());
    let rust = entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|path| (path.strip_prefix(&src).unwrap().to_path_buf(), fs::read_to_string(&path).unwrap()))
        .collect()
}

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == module)
}

/// The layer that a file belongs to: none for `lib.rs`, the programs, and files that are tests throughout.
fn layer(path: &Path) -> Option<String> {
    let first = path.components().next()?.as_os_str().to_str()?;
    let tests = ["tests.rs", "oracle.rs"].iter().any(|name| path.ends_with(name));
    (!tests && first != "lib.rs" && first != "bin").then(|| first.trim_end_matches(".rs").to_string())
}

/// The code that is compiled into the library: neither comments nor the tests at the end of the file.
fn code(source: &str) -> String {
    let tests = source.find("#[cfg(test)]\nmod tests {").unwrap_or(source.len());
    let lines = source[..tests].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The first names after each `crate::` in the code, those in braces one by one.
fn uses(code: &str) -> Vec<String> {
    code.match_indices("crate::")
        .flat_map(|(at, prefix)| {
            let rest = &code[at + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(group) => group_members(group),
                None => vec![identifier(rest)],
            }
        })
        .collect()
}

/// The first names of the members of a group that has just been opened.
fn group_members(group: &str) -> Vec<String> {
    let (mut depth, mut members, mut start) = (0usize, Vec::new(), 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                members.push(identifier(group[start..at].trim_start()));
                start = at + 1;
            }
            _ => {}
        }
        if c == '}' && depth == 0 && start == at + 1 {
            break;
        }
    }
    members.retain(|member| !member.is_empty());
    members
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// What a file uses that it may not.
fn trespasses(path: &Path, source: &str) -> Vec<String> {
    let Some(layer) = layer(path) else { return Vec::new() };
    let Some(own) = rank(&layer) else {
        return vec![format!("{}: `{layer}` is not in the list of layers", path.display())];
    };
    let downward = |used: &String| rank(used).is_none_or(|used| used > own);
    let wrong = uses(&code(source)).into_iter().filter(downward);
    wrong
        .map(|used| format!("{}: `{layer}` uses `crate::{used}`, which is not above it", path.display()))
        .collect()
}

#[test]
fn modules_use_only_those_above_them() {
    let sources = sources();
    assert!(sources.len() > 20, "only {} files found", sources.len());
    let wrong: Vec<String> = sources.iter().flat_map(|(path, source)| trespasses(path, source)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_lists_its_modules_from_the_top_down() {
    let library = fs::read_to_string(repository("src/lib.rs")).unwrap();
    let listed = library.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
    let ranks: Vec<Option<usize>> = listed.map(|name| rank(name.trim_end_matches(';'))).collect();
    assert!(ranks.len() > 8 && !ranks.contains(&None), "{ranks:?}");
    assert!(ranks.is_sorted(), "{ranks:?}");
}

#[test]
fn files_are_short() {
    for (path, source) in sources() {
        let limit = if path.starts_with("bin") { LONGEST_PROGRAM } else { LONGEST_FILE };
        let lines = source.lines().count();
        assert!(lines < limit, "{} has {lines} lines; below {limit} allowed", path.display());
    }
}

#[test]
fn a_trespass_is_found_wherever_it_hides() {
    let found = |source: &str| trespasses(Path::new("label.rs"), source).len();
    assert_eq!(found("use crate::text::Article;"), 1);
    assert_eq!(found("use crate::{error::{Error, Result}, text, model::Model};"), 2);
    assert_eq!(found("fn f() { crate::train::train() }"), 1);
    assert_eq!(found("use crate::Model;"), 1, "the names at the root hide where they come from");
    assert_eq!(found("use crate::error::Error;\nuse crate::label::NONE;"), 0);
    assert_eq!(found("/// Used by [`crate::train`].\n// use crate::cli;"), 0);
    assert_eq!(found("use crate::error::Error;\n#[cfg(test)]\nmod tests {\n    use crate::cli;\n}"), 0);
    assert_eq!(trespasses(Path::new("helpers/mod.rs"), "").len(), 1);
    assert_eq!(trespasses(Path::new("cli/mod.rs"), "use crate::{train::{self, Progress}, output};").len(), 0);
}
