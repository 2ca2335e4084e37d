//! Articles that are records of a file: JSON Lines, JSON arrays, CSV.

use super::Article;
use super::decode::decode;
use super::format::InputFormat;
use crate::error::{Complaint, Error, Place, Result, json_problem};
use crate::separated::{RawRecord, Separated};
use csv::ByteRecord;
use serde_json::Value;
use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

/// The largest article, in bytes: 16 MiB. Larger ones are complained of, record by record.
pub const ARTICLE_LIMIT: usize = 16 << 20;

/// What reading one file gives.
pub(crate) type Records = Box<dyn Iterator<Item = Result<Article>> + Send>;

/// That an article is larger.
pub(crate) fn too_large(place: Place) -> Error {
    Error::input(Complaint::new(
        place,
        format!("more than {} MiB in one article", ARTICLE_LIMIT >> 20),
        "one article a file, or one a record of a JSON Lines or CSV file",
        "split it into articles",
    ))
}

/// Reads the records of an opened file, one at a time.
///
/// # Errors
/// A table without header line or text column.
pub(crate) fn read(
    path: &Path,
    reader: Box<dyn BufRead + Send>,
    format: InputFormat,
    text_column: &str,
) -> Result<Records> {
    let (file, field) = (path.to_path_buf(), text_column.to_string());
    Ok(match format {
        InputFormat::Csv => Box::new(Table::new(file, reader, b',', &field)?),
        InputFormat::Tsv => Box::new(Table::new(file, reader, b'\t', &field)?),
        InputFormat::Json => Box::new(Objects { elements: Elements::new(file, reader), field }),
        _ => Box::new(Lines { file, reader, field, line: 0, buffer: Vec::new() }),
    })
}

/// JSON Lines.
struct Lines<R> {
    file: PathBuf,
    reader: R,
    field: String,
    line: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.line += 1;
            self.buffer.clear();
            let limit = ARTICLE_LIMIT as u64 + 1;
            match self.reader.by_ref().take(limit).read_until(b'\n', &mut self.buffer) {
                Ok(0) => return None,
                Ok(_) if self.buffer.len() > ARTICLE_LIMIT => return Some(Err(self.skip_line())),
                Ok(_) if self.buffer.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let place = Place::line(&self.file, self.line);
                    return Some(record(self.buffer.trim_ascii_end(), place, &self.field));
                }
                Err(error) => return Some(Err(self.give_up(error))),
            }
        }
    }
}

impl<R: BufRead> Lines<R> {
    /// Passes over the rest of a line that is too long, without holding it.
    fn skip_line(&mut self) -> Error {
        let ended = self.buffer.ends_with(b"\n");
        self.buffer = Vec::new();
        match if ended { Ok(0) } else { self.reader.skip_until(b'\n') } {
            Ok(_) => too_large(Place::line(&self.file, self.line)),
            Err(error) => self.give_up(error),
        }
    }

    /// After a read error: no record can follow.
    fn give_up(&mut self, error: io::Error) -> Error {
        Error::io(&self.file, "read", error)
    }
}

/// A JSON object as an article; `place` is where it begins.
fn record(bytes: &[u8], place: Place, field: &str) -> Result<Article> {
    let complain = |place: Place, found: String, expected: &str| {
        Error::input(Complaint::new(place, found, expected, "correct the record or leave it out"))
    };
    let object = format!("an object such as {{\"{field}\": \"…\"}}");
    let json = match std::str::from_utf8(bytes) {
        Ok(json) => Cow::Borrowed(json),
        Err(_) => Cow::Owned(decode(bytes).text),
    };
    let mut value: Value = serde_json::from_str(&json).map_err(|error| {
        complain(
            place.clone().in_json(&json, &error),
            format!("broken JSON ({})", json_problem(&error)),
            &object,
        )
    })?;
    let place = Place { column: None, ..place };
    let Some(fields) = value.as_object_mut() else {
        return Err(complain(place, format!("{} instead of an object", json_kind(&value)), &object));
    };
    let text = match fields.remove(field) {
        Some(Value::String(text)) if !text.trim().is_empty() => text,
        Some(Value::String(_)) => return Err(complain(place, format!("a blank `{field}`"), "an article")),
        Some(other) => {
            return Err(complain(place, format!("{} as `{field}`", json_kind(&other)), "a string"));
        }
        None => {
            let names: Vec<String> = fields.keys().take(12).map(|name| format!("`{name}`")).collect();
            let found = if names.is_empty() {
                "no field at all".into()
            } else {
                format!("only {}", names.join(", "))
            };
            return Err(complain(place, found, &format!("a field `{field}` with the article's text")));
        }
    };
    let source = place.to_string();
    Ok(Article::from_text(source, scalar(fields.get("id")), scalar(fields.get("title")), text))
}

fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// A string or number as a string; blanks, null and all else as nothing.
fn scalar(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The objects of a JSON file.
struct Objects<R: Read> {
    elements: Elements<R>,
    field: String,
}

impl<R: BufRead> Iterator for Objects<R> {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        let element = self.elements.next()?;
        Some(element.and_then(|(place, bytes)| record(&bytes, place, &self.field)))
    }
}

/// Cuts a JSON array, or objects in a row, into its elements with the place where each begins.
///
/// Only brackets and strings are looked at; whether an element is sound JSON shows when it is parsed.
struct Elements<R: Read> {
    file: PathBuf,
    bytes: std::iter::Peekable<io::Bytes<R>>,
    /// Where the next byte stands, in characters.
    line: u64,
    column: u64,
    in_array: bool,
    done: bool,
}

impl<R: BufRead> Elements<R> {
    fn new(file: PathBuf, reader: R) -> Self {
        Elements { file, bytes: reader.bytes().peekable(), line: 1, column: 1, in_array: false, done: false }
    }

    fn byte(&mut self) -> Result<Option<u8>> {
        let byte = self.bytes.next().transpose().map_err(|error| {
            self.done = true;
            Error::io(&self.file, "read", error)
        })?;
        match byte {
            Some(b'\n') => (self.line, self.column) = (self.line + 1, 1),
            // A byte that continues a character of UTF-8.
            Some(0x80..=0xbf) => {}
            _ => self.column += 1,
        }
        Ok(byte)
    }

    /// The first byte of the next element.
    ///
    /// # Errors
    /// A file that ends within its array.
    fn first(&mut self) -> Result<Option<u8>> {
        while let Some(byte) = self.byte()? {
            match byte {
                b'[' if !self.in_array => self.in_array = true,
                b']' => self.in_array = false,
                b',' => {}
                _ if byte.is_ascii_whitespace() => {}
                _ => return Ok(Some(byte)),
            }
        }
        self.done = true;
        if self.in_array { Err(self.cut_off()) } else { Ok(None) }
    }

    fn cut_off(&self) -> Error {
        Error::input(Complaint::new(
            Place::line(&self.file, self.line),
            "the end of the file",
            "a `]` that closes the array",
            "the file is cut off: fetch or export it again",
        ))
    }

    /// The rest of the element that begins with `first`: up to the bracket or quotation mark that closes it, or to what
    /// follows a bare value.
    ///
    /// # Errors
    /// A file that ends within it, and one that is too large.
    fn element(&mut self, first: u8) -> Result<(Place, Vec<u8>)> {
        let place = Place::line(&self.file, self.line).at_column(self.column - 1);
        let bare = !matches!(first, b'{' | b'[' | b'"');
        let (mut bytes, mut size) = (Vec::new(), 0usize);
        let (mut depth, mut string, mut escaped) = (0usize, false, false);
        let mut next = Some(first);
        while let Some(byte) = next {
            size += 1;
            if size <= ARTICLE_LIMIT {
                bytes.push(byte);
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if string => escaped = true,
                b'"' => string = !string,
                b'{' | b'[' if !string => depth += 1,
                b'}' | b']' if !string => depth = depth.saturating_sub(1),
                _ => {}
            }
            let ended = if bare { self.is_at_end_of_bare_value() } else { depth == 0 && !string };
            if ended {
                break;
            }
            next = self.byte()?;
            if next.is_none() && self.in_array {
                self.done = true;
                return Err(self.cut_off());
            }
        }
        if size > ARTICLE_LIMIT {
            Err(too_large(Place { column: None, ..place }))
        } else {
            Ok((place, bytes))
        }
    }

