//! Articles that are records of a file: JSON Lines, JSON arrays, CSV.

use super::Article;
use super::decode::decode;
use super::input::{ARTICLE_LIMIT, InputFormat, InputOptions, Records, too_large};
use crate::error::{Complaint, Error, Place, Result};
use serde_json::Value;
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Reads the records of an opened file, one at a time.
///
/// # Errors
/// A table without header line or text column.
pub(crate) fn read(
    path: &Path,
    reader: Box<dyn BufRead + Send>,
    format: InputFormat,
    options: &InputOptions,
) -> Result<Records> {
    let file = path.to_path_buf();
    let field = options.text_column.clone();
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
                    return Some(record(self.buffer.trim_ascii_end(), &self.file, self.line, &self.field));
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

/// A JSON object as an article; `line` is where it begins.
fn record(bytes: &[u8], file: &Path, line: u64, field: &str) -> Result<Article> {
    let complain = |place: Place, found: String, expected: &str| {
        Error::input(Complaint::new(place, found, expected, "correct the record or leave it out"))
    };
    let object = format!("an object such as {{\"{field}\": \"…\"}}");
    let parsed = match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_str(&decode(bytes).text),
    };
    let mut value: Value = parsed.map_err(|error| {
        let place = Place::line(file, line + error.line().saturating_sub(1) as u64)
            .at_column(error.column().max(1) as u64);
        let said = error.to_string();
        // serde counts lines from the record's first: the place has them from the file's.
        let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
        complain(place, format!("broken JSON ({said})"), &object)
    })?;
    let place = Place::line(file, line);
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
    let source = format!("{}:{line}", file.display());
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
struct Objects<R> {
    elements: Elements<R>,
    field: String,
}

impl<R: BufRead> Iterator for Objects<R> {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        let element = self.elements.next()?;
        Some(element.and_then(|(line, bytes)| record(&bytes, &self.elements.file, line, &self.field)))
    }
}

/// Cuts a JSON array, or objects in a row, into its elements with the line each begins on.
///
/// Only brackets and strings are looked at; whether an element is sound JSON shows when it is parsed.
struct Elements<R> {
    file: PathBuf,
    bytes: io::Bytes<R>,
    line: u64,
    in_array: bool,
    done: bool,
}

impl<R: BufRead> Elements<R> {
    fn new(file: PathBuf, reader: R) -> Self {
        Elements { file, bytes: reader.bytes(), line: 1, in_array: false, done: false }
    }

    fn byte(&mut self) -> Result<Option<u8>> {
        let byte = self.bytes.next().transpose().map_err(|error| {
            self.done = true;
            Error::io(&self.file, "read", error)
        })?;
        self.line += u64::from(byte == Some(b'\n'));
        Ok(byte)
    }

    /// The first byte of the next element.
    fn first(&mut self) -> Result<Option<u8>> {
        while let Some(byte) = self.byte()? {
            match byte {
                b'[' if !self.in_array => self.in_array = true,
                b',' | b']' => {}
                _ if byte.is_ascii_whitespace() => {}
                _ => return Ok(Some(byte)),
            }
        }
        Ok(None)
    }

    /// The rest of the element that begins with `first`: up to the bracket that closes it, or the comma after a bare value.
    fn element(&mut self, first: u8) -> Result<(u64, Vec<u8>)> {
        let line = self.line;
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
            if depth == 0
                && !string
                && (byte != b'"' || size > 1)
                && matches!(byte, b'}' | b']' | b',' | b'\n' | b'"')
            {
                break;
            }
            next = self.byte()?;
        }
        if size > ARTICLE_LIMIT { Err(too_large(Place::line(&self.file, line))) } else { Ok((line, bytes)) }
    }

    fn next(&mut self) -> Option<Result<(u64, Vec<u8>)>> {
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
    reader: csv::Reader<Metered>,
    meter: Arc<AtomicUsize>,
    columns: Columns,
    record: csv::ByteRecord,
    done: bool,
}

/// Where the fields stand.
struct Columns {
    text: usize,
    id: Option<usize>,
    title: Option<usize>,
}

