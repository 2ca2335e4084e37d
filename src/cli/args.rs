//! What `rhetor` is told on the command line.

use super::manual::version;
use crate::text;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;
use std::str::FromStr;

const CLASSIFY_EXAMPLES: &str = "\
Examples:
  rhetor classify article.txt                       a listing on the terminal
  rhetor classify articles/ -o report.html          one web page to read, filter, print and pass on
  rhetor classify articles/ --format csv -o all.csv one line a sentence, for a spreadsheet or R
  curl -s https://example.org/story | rhetor classify | jq .    HTML from a pipe, JSON Lines to the next program
  rhetor classify feed.jsonl --only threat | jq .   threats only
  rhetor classify article.txt --explain             and which words each tag is due to

Each sentence gets every label whose probability reaches the label's threshold: none, one or several.
Exit code: 0 done; 1 done, but some records were bad (each named on stderr); 2 nothing could be done.";

const DYADS_EXAMPLES: &str = "\
Examples:
  rhetor dyads articles/                            who does what to whom, how often: a table
  rhetor dyads feed.jsonl -o dyads.csv              for R or a spreadsheet, with the ids of the articles
  rhetor dyads articles/ --min-probability 0.8 --format json

One line for each source, target and label, with the code that CAMEO gives to the act and that of PLOVER, which has none for
denials. A party stands there with its fullest name in the article, else as mentioned; ? or blank: the text does not say.
Exit code: 0 done; 1 done, but some records were bad (each named on stderr); 2 nothing could be done.";

const EVALUATE_EXAMPLES: &str = "\
Examples:
  rhetor evaluate labelled.csv                      how good is the built-in model on my sentences?
  rhetor evaluate labelled.csv --errors wrong.csv   and where is it wrong?
  rhetor evaluate labelled.csv -o report.html       with curves, calibration, errors, thresholds to try
  rhetor evaluate labelled.csv --compare other.safetensors
  rhetor evaluate labelled.csv --predictions theirs.csv   another tool's, a column for each label
  rhetor evaluate labelled.csv --min-macro-f1 0.6   for scripts: exit code 1 below the floor

A CSV needs columns `text` and `label` or `labels`; several labels in a cell are joined by `|`, none is `none` or blank. JSON Lines,
fastText files and exports of doccano, Label Studio and Prodigy are read as well.
A column `doc` names the document of each sentence: intervals are then drawn over documents.";

const REVIEW_EXAMPLES: &str = "\
Examples:
  rhetor review articles/ --count 200 -o queue.csv  the 200 sentences that the model is least sure of
  rhetor-train queue.csv -o mine.safetensors        once the column `labels` is filled in
  rhetor review articles/ --model mine.safetensors --labelled queue.csv -o next.csv

Fill in `labels` in any spreadsheet (several joined by `|`; `none` for none) and save as CSV (UTF-8). Rows left blank
are passed over in training as long as the column `suggested` is in the file. `suggested` is what the model says, `unsure` the label that it is in doubt about.";

/// Finds accusations, threats, denials and appeals in news articles, with probabilities that mean what they say.
#[derive(Debug, Parser)]
#[command(name = "rhetor", version, long_version = version(), about, max_term_width = 100)]
pub struct Rhetor {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Tag the sentences of articles
    Classify(ClassifyArgs),
    /// Count who does what to whom over many articles
    Dyads(DyadsArgs),
    /// Measure a model on labelled sentences
    Evaluate(EvaluateArgs),
    /// Choose the sentences to label next: those that the model is least sure of
    Review(ReviewArgs),
    /// Write the completions of a shell to standard output
    Completions(CompletionsArgs),
    /// Write the manual pages of both programs into a folder
    Man(ManArgs),
}

