//! What `rhetor-train` is told on the command line.

use super::args::{Columns, CompletionsArgs};
use crate::classifier::Objective;
use crate::dataset::Tool;
use crate::features::encoder::FineTuneParameters;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const TRAIN_EXAMPLES: &str = "\
Examples:
  rhetor-train labelled.csv -o mine.safetensors     any labels: those in the file
  rhetor-train data/train -o m.safetensors --calibrate data/articles data/stories --report report.json
  rhetor-train check data                           what is wrong with the data, before anything is learned
  rhetor-train split labelled.csv --share 0.1 --train train.csv --test test.csv
  rhetor-train convert project-1.json -o labelled.csv   from doccano, Label Studio or Prodigy

Data: CSV with columns `text` and `label` or `labels` (several joined by `|`; `none` or blank for none; optional
`id`, `doc`, `domain`, `form`), JSON Lines with the same fields, fastText lines (`__label__x text`) in .txt or .ft files, or what
doccano, Label Studio and Prodigy export.
Same data, options, starting encoder, model to average with, version and kind of processor give the same bytes.";
/// Learns a model from labelled sentences, measures it on sentences that it has not seen, and writes both down.
#[derive(Debug, Parser)]
#[command(
    name = "rhetor-train", version, after_help = TRAIN_EXAMPLES, max_term_width = 100,
    args_conflicts_with_subcommands = true, subcommand_negates_reqs = true
)]
pub struct RhetorTrain {
    #[command(subcommand)]
    pub(super) command: Option<DataCommand>,
    #[command(flatten)]
    pub(super) train: TrainArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum DataCommand {
    /// Check labelled data: columns, labels, duplicates, leaks between training and test
    Check(CheckArgs),
    /// Draw a held-out part, stratified, without splitting documents or near-duplicates
    Split(SplitArgs),
    /// Turn labelled data of any format, and the exports of doccano, Label Studio and Prodigy, into one CSV file
    Convert(ConvertArgs),
    /// Write the completions of a shell to standard output
    Completions(CompletionsArgs),
}

/// `--features` of `rhetor-train`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FeatureKind {
    /// Vectors of a transformer and n-grams, a classifier each, their scores blended in the proportion that measures best: most accurate
    Both,
    /// Vectors of a transformer alone
    Encoder,
    /// Word and character n-grams: small and fast
    Lexical,
}

