//! `rhetor-train`: learn, check, split.

use super::args::{Columns, ReportFormat};
use super::inputs::{open, tell_unanswered};
use super::outputs::{self, REPORT_SHAPES, write_json, write_text};
use super::progress::Bar;
use super::train_args::{CheckArgs, ConvertArgs, FeatureKind, SplitArgs, TrainArgs};
use super::{Outcome, terminal};
use crate::dataset::{
    CheckOptions, DataSets, Dataset, ReadOptions, check as check_data, stratified_split, write_csv,
};
use crate::error::{Error, Result};
use crate::features::LexicalParameters;
use crate::features::encoder::{
    CheckedFineTuneParameters, Checkpoint, Encoder, EncoderConfig, FineTuneParameters, Labelled, fine_tune,
};
use crate::label::LabelSet;
use crate::output::report_page;
use crate::train::{self, FeatureSource, Progress, TrainParameters, Trained};
use std::collections::HashSet;
use std::io::Write;
use std::path::Path;

/// The share of rows that a fine-tuned encoder does not see: to calibrate on, where no others are given, and again to stop
/// early by.
const HELD_OUT: f64 = 0.1;

impl Columns {
    /// How to read labelled data with these columns.
    pub(super) fn options(&self, labels: Option<LabelSet>, require_positives: bool) -> ReadOptions {
        ReadOptions {
            text_column: self.text_column.clone(),
            label_column: self.label_column.clone(),
            doc_column: self.doc_column.clone(),
            labels,
            require_positives,
            tool: None,
        }
    }
}

/// Trains, writes model, card and report, prints the report.
pub(super) fn train(args: TrainArgs) -> anyhow::Result<Outcome> {
    let output = args.output.clone().expect("required on the command line");
    // What can fail is asked before the long work, which may begin with the features.
    check_features(&args)?;
    outputs::only("--card", args.card.as_ref(), "md")?;
    let shape =
        outputs::shape("--report", args.report.as_ref(), &REPORT_SHAPES)?.unwrap_or(ReportFormat::Json);
    let (dataset, held_out) = data(&args)?;
    let outputs = [
        ("--output", Some(&output)),
        ("--report", args.report.as_ref()),
        ("--card", args.card.as_ref()),
        ("--checkpoint", args.checkpoint.as_ref()),
    ];
    outputs::check(&outputs, dataset.paths().chain(held_out.iter().flat_map(Dataset::paths)))?;
    // A model may take the place of the one whose encoder it was given.
    outputs::check(&outputs[1..], args.encoder.as_deref().into_iter().chain(args.average.as_deref()))?;
    train::check_both_kinds(&dataset, "to train on")?;
    train::learnable_folds(held_out.as_ref().unwrap_or(&dataset), args.folds, args.seed)?;
    let mut parameters = parameters(&args, &output)?;
    parameters.check_values()?;
    if args.features != FeatureKind::Lexical {
        parameters.features.insert(0, FeatureSource::Encoder(Box::new(encoder(&args, &dataset)?)));
    }
    let parameters = parameters.check()?;
    let (encoding, fitting) = (Bar::new("encoding"), Bar::new("fitting"));
    let progress = |progress| match progress {
        Progress::Encoding(done, all) => encoding.set(done, Some(all)),
        Progress::Fitting(done, all) => {
            encoding.clear();
            fitting.set(done, Some(all));
        }
    };
    let trained = train::train(&dataset, held_out.as_ref(), &parameters, &progress)?;
    fitting.clear();
    trained.model.save(&output)?;
    write_companions(&args, shape, &trained)?;
    let Trained { model, report, .. } = trained;
    let mut out = anstream::stdout();
    let text = report.text(terminal::width(), terminal::stdout_has_colours());
    writeln!(out, "{text}\n{} written to {}", model.identity(), output.display())
        .map_err(|e| Error::io("standard output", "write", e))?;
    Ok(Outcome::Done)
}

