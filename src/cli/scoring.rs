//! Articles in, scored articles out: what `classify` and `dyads` have in common.

use super::args::{ScoringArgs, Threshold};
use super::evaluate::open;
use super::progress::Bar;
use super::{Outcome, outputs, terminal};
use crate::atomic;
use crate::attribution::{Attribution, Statement, Voices};
use crate::classifier::tags;
use crate::error::{Complaint, Error, Place, Result};
use crate::explanation::{WordWeight, explain_all};
use crate::label::LabelSet;
use crate::model::Model;
use crate::output::{ArticleRecord, Findings};
use crate::text::{Article, InputOptions, Sentence, articles, sentences};
use anyhow::Context;
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Bytes of text that are scored together, some 400 sentences: enough to keep all cores busy, few enough to bound memory
/// and the delay of a live feed.
const BATCH_BYTES: usize = 64 << 10;

/// What to score and how, resolved: nothing in it can fail but the inputs.
pub(super) struct Scoring {
    inputs: Vec<PathBuf>,
    options: InputOptions,
    pub(super) model: Model,
    /// The model's identity, which every record bears.
    identity: String,
    thresholds: Vec<f32>,
    /// Whether to find the words that drove each tag.
    pub(super) explain: bool,
    /// The labels, by their places, of which a sentence must bear one to be kept; none keeps all.
    pub(super) only: Vec<usize>,
}

/// An article as it has been read.
struct Reading<'a> {
    article: &'a Article,
    sentences: &'a [Sentence],
    scores: ArrayView2<'a, f32>,
    tags: Array2<bool>,
    attributions: Vec<Attribution>,
    statements: Vec<Statement>,
}

impl Scoring {
    /// Resolves arguments.
    ///
    /// `output` is what will be written, if a file.
    pub(super) fn new(args: ScoringArgs, output: Option<&PathBuf>) -> anyhow::Result<Self> {
        outputs::check(&[("--output", output)], args.inputs.iter().map(PathBuf::as_path))?;
        if let Some(threads) = args.threads {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build_global()
                .context("cannot start threads")?;
        }
        let model = open(args.model.as_deref().or(args.fast.then_some(Path::new("lexical"))))?;
        Ok(Scoring {
            options: InputOptions {
                text_column: args.text_column,
                format: args.input_format.map(Into::into),
                output: output.and_then(|path| atomic::place(path)),
            },
            thresholds: thresholds(&model, &args.threshold)?,
            inputs: args.inputs,
            identity: model.identity(),
            model,
            explain: false,
            only: Vec::new(),
        })
    }

    /// Reads and scores in batches, and gives each article to `take`. A bad record is reported and passed over.
    /// `bar` allows a progress bar.
    pub(super) fn each(
        &self,
        bar: bool,
        mut take: impl FnMut(ArticleRecord) -> Result<()>,
    ) -> Result<Outcome> {
        let progress = Bar::new("articles");
        let mut outcome = Outcome::Done;
        let (mut batch, mut bytes, mut done) = (Vec::new(), 0, 0);
        for article in articles(&self.inputs, &self.options) {
            match article {
                Ok(article) => {
                    bytes += article.text.len();
                    batch.push(article);
                }
                Err(error) => {
                    progress.clear();
                    terminal::complain("rhetor", &error.to_string());
                    outcome = Outcome::Flawed;
                }
            }
            if bytes >= BATCH_BYTES {
                done += batch.len();
                self.records(&std::mem::take(&mut batch), bar)?.into_iter().try_for_each(&mut take)?;
                bytes = 0;
                if bar {
                    progress.set(done, None);
                }
            }
        }
        done += batch.len();
        self.records(&batch, bar)?.into_iter().try_for_each(&mut take)?;
        progress.clear();
        if done == 0 && outcome == Outcome::Flawed {
            return Err(self.nothing_read());
        }
        Ok(outcome)
    }