#[derive(Debug, Args)]
pub(super) struct TrainArgs {
    /// Labelled files, or folders of them
    #[arg(required = true)]
    pub(super) data: Vec<PathBuf>,
    /// The model file to write
    #[arg(long, short, required = true, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write the report here: a web page if the name ends in .html, tables if in .txt, JSON if in .json or nothing
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// Write the model card (Markdown) here
    #[arg(long, value_name = "FILE")]
    pub(super) card: Option<PathBuf>,
    /// The labels, in this order; others in the data are then errors [default: those in the data, by name]
    #[arg(long, value_delimiter = ',', value_name = "LABELS")]
    pub(super) labels: Option<Vec<String>>,
    /// The model's name [default: the output file's]
    #[arg(long)]
    pub(super) name: Option<String>,
    /// A date to put into the model, as 2026-12-01
    #[arg(long)]
    pub(super) date: Option<String>,
    /// Seed of folds, bootstrap and fine-tuning
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// Folds of the cross-validation
    #[arg(long, default_value_t = 5)]
    pub(super) folds: usize,
    /// Calibrate, choose thresholds and measure on these files instead of by cross-validation (with --fine-tune: instead
    /// of on a tenth of the rows). An encoder must not have seen them in its training; the built-in one has seen data/train
    #[arg(long, num_args = 1.., value_name = "DATA")]
    pub(super) calibrate: Vec<PathBuf>,
    /// What a sentence is represented by
    #[arg(long, value_enum, default_value = "both")]
    pub(super) features: FeatureKind,
    /// The encoder of this model file, or of a folder with model.safetensors, config.json and tokenizer.json
    /// [default: the built-in model's]
    #[arg(long, value_name = "FILE|DIR")]
    pub(super) encoder: Option<PathBuf>,
    /// Train the encoder's weights too, not only the regressions on top: takes some six times as long
    #[arg(long)]
    pub(super) fine_tune: bool,
    /// Passes over the data when fine-tuning, in each run
    #[arg(long, default_value_t = FineTuneParameters::default().epochs, requires = "fine_tune")]
    pub(super) epochs: usize,
    /// Fine-tune so many times from the same encoder, with one seed after another, and average the weights: takes as many times
    /// as long
    #[arg(long, default_value_t = FineTuneParameters::default().runs, requires = "fine_tune")]
    pub(super) runs: usize,
    /// Stop a run after so many passes without a better average precision on a tenth of the training rows, held out for
    /// that, and keep the best pass; 0 trains on all rows to the end
    #[arg(
        long,
        default_value_t = FineTuneParameters::default().patience,
        requires = "fine_tune",
        value_name = "PASSES"
    )]
    pub(super) patience: usize,
    /// Average the fine-tuned weights with those of this model's encoder, which must come from the same encoder and not have seen
    /// the rows of --calibrate: costs nothing, and measures better than either
    #[arg(long, requires_all = ["fine_tune", "calibrate"], value_name = "NAME|FILE")]
    pub(super) average: Option<PathBuf>,
    /// The highest learning rate when fine-tuning
    #[arg(
        long,
        default_value_t = FineTuneParameters::default().learning_rate,
        requires = "fine_tune",
        value_name = "RATE"
    )]
    pub(super) learning_rate: f64,
    /// The share of rows that fine-tuning shows with another row behind them, as one text with the labels of both: for
    /// labels of which a text may bear any number
    #[arg(
        long,
        default_value_t = FineTuneParameters::default().joined_share,
        requires = "fine_tune",
        value_name = "SHARE"
    )]
    pub(super) joined_share: f64,
    /// The share of weights that each step of fine-tuning takes from the encoder it began with: steadies training on few
    /// rows
    #[arg(
        long,
        default_value_t = FineTuneParameters::default().mixout,
        requires = "fine_tune",
        value_name = "SHARE"
    )]
    pub(super) mixout: f64,
    /// Write a checkpoint here after each pass
    #[arg(long, requires = "fine_tune", value_name = "FILE")]
    pub(super) checkpoint: Option<PathBuf>,
    /// Go on from the checkpoint if it is there
    #[arg(long, requires = "checkpoint")]
    pub(super) resume: bool,
    /// Penalties to try for each label [default: what suits the features]
    #[arg(long, value_delimiter = ',', value_name = "ALPHAS")]
    pub(super) alphas: Vec<f32>,
    /// What thresholds aim at: f1, f0.5 (precision counts more), f2 (recall), precision=0.9, recall=0.9
    #[arg(long, default_value = "f1")]
    pub(super) objective: Objective,
    /// How many n-grams to keep as lexical features
    #[arg(long, default_value_t = 4096, value_name = "N")]
    pub(super) ngrams: usize,
    #[command(flatten)]
    pub(super) columns: Columns,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Labelled files, or a folder with train/, test/, articles/ or stories/ in it
    #[arg(required = true)]
    pub(super) data: Vec<PathBuf>,
    /// The labels, in this order [default: those in the data]
    #[arg(long, value_delimiter = ',', value_name = "LABELS")]
    pub(super) labels: Option<Vec<String>>,
    #[command(flatten)]
    pub(super) columns: Columns,
}

#[derive(Debug, Args)]
pub(super) struct SplitArgs {
    /// Labelled files, or folders of them
    #[arg(required = true)]
    pub(super) data: Vec<PathBuf>,
    /// The share of rows to hold out, between 0 and 1
    #[arg(long, default_value_t = 0.1)]
    pub(super) share: f64,
    /// Write the rows to train on here
    #[arg(long, value_name = "FILE")]
    pub(super) train: PathBuf,
    /// Write the held-out rows here
    #[arg(long, value_name = "FILE")]
    pub(super) test: PathBuf,
    /// The labels, in this order [default: those in the data]
    #[arg(long, value_delimiter = ',', value_name = "LABELS")]
    pub(super) labels: Option<Vec<String>>,
    /// Seed of the draw
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    #[command(flatten)]
    pub(super) columns: Columns,
}

/// `--from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ToolName {
    /// JSONL or JSON of a text classification or sequence labelling project
    Doccano,
    /// JSON (not JSON-MIN) with choices, or with labelled regions of texts
    LabelStudio,
    /// JSONL of `prodigy db-out`: choices, single labels or spans
    Prodigy,
}

impl From<ToolName> for Tool {
    fn from(name: ToolName) -> Self {
        match name {
            ToolName::Doccano => Tool::Doccano,
            ToolName::LabelStudio => Tool::LabelStudio,
            ToolName::Prodigy => Tool::Prodigy,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct ConvertArgs {
    /// Labelled files, or folders of them
    #[arg(required = true)]
    pub(super) data: Vec<PathBuf>,
    /// The CSV file to write
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// The tool that has exported the files [default: JSON shows it by what is in it]
    #[arg(long, value_enum, value_name = "TOOL")]
    pub(super) from: Option<ToolName>,
    /// The labels; others in the data are then errors [default: those in the data]
    #[arg(long, value_delimiter = ',', value_name = "LABELS")]
    pub(super) labels: Option<Vec<String>>,
    #[command(flatten)]
    pub(super) columns: Columns,
}