/// The training rows, and the rows that calibrate if they are others: those given, or for an encoder that is fine-tuned a
/// tenth of the rows, since it must not have seen them.
fn data(args: &TrainArgs) -> Result<(Dataset, Option<Dataset>)> {
    let dataset = Dataset::read(&args.data, &args.columns.options(scheme(args.labels.clone())?, true))?;
    tell_unanswered("rhetor-train", &dataset);
    if !args.calibrate.is_empty() {
        let options = args.columns.options(Some(dataset.labels.clone()), true);
        let held_out = Dataset::read(&args.calibrate, &options)?;
        tell_unanswered("rhetor-train", &held_out);
        tell_seen(&dataset, &held_out);
        return Ok((dataset, Some(held_out)));
    }
    if args.fine_tune {
        let (rows, held_out) = stratified_split(&dataset, HELD_OUT, args.seed)?;
        return Ok((dataset.select(&rows), Some(dataset.select(&held_out))));
    }
    Ok((dataset, None))
}

/// N-grams have no encoder that could be tuned or replaced.
fn check_features(args: &TrainArgs) -> Result<()> {
    for (option, given) in [("--fine-tune", args.fine_tune), ("--encoder", args.encoder.is_some())] {
        if given && args.features == FeatureKind::Lexical {
            return Err(Error::parameter("--features", "lexical", format!("encoder or both with {option}")));
        }
    }
    Ok(())
}

/// All but the encoder, which may be long in the making.
fn parameters(args: &TrainArgs, output: &Path) -> Result<TrainParameters> {
    if let Some(date) = &args.date {
        date.parse::<jiff::civil::Date>()
            .map_err(|_| Error::parameter("--date", format!("{date:?}"), "a day such as 2026-12-01"))?;
    }
    let stem = output.file_stem().map_or_else(|| "model".into(), |stem| stem.to_string_lossy().into_owned());
    let lexical = LexicalParameters { columns: args.ngrams, ..LexicalParameters::default() };
    let with_ngrams = args.features != FeatureKind::Encoder;
    Ok(TrainParameters {
        features: with_ngrams.then_some(FeatureSource::Lexical(lexical)).into_iter().collect(),
        folds: args.folds,
        alphas: args.alphas.clone(),
        objective: args.objective,
        seed: args.seed,
        name: args.name.clone().unwrap_or(stem),
        date: args.date.clone(),
    })
}

fn encoder(args: &TrainArgs, dataset: &Dataset) -> Result<Encoder> {
    let base = open_encoder(args.encoder.as_deref())?;
    if args.fine_tune { fine_tuned(args, &base, dataset) } else { Ok(base) }
}

/// The encoder of a model file, of a folder of published weights, or of the built-in model.
fn open_encoder(path: Option<&Path>) -> Result<Encoder> {
    match path {
        Some(folder) if folder.is_dir() => Encoder::open(folder),
        path => open(path)?.into_encoder(),
    }
}

fn fine_tuned(args: &TrainArgs, base: &Encoder, dataset: &Dataset) -> Result<Encoder> {
    let parameters = FineTuneParameters {
        epochs: args.epochs,
        runs: args.runs,
        learning_rate: args.learning_rate,
        joined_share: args.joined_share,
        mixout: args.mixout,
        seed: args.seed,
        patience: args.patience,
        // The rows that calibrate must have no part in the choice of a pass.
        held_out_share: if args.patience > 0 { HELD_OUT } else { 0.0 },
        ..FineTuneParameters::default()
    }
    .check()?;
    let earlier = args.average.as_deref().map(|path| earlier(path, base, &parameters)).transpose()?;
    let texts = dataset.texts();
    let tags = dataset.tags();
    let checkpoint = args.checkpoint.clone().map(|path| Checkpoint { path, resume: args.resume });
    let bar = Bar::new("fine-tuning");
    let data = Labelled { texts: &texts, tags: tags.view() };
    let tuned = fine_tune(base, data, None, &parameters, checkpoint.as_ref(), &|progress| {
        bar.set(progress.step as usize, Some(progress.steps as usize));
    })?;
    bar.clear();
    match earlier {
        Some(earlier) => tuned.encoder.averaged(&earlier),
        None => Ok(tuned.encoder),
    }
}

/// The encoder to average with: asked before the long work whether it can be.
fn earlier(path: &Path, base: &Encoder, parameters: &CheckedFineTuneParameters) -> Result<Encoder> {
    let FineTuneParameters { max_tokens, pooling, .. } = *parameters.get();
    let tuned = EncoderConfig { max_tokens, pooling, ..base.config().clone() };
    let earlier = open(Some(path))?.into_encoder().ok();
    earlier.filter(|earlier| *earlier.config() == tuned && earlier.is_alike(base)).ok_or_else(|| {
        let expected = "a model whose encoder was fine-tuned from the same one";
        Error::parameter("--average", path.display(), expected)
    })
}

