//! Paths to data files: which files, in what format, with what bytes.

use super::complaints::{Checked, Complaints};
use crate::error::{Complaint, Error, Place, Result};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// How rows stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Fields set apart by this byte, quoted by RFC 4180.
    Separated(u8),
    /// Lines of `__label__a __label__b text`.
    FastText,
    /// Lines of JSON objects.
    JsonLines,
    /// A JSON array of objects, as labelling tools export it.
    Json,
}

/// What is read where it is named, and what is read from folders too.
const EXTENSIONS: &str = ".csv, .tsv, .txt, .ft, .jsonl or .json";
const FOLDER_EXTENSIONS: &str = ".csv, .tsv, .txt, .ft or .jsonl";

impl Format {
    /// The format that a file's extension says.
    fn of(path: &Path) -> Option<Format> {
        let Some(extension) = path.extension() else { return Some(Format::Separated(b',')) };
        match extension.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Format::Separated(b',')),
            "tsv" => Some(Format::Separated(b'\t')),
            "txt" | "ft" => Some(Format::FastText),
            "jsonl" => Some(Format::JsonLines),
            "json" => Some(Format::Json),
            _ => None,
        }
    }
}

/// A data file in memory.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) format: Format,
    pub(super) bytes: Vec<u8>,
}

impl Source {
    /// Reads the whole file.
    pub(super) fn open(path: PathBuf, format: Format) -> Result<Source> {
        let bytes = fs::read(&path).map_err(|error| Error::io(&path, "read", error))?;
        Ok(Source { path, format, bytes })
    }

    /// The document that all rows belong to, if this is a CSV file beside a `.txt` of the same name: the sentences of that
    /// article.
    pub(super) fn article(&self) -> Option<String> {
        let is_article =
            self.path.extension() == Some(OsStr::new("csv")) && self.path.with_extension("txt").is_file();
        is_article.then(|| self.path.with_extension("").display().to_string())
    }

    /// The bytes without a byte order mark.
    pub(super) fn content(&self) -> &[u8] {
        self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.bytes)
    }

    /// That nothing shows which tool has written it.
    pub(super) fn unknown_json(&self) -> Complaint {
        Complaint::new(
            Place::file(&self.path),
            "JSON in which no known tool shows itself",
            "an export of doccano, Label Studio or Prodigy",
            "name the tool with --from, or give one object a line in a .jsonl file",
        )
    }

    /// What is wrong with the file as a whole, if anything.
    pub(super) fn complaint(&self) -> Option<Complaint> {
        let complaint = |found: &str, expected: &str, remedy: &str| {
            Some(Complaint::new(Place::file(&self.path), found, expected, remedy))
        };
        if self.content().trim_ascii().is_empty() {
            return complaint("an empty file", "labelled rows", "fill it or leave it out");
        }
        if self.bytes.contains(&0) {
            return complaint("NUL bytes (a binary or UTF-16 file)", "UTF-8 text", "save it as UTF-8");
        }
        None
    }
}

/// The text of a line or field, else a complaint at `place`, with the column counted in characters if it has none.
pub(super) fn utf8(place: Place, bytes: &[u8]) -> Checked<&str> {
    std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let column = place.column.unwrap_or(1 + String::from_utf8_lossy(&bytes[..at]).chars().count() as u64);
        Complaint::new(
            place.at_column(column),
            format!("the byte 0x{:02X}, which is not UTF-8", bytes[at]),
            "UTF-8 text",
            "save the file as UTF-8",
        )
        .into()
    })
}

/// The data files that `paths` name, each once, folders searched in the order of file names.
///
/// # Errors
/// A path that does not exist or a folder that cannot be listed.
pub(super) fn files(paths: &[PathBuf], complaints: &mut Complaints) -> Result<Vec<(PathBuf, Format)>> {
    let mut files = Vec::new();
    for path in paths {
        if fs::metadata(path).map_err(|error| Error::io(path, "open", error))?.is_dir() {
            files.extend(folder(path, complaints)?);
        } else if let Some(format) = Format::of(path) {
            files.push((path.clone(), format));
        } else {
            let found = "a file name with another extension";
            complaints.add(Place::file(path), found, EXTENSIONS, "convert or rename the file");
        }
    }
    let mut seen = HashSet::new();
    files.retain(|(path, _)| seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone())));
    Ok(files)
}

fn folder(root: &Path, complaints: &mut Complaints) -> Result<Vec<(PathBuf, Format)>> {
    let mut files = Vec::new();
    let walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry)) {
        let entry = entry.map_err(|error| Error::io(root, "list", error.into()))?;
        if entry.file_type().is_file() {
            files.extend(data_file(entry.into_path()));
        }
    }
    if files.is_empty() {
        let found = "a folder without data files";
        complaints.add(
            Place::file(root),
            found,
            format!("files in {FOLDER_EXTENSIONS}"),
            "name another folder",
        );
    }
    Ok(files)
}

/// A file of a folder with its format, if it is data.
fn data_file(path: PathBuf) -> Option<(PathBuf, Format)> {
    path.extension()?;
    let format = Format::of(&path)?;
    let is_article = path.extension() == Some(OsStr::new("txt")) && path.with_extension("csv").is_file();
    // Reports and settings are in JSON too: an export is read where it is named.
    (!is_article && format != Format::Json).then_some((path, format))
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}