    fn is_at_end_of_bare_value(&mut self) -> bool {
        let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
        matches!(self.bytes.peek(), Some(Ok(byte)) if ends(byte))
    }

    fn next(&mut self) -> Option<Result<(Place, Vec<u8>)>> {
        if self.done {
            return None;
        }
        match self.first() {
            Ok(first) => first.map(|first| self.element(first)),
            Err(error) => Some(Err(error)),
        }
    }
}

/// A CSV or TSV file with a header line.
struct Table {
    file: PathBuf,
    rows: Separated<Box<dyn BufRead + Send>>,
    columns: Columns,
}

/// Where the fields stand, counted from 0.
struct Columns {
    text: usize,
    id: Option<usize>,
    title: Option<usize>,
    /// How many there are.
    all: usize,
}

impl Table {
    fn new(file: PathBuf, reader: Box<dyn BufRead + Send>, delimiter: u8, field: &str) -> Result<Self> {
        let mut rows = Separated::new(reader, delimiter, 2 * ARTICLE_LIMIT);
        let header = rows.next().map_err(|error| unreadable(&file, rows.line(), error))?;
        let place = Place::line(&file, rows.line());
        let fields = match header {
            Some(RawRecord { fault: Some(fault), .. }) => return Err(Error::input(fault.complaint(place))),
            Some(header) => header.fields,
            None => ByteRecord::new(),
        };
        let columns = Columns::find(place, &fields, field)?;
        Ok(Table { file, rows, columns })
    }
}

impl Iterator for Table {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.next_as(|raw| self.columns.article(raw, &self.file)) {
            Ok(article) => article,
            Err(error) => Some(Err(unreadable(&self.file, self.rows.line(), error))),
        }
    }
}

impl Columns {
    fn find(place: Place, header: &ByteRecord, field: &str) -> Result<Columns> {
        let names: Vec<String> = header.iter().map(|name| decode(name).text.trim().to_string()).collect();
        let find = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        match find(field) {
            Some(text) => Ok(Columns { text, id: find("id"), title: find("title"), all: names.len() }),
            None => Err(Error::input(Complaint::new(
                place,
                format!(
                    "the columns {}",
                    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                ),
                format!("a column `{field}`"),
                "name the column that holds the text with --text-column",
            ))),
        }
    }

    fn article(&self, raw: &RawRecord, file: &Path) -> Result<Article> {
        let place = Place::line(file, raw.line);
        if let Some(fault) = raw.damage() {
            return Err(Error::input(fault.complaint(place)));
        }
        if raw.fields.len() != self.all {
            return Err(Error::input(Complaint::new(
                place,
                format!("{} fields", raw.fields.len()),
                format!("{}, as in the header", self.all),
                "quote the fields that hold a comma or a line break, and double the quotes within them",
            )));
        }
        let cell = |column: usize| {
            raw.fields.get(column).map(|bytes| decode(bytes).text).filter(|text| !text.trim().is_empty())
        };
        let Some(text) = cell(self.text) else {
            return Err(Error::input(Complaint::new(
                place.at_column(self.text as u64 + 1),
                "a blank text",
                "an article",
                "fill the cell or leave the row out",
            )));
        };
        if text.len() > ARTICLE_LIMIT {
            return Err(too_large(place));
        }
        let source = format!("{}:{}", file.display(), raw.line);
        Ok(Article::from_text(source, self.id.and_then(cell), self.title.and_then(cell), text))
    }
}

fn unreadable(file: &Path, line: u64, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::FileTooLarge => too_large(Place::line(file, line)),
        _ => Error::io(file, "read", error),
    }
}
