//! The architecture: a module uses only modules above it, and files stay short.

use crate::support::repository;
use std::collections::BTreeSet;
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
fn uses(code: &str) -> BTreeSet<String> {
    let mut places = Vec::new();
    for (at, root) in code.match_indices("crate::") {
        spell_out(Names::new(), &code[at + root.len()..], &mut places);
    }
    places.into_iter().map(|mut place| place.swap_remove(0)).collect()
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

/// A module's place: the names on the way to it.
type Names = Vec<String>;

/// The place of the module that a file holds.
fn module(path: &Path) -> Names {
    let mut names: Names = path.with_extension("").iter().map(|name| name.to_string_lossy().into()).collect();
    names.retain(|name| name != "mod");
    names
}

/// The places that code in the module `own` names after `super::` or `crate::`: modules, or things in them. A thing that a
/// folder's `mod.rs` takes over from its module counts as the folder's own.
fn named(own: &[String], code: &str) -> Vec<Names> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("super::").chain(code.match_indices("crate::")) {
        let up = (1..).take_while(|n| code[at..].starts_with(&"super::".repeat(*n))).count();
        if !code[..at].ends_with("super::") && up <= own.len() {
            let place = if up == 0 { Names::new() } else { own[..own.len() - up].to_vec() };
            spell_out(place, &code[at + 7 * up.max(1)..], &mut found);
        }
    }
    found
}

/// Adds the places that a path behind `place` names, be it one or a group in braces. Returns how long the path is.
fn spell_out(mut place: Names, path: &str, found: &mut Vec<Names>) -> usize {
    if path.starts_with('{') {
        let mut at = 1;
        while at < path.len() && !path[at..].starts_with('}') {
            at += path[at..].find(|c: char| c != ',' && !c.is_whitespace()).unwrap_or(path.len() - at);
            at += spell_out(place.clone(), &path[at..], found);
            at += path[at..].find([',', '}']).unwrap_or(path.len() - at);
        }
        return (at + 1).min(path.len());
    }
    let name = identifier(path);
    let length = name.len();
    if length == 0 {
        return 0;
    }
    place.push(name);
    match path[length..].strip_prefix("::") {
        Some(rest) => length + 2 + spell_out(place, rest, found),
        None => {
            found.push(place);
            length
        }
    }
}

/// Which module of a folder uses which other one, as (folder, user, used).
fn neighbours(sources: &[(PathBuf, String)]) -> BTreeSet<(Names, String, String)> {
    let modules: BTreeSet<Names> = sources
        .iter()
        .flat_map(|(path, _)| (1..=module(path).len()).map(|n| module(path)[..n].to_vec()))
        .collect();
    let mut edges = BTreeSet::new();
    for (path, source) in sources.iter().filter(|(path, _)| layer(path).is_some()) {
        let own = module(path);
        for used in named(&own, &code(source)) {
            let shared = own.iter().zip(&used).take_while(|(a, b)| a == b).count();
            if shared > 0 && own.len() > shared && used.len() > shared && modules.contains(&used[..=shared]) {
                edges.insert((own[..shared].to_vec(), own[shared].clone(), used[shared].clone()));
            }
        }
    }
    edges
}

/// The modules that lead back to themselves, and those between: what is left when those that use none of the rest, and those that
/// none of the rest uses, are taken away again and again.
fn circles(mut edges: BTreeSet<(Names, String, String)>) -> BTreeSet<(Names, String, String)> {
    loop {
        let users: BTreeSet<(Names, String)> =
            edges.iter().map(|(folder, user, _)| (folder.clone(), user.clone())).collect();
        let used: BTreeSet<(Names, String)> =
            edges.iter().map(|(folder, _, used)| (folder.clone(), used.clone())).collect();
        let before = edges.len();
        edges.retain(|(folder, by, of)| {
            users.contains(&(folder.clone(), of.clone())) && used.contains(&(folder.clone(), by.clone()))
        });
        if edges.len() == before {
            return edges;
        }
    }
}

#[test]
fn modules_of_a_folder_use_each_other_one_way() {
    let edges = neighbours(&sources());
    assert!(edges.len() > 100, "only {} found", edges.len());
    let circles = circles(edges);
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn a_circle_is_found_by_path_and_in_groups() {
    let file = |path: &str, source: &str| (PathBuf::from(path), source.to_string());
    let found = |other: &str| {
        let sources = [
            file("text/a.rs", "use super::b::{B, C};"),
            file("text/b/mod.rs", "mod c;"),
            file("text/b/c.rs", other),
        ];
        circles(neighbours(&sources)).len()
    };
    assert_eq!(found("use super::super::a::A;"), 2);
    assert_eq!(found("use crate::{error::Error, text::a::A, text::b};"), 2);
    assert_eq!(found("use crate::text::{Article, a};"), 2);
    assert_eq!(
        found("use crate::{error::{Error, Place}, text::{Article, quotes::{self, Q}, a::{A, B}}};"),
        2
    );
    assert_eq!(found("use super::D;\nuse crate::error::Error;\nuse super::super::Article;"), 0);
    assert_eq!(found("// use super::super::a::A;"), 0);
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
