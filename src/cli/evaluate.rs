//! `rhetor evaluate`: a stored model on labelled sentences.

use super::args::{EvaluateArgs, ReportFormat};
use super::inputs::{open, tell_unanswered};
use super::outputs::{self, REPORT_SHAPES, write_json, write_text};
use super::progress::Bar;
use super::{Outcome, terminal};
use crate::atomic;
use crate::dataset::{Dataset, read_predictions};
use crate::error::{Error, Result};
use crate::evaluation::{
    Bootstrap, Comparison, Evidence, Report, Rival, Row, Scored, data_files, groupings, write_errors,
};
use crate::label::LabelSet;
use crate::model::Model;
use crate::output::{comparison_page, report_page};
use ndarray::{Array2, Axis};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The probability from which another tool's predictions count as tags: right for 0 and 1, and usual for the rest.
const PREDICTED_FROM: f32 = 0.5;

/// Scores the data, reports, and says whether the floor was reached.
pub(super) fn run(args: EvaluateArgs) -> anyhow::Result<Outcome> {
    let format = outputs::format(args.format, args.output.as_ref(), &REPORT_SHAPES, ReportFormat::Text)?;
    outputs::only("--errors", args.errors.as_ref(), "csv")?;
    let model = open(args.model.as_deref())?;
    let dataset = Dataset::read(&args.data, &args.columns.options(Some(model.labels().clone()), false))?;
    let outputs = [("--output", args.output.as_ref()), ("--errors", args.errors.as_ref())];
    let others = [&args.model, &args.compare, &args.predictions].into_iter().filter_map(Option::as_deref);
    outputs::check(&outputs, dataset.paths().chain(others))?;
    tell_unanswered("rhetor", &dataset);
    let rival = match (&args.compare, &args.predictions) {
        (Some(path), _) => Some(Evaluated::rival(path, &dataset)?),
        (_, Some(path)) => Some(Evaluated::predictions(path, &dataset)?),
        _ => None,
    };
    let evaluated = Evaluated::new(&model, &dataset)?;
    let truth = Truth::of(&dataset);
    let keyword = model.keywords().predict(&dataset.texts());
    let scored = evaluated.scored(&dataset.labels, &truth)?.with_keyword(keyword.view())?;
    let bootstrap = Bootstrap { seed: args.seed, ..Bootstrap::default() };
    let report = Report::new(&scored, model.identity(), data_files(&dataset), bootstrap)
        .sliced(&scored, &groupings(&dataset));
    if let Some(path) = &args.errors {
        write_wrong_rows(path, &dataset, &scored)?;
    }
    match rival {
        None => {
            let page = || report_page(&report, &Evidence::new(&scored, &dataset));
            show(&args, format, &report, |width, colour| report.text(width, colour), page)?;
        }
        Some(rival) => {
            let other = rival.scored(&dataset.labels, &truth)?;
            let ours = Rival { name: &evaluated.name, scored: &scored };
            let comparison = Comparison::new(ours, Rival { name: &rival.name, scored: &other }, bootstrap)?;
            let page = || comparison_page(&comparison);
            show(&args, format, &comparison, |width, colour| comparison.text(width, colour), page)?;
        }
    }
    Ok(reached(&report, args.min_macro_f1))
}

/// Scores on a data set, columns in the order of its labels, and whose they are.
struct Evaluated {
    name: String,
    probabilities: Array2<f32>,
    thresholds: Vec<f32>,
}

/// What scores are measured against.
struct Truth {
    gold: Array2<bool>,
    groups: Vec<usize>,
}

impl Truth {
    fn of(dataset: &Dataset) -> Self {
        Truth { gold: dataset.tags(), groups: dataset.groups() }
    }
}

impl Evaluated {
    fn new(model: &Model, dataset: &Dataset) -> Result<Self> {
        let texts = dataset.texts();
        let bar = Bar::new("scoring");
        let probabilities = model.score(&texts, &|done| bar.set(done, Some(texts.len())))?;
        bar.clear();
        Ok(Evaluated { name: model.identity(), probabilities, thresholds: model.thresholds().to_vec() })
    }

    /// Those of a model that has the data's labels, in whatever order.
    fn rival(path: &Path, dataset: &Dataset) -> Result<Self> {
        let model = open(Some(path))?;
        let columns: Option<Vec<usize>> =
            dataset.labels.names().map(|name| model.labels().index(name)).collect();
        let columns = columns.filter(|columns| columns.len() == model.labels().len()).ok_or_else(|| {
            let found = format!("has the labels {}", model.labels());
            Error::model(
                path,
                found,
                format!("compare it with a model of the same labels, not {}", dataset.labels),
            )
        })?;
        let own = Evaluated::new(&model, dataset)?;
        Ok(Evaluated {
            name: own.name,
            probabilities: own.probabilities.select(Axis(1), &columns),
            thresholds: columns.iter().map(|column| own.thresholds[*column]).collect(),
        })
    }

    /// Those that another tool has written down.
    fn predictions(path: &Path, dataset: &Dataset) -> Result<Self> {
        Ok(Evaluated {
            name: path.display().to_string(),
            probabilities: read_predictions(path, dataset)?,
            thresholds: vec![PREDICTED_FROM; dataset.labels.len()],
        })
    }

    fn scored<'a>(&'a self, labels: &'a LabelSet, truth: &'a Truth) -> Result<Scored<'a>> {
        Scored::new(labels, self.probabilities.view(), truth.gold.view(), &self.thresholds)?
            .by_document(&truth.groups)
    }
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
    format: ReportFormat,
    report: &impl serde::Serialize,
    text: impl Fn(usize, bool) -> String,
    page: impl Fn() -> String,
) -> Result<()> {
    let stdout = |e| Error::io("standard output", "write", e);
    match (format, &args.output) {
        (ReportFormat::Html, Some(path)) => write_text(path, &page()),
        (ReportFormat::Html, None) => std::io::stdout().write_all(page().as_bytes()).map_err(stdout),
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
