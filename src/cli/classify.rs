//! `rhetor classify`: articles in, tagged sentences out.

use super::args::{ClassifyArgs, OutputFormat};
use super::scoring::{Scoring, known};
use super::{Outcome, outputs, terminal};
use crate::atomic;
use crate::error::{Error, Result};
use crate::output::{Export, Format, Listing, Writer};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What the extensions of outputs say.
const SHAPES: [(&str, OutputFormat); 7] = [
    ("txt", OutputFormat::Text),
    ("jsonl", OutputFormat::Jsonl),
    ("ndjson", OutputFormat::Jsonl),
    ("json", OutputFormat::Json),
    ("csv", OutputFormat::Csv),
    ("html", OutputFormat::Html),
    ("htm", OutputFormat::Html),
];

/// What to do, resolved: nothing in it can fail but the inputs and the output.
pub(super) struct Plan {
    scoring: Scoring,
    format: Format,
    output: Option<PathBuf>,
}

impl Plan {
    /// Resolves arguments.
    pub(super) fn new(args: ClassifyArgs) -> anyhow::Result<Self> {
        let format = format(&args)?;
        if args.explain {
            explainable(format)?;
        }
        let mut scoring = Scoring::new(args.scoring, args.output.as_ref())?;
        scoring.explain = args.explain;
        let only = args.only.iter().map(|label| known(scoring.model.labels(), label.trim(), "--only"));
        scoring.only = only.collect::<Result<_>>()?;
        Ok(Plan { scoring, format, output: args.output })
    }

    /// Does it.
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let outcome = match &self.output {
            None => {
                let mut out = terminal::stdout(matches!(self.format, Format::Text(_)));
                self.classify(&mut out, Path::new("standard output"))?
            }
            Some(path) => {
                let mut outcome = Outcome::Done;
                atomic::write(path, |out| {
                    outcome = self.classify(out, path)?;
                    Ok(())
                })?;
                outcome
            }
        };
        Ok(outcome)
    }

    /// Writes one article after the other.
    fn classify(&self, out: &mut dyn Write, name: &Path) -> Result<Outcome> {
        let mut writer = Writer::new(self.format, self.scoring.model.labels().clone(), out, name);
        // A bar among the lines of a listing would be in the reader's way.
        let bar = self.output.is_some() || !terminal::stdout_is_read();
        let outcome = self.scoring.each(bar, |article| writer.write(&article))?;
        writer.finish()?;
        Ok(outcome)
    }
}

/// Whether a format has a place for the words that drove a tag.
fn explainable(format: Format) -> Result<()> {
    match format {
        Format::Text(_) | Format::Json | Format::Jsonl | Format::Html => Ok(()),
        Format::Csv | Format::Export(_) => Err(Error::parameter(
            "--explain",
            "a format without a place for words",
            "--format text, html, json or jsonl with it",
        )),
    }
}

/// The format asked for, else the one that the output's name says, else a listing for a person and JSON Lines for a pipe.
fn format(args: &ClassifyArgs) -> Result<Format> {
    let usual = match args.output {
        None if terminal::stdout_is_read() => OutputFormat::Text,
        _ => OutputFormat::Jsonl,
    };
    Ok(match outputs::format(args.format, args.output.as_ref(), &SHAPES, usual)? {
        OutputFormat::Text => {
            let colour = args.output.is_none() && terminal::stdout_has_colours();
            Format::Text(Listing { width: terminal::width(), all: args.all, colour })
        }
        OutputFormat::Jsonl => Format::Jsonl,
        OutputFormat::Json => Format::Json,
        OutputFormat::Csv => Format::Csv,
        OutputFormat::Html => Format::Html,
        OutputFormat::Doccano => Format::Export(Export::Doccano),
        OutputFormat::LabelStudio => Format::Export(Export::LabelStudio),
        OutputFormat::Prodigy => Format::Export(Export::Prodigy),
        OutputFormat::Spacy => Format::Export(Export::Spacy),
        OutputFormat::Fasttext => Format::Export(Export::FastText),
        OutputFormat::Annotations => Format::Export(Export::Annotations),
    })
}