fn write_companions(args: &TrainArgs, shape: ReportFormat, trained: &Trained) -> Result<()> {
    let Trained { model, report, evidence } = trained;
    match (&args.report, shape) {
        (Some(path), ReportFormat::Html) => write_text(path, &report_page(report, evidence))?,
        (Some(path), ReportFormat::Text) => write_text(path, &format!("{}\n", report.text(100, false)))?,
        (Some(path), ReportFormat::Json) => write_json(path, report)?,
        (None, _) => {}
    }
    if let Some(path) = &args.card {
        let card = model.card(
            &report.text(100, false),
            if args.calibrate.is_empty() && !args.fine_tune {
                "Cross-validated on the training data: each sentence scored by a model that had not seen its fold. Penalties \
                 and thresholds were chosen by these scores, so F1 flatters a little."
            } else {
                "On the sentences that it is calibrated on. Their probabilities are cross-fitted: each part's come from curves \
                 fitted on the other parts. Penalties, shares and thresholds were chosen on them, so F1 flatters a little."
            },
        );
        write_text(path, &card)?;
    }
    Ok(())
}

/// The labels as typed, perhaps with a blank after each comma.
fn scheme(labels: Option<Vec<String>>) -> Result<Option<LabelSet>> {
    labels.map(|labels| LabelSet::new(labels.iter().map(|name| name.trim()))).transpose()
}

/// Prints what is to be said about the data; flawed if there are errors in it.
pub(super) fn check(args: &CheckArgs) -> anyhow::Result<Outcome> {
    let read = args.columns.options(scheme(args.labels.clone())?, false);
    let report = check_data(&DataSets::find(&args.data), &CheckOptions { read, ..CheckOptions::default() })?;
    writeln!(anstream::stdout(), "{}", report.text(terminal::width()))
        .map_err(|e| Error::io("standard output", "write", e))?;
    Ok(if report.has_errors() { Outcome::Flawed } else { Outcome::Done })
}

/// Writes the two parts of a data set.
pub(super) fn split(args: &SplitArgs) -> anyhow::Result<Outcome> {
    outputs::only("--train", Some(&args.train), "csv")?;
    outputs::only("--test", Some(&args.test), "csv")?;
    let dataset = Dataset::read(&args.data, &args.columns.options(scheme(args.labels.clone())?, true))?;
    outputs::check(&[("--train", Some(&args.train)), ("--test", Some(&args.test))], dataset.paths())?;
    tell_unanswered("rhetor-train", &dataset);
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

/// Writes the rows of any labelled data as one CSV file.
pub(super) fn convert(args: &ConvertArgs) -> anyhow::Result<Outcome> {
    outputs::only("--output", Some(&args.output), "csv")?;
    let options = args.columns.options(scheme(args.labels.clone())?, false);
    let options = ReadOptions { tool: args.from.map(Into::into), ..options };
    let dataset = Dataset::read(&args.data, &options)?;
    outputs::check(&[("--output", Some(&args.output))], dataset.paths())?;
    let rows: Vec<usize> = (0..dataset.rows.len()).collect();
    write_csv(&dataset, &rows, &args.output)?;
    tell_unanswered("rhetor-train", &dataset);
    let (count, labels) = (rows.len(), &dataset.labels);
    writeln!(anstream::stdout(), "{count} rows with the labels {labels} to {}", args.output.display())
        .map_err(|e| Error::io("standard output", "write", e))?;
    Ok(Outcome::Done)
}

/// Says how many of the rows that are to measure were learned from.
fn tell_seen(dataset: &Dataset, held_out: &Dataset) {
    let known: HashSet<&str> = dataset.texts().into_iter().collect();
    let count = held_out.texts().iter().filter(|text| known.contains(**text)).count();
    if count > 0 {
        let all = held_out.rows.len();
        let what =
            format!("{count} of the {all} texts of --calibrate are training rows too: the figures flatter");
        terminal::complain("rhetor-train", &what);
    }
}