    /// Scores articles together.
    fn records(&self, articles: &[Article], bar: bool) -> Result<Vec<ArticleRecord>> {
        let sentences: Vec<Vec<Sentence>> = articles.par_iter().map(sentences).collect();
        let texts: Vec<&str> = articles
            .iter()
            .zip(&sentences)
            .flat_map(|(article, sentences)| sentences.iter().map(|s| s.span.of(&article.text)))
            .collect();
        let scores = self.model.score(&texts, &|_| {})?;
        let mut rest = scores.view();
        let mut scored = Vec::new();
        for (article, sentences) in articles.iter().zip(&sentences) {
            let (own, others) = rest.split_at(Axis(0), sentences.len());
            rest = others;
            scored.push((article, sentences, own));
        }
        let readings: Vec<Reading> = scored
            .into_par_iter()
            .map(|(article, sentences, scores)| self.read(article, sentences, scores))
            .collect();
        let words = if self.explain { self.words(&readings, bar)? } else { vec![None; readings.len()] };
        Ok(readings
            .par_iter()
            .zip(&words)
            .map(|(reading, words)| self.record(reading, words.as_deref()))
            .collect())
    }

    fn read<'a>(
        &self,
        article: &'a Article,
        sentences: &'a [Sentence],
        scores: ArrayView2<'a, f32>,
    ) -> Reading<'a> {
        let tags = tags(scores, &self.thresholds);
        let voices = Voices::new(article, sentences);
        let mut statements = voices.statements(tags.view(), self.model.labels());
        // What will be dropped need not be explained.
        statements.retain(|statement| self.keeps(tags.row(statement.sentence)));
        let attributions = voices.into_attributions();
        Reading { article, sentences, scores, tags, attributions, statements }
    }

    /// Whether a sentence with these tags is kept.
    fn keeps(&self, tags: ArrayView1<bool>) -> bool {
        self.only.is_empty() || self.only.iter().any(|label| tags[*label])
    }

    /// For each article, for each of its statements, what the words of the sentence do for the label.
    fn words(&self, readings: &[Reading], bar: bool) -> Result<Vec<Option<Vec<Vec<WordWeight>>>>> {
        let questions: Vec<(&str, usize)> = readings
            .iter()
            .flat_map(|reading| {
                let text = |sentence: usize| reading.sentences[sentence].span.of(&reading.article.text);
                reading.statements.iter().map(move |statement| (text(statement.sentence), statement.label))
            })
            .collect();
        let progress = Bar::new("explaining");
        let told = explain_all(&self.model, &questions, &|done, all| {
            if bar {
                progress.set(done, Some(all));
            }
        })?;
        progress.clear();
        let mut rest = told.into_iter();
        Ok(readings
            .iter()
            .map(|reading| Some(rest.by_ref().take(reading.statements.len()).collect()))
            .collect())
    }

    fn record(&self, reading: &Reading, words: Option<&[Vec<WordWeight>]>) -> ArticleRecord {
        let found = Findings {
            sentences: reading.sentences,
            scores: reading.scores.reborrow(),
            tags: reading.tags.view(),
            attributions: &reading.attributions,
            statements: &reading.statements,
            words,
        };
        let mut record =
            ArticleRecord::new(self.identity.clone(), reading.article, self.model.labels(), &found);
        if !self.only.is_empty() {
            let labels = self.model.labels();
            record.keep_only(&self.only.iter().map(|label| labels.name(*label)).collect::<Vec<_>>());
        }
        record
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

/// The column of a label that was named by `flag`.
pub(super) fn known(labels: &LabelSet, label: &str, flag: &'static str) -> Result<usize> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Rhetor;
    use crate::cli::args::Command;
    use clap::Parser;

    #[test]
    fn what_is_dropped_is_not_explained() {
        let text =
            "The minister accused the union of lying. The union threatened to strike unless it was paid.";
        let article = Article::from_text("a.txt", None, None, text.into());
        let arguments = ["rhetor", "classify", "--fast", "--explain", "--threshold", "0.3"];
        let Command::Classify(args) = Rhetor::parse_from(arguments).command else { panic!("classify") };
        let mut scoring = Scoring::new(args.scoring, None).unwrap();
        let found = sentences(&article);
        let texts: Vec<&str> = found.iter().map(|sentence| sentence.span.of(&article.text)).collect();
        let scores = scoring.model.score(&texts, &|_| {}).unwrap();
        let asked = |scoring: &Scoring| -> Vec<usize> {
            let reading = scoring.read(&article, &found, scores.view());
            reading.statements.iter().map(|statement| statement.sentence).collect()
        };
        assert_eq!(asked(&scoring), [0, 1]);
        scoring.only = vec![known(scoring.model.labels(), "threat", "--only").unwrap()];
        assert_eq!(asked(&scoring), [1]);
    }
}