impl Table {
    fn new(file: PathBuf, reader: Box<dyn BufRead + Send>, delimiter: u8, field: &str) -> Result<Self> {
        let meter = Arc::new(AtomicUsize::new(0));
        let metered = Metered { inner: reader, meter: meter.clone(), returns: None, last: 0 };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(metered);
        let header = reader.byte_headers().map_err(|error| complaint(&file, 1, error))?;
        let columns = columns(&file, header, field)?;
        Ok(Table { file, reader, meter, columns, record: csv::ByteRecord::new(), done: false })
    }

    /// The line of a position: the reader stands before the line feed of the last record where carriage returns precede
    /// them.
    fn line(&self, position: Option<&csv::Position>) -> u64 {
        position.map_or(1, csv::Position::line) + u64::from(self.reader.get_ref().has_returns())
    }

    fn article(&self) -> Result<Article> {
        let line = self.line(self.record.position());
        let cell = |column: usize| {
            self.record.get(column).map(|bytes| decode(bytes).text).filter(|text| !text.trim().is_empty())
        };
        let Some(text) = cell(self.columns.text) else {
            let place = Place::line(&self.file, line).at_column(self.columns.text as u64 + 1);
            return Err(Error::input(Complaint::new(
                place,
                "a blank text",
                "an article",
                "fill the cell or leave the row out",
            )));
        };
        if text.len() > ARTICLE_LIMIT {
            return Err(too_large(Place::line(&self.file, line)));
        }
        let source = format!("{}:{line}", self.file.display());
        Ok(Article::from_text(
            source,
            self.columns.id.and_then(cell),
            self.columns.title.and_then(cell),
            text,
        ))
    }
}

impl Iterator for Table {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        self.meter.store(0, Ordering::Relaxed);
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => Some(self.article()),
            Ok(false) => None,
            Err(error) => {
                self.done = error.is_io_error();
                let line = self.line(error.position());
                Some(Err(complaint(&self.file, line, error)))
            }
        }
    }
}

fn columns(file: &Path, header: &csv::ByteRecord, field: &str) -> Result<Columns> {
    let names: Vec<String> = header.iter().map(|name| decode(name).text.trim().to_string()).collect();
    let find = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
    match find(field) {
        Some(text) => Ok(Columns { text, id: find("id"), title: find("title") }),
        None => Err(Error::input(Complaint::new(
            Place::line(file, 1),
            format!(
                "the columns {}",
                names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
            ),
            format!("a column `{field}`"),
            "name the column that holds the text with --text-column",
        ))),
    }
}

fn complaint(file: &Path, line: u64, error: csv::Error) -> Error {
    let place = Place::line(file, line);
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => too_large(place),
        csv::ErrorKind::Io(error) => Error::io(file, "read", error),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => Error::input(Complaint::new(
            place,
            format!("{len} fields"),
            format!("{expected_len}, as in the header"),
            "quote the fields that hold a comma or a line break, and double the quotes within them",
        )),
        other => Error::input(Complaint::new(
            place,
            format!("{other:?}"),
            "a row as in RFC 4180",
            "correct the row",
        )),
    }
}

/// A reader that gives up when one record takes too much, as after a quote that is never closed.
struct Metered {
    inner: Box<dyn BufRead + Send>,
    meter: Arc<AtomicUsize>,
    /// Whether the first line ends with a carriage return and a line feed; not known before it has been read.
    returns: Option<bool>,
    /// The last byte read.
    last: u8,
}

impl Metered {
    fn has_returns(&self) -> bool {
        self.returns == Some(true)
    }
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if self.meter.fetch_add(count, Ordering::Relaxed) > 2 * ARTICLE_LIMIT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if self.returns.is_none()
            && let Some(at) = buffer[..count].iter().position(|byte| *byte == b'\n')
        {
            self.returns = Some(buffer[..at].last().copied().unwrap_or(self.last) == b'\r');
        }
        self.last = buffer[..count].last().copied().unwrap_or(self.last);
        Ok(count)
    }
}
