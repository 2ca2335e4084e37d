//! `rhetor-train`: learn, check, split.

use super::args::{CheckArgs, Columns, SplitArgs, TrainArgs};
use super::progress::Bar;
use super::{Outcome, terminal};
use crate::atomic;
use crate::dataset::{CheckOptions, DataSets, Dataset, ReadOptions, check as check_data, stratified_split, write_csv};
use crate::error::{Error, Result};
use crate::evaluation::Report;
use crate::features::LexicalParameters;
use crate::label::LabelSet;
use crate::model::Model;
use crate::train::{self, TrainParameters};
use std::io::Write;
use std::path::{Path, PathBuf};

impl Columns {
    /// How to read labelled data with these columns.
    pub(super) fn options(&self, labels: Option<LabelSet>, require_positives: bool) -> ReadOptions {
        ReadOptions {
            text_column: self.text_column.clone(),
            label_column: self.label_column.clone(),
            doc_column: self.doc_column.clone(),
            labels,
            require_positives,
        }
    }
}

/// Trains, writes model, card and report, prints the report.
pub(super) fn train(args: TrainArgs) -> anyhow::Result<Outcome> {
    let output = args.output.clone().unwrap_or_else(|| PathBuf::from("model.safetensors"));
    let dataset = Dataset::read(&args.data, &args.columns.options(scheme(args.labels.clone())?, true))?;
    let parameters = parameters(&args, &output)?.check()?;
    for path in [Some(&output), args.report.as_ref(), args.card.as_ref()].into_iter().flatten() {
        atomic::check(path)?;
    }
    let bar = Bar::new("fitting");
    let (model, report) =
        train::train(&dataset, &parameters, &|p| bar.set(p.done as u64, Some(p.total as u64)))?;
    bar.clear();
    model.save(&output)?;
    write_companions(&args, &model, &report)?;
    let mut out = anstream::stdout();
    let text = report.text(terminal::width(), terminal::stdout_has_colours());
    writeln!(out, "{text}\n{} written to {}", model.identity(), output.display())
        .map_err(|e| Error::io("standard output", "write", e))?;
    Ok(Outcome::Done)
}

fn parameters(args: &TrainArgs, output: &Path) -> Result<TrainParameters> {
    if let Some(date) = &args.date {
        date.parse::<jiff::civil::Date>()
            .map_err(|_| Error::parameter("--date", format!("{date:?}"), "a day such as 2026-12-01"))?;
    }
    let stem = output.file_stem().map_or_else(|| "model".into(), |stem| stem.to_string_lossy().into_owned());
    Ok(TrainParameters {
        features: LexicalParameters { columns: args.ngrams, ..LexicalParameters::default() },
        folds: args.folds,
        alphas: args.alphas.clone(),
        objective: args.objective,
        seed: args.seed,
        name: args.name.clone().unwrap_or(stem),
        date: args.date.clone(),
    })
}

fn write_companions(args: &TrainArgs, model: &Model, report: &Report) -> Result<()> {
    if let Some(path) = &args.report {
        write_json(path, report)?;
    }
    if let Some(path) = &args.card {
        let card = model.card(
            &report.text(100, false),
            "Cross-validated on the training data: each sentence scored by a model that had not seen its fold.",
        );
        atomic::write(path, |out| out.write_all(card.as_bytes()).map_err(|e| Error::io(path, "write", e)))?;
    }
    Ok(())
}

/// A JSON file, indented.
pub(super) fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<()> {
    atomic::write(path, |out| {
        serde_json::to_writer_pretty(&mut *out, value).map_err(|e| Error::io(path, "write", e.into()))?;
        out.write_all(b"\n").map_err(|e| Error::io(path, "write", e))
    })
}

fn scheme(labels: Option<Vec<String>>) -> Result<Option<LabelSet>> {
    labels.map(LabelSet::new).transpose()
}

/// Prints what is to be said about the data; flawed if there are errors in it.
pub(super) fn check(args: &CheckArgs) -> anyhow::Result<Outcome> {
    let read = args.columns.options(scheme(args.labels.clone())?, false);
    let report = check_data(&DataSets::find(&args.data), &CheckOptions { read, ..CheckOptions::default() })?;
    writeln!(anstream::stdout(), "{report}").map_err(|e| Error::io("standard output", "write", e))?;
    Ok(if report.has_errors() { Outcome::Flawed } else { Outcome::Done })
}

/// Writes the two parts of a data set.
pub(super) fn split(args: &SplitArgs) -> anyhow::Result<Outcome> {
    let dataset = Dataset::read(&args.data, &args.columns.options(scheme(args.labels.clone())?, true))?;
    let (train, test) = stratified_split(&dataset, args.share, args.seed)?;
    write_csv(&dataset, &train, &args.train)?;
    write_csv(&dataset, &test, &args.test)?;
    writeln!(
        anstream::stdout(),
        "{} rows to {}, {} rows to {}",
        train.len(),
        args.train.display(),
        test.len(),
        args.test.display()
    )
    .map_err(|e| Error::io("standard output", "write", e))?;
    Ok(Outcome::Done)
}
