//! The annotated articles of `data/articles`: their sentences must be those of the CSV beside each, all else furniture.

use rhetor::text::{Article, decode, sentences};
use std::fs;
use std::path::{Path, PathBuf};

fn articles() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    paths.sort();
    paths
}

/// The `text` column, with the line of each row.
fn expected(path: &Path) -> Vec<(u64, String)> {
    let mut reader =
        csv::Reader::from_path(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let column = reader.headers().unwrap().iter().position(|name| name == "text").expect("a column `text`");
    let rows = reader.records().map(|row| row.unwrap_or_else(|error| panic!("{}: {error}", path.display())));
    rows.map(|row| (row.position().unwrap().line(), row[column].to_string())).collect()
}

fn found(path: &Path) -> Vec<String> {
    let text = decode(&fs::read(path).unwrap()).text;
    let article = Article::from_text(path.display().to_string(), None, None, text);
    sentences(&article).iter().map(|sentence| sentence.span.of(&article.text).to_string()).collect()
}

/// The first difference between what is found and what is expected.
fn difference(path: &Path) -> Option<String> {
    let (found, expected) = (found(path), expected(&path.with_extension("csv")));
    let same = found.iter().zip(&expected).take_while(|(found, (_, expected))| *found == expected).count();
    if same == found.len() && same == expected.len() {
        return None;
    }
    let line = expected.get(same).map_or("end".to_string(), |(line, _)| format!("line {line}"));
    let want = expected.get(same).map(|(_, text)| text);
    Some(format!(
        "{} ({line} of its CSV)\n  expected {want:?}\n  got      {:?}",
        path.display(),
        found.get(same)
    ))
}

#[test]
fn sentences_are_those_annotated() {
    let paths = articles();
    assert!(!paths.is_empty(), "no article in data/articles");
    let differences: Vec<String> = paths.iter().filter_map(|path| difference(path)).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
