//! Where a program will write, in what shape: asked before the work. And the writing of whole files.

use super::args::ReportFormat;
use crate::atomic;
use crate::error::{Error, Result};
use crate::output::is_output;
use crate::text::is_read_from;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Extensions that say what shape a file has, whether or not a command writes it.
const TELLING: [&str; 9] = ["txt", "md", "json", "jsonl", "ndjson", "csv", "tsv", "html", "htm"];

/// What the extensions of reports say.
pub(super) const REPORT_SHAPES: [(&str, ReportFormat); 4] = [
    ("txt", ReportFormat::Text),
    ("json", ReportFormat::Json),
    ("html", ReportFormat::Html),
    ("htm", ReportFormat::Html),
];

/// Enough of a file to see what it is.
const BEGINNING: u64 = 4096;

/// Each output that is given can be written, and none over another or over one of the `inputs`. Devices and pipes may be
/// named as often as one likes.
pub(super) fn check<'a>(
    outputs: &[(&'static str, Option<&PathBuf>)],
    inputs: impl IntoIterator<Item = &'a Path>,
) -> Result<()> {
    let inputs: Vec<(&Path, PathBuf)> =
        inputs.into_iter().filter_map(|path| Some((path, atomic::place(path)?))).collect();
    let name = |path: &Path| format!("the input {}", path.display());
    let mut taken: Vec<(String, PathBuf)> =
        inputs.iter().map(|(path, place)| (name(path), place.clone())).collect();
    for (option, path) in outputs.iter().filter_map(|(option, path)| Some((*option, (*path)?))) {
        atomic::check(path)?;
        let Some(place) = atomic::place(path) else { continue };
        if let Some((other, _)) = taken.iter().find(|(_, known)| *known == place) {
            return Err(Error::parameter(option, path.display(), format!("another file than {other}")));
        }
        if place.is_file()
            && !was_written_by_us(&place)
            && let Some((folder, _)) = inputs.iter().find(|(_, input)| is_read_from(input, &place))
        {
            let expected = format!("another file than one to be read in {}", folder.display());
            return Err(Error::parameter(option, path.display(), expected));
        }
        taken.push((option.into(), place));
    }
    Ok(())
}

/// Whether a file is of an earlier run. What does not show it may be an article.
fn was_written_by_us(path: &Path) -> bool {
    let mut beginning = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
    read.is_ok() && is_output(&beginning)
}

/// The shape that an output's name says, of those that a command `writes`, by their extensions; none if the name says
/// nothing.
///
/// # Errors
/// A name that says another shape.
pub(super) fn shape<Shape: Copy>(
    option: &'static str,
    output: Option<&PathBuf>,
    writes: &[(&str, Shape)],
) -> Result<Option<Shape>> {
    let Some(path) = output else { return Ok(None) };
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    let Some(extension) = extension else { return Ok(None) };
    if let Some((_, shape)) = writes.iter().find(|(known, _)| *known == extension) {
        return Ok(Some(*shape));
    }
    if TELLING.contains(&extension.as_str()) {
        let names: Vec<String> = writes.iter().map(|(extension, _)| format!(".{extension}")).collect();
        let expected = format!("a name that ends in {}", names.join(", "));
        return Err(Error::parameter(option, path.display(), expected));
    }
    Ok(None)
}

/// The shape that `--format` asks for, else the one that the name of `--output` says, else the usual one.
///
/// # Errors
/// As [`shape`].
pub(super) fn format<Shape: Copy>(
    asked: Option<Shape>,
    output: Option<&PathBuf>,
    writes: &[(&str, Shape)],
    usual: Shape,
) -> Result<Shape> {
    match asked {
        Some(asked) => Ok(asked),
        None => Ok(shape("--output", output, writes)?.unwrap_or(usual)),
    }
}

/// Whether a name says no other shape than the only one that is written there.
///
/// # Errors
/// A name that says another.
pub(super) fn only(option: &'static str, output: Option<&PathBuf>, extension: &str) -> Result<()> {
    shape(option, output, &[(extension, ())]).map(|_| ())
}

/// A file of text.
pub(super) fn write_text(path: &Path, text: &str) -> Result<()> {
    atomic::write(path, |out| out.write_all(text.as_bytes()).map_err(|e| Error::io(path, "write", e)))
}

/// A JSON file, indented.
pub(super) fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<()> {
    atomic::write(path, |out| {
        serde_json::to_writer_pretty(&mut *out, value).map_err(|e| Error::io(path, "write", e.into()))?;
        out.write_all(b"\n").map_err(|e| Error::io(path, "write", e))
    })
}
