//! The one error type of the library.
//!
//! Every error is a sentence for a person: where (file, line, column), what was found, what was expected, what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A place in an input: a file, and within it a line and a column, both counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, or `-` for standard input.
    pub file: PathBuf,
    /// Line, from 1. In CSV files this is the line on which the record begins.
    pub line: Option<u64>,
    /// Column, from 1: the field's number in CSV files, the character in others.
    pub column: Option<u64>,
}

impl Place {
    /// The whole of a file.
    pub fn file(file: impl Into<PathBuf>) -> Self {
        Place { file: file.into(), line: None, column: None }
    }

    /// A line of a file.
    pub fn line(file: impl Into<PathBuf>, line: u64) -> Self {
        Place { file: file.into(), line: Some(line), column: None }
    }

    /// Where a parser stopped in `json`, which begins at this place, by default the beginning of the file. (serde_json counts
    /// columns in bytes.)
    pub(crate) fn in_json(self, json: &str, error: &serde_json::Error) -> Self {
        let below = error.line().saturating_sub(1);
        let within = json.lines().nth(below).unwrap_or_default();
        let before = within.char_indices().take_while(|(at, _)| at + 1 < error.column()).count() as u64;
        let indent = if below == 0 { self.column.unwrap_or(1) } else { 1 };
        let line = self.line.unwrap_or(1) + below as u64;
        Place { line: Some(line), column: Some(indent + before), ..self }
    }

    /// The same line, at `column`.
    pub fn at_column(self, column: u64) -> Self {
        Place { column: Some(column), ..self }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        Ok(())
    }
}

/// One thing that is wrong with an input record or file.
///
/// Shown as `place: found X; expected Y; remedy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Where.
    pub place: Place,
    /// What stands there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
    /// What the user can do about it.
    pub remedy: String,
}

impl Complaint {
    /// A complaint from its four parts.
    pub fn new(
        place: Place,
        found: impl Into<String>,
        expected: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Complaint { place, found: found.into(), expected: expected.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: found {}; expected {}; {}", self.place, self.found, self.expected, self.remedy)
    }
}

/// What a parser of JSON complains of, without its own place, which counts from the beginning of what it was given.
pub(crate) fn json_problem(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said).to_string()
}

/// What went wrong. Opaque: read it with [`Display`](fmt::Display), [`source`](std::error::Error::source) and the
/// accessors.
///
/// ```
/// use rhetor::LabelSet;
/// let error = LabelSet::new(["accusation", "none"]).unwrap_err();
/// assert!(error.to_string().contains("none"));
/// ```
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Kind>);

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
enum Kind {
    #[error("{place}: cannot {action}: {source}; {}", advice(source))]
    Io { place: Place, action: &'static str, source: io::Error },
    #[error("{0}")]
    Input(Complaint),
    #[error("{}", list(.complaints, *.unlisted))]
    Dataset { complaints: Vec<Complaint>, unlisted: usize },
    #[error("{}: {problem}; {remedy}", path.display())]
    Model { path: PathBuf, problem: String, remedy: String },
    #[error("cannot fit {what}: {problem}; {remedy}")]
    Fit { what: String, problem: String, remedy: String },
    #[error("{name}: found {found}; expected {expected}")]
    Parameter { name: &'static str, found: String, expected: String },
}

/// What a person can do when the system refuses.
fn advice(refusal: &io::Error) -> &'static str {
    match refusal.kind() {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::NotADirectory => "check the path: a file is named where a folder should be",
        io::ErrorKind::IsADirectory => "name a file instead of a folder",
        io::ErrorKind::PermissionDenied => "ask its owner for access, or choose another place",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "make room on the disk, or write elsewhere"
        }
        _ => "check the file and its disk, and try again",
    }
}

fn list(complaints: &[Complaint], unlisted: usize) -> String {
    let mut lines: Vec<String> = complaints.iter().map(ToString::to_string).collect();
    if unlisted > 0 {
        lines.push(format!("and {unlisted} more of the kind"));
    }
    lines.join("\n")
}

impl Error {
    /// The system refused to `action` (a verb, as in "open", "write") at `path`.
    pub fn io(path: impl AsRef<Path>, action: &'static str, source: io::Error) -> Self {
        Kind::Io { place: Place::file(path.as_ref()), action, source }.into()
    }

    /// One bad input record or file.
    pub fn input(complaint: Complaint) -> Self {
        Kind::Input(complaint).into()
    }

    /// What is wrong with labelled data: the first complaints, and how many more there are.
    pub fn dataset(complaints: Vec<Complaint>, unlisted: usize) -> Self {
        Kind::Dataset { complaints, unlisted }.into()
    }

    /// A file that is not a usable model.
    pub fn model(path: impl AsRef<Path>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Kind::Model { path: path.as_ref().into(), problem: problem.into(), remedy: remedy.into() }.into()
    }

    /// Data from which nothing can be learned.
    pub fn fit(what: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Kind::Fit { what: what.into(), problem: problem.into(), remedy: remedy.into() }.into()
    }

    /// A parameter out of its range.
    pub fn parameter(name: &'static str, found: impl ToString, expected: impl Into<String>) -> Self {
        Kind::Parameter { name, found: found.to_string(), expected: expected.into() }.into()
    }

    /// Whether the cause is a reader that went away (`rhetor … | head`): no fault of anybody's.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&*self.0, Kind::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The complaints about single records, if that is what this error is.
    pub fn complaints(&self) -> &[Complaint] {
        match &*self.0 {
            Kind::Input(complaint) => std::slice::from_ref(complaint),
            Kind::Dataset { complaints, .. } => complaints,
            _ => &[],
        }
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Error(Box::new(kind))
    }
}
