//! Files, folders and standard input to articles, one by one.
//!
//! Every failure is an item of its own and reading goes on after it: with the next record where the file can still be
//! read, else with the next file.

use super::Article;
use super::decode::{decode, is_binary, is_utf16};
use super::format::{self, InputFormat};
use super::records::{self, ARTICLE_LIMIT, Records, too_large};
use crate::error::{Complaint, Error, Place, Result};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// How to read inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputOptions {
    /// The column or JSON field that holds the text. `text` by default.
    pub text_column: String,
    /// The format of all inputs; `None` to go by their extensions, and by what they look like where those say nothing.
    pub format: Option<InputFormat>,
    /// The file that is being written, without links and detours: where it stands in a folder from an earlier run it is
    /// no article.
    pub output: Option<PathBuf>,
}

impl Default for InputOptions {
    fn default() -> Self {
        InputOptions { text_column: "text".into(), format: None, output: None }
    }
}

/// The articles of all `paths` in order: files, folders (all readable files below, sorted by name; a `.csv`
/// beside a `.txt` of the same name annotates it and is passed over), `-` for standard input. No path at all means standard input. Records are read one at a time, so memory stays bounded.
///
/// ```
/// use rhetor::text::{InputOptions, articles};
/// let mut found = articles(&["no-such-file.txt".into()], &InputOptions::default());
/// let error = found.next().unwrap().unwrap_err();
/// assert!(error.to_string().starts_with("no-such-file.txt: "));
/// assert!(found.next().is_none());
/// ```
pub fn articles(
    paths: &[PathBuf],
    options: &InputOptions,
) -> impl Iterator<Item = Result<Article>> + Send + use<> {
    let mut queue: VecDeque<Input> = paths.iter().cloned().map(Input::Path).collect();
    if queue.is_empty() {
        queue.push_back(Input::Path("-".into()));
    }
    Articles { queue, open: None, options: options.clone() }
}

enum Input {
    /// A path as given.
    Path(PathBuf),
    /// A file found in a folder, or why it cannot be read.
    Found(Result<PathBuf>),
}

struct Articles {
    queue: VecDeque<Input>,
    open: Option<Records>,
    options: InputOptions,
}

impl Iterator for Articles {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.open.as_mut().and_then(Iterator::next) {
                return Some(item);
            }
            self.open = None;
            match self.queue.pop_front()? {
                Input::Path(path) if path.is_dir() => self.enter(&path),
                Input::Path(path) | Input::Found(Ok(path)) => match open(&path, &self.options) {
                    Ok(records) => self.open = Some(records),
                    Err(error) => return Some(Err(error)),
                },
                Input::Found(Err(error)) => return Some(Err(error)),
            }
        }
    }
}

impl Articles {
    /// Puts the files of a folder first in the queue.
    fn enter(&mut self, folder: &Path) {
        let found = files(folder, self.options.output.as_deref());
        for file in found.into_iter().rev() {
            self.queue.push_front(Input::Found(file));
        }
    }
}

/// The readable files below a folder, sorted by name; hidden ones, annotations and the output are passed over.
fn files(folder: &Path, output: Option<&Path>) -> Vec<Result<PathBuf>> {
    let hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    let entries = WalkDir::new(folder)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(move |entry| entry.depth() == 0 || !hidden(entry.file_name()));
    let is_output = |path: &Path| {
        output.is_some_and(|output| {
            output.file_name() == path.file_name() && path.canonicalize().is_ok_and(|path| path == output)
        })
    };
    let mut found = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry)
                if !entry.file_type().is_dir() && is_input(entry.path()) && !is_output(entry.path()) =>
            {
                found.push(Ok(entry.into_path()));
            }
            Ok(_) => {}
            Err(error) => found.push(Err(unwalkable(folder, error))),
        }
    }
    if found.is_empty() {
        found.push(Err(no_files(folder)));
    }
    found
}

/// Whether a file found in a folder is one to read. A `.csv` beside a `.txt` of the same name is not: it annotates that
/// article.
fn is_input(path: &Path) -> bool {
    match format::of(path) {
        None => false,
        Some(InputFormat::Csv) => !path.with_extension("txt").is_file(),
        Some(_) => true,
    }
}

