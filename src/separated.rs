//! The records of CSV and TSV files, quoted by RFC 4180, with the line of each and what is wrong with its quoting.
//!
//! The csv crate reads any bytes as some record: a quotation mark that is never closed takes the rest of the file with
//! it, and no error says so. It also counts lines from where it stands, which is before blank lines. So the file is cut
//! into records here, by the crate's own rules, while the quoting is watched; the crate takes each record apart. Reading
//! starts anew on the next line where broken quoting has swallowed lines.

use crate::error::{Complaint, Place};
use csv::ByteRecord;
use std::io::{self, BufRead, Cursor};

/// One record with its place in the file.
pub(crate) struct RawRecord {
    pub(crate) fields: ByteRecord,
    pub(crate) fault: Option<Fault>,
    /// Line on which it begins, from 1.
    pub(crate) line: u64,
    /// Whether the fault loses or moves text.
    damaged: bool,
    /// Whether what follows may be the middle of a field.
    open: bool,
}

impl RawRecord {
    /// The fault, if it loses or moves text: by itself a mark inside a field without marks around it stands for a mark.
    pub(crate) fn damage(&self) -> Option<&Fault> {
        self.fault.as_ref().filter(|_| self.damaged)
    }
}

/// Goes through the records of a file; blank lines are none.
pub(crate) struct Separated<R> {
    input: R,
    delimiter: u8,
    /// The most bytes of a record.
    limit: usize,
    /// What is to be read again before the input goes on.
    again: Cursor<Vec<u8>>,
    /// The line of the record that was read last or is being read.
    line: u64,
    /// Line breaks since that record began.
    breaks: u64,
    /// The byte read last.
    last: u8,
    /// Whether nothing is to be said of what follows: it may be the middle of a field.
    lost: bool,
    failed: bool,
}

impl<R: BufRead> Separated<R> {
    /// Reads from past the byte order mark. Records of more than `limit` bytes are errors.
    pub(crate) fn new(input: R, delimiter: u8, limit: usize) -> Self {
        let again = Cursor::default();
        Separated { input, delimiter, limit, again, line: 1, breaks: 0, last: 0, lost: false, failed: false }
    }

