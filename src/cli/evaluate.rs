//! `rhetor evaluate`: a stored model on labelled sentences.

use super::args::{EvaluateArgs, ReportFormat};
use super::progress::Bar;
use super::training::write_json;
use super::{Outcome, terminal};
use crate::atomic;
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::evaluation::{Bootstrap, Comparison, Report, Rival, Row, Scored, write_errors};
use crate::model::Model;
use crate::train::data_files;
use ndarray::Array2;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Scores the data, reports, and says whether the floor was reached.
pub(super) fn run(args: EvaluateArgs) -> anyhow::Result<Outcome> {
    let model = open(args.model.as_deref())?;
    let dataset = Dataset::read(&args.data, &args.columns.options(Some(model.labels().clone()), false))?;
    let evaluated = Evaluated::new(&model, &dataset)?;
    let scored = evaluated.scored(&model)?;
    let bootstrap = Bootstrap { seed: args.seed, ..Bootstrap::default() };
    let report = Report::new(&scored, model.identity(), data_files(&dataset), bootstrap);
    if let Some(path) = &args.errors {
        write_wrong_rows(path, &dataset, &scored)?;
    }
    match &args.compare {
        None => show(&args, &report, |width, colour| report.text(width, colour))?,
        Some(path) => {
            let comparison = compare(&model, &scored, path, &dataset, bootstrap)?;
            show(&args, &comparison, |width, colour| comparison.text(width, colour))?;
        }
    }
    Ok(reached(&report, args.min_macro_f1))
}

/// The model that `--model` names, a built-in one or a file; the shipped one if it is not given.
pub(super) fn open(model: Option<&Path>) -> Result<Model> {
    let Some(path) = model else { return Model::shipped() };
    path.to_str().and_then(Model::built_in).unwrap_or_else(|| Model::load(path))
}

/// A model's scores on a data set, with what belongs to them.
struct Evaluated {
    probabilities: Array2<f32>,
    gold: Array2<bool>,
    groups: Vec<usize>,
    keyword: Array2<bool>,
}

impl Evaluated {
    fn new(model: &Model, dataset: &Dataset) -> Result<Self> {
        let texts = dataset.texts();
        let bar = Bar::new("scoring");
        let probabilities = model.score(&texts, &|done| bar.set(done, Some(texts.len())))?;
        bar.clear();
        Ok(Evaluated {
            probabilities,
            gold: dataset.tags(),
            groups: dataset.groups(),
            keyword: model.keywords().predict(&dataset.texts()),
        })
    }

    fn scored<'a>(&'a self, model: &'a Model) -> Result<Scored<'a>> {
        Scored::new(model.labels(), self.probabilities.view(), self.gold.view(), model.thresholds())?
            .by_document(&self.groups)?
            .with_keyword(self.keyword.view())
    }
}

fn compare<'a>(
    model: &'a Model,
    scored: &'a Scored<'a>,
    other: &Path,
    dataset: &Dataset,
    bootstrap: Bootstrap,
) -> Result<Comparison> {
    let rival = open(Some(other))?;
    if rival.labels() != model.labels() {
        let found = format!("has the labels {}", rival.labels());
        return Err(Error::model(
            other,
            found,
            format!("compare it with a model of the same labels, not {}", model.labels()),
        ));
    }
    let evaluated = Evaluated::new(&rival, dataset)?;
    let other = evaluated.scored(&rival)?;
    let (name, other_name) = (model.identity(), rival.identity());
    Comparison::new(Rival { name: &name, scored }, Rival { name: &other_name, scored: &other }, bootstrap)
}

fn write_wrong_rows(path: &PathBuf, dataset: &Dataset, scored: &Scored) -> Result<()> {
    let rows: Vec<Row> = dataset
        .rows
        .iter()
        .map(|row| Row {
            file: &row.place.file,
            line: row.place.line.unwrap_or_default(),
            id: row.id.as_deref(),
            text: &row.text,
        })
        .collect();
    atomic::write(path, |out| {
        write_errors(out, scored, &rows).map(|_| ()).map_err(|e| Error::io(path, "write", e))
    })
}

/// Writes a report in the form and to the place asked for.
fn show(
    args: &EvaluateArgs,
    report: &impl serde::Serialize,
    text: impl Fn(usize, bool) -> String,
) -> Result<()> {
    let stdout = |e| Error::io("standard output", "write", e);
    match (args.format, &args.output) {
        (ReportFormat::Json, Some(path)) => write_json(path, report),
        (ReportFormat::Json, None) => {
            let json = serde_json::to_string_pretty(report).map_err(|e| stdout(e.into()))?;
            writeln!(std::io::stdout(), "{json}").map_err(stdout)
        }
        (ReportFormat::Text, Some(path)) => atomic::write(path, |out| {
            writeln!(out, "{}", text(100, false)).map_err(|e| Error::io(path, "write", e))
        }),
        (ReportFormat::Text, None) => {
            let text = text(terminal::width(), terminal::stdout_has_colours());
            writeln!(std::io::stdout(), "{text}").map_err(stdout)
        }
    }
}

fn reached(report: &Report, floor: Option<f64>) -> Outcome {
    let Some(floor) = floor else { return Outcome::Done };
    match report.macro_average.f1 {
        Some(f1) if f1 >= floor => Outcome::Done,
        f1 => {
            let found = f1.map_or("undefined".into(), |f1| format!("{f1:.4}"));
            terminal::complain("rhetor", &format!("macro F1 is {found}, below the floor of {floor}"));
            Outcome::Flawed
        }
    }
}
