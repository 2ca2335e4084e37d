//! The regressions of one training on one family of features.

use super::{FeatureSource, Progress, in_turn, pick};
use crate::classifier::{LabelWeights, Linear, column_major, fit_label};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::features::encoder::Encoder;
use crate::features::{Extractor, Lexical};
use ndarray::{Array2, Array3, ArrayView2, Axis, stack};
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Training rows with what is to be done with them.
pub(super) struct Task<'a> {
    dataset: &'a Dataset,
    texts: Vec<&'a str>,
    tags: Array2<bool>,
    alphas: Vec<f32>,
    features: Prepared,
    progress: &'a (dyn Fn(Progress) + Sync),
}

/// Features before they meet a training part: an encoder's are the same for every part and made once; n-grams are
/// fitted to each part, and here to all training rows.
enum Prepared {
    Lexical(Box<Lexical>),
    Encoder { encoder: Box<Encoder>, vectors: Array2<f32> },
}

impl<'a> Task<'a> {
    /// With `alphas` empty, the penalties that suit the features are tried.
    pub(super) fn new(
        dataset: &'a Dataset,
        source: &'a FeatureSource,
        alphas: &[f32],
        progress: &'a (dyn Fn(Progress) + Sync),
    ) -> Result<Self> {
        let (texts, tags) = (dataset.texts(), dataset.tags());
        let features = match source {
            FeatureSource::Lexical(parameters) => {
                let lexical = Lexical::fit(&texts, tags.view(), parameters.clone())?;
                Prepared::Lexical(Box::new(lexical))
            }
            FeatureSource::Encoder(encoder) => {
                // The regressions are fitted on the vectors that the stored, rounded weights will give.
                let encoder = Box::new(encoder.rounded()?);
                let vectors = encode(&encoder, &texts, progress)?;
                Prepared::Encoder { encoder, vectors }
            }
        };
        let alphas = if alphas.is_empty() { source.usual_alphas() } else { alphas.to_vec() };
        Ok(Task { dataset, texts, tags, alphas, features, progress })
    }

    /// The family's name.
    pub(super) fn name(&self) -> &'static str {
        match self.features {
            Prepared::Lexical(_) => "lexical",
            Prepared::Encoder { .. } => "encoder",
        }
    }

    /// The penalties that are tried.
    pub(super) fn alphas(&self) -> &[f32] {
        &self.alphas
    }

    /// Log-odds of every row from regressions that have not seen its fold, shape (alphas, rows, labels).
    pub(super) fn cross_validate(&self, folds: &[usize]) -> Result<Array3<f32>> {
        let mut all = Array3::zeros((self.alphas.len(), self.texts.len(), self.tags.ncols()));
        let done = AtomicUsize::new(0);
        let turns = in_turn(folds);
        let parts = turns.len();
        for (rows, others) in turns {
            let (part, scored) = self.part(&others, &rows)?;
            let regressions = part.fit(self, parts, &done)?;
            for ((alpha, row, label), score) in log_odds(&regressions, scored.view()).indexed_iter() {
                all[[alpha, rows[row], label]] = *score;
            }
        }
        Ok(all)
    }

    /// Regressions on all training rows, one a penalty, and the log-odds that they give the rows of another data set, shape
    /// (alphas, rows, labels).
    pub(super) fn score_apart(&self, held_out: &Dataset) -> Result<(Vec<Linear>, Array3<f32>)> {
        let held_out = held_out.texts();
        let held_out = match &self.features {
            Prepared::Lexical(lexical) => lexical.extract(&held_out),
            Prepared::Encoder { encoder, .. } => encode(encoder, &held_out, self.progress)?,
        };
        let part = Part::new(self.extract_all().view(), self.tags.clone());
        let regressions = part.fit(self, 1, &AtomicUsize::new(0))?;
        let scores = log_odds(&regressions, held_out.view());
        Ok((regressions, scores))
    }

    /// Regressions on all training rows, a penalty a label.
    pub(super) fn fit_all(&self, alphas: &[f32]) -> Result<Linear> {
        let names: Vec<&str> = self.dataset.labels.names().collect();
        Linear::fit(self.extract_all().view(), self.tags.view(), alphas, &names)
    }

    /// What makes the features of new texts.
    pub(super) fn extractor(&self) -> Extractor {
        match &self.features {
            Prepared::Lexical(lexical) => Extractor::Lexical(lexical.clone()),
            Prepared::Encoder { encoder, .. } => Extractor::Encoder(encoder.clone()),
        }
    }

    /// The features of the training rows, by an extractor that knows all of them.
    fn extract_all(&self) -> Cow<'_, Array2<f32>> {
        match &self.features {
            Prepared::Lexical(lexical) => Cow::Owned(lexical.extract(&self.texts)),
            Prepared::Encoder { vectors, .. } => Cow::Borrowed(vectors),
        }
    }

    /// Rows to fit on, and the features of rows to score, both by an extractor that knows only the former.
    fn part(&self, rows: &[usize], scored: &[usize]) -> Result<(Part, Array2<f32>)> {
        let tags = self.tags.select(Axis(0), rows);
        match &self.features {
            Prepared::Lexical(whole) => {
                let (fitted, scored) = (pick(&self.texts, rows), pick(&self.texts, scored));
                let lexical = Lexical::fit(&fitted, tags.view(), whole.parameters().clone())?;
                Ok((Part::new(lexical.extract(&fitted).view(), tags), lexical.extract(&scored)))
            }
            Prepared::Encoder { vectors, .. } => {
                let part = Part::new(vectors.select(Axis(0), rows).view(), tags);
                Ok((part, vectors.select(Axis(0), scored)))
            }
        }
    }
}

