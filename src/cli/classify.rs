//! `rhetor classify`: articles in, tagged sentences out.

use super::args::{ClassifyArgs, OutputFormat, Threshold};
use super::evaluate::open;
use super::progress::Bar;
use super::{Outcome, terminal};
use crate::atomic;
use crate::error::{Complaint, Error, Place, Result};
use crate::features::Sample;
use crate::label::LabelSet;
use crate::model::Model;
use crate::output::{ArticleRecord, Export, Format, Listing, Writer};
use crate::text::{Article, InputOptions, Sentence, articles, sentences};
use anyhow::Context;
use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Bytes of text that are scored together, some 400 sentences: enough to keep all cores busy, few enough to bound memory
/// and the delay of a live feed.
const BATCH_BYTES: usize = 64 << 10;

/// What to do, resolved: nothing in it can fail but the inputs and the output.
pub(super) struct Plan {
    inputs: Vec<PathBuf>,
    options: InputOptions,
    model: Model,
    thresholds: Vec<f32>,
    only: Vec<String>,
    format: Format,
    output: Option<PathBuf>,
}

impl Plan {
    /// Resolves arguments.
    pub(super) fn new(args: ClassifyArgs) -> anyhow::Result<Self> {
        if let Some(threads) = args.threads {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build_global()
                .context("cannot start threads")?;
        }
        let model = open(args.model.as_deref().or(args.fast.then_some(Path::new("lexical"))))?;
        for label in &args.only {
            known(model.labels(), label, "--only")?;
        }
        Ok(Plan {
            options: InputOptions {
                text_column: args.text_column.clone(),
                format: args.input_format.map(Into::into),
            },
            thresholds: thresholds(&model, &args.threshold)?,
            format: format(&args),
            inputs: args.inputs,
            only: args.only,
            output: args.output,
            model,
        })
    }

    /// Does it.
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let outcome = match &self.output {
            None => {
                let mut out = BufWriter::new(anstream::stdout());
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

    /// Reads, scores and writes in batches. A bad record is reported and passed over.
    fn classify(&self, out: &mut dyn Write, name: &Path) -> Result<Outcome> {
        let mut writer = Writer::new(self.format, self.model.labels().clone(), out, name);
        let bar = Bar::new("articles");
        let mut outcome = Outcome::Done;
        let (mut batch, mut bytes, mut written) = (Vec::new(), 0, 0);
        for article in articles(&self.inputs, &self.options) {
            match article {
                Ok(article) => {
                    bytes += article.text.len();
                    batch.push(article);
                }
                Err(error) => {
                    bar.clear();
                    terminal::complain("rhetor", &error.to_string());
                    outcome = Outcome::Flawed;
                }
            }
            if bytes >= BATCH_BYTES {
                written += self.write(&std::mem::take(&mut batch), &mut writer)?;
                bytes = 0;
                self.show_progress(&bar, written);
            }
        }
        written += self.write(&batch, &mut writer)?;
        bar.clear();
        if written == 0 && outcome == Outcome::Flawed {
            return Err(self.nothing_read());
        }
        writer.finish()?;
        Ok(outcome)
    }

    /// Scores articles together and writes them one by one. Returns how many.
    fn write(&self, articles: &[Article], writer: &mut Writer<&mut dyn Write>) -> Result<usize> {
        let sentences: Vec<Vec<Sentence>> = articles.par_iter().map(sentences).collect();
        let samples: Vec<Sample> = articles
            .iter()
            .zip(&sentences)
            .flat_map(|(article, sentences)| sentences.iter().map(|s| Sample::of_sentence(article, s)))
            .collect();
        let scores = self.model.score(&samples, &|_| {})?;
        let mut rest = scores.view();
        for (article, sentences) in articles.iter().zip(&sentences) {
            let (own, others) = rest.split_at(Axis(0), sentences.len());
            rest = others;
            writer.write(&self.record(article, sentences, own))?;
        }
        Ok(articles.len())
    }

    fn record(&self, article: &Article, sentences: &[Sentence], scores: ArrayView2<f32>) -> ArticleRecord {
        let labels = self.model.labels();
        let mut record =
            ArticleRecord::new(self.model.identity(), article, sentences, scores, labels, &self.thresholds);
        if !self.only.is_empty() {
            record.keep_only(&self.only);
        }
        record
    }

    fn show_progress(&self, bar: &Bar, articles: usize) {
        // A bar among the lines of a listing would be in the reader's way.
        if self.output.is_some() || !terminal::stdout_is_read() {
            bar.set(articles, None);
        }
    }

    fn nothing_read(&self) -> Error {
        let place = Place::file(self.inputs.first().map_or(Path::new("-"), PathBuf::as_path));
        Error::input(Complaint::new(
            place,
            "nothing to classify",
            "at least one readable article",
            "see the lines above",
        ))
    }
}

fn known(labels: &LabelSet, label: &str, flag: &'static str) -> Result<usize> {
    labels
        .index(label)
        .ok_or_else(|| Error::parameter(flag, format!("{label:?}"), format!("one of {labels}")))
}

/// The model's thresholds with those given put in their place, in the order given.
fn thresholds(model: &Model, given: &[Threshold]) -> Result<Vec<f32>> {
    let mut thresholds = model.thresholds().to_vec();
    for Threshold { label, probability } in given {
        match label {
            None => thresholds.fill(*probability),
            Some(label) => thresholds[known(model.labels(), label, "--threshold")?] = *probability,
        }
    }
    Ok(thresholds)
}

/// The format asked for, else the one that the output's name says, else a listing for a person and JSON Lines for a pipe.
fn format(args: &ClassifyArgs) -> Format {
    let extension = args.output.as_ref().and_then(|path| path.extension()).and_then(|e| e.to_str());
    let format = args.format.unwrap_or(match (extension, &args.output) {
        (Some("txt"), _) => OutputFormat::Text,
        (Some("json"), _) => OutputFormat::Json,
        (Some("csv"), _) => OutputFormat::Csv,
        (_, None) if terminal::stdout_is_read() => OutputFormat::Text,
        _ => OutputFormat::Jsonl,
    });
    match format {
        OutputFormat::Text => {
            let colour = args.output.is_none() && terminal::stdout_has_colours();
            Format::Text(Listing { width: terminal::width(), all: args.all, colour })
        }
        OutputFormat::Jsonl => Format::Jsonl,
        OutputFormat::Json => Format::Json,
        OutputFormat::Csv => Format::Csv,
        OutputFormat::Doccano => Format::Export(Export::Doccano),
        OutputFormat::LabelStudio => Format::Export(Export::LabelStudio),
        OutputFormat::Prodigy => Format::Export(Export::Prodigy),
        OutputFormat::Spacy => Format::Export(Export::Spacy),
        OutputFormat::Fasttext => Format::Export(Export::FastText),
        OutputFormat::Annotations => Format::Export(Export::Annotations),
    }
}