/// Whether reading a folder reads this file, be it through a link. `file` is a path without links.
pub(crate) fn is_read_from(folder: &Path, file: &Path) -> bool {
    let leads = |path: PathBuf| path.canonicalize().is_ok_and(|path| path == file);
    folder.is_dir() && files(folder, None).into_iter().flatten().any(leads)
}

fn unwalkable(folder: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(folder).to_path_buf();
    if let Some(ancestor) = error.loop_ancestor() {
        return Error::input(Complaint::new(
            Place::file(path),
            format!("a link back to {}", ancestor.display()),
            "folders that do not contain themselves",
            "remove the link, or name the folders one by one",
        ));
    }
    Error::io(path, "read", error.into_io_error().unwrap_or_else(|| io::Error::other("unknown error")))
}

fn no_files(folder: &Path) -> Error {
    let kinds: Vec<&str> = format::extensions().collect();
    Error::input(Complaint::new(
        Place::file(folder),
        "a folder without readable files",
        format!("files that end in .{}", kinds.join(", .")),
        "rename the files, or name them one by one",
    ))
}

/// Opens a file or standard input and reads it in its format.
fn open(path: &Path, options: &InputOptions) -> Result<Records> {
    let stdin = path == Path::new("-");
    let raw: Box<dyn Read + Send> = if stdin {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|error| Error::io(path, "open", error))?)
    };
    let mut reader = BufReader::with_capacity(1 << 16, raw);
    let start = reader.fill_buf().map_err(|error| Error::io(path, "read", error))?;
    if start.is_empty() {
        return Err(empty(path));
    }
    if is_binary(start) {
        return Err(binary(path));
    }
    let known = options.format.or_else(|| format::of(path).filter(|_| !stdin));
    let format = known.unwrap_or_else(|| format::sniff(start));
    match format {
        InputFormat::Text | InputFormat::Html => Ok(Box::new(std::iter::once(whole(path, reader, format)))),
        _ => records::read(path, utf8(path, reader)?, format, &options.text_column),
    }
}

/// Reads one article that is a file of its own.
fn whole(path: &Path, reader: impl Read, format: InputFormat) -> Result<Article> {
    let bytes = up_to_limit(path, reader)?.ok_or_else(|| too_large(Place::file(path)))?;
    let text = decode(&bytes).text;
    if text.trim().is_empty() {
        return Err(empty(path));
    }
    let source = path.display().to_string();
    let article = match format {
        InputFormat::Html => Article::from_html(source, None, None, &text),
        _ => Article::from_text(source, None, None, text),
    };
    if article.blocks.is_empty() { Err(blank_page(path)) } else { Ok(article) }
}

/// All bytes; none if there are more than an article may have.
fn up_to_limit(path: &Path, reader: impl Read) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader
        .take(ARTICLE_LIMIT as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io(path, "read", error))?;
    Ok((bytes.len() <= ARTICLE_LIMIT).then_some(bytes))
}

/// A reader past the byte order mark; files of records in UTF-16 are decoded whole, up to the limit.
fn utf8(path: &Path, mut reader: BufReader<Box<dyn Read + Send>>) -> Result<Box<dyn BufRead + Send>> {
    let start = reader.fill_buf().map_err(|error| Error::io(path, "read", error))?;
    if start.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    } else if is_utf16(start) {
        let bytes = up_to_limit(path, reader)?.ok_or_else(|| too_large_utf16(path))?;
        let text = decode(&bytes).text;
        return Ok(Box::new(Cursor::new(text.into_bytes())));
    }
    Ok(Box::new(reader))
}

fn empty(path: &Path) -> Error {
    Error::input(Complaint::new(
        Place::file(path),
        "an empty file",
        "an article",
        "leave the file out, or put text into it",
    ))
}

fn blank_page(path: &Path) -> Error {
    Error::input(Complaint::new(
        Place::file(path),
        "a page without text",
        "an article",
        "save the page as the browser shows it: its text may come from a script",
    ))
}

fn binary(path: &Path) -> Error {
    Error::input(Complaint::new(
        Place::file(path),
        "a binary file",
        "plain text, HTML, JSON Lines, JSON or CSV",
        "export its text first (from a PDF with pdftotext, from an office program as plain text)",
    ))
}