/// `--format` of `classify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    /// A listing for people: the tagged sentences
    Text,
    /// One JSON object an article, one a line
    Jsonl,
    /// One JSON array
    Json,
    /// One line a sentence, for spreadsheets, R and pandas
    Csv,
    /// One self-contained web page
    Html,
    /// Doccano: JSON Lines for a text classification project, a sentence an example
    Doccano,
    /// Label Studio: a JSON array of articles with the labels as predictions
    LabelStudio,
    /// Prodigy: JSON Lines for the `choice` interface, a sentence a task
    Prodigy,
    /// spaCy: JSON Lines of texts with `cats`, a sentence a text
    Spacy,
    /// fastText: lines of `__label__x text`
    Fasttext,
    /// W3C web annotations: JSON Lines, a tagged sentence an annotation
    Annotations,
}

/// `--input-format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InputFormat {
    /// One article in plain text
    Text,
    /// One web page
    Html,
    /// A JSON object a line, the article in its field `text`
    Jsonl,
    /// A JSON object, or an array of them
    Json,
    /// A line an article, with a header
    Csv,
    /// The same with tabs
    Tsv,
}

impl From<InputFormat> for text::InputFormat {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Text => text::InputFormat::Text,
            InputFormat::Html => text::InputFormat::Html,
            InputFormat::Jsonl => text::InputFormat::Jsonl,
            InputFormat::Json => text::InputFormat::Json,
            InputFormat::Csv => text::InputFormat::Csv,
            InputFormat::Tsv => text::InputFormat::Tsv,
        }
    }
}

/// What articles to read and with which model: the same for all commands that do.
#[derive(Debug, Args)]
pub(super) struct ArticleArgs {
    /// Files (text, HTML, JSON Lines, JSON, CSV) or folders of them; none, or `-`, is standard input
    pub(super) inputs: Vec<PathBuf>,
    /// `default` (accurate), `lexical` (fast; less accurate) or a model file
    #[arg(long, short, value_name = "NAME|FILE")]
    pub(super) model: Option<PathBuf>,
    /// The same as --model lexical: some 150 times faster, less accurate
    #[arg(long, conflicts_with = "model")]
    pub(super) fast: bool,
    /// How to read the inputs, whatever their names say
    #[arg(long, value_enum)]
    pub(super) input_format: Option<InputFormat>,
    /// Column of the texts in CSV input, field of the texts in JSON
    #[arg(long, default_value = "text", value_name = "NAME")]
    pub(super) text_column: String,
}

/// How to tag articles: the same for all commands that do.
#[derive(Debug, Args)]
pub(super) struct ScoringArgs {
    #[command(flatten)]
    pub(super) articles: ArticleArgs,
    /// Probability from which a label is given: one number for all labels, or LABEL=NUMBER, several joined by commas
    #[arg(long, short, value_delimiter = ',', value_name = "P|LABEL=P")]
    pub(super) threshold: Vec<Threshold>,
    /// Threads to use [default: all cores]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<usize>,
}

#[derive(Debug, Args)]
#[command(after_help = CLASSIFY_EXAMPLES)]
pub(super) struct ClassifyArgs {
    /// Shape of the output [default: by the output's extension; without one, text on a terminal, else jsonl]
    #[arg(long, short, value_enum)]
    pub(super) format: Option<OutputFormat>,
    /// Write here instead of to standard output; the file appears whole or not at all
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Only sentences that bear one of these labels
    #[arg(long, value_delimiter = ',', value_name = "LABELS")]
    pub(super) only: Vec<String>,
    /// Show untagged sentences and page furniture in the listing too
    #[arg(long, short)]
    pub(super) all: bool,
    /// Show the words that drove each tag (text, html; with weights in json and jsonl). Takes some 20 times as long for each
    /// tagged sentence
    #[arg(long)]
    pub(super) explain: bool,
    #[command(flatten)]
    pub(super) scoring: ScoringArgs,
}