    /// The line of the record that was read last, or that could not be read.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The next record as `read` understands it. After a quotation mark that has swallowed lines, errors of `read` are
    /// passed over until a record is whole again.
    ///
    /// # Errors
    /// The system's refusal to read, or `FileTooLarge` of a record over the limit; no record follows then.
    pub(crate) fn next_as<T, E>(
        &mut self,
        read: impl Fn(&RawRecord) -> Result<T, E>,
    ) -> io::Result<Option<Result<T, E>>> {
        while let Some(raw) = self.next()? {
            let item = read(&raw);
            let said = item.is_ok() || !self.lost;
            self.lost = raw.open || (self.lost && item.is_err());
            if said {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// The next record, sound or not.
    ///
    /// # Errors
    /// As [`next_as`](Self::next_as).
    pub(crate) fn next(&mut self) -> io::Result<Option<RawRecord>> {
        if self.failed {
            return Ok(None);
        }
        self.line += std::mem::take(&mut self.breaks);
        let mut quoting = Quoting::new(self.delimiter);
        let raw = self.cut(&mut quoting).inspect_err(|_| self.failed = true)?;
        if raw.is_empty() {
            return Ok(None);
        }
        let fault = quoting.fault();
        let unclosed = quoting.state == State::Quoted;
        let damaged = unclosed || fault.is_some_and(|fault| fault.kind != Break::Inside);
        let swallowed = if damaged { &raw[first_line(&raw)..] } else { &[] };
        let open = unclosed || !swallowed.is_empty();
        let line = self.line;
        let fields = parse(&raw, self.delimiter)?;
        if !swallowed.is_empty() {
            self.read_again(swallowed);
        }
        Ok(Some(RawRecord { fields, fault, line, damaged, open }))
    }

    /// The bytes of the next record, with the line break that ends it; none at the end of the file. One that is over the limit
    /// because of an open quotation mark ends there. What is read again and is broken ends with its line: else such marks could
    /// have the same lines read many times.
    fn cut(&mut self, quoting: &mut Quoting) -> io::Result<Vec<u8>> {
        let mut raw = Vec::new();
        loop {
            let replayed = self.again.position() < self.again.get_ref().len() as u64;
            let buffer = if replayed { self.again.fill_buf()? } else { self.input.fill_buf()? };
            if buffer.is_empty() {
                return Ok(raw);
            }
            let (mut used, mut ended) = (0, false);
            for &byte in buffer {
                used += 1;
                let is_break = matches!(byte, b'\r' | b'\n');
                self.breaks += u64::from(is_break && (byte == b'\r' || self.last != b'\r'));
                self.last = byte;
                if raw.is_empty() && is_break {
                    // A blank line, or the second half of a line break.
                    self.line += std::mem::take(&mut self.breaks);
                    continue;
                }
                raw.push(byte);
                ended = quoting.ends(byte) || (replayed && is_break && quoting.fault.is_some());
                if ended || raw.len() > self.limit {
                    break;
                }
            }
            if replayed {
                self.again.consume(used)
            } else {
                self.input.consume(used)
            }
            if ended {
                return Ok(raw);
            }
            if raw.len() > self.limit {
                let open = quoting.state == State::Quoted && first_line(&raw) < raw.len();
                return if open { Ok(raw) } else { Err(io::ErrorKind::FileTooLarge.into()) };
            }
        }
    }

    /// Puts `rest`, which begins on the second line of the record that was just read, back before the input.
    fn read_again(&mut self, rest: &[u8]) {
        let at = self.again.position() as usize;
        let mut bytes = rest.to_vec();
        bytes.extend_from_slice(&self.again.get_ref()[at..]);
        self.again = Cursor::new(bytes);
        self.breaks = 1;
        self.last = b'\n';
    }
}

/// How many bytes the first line takes, with its break.
fn first_line(raw: &[u8]) -> usize {
    let at = raw.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(raw.len());
    match raw.get(at..at + 2) {
        Some(b"\r\n") => at + 2,
        _ => raw.len().min(at + 1),
    }
}

fn parse(raw: &[u8], delimiter: u8) -> io::Result<ByteRecord> {
    let mut fields = ByteRecord::new();
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(raw.len())
        .from_reader(raw)
        .read_byte_record(&mut fields)?;
    Ok(fields)
}

/// Why a record cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    Unclosed,
    Inside,
    AfterClosing,
}

/// Broken quoting in a field, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    kind: Break,
    field: u64,
}

impl Fault {
    /// What to say of it; `line` is where the record begins.
    pub(crate) fn complaint(&self, line: Place) -> Complaint {
        let found = match self.kind {
            Break::Unclosed => "a quotation mark that is never closed",
            Break::Inside => "a quotation mark inside a field that does not begin with one",
            Break::AfterClosing => "text after a closing quotation mark",
        };
        Complaint::new(
            line.at_column(self.field),
            found,
            "fields in quotation marks from end to end",
            "double every quotation mark inside a quoted field",
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the first byte of a field.
    Start,
    /// In a field without quotation marks.
    Bare,
    /// Between quotation marks.
    Quoted,
    /// After a mark that closes the field, unless the next byte is another.
    Closed,
}

/// Follows the quoting of one record.
struct Quoting {
    delimiter: u8,
    state: State,
    field: u64,
    fault: Option<Fault>,
}

impl Quoting {
    fn new(delimiter: u8) -> Self {
        Quoting { delimiter, state: State::Start, field: 1, fault: None }
    }

    /// Takes the next byte; whether it ends the record.
    fn ends(&mut self, byte: u8) -> bool {
        if self.state == State::Quoted {
            if byte == b'"' {
                self.state = State::Closed;
            }
            return false;
        }
        if matches!(byte, b'\r' | b'\n') {
            return true;
        }
        self.state = match (self.state, byte) {
            (_, byte) if byte == self.delimiter => {
                self.field += 1;
                State::Start
            }
            (State::Start | State::Closed, b'"') => State::Quoted,
            (State::Bare, b'"') => self.broken(Break::Inside),
            (State::Closed, _) => self.broken(Break::AfterClosing),
            _ => State::Bare,
        };
        false
    }

    fn broken(&mut self, kind: Break) -> State {
        self.fault.get_or_insert(Fault { kind, field: self.field });
        State::Bare
    }

    /// The first fault, once all bytes have been taken.
    fn fault(&self) -> Option<Fault> {
        let unclosed = Fault { kind: Break::Unclosed, field: self.field };
        self.fault.or((self.state == State::Quoted).then_some(unclosed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Why a record is broken, and in which field.
    type Broken = Option<(Break, u64)>;

    /// Line, fields and fault of each record, read in pieces of a few bytes.
    fn records(text: &str) -> Vec<(u64, String, Broken)> {
        let input = io::BufReader::with_capacity(3, text.as_bytes());
        let mut records = Separated::new(input, b',', 1000);
        let show = |raw: RawRecord| {
            let fields: Vec<&str> =
                raw.fields.iter().map(|field| std::str::from_utf8(field).unwrap()).collect();
            (raw.line, fields.join("|"), raw.fault.map(|fault| (fault.kind, fault.field)))
        };
        std::iter::from_fn(|| records.next().unwrap()).map(show).collect()
    }

    fn fault(raw: &str) -> Broken {
        records(raw).first().and_then(|record| record.2)
    }

    #[test]
    fn good_quoting_has_no_fault() {
        for raw in ["", "a,b", "\"a\",b", "\"a \"\"b\"\", c\",d", "\"\",\"\"", "\"a\nb\",c", ",,\"\"\"\""] {
            assert_eq!(fault(raw), None, "{raw}");
        }
    }

    #[test]
    fn broken_quoting_is_found_in_its_field() {
        assert_eq!(fault("a,\"b,c"), Some((Break::Unclosed, 2)));
        assert_eq!(fault("a \"b\",c"), Some((Break::Inside, 1)));
        assert_eq!(fault("a,b, \"c\""), Some((Break::Inside, 3)));
        assert_eq!(fault("\"a\" b,c"), Some((Break::AfterClosing, 1)));
    }

    fn lines(text: &str) -> Vec<u64> {
        records(text).into_iter().map(|(line, ..)| line).collect()
    }

    #[test]
    fn records_begin_on_their_lines() {
        assert_eq!(lines("a\nb\nc"), [1, 2, 3]);
        assert_eq!(lines("a\r\nb\r\nc\r\n"), [1, 2, 3]);
        assert_eq!(lines("a\rb\r\rc\r"), [1, 2, 4]);
        assert_eq!(lines("\n\na\n\n\nb\n"), [3, 6]);
        assert_eq!(lines("a\r\n\"b\r\nb\nb\"\r\n\r\nc"), [1, 2, 6]);
    }

    #[test]
    fn fields_are_those_of_the_csv_crate() {
        for text in ["a,b\n\"c\"\"d\",\"e\nf\"\r\n\ng", "a\"b,c\n", "\"a\"b,c\n,\n", "x,\"y\rz\"\rw,"] {
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let whole: Vec<String> =
                reader.records().map(|record| record.unwrap().iter().collect::<Vec<_>>().join("|")).collect();
            assert_eq!(
                records(text).into_iter().map(|(_, fields, _)| fields).collect::<Vec<_>>(),
                whole,
                "{text}"
            );
        }
    }

    #[test]
    fn reading_starts_anew_after_a_mark_that_swallowed_lines() {
        let found = records("a,\"b\nc,d\r\n\ne,\"f\n");
        let found: Vec<(u64, &str)> =
            found.iter().map(|(line, fields, _)| (*line, fields.as_str())).collect();
        assert_eq!(found[1..], [(2, "c|d"), (4, "e|f\n")]);
        assert_eq!(found[0].0, 1);
        assert_eq!(lines("\"a\r\nb\r\nc"), [1, 2, 3]);
    }

    #[test]
    fn errors_are_passed_over_until_a_record_is_whole() {
        let mut records = Separated::new("a,\"b\nx\ny\nc,d\nz\n".as_bytes(), b',', 1000);
        let mut said = Vec::new();
        let read = |raw: &RawRecord| match raw.fields.len() {
            2 if raw.fault.is_none() => Ok(raw.line),
            _ => Err(raw.line),
        };
        while let Some(item) = records.next_as(read).unwrap() {
            said.push(item);
        }
        assert_eq!(said, [Err(1), Ok(4), Err(5)]);
    }

    #[test]
    fn a_mark_that_is_open_up_to_the_limit_costs_one_record() {
        let text = format!("a,\"b\n{}", "b,c\n".repeat(100));
        let mut records = Separated::new(text.as_bytes(), b',', 50);
        let first = records.next().unwrap().unwrap();
        assert_eq!(first.fault.map(|fault| fault.kind), Some(Break::Unclosed));
        let rest: Vec<u64> = std::iter::from_fn(|| records.next().unwrap()).map(|raw| raw.line).collect();
        assert_eq!(rest, (2..=101).collect::<Vec<u64>>());
    }

    #[test]
    fn broken_lines_are_read_again_once() {
        assert_eq!(lines(&"x\"y,\"z\n".repeat(5)), [1, 2, 3, 4, 5]);
        let found = records("x\"y,\"z\na,b\n");
        assert_eq!(found[0].2, Some((Break::Inside, 1)));
        assert_eq!(found[1], (2, "a|b".into(), None));
    }

    #[test]
    fn a_mark_that_stands_for_itself_damages_nothing() {
        let mut records =
            Separated::new("he \"said\",\"two\nlines\"\nx\"y,\"z\na,b\n".as_bytes(), b',', 1000);
        let mut next = || records.next().unwrap().unwrap();
        let (whole, cut, last) = (next(), next(), next());
        assert!(whole.fault.is_some() && whole.damage().is_none());
        assert_eq!(whole.fields.get(1), Some(&b"two\nlines"[..]));
        assert!(cut.damage().is_some());
        assert_eq!((cut.line, last.line, last.fields.len()), (3, 4, 2));
    }

    #[test]
    fn a_record_over_the_limit_ends_the_reading() {
        let mut records = Separated::new("a\nbbbbbbbb\nc\n".as_bytes(), b',', 5);
        assert!(records.next().unwrap().is_some());
        assert_eq!(records.next().err().unwrap().kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(records.line(), 2);
        assert!(records.next().unwrap().is_none());
    }
}