fn too_large_utf16(path: &Path) -> Error {
    Error::input(Complaint::new(
        Place::file(path),
        format!("more than {} MiB of UTF-16", ARTICLE_LIMIT >> 20),
        "records in UTF-8, which are read one at a time",
        "save the file as UTF-8",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// What reading a file of this name and content gives: each article's place and text, or the error, without the folder.
    fn read(name: &str, content: &[u8]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        shown(&[path], folder.path())
    }

    fn shown(paths: &[PathBuf], folder: &Path) -> Vec<String> {
        let show = |item: Result<Article>| match item {
            Ok(article) => format!("{} {}", article.source, article.text),
            Err(error) => error.to_string(),
        };
        let prefix = format!("{}/", folder.display());
        articles(paths, &InputOptions::default()).map(|item| show(item).replace(&prefix, "")).collect()
    }

    #[test]
    fn every_kind_of_file_is_read() {
        assert_eq!(read("a.txt", b"One came."), ["a.txt One came."]);
        assert_eq!(read("a.html", b"<p>One came.<p>Two."), ["a.html One came.\n\nTwo."]);
        assert_eq!(read("page", b"<html><p>One came.</html>"), ["page One came."]);
        assert_eq!(
            read("a.jsonl", b"{\"text\": \"One.\"}\n\n{\"text\": \"Two.\"}"),
            ["a.jsonl:1 One.", "a.jsonl:3 Two."]
        );
        assert_eq!(read("a.json", b"{\n\"text\": \"One.\"}"), ["a.json:1 One."]);
        assert_eq!(
            read("a.json", b"[{\"text\": \"One, ]}.\"},\n {\"text\": \"T\\\"wo.\"}]"),
            ["a.json:1 One, ]}.", "a.json:2 T\"wo."]
        );
        assert_eq!(
            read("a.csv", b"id,text\n7,\"One,\ntwo.\"\n8,Three.\n"),
            ["a.csv:2 One,\ntwo.", "a.csv:4 Three."]
        );
        assert_eq!(read("a.tsv", b"\xef\xbb\xbftext\tid\nOne.\t7\n"), ["a.tsv:2 One."]);
    }

    #[test]
    fn json_is_known_by_its_beginning() {
        for json in [
            "{\"text\": \"One.\"}",
            "{ \"text\": \"One.\" }\n",
            "{\r\n  \"text\": \"One.\"\r\n}",
            "[{\"text\": \"One.\"}]",
            "[\r\n  {\r\n    \"text\": \"One.\"}\r\n]",
            " [ { \"text\": \"One.\"} ]",
        ] {
            let found = read("stdin", json.as_bytes());
            assert!(matches!(&found[..], [one] if one.ends_with(" One.")), "{json}: {found:?}");
        }
        for text in ["[Reuters] One came.", "{One} came."] {
            assert_eq!(read("stdin", text.as_bytes()), [format!("stdin {text}")]);
        }
    }

    #[test]
    fn records_keep_their_id_and_title() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, r#"{"id": 7, "title": "Ferries", "text": "One came."}"#).unwrap();
        let article = articles(&[path], &InputOptions::default()).next().unwrap().unwrap();
        assert_eq!((article.id.as_deref(), article.title.as_deref()), (Some("7"), Some("Ferries")));
    }

    #[test]
    fn reading_goes_on_after_a_bad_record() {
        let found = read("a.jsonl", b"{\"text\": \"One.\"}\n{\"text\": }\n[1]\n{\"body\": \"x\"}\n{\"text\": \" \"}\n{\"text\": \"Two.\"}\n");
        assert_eq!(found.len(), 6, "{found:#?}");
        assert!(found[1].starts_with("a.jsonl:2:10: found broken JSON"));
        assert!(found[2].starts_with("a.jsonl:3: found an array"));
        assert!(found[3].starts_with("a.jsonl:4: found only `body`; expected a field `text`"));
        assert!(found[4].starts_with("a.jsonl:5: found a blank `text`"));
        assert_eq!(found[5], "a.jsonl:6 Two.");
        let found = read("a.csv", b"text,id\nOne.,1\nTwo.\n,3\nFour.,4\n");
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[1].starts_with("a.csv:3: found 1 fields; expected 2"));
        assert!(found[2].starts_with("a.csv:4:1: found a blank text"));
        let found = read("a.json", b"[{\"text\": \"One.\"}, 5, {\"text\": 5},\n{\"text\": \"Two.\"}");
        assert_eq!(found.len(), 5, "{found:#?}");
        assert!(found[1].starts_with("a.json:1: found a number instead of an object"));
        assert_eq!(found[3], "a.json:2 Two.");
        assert!(found[4].starts_with("a.json:2: found the end of the file; expected a `]`"));
        assert_eq!(read("a.json", b"[5]\n").len(), 1);
        let found = read("a.csv", b"id,text\n1,\"One.\n2,Two.\n\n3,Three.\n");
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].starts_with("a.csv:2:2: found a quotation mark that is never closed"));
        assert_eq!(found[1..], ["a.csv:3 Two.", "a.csv:5 Three."]);
        let quoting = b"id\ttext\n1\tHe said \"no\" twice.\n2\t\"Two\" came.\n";
        let found = read("a.tsv", quoting);
        assert_eq!(found[0], "a.tsv:2 He said \"no\" twice.");
        assert!(found[1].starts_with("a.tsv:3:2: found text after a closing quotation mark"), "{found:?}");
        let found = read("a.json", "[{\"text\": \"É.\"}, {\"text\": }]".as_bytes());
        assert!(found[1].starts_with("a.json:1:27: found broken JSON"), "{found:?}");
        let found = read("a.json", b"[{\"text\": \"One.\"}, {\"text\": \"Tw");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[1].starts_with("a.json:1: found the end of the file"));
        let found = read("a.csv", b"id,\"text\n1,One.\n");
        assert!(
            matches!(&found[..], [one] if one.starts_with("a.csv:1:2: found a quotation mark")),
            "{found:?}"
        );
    }

    #[test]
    fn a_line_over_the_limit_is_passed_over() {
        let mut content = b"{\"text\": \"".to_vec();
        content.resize(ARTICLE_LIMIT + 100, b'a');
        content.extend(b"\"}\n{\"text\": \"Two.\"}\n");
        for name in ["a.jsonl", "a.json"] {
            let found = read(name, &content);
            assert_eq!(found.len(), 2);
            assert!(found[0].starts_with(&format!("{name}:1: found more than 16 MiB")));
            assert_eq!(found[1], format!("{name}:2 Two."));
        }
        let found = read("a.txt", &content);
        assert!(found[0].starts_with("a.txt: found more than 16 MiB"));
    }

    #[test]
    fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
        let mut content = b"text\n\"One.".to_vec();
        content.resize(4 * ARTICLE_LIMIT, b'a');
        let found = read("a.csv", &content);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains("found more than 16 MiB"));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert!(read("a.txt", b"")[0].starts_with("a.txt: found an empty file"));
        assert!(read("a.txt", b" \n")[0].starts_with("a.txt: found an empty file"));
        assert!(
            read("a.html", b"<html><script>go()</script></html>")[0]
                .starts_with("a.html: found a page without text")
        );
        assert!(read("a.txt", b"%PDF-1.4 x")[0].starts_with("a.txt: found a binary file"));
        assert!(
            read("a.csv", b"label,body\nx,y\n")[0]
                .starts_with("a.csv:1: found the columns `label`, `body`; expected a column `text`")
        );
    }

    #[test]
    fn folders_are_read_in_order_and_errors_stay_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        assert!(shown(&[root.to_path_buf()], root)[0].contains("found a folder without readable files"));
        fs::create_dir(root.join("b")).unwrap();
        fs::write(root.join("b/x.txt"), "Two.").unwrap();
        fs::write(root.join("a.txt"), "One.").unwrap();
        fs::write(root.join("a.csv"), "text\nno\n").unwrap();
        fs::write(root.join("a.png"), "no").unwrap();
        fs::write(root.join(".hidden.txt"), "no").unwrap();
        fs::write(root.join("c.txt"), "").unwrap();
        fs::write(root.join("d.txt"), "Four.").unwrap();
        let found = shown(&[root.to_path_buf()], root);
        assert_eq!(found.len(), 4, "{found:#?}");
        assert_eq!(
            (found[0].as_str(), found[1].as_str(), found[3].as_str()),
            ("a.txt One.", "b/x.txt Two.", "d.txt Four.")
        );
        assert!(found[2].starts_with("c.txt: found an empty file"));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_contains_itself_is_said() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "One.").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
        let found = shown(&[folder.path().to_path_buf()], folder.path());
        assert_eq!(found.len(), 2);
        assert!(found[1].contains("found a link back to"));
    }
}