fn encode(encoder: &Encoder, texts: &[&str], progress: &(dyn Fn(Progress) + Sync)) -> Result<Array2<f32>> {
    encoder.encode(texts, &|done| progress(Progress::Encoding(done, texts.len())))
}

/// What each of several regressions says of the same rows, shape (regressions, rows, labels).
fn log_odds(regressions: &[Linear], rows: ArrayView2<f32>) -> Array3<f32> {
    let each: Vec<Array2<f32>> = regressions.iter().map(|linear| linear.log_odds(rows)).collect();
    let views: Vec<ArrayView2<f32>> = each.iter().map(|scores| scores.view()).collect();
    stack(Axis(0), &views).expect("all score the same rows, under one penalty at least")
}

/// Rows to fit on, column-major, with their tags.
struct Part {
    records: Array2<f32>,
    tags: Array2<bool>,
}

impl Part {
    fn new(records: ArrayView2<f32>, tags: Array2<bool>) -> Self {
        Part { records: column_major(records), tags }
    }

    /// Regressions of all labels, one for each of the task's penalties. This is one of `parts`; `done` counts the labels
    /// fitted in all of them.
    fn fit(&self, task: &Task, parts: usize, done: &AtomicUsize) -> Result<Vec<Linear>> {
        let labels = self.tags.ncols();
        let paths: Vec<Vec<LabelWeights>> = (0..labels)
            .into_par_iter()
            .map(|label| {
                let path = self.fit_path(label, &task.alphas, task.dataset.labels.name(label))?;
                (task.progress)(Progress::Fitting(done.fetch_add(1, Ordering::Relaxed) + 1, parts * labels));
                Ok(path)
            })
            .collect::<Result<_>>()?;
        let under = |alpha: usize| Linear::of_labels(paths.iter().map(|path| &path[alpha]));
        Ok((0..task.alphas.len()).map(under).collect())
    }

    /// One label under each penalty, in their order. From the strongest penalty to the weakest, each begins where the one
    /// before it ended.
    fn fit_path(&self, label: usize, alphas: &[f32], name: &str) -> Result<Vec<LabelWeights>> {
        let tags = self.tags.column(label).to_vec();
        let mut order: Vec<usize> = (0..alphas.len()).collect();
        order.sort_by(|&a, &b| alphas[b].total_cmp(&alphas[a]));
        let mut path: Vec<(usize, LabelWeights)> = Vec::new();
        for alpha in order {
            let start = path.last().map(|(_, before)| before);
            let weights = fit_label(self.records.view(), &tags, alphas[alpha], name, start)?;
            path.push((alpha, weights));
        }
        path.sort_by_key(|(alpha, _)| *alpha);
        Ok(path.into_iter().map(|(_, weights)| weights).collect())
    }
}