/// `--format` of `dyads`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DyadShape {
    /// A table for people
    Table,
    /// One line a dyad, with the articles
    Csv,
    /// One JSON object
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = DYADS_EXAMPLES)]
pub(super) struct DyadsArgs {
    /// Shape of the output [default: by the output's extension; without one, table on a terminal, else csv]
    #[arg(long, short, value_enum)]
    pub(super) format: Option<DyadShape>,
    /// Write here instead of to standard output; the file appears whole or not at all
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Count only labels given with at least this probability
    #[arg(long, default_value = "0", value_parser = probability, value_name = "P")]
    pub(super) min_probability: f32,
    #[command(flatten)]
    pub(super) scoring: ScoringArgs,
}

fn probability(text: &str) -> Result<f32, String> {
    match text.trim().parse() {
        Ok(probability) if (0.0..=1.0).contains(&probability) => Ok(probability),
        _ => Err("expected a probability from 0 to 1, as in 0.5".into()),
    }
}

/// `0.5` or `threat=0.5`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Threshold {
    pub(super) label: Option<String>,
    pub(super) probability: f32,
}

impl FromStr for Threshold {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (label, number) = match text.rsplit_once('=') {
            Some((label, number)) => (Some(label.trim().to_string()), number),
            None => (None, text),
        };
        match probability(number) {
            Ok(probability) => Ok(Threshold { label, probability }),
            Err(_) => Err("expected a probability from 0 to 1, as in 0.5 or threat=0.3".into()),
        }
    }
}

/// The names of columns in labelled data.
#[derive(Debug, Args)]
pub(super) struct Columns {
    /// Column of the sentences [default: text]
    #[arg(long, value_name = "NAME")]
    pub(super) text_column: Option<String>,
    /// Column of the labels [default: label or labels]
    #[arg(long, value_name = "NAME")]
    pub(super) label_column: Option<String>,
    /// Column of the document's name [default: doc, if there is one]
    #[arg(long, value_name = "NAME")]
    pub(super) doc_column: Option<String>,
}

/// `--format` of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// Tables for people
    Text,
    /// All figures, unrounded
    Json,
    /// One self-contained web page: curves, calibration, errors, thresholds to try
    Html,
}

#[derive(Debug, Args)]
#[command(after_help = EVALUATE_EXAMPLES)]
pub(super) struct EvaluateArgs {
    /// Labelled files, or folders of them
    #[arg(required = true)]
    pub(super) data: Vec<PathBuf>,
    /// `default` (accurate), `lexical` (fast; less accurate) or a model file
    #[arg(long, short, value_name = "NAME|FILE")]
    pub(super) model: Option<PathBuf>,
    /// A second model: the difference of the two, with a paired bootstrap, is reported instead
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) compare: Option<PathBuf>,
    /// Another tool's predictions, to compare instead of a second model: CSV with a column for each label (LABEL or p_LABEL, a
    /// probability or 0 and 1; tagged from 0.5 up), matched by the column `id`, else by row
    #[arg(long, value_name = "FILE", conflicts_with = "compare")]
    pub(super) predictions: Option<PathBuf>,
    /// Shape of the report [default: by the output's extension, else text]
    #[arg(long, short, value_enum)]
    pub(super) format: Option<ReportFormat>,
    /// Write the report here instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write the wrongly tagged rows here as CSV, those first in which the model is surest
    #[arg(long, value_name = "FILE")]
    pub(super) errors: Option<PathBuf>,
    /// Exit with code 1 if macro F1 is below this
    #[arg(long, value_name = "F1")]
    pub(super) min_macro_f1: Option<f64>,
    /// Seed of the bootstrap
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    #[command(flatten)]
    pub(super) columns: Columns,
}

#[derive(Debug, Args)]
#[command(after_help = REVIEW_EXAMPLES)]
pub(super) struct ReviewArgs {
    #[command(flatten)]
    pub(super) articles: ArticleArgs,
    /// Write the sentences here as CSV instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// How many sentences
    #[arg(long, short = 'n', default_value_t = 100, value_name = "N")]
    pub(super) count: usize,
    /// Labelled files: their sentences are not chosen again
    #[arg(long, num_args = 1.., value_name = "DATA")]
    pub(super) labelled: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The folder to write to; it is made if it is not there
    pub(super) folder: PathBuf,
}
