//! Articles in, scored articles out: what `classify` and `dyads` have in common.

use super::args::{ScoringArgs, Threshold};
use super::inputs::{Reading, open};
use super::progress::Bar;
use super::{Outcome, outputs};
use crate::attribution::{Attribution, Statement, Voices};
use crate::classifier::tags;
use crate::error::{Error, Result};
use crate::explanation::{WordWeight, explain_all};
use crate::label::LabelSet;
use crate::model::Model;
use crate::output::{ArticleRecord, Findings};
use crate::text::{Article, Sentence, sentences};
use anyhow::Context;
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
use rayon::prelude::*;
use std::path::PathBuf;

/// Bytes of text that are scored together, some 400 sentences: enough to keep all cores busy, few enough to bound memory
/// and the delay of a live feed.
const BATCH_BYTES: usize = 64 << 10;

/// What to score and how, resolved: nothing in it can fail but the inputs.
pub(super) struct Scoring {
    reading: Reading,
    pub(super) model: Model,
    /// The model's identity, which every record bears.
    identity: String,
    thresholds: Vec<f32>,
    /// Whether to find the words that drove each tag.
    pub(super) explain: bool,
    /// The labels, by their places, of which a sentence must bear one to be kept; none keeps all.
    pub(super) only: Vec<usize>,
}

/// An article with all that is found in it.
struct Tagged<'a> {
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
        outputs::check(&[("--output", output)], args.articles.paths())?;
        if let Some(threads) = args.threads {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build_global()
                .context("cannot start threads")?;
        }
        let model = open(args.articles.model())?;
        Ok(Scoring {
            reading: args.articles.reading(output),
            thresholds: thresholds(&model, &args.threshold)?,
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
        let (mut batch, mut bytes, mut done) = (Vec::new(), 0, 0);
        let outcome = self.reading.each(
            || progress.clear(),
            |article| {
                bytes += article.text.len();
                batch.push(article);
                if bytes < BATCH_BYTES {
                    return Ok(());
                }
                done += batch.len();
                bytes = 0;
                self.records(&std::mem::take(&mut batch), bar)?.into_iter().try_for_each(&mut take)?;
                if bar {
                    progress.set(done, None);
                }
                Ok(())
            },
        )?;
        self.records(&batch, bar)?.into_iter().try_for_each(&mut take)?;
        progress.clear();
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
        let tagged: Vec<Tagged> = scored
            .into_par_iter()
            .map(|(article, sentences, scores)| self.tag(article, sentences, scores))
            .collect();
        let words = if self.explain { self.words(&tagged, bar)? } else { vec![None; tagged.len()] };
        Ok(tagged.par_iter().zip(&words).map(|(one, words)| self.record(one, words.as_deref())).collect())
    }

    fn tag<'a>(
        &self,
        article: &'a Article,
        sentences: &'a [Sentence],
        scores: ArrayView2<'a, f32>,
    ) -> Tagged<'a> {
        let tags = tags(scores, &self.thresholds);
        let voices = Voices::new(article, sentences);
        let mut statements = voices.statements(tags.view(), self.model.labels());
        // What will be dropped need not be explained.
        statements.retain(|statement| self.keeps(tags.row(statement.sentence)));
        let attributions = voices.into_attributions();
        Tagged { article, sentences, scores, tags, attributions, statements }
    }

    /// Whether a sentence with these tags is kept.
    fn keeps(&self, tags: ArrayView1<bool>) -> bool {
        self.only.is_empty() || self.only.iter().any(|label| tags[*label])
    }

    /// For each article, for each of its statements, what the words of the sentence do for the label.
    fn words(&self, tagged: &[Tagged], bar: bool) -> Result<Vec<Option<Vec<Vec<WordWeight>>>>> {
        let questions: Vec<(&str, usize)> = tagged
            .iter()
            .flat_map(|one| {
                let text = |sentence: usize| one.sentences[sentence].span.of(&one.article.text);
                one.statements.iter().map(move |statement| (text(statement.sentence), statement.label))
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
        Ok(tagged.iter().map(|one| Some(rest.by_ref().take(one.statements.len()).collect())).collect())
    }

    fn record(&self, tagged: &Tagged, words: Option<&[Vec<WordWeight>]>) -> ArticleRecord {
        let found = Findings {
            sentences: tagged.sentences,
            scores: tagged.scores.reborrow(),
            tags: tagged.tags.view(),
            attributions: &tagged.attributions,
            statements: &tagged.statements,
            words,
        };
        let mut record =
            ArticleRecord::new(self.identity.clone(), tagged.article, self.model.labels(), &found);
        if !self.only.is_empty() {
            let labels = self.model.labels();
            record.keep_only(&self.only.iter().map(|label| labels.name(*label)).collect::<Vec<_>>());
        }
        record
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
            let tagged = scoring.tag(&article, &found, scores.view());
            tagged.statements.iter().map(|statement| statement.sentence).collect()
        };
        assert_eq!(asked(&scoring), [0, 1]);
        scoring.only = vec![known(scoring.model.labels(), "threat", "--only").unwrap()];
        assert_eq!(asked(&scoring), [1]);
    }
}
