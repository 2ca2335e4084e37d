//! The regressions of one training on one family of features.

use super::{FeatureSource, Progress};
use crate::classifier::{Linear, column_major, fit_label};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::features::encoder::Encoder;
use crate::features::{Extractor, Lexical};
use ndarray::{Array2, Array3, ArrayView2, Axis};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Training rows with what is to be done with them.
pub(super) struct Task<'a> {
    dataset: &'a Dataset,
    texts: Vec<&'a str>,
    tags: Array2<bool>,
    alphas: Vec<f32>,
    folds: usize,
    features: Prepared<'a>,
    progress: &'a (dyn Fn(Progress) + Sync),
}

/// Features before they meet a training part: an encoder's are the same for every part and made once; n-grams are
/// fitted to each part, and here to all training rows.
enum Prepared<'a> {
    Lexical(Box<Lexical>),
    Encoder { encoder: &'a Encoder, vectors: Array2<f32> },
}

impl<'a> Task<'a> {
    /// With `alphas` empty, the penalties that suit the features are tried.
    pub(super) fn new(
        dataset: &'a Dataset,
        source: &'a FeatureSource,
        alphas: &[f32],
        folds: usize,
        progress: &'a (dyn Fn(Progress) + Sync),
    ) -> Result<Self> {
        let (texts, tags) = (dataset.texts(), dataset.tags());
        let features = match source {
            FeatureSource::Lexical(parameters) => {
                let lexical = Lexical::fit(&texts, tags.view(), parameters.clone())?;
                Prepared::Lexical(Box::new(lexical))
            }
            FeatureSource::Encoder(encoder) => {
                Prepared::Encoder { encoder, vectors: encode(encoder, &texts, progress)? }
            }
        };
        let alphas = if alphas.is_empty() { source.usual_alphas() } else { alphas.to_vec() };
        Ok(Task { dataset, texts, tags, alphas, folds, features, progress })
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
        let mut log_odds = Array3::zeros((self.alphas.len(), self.texts.len(), self.tags.ncols()));
        let done = AtomicUsize::new(0);
        for fold in 0..self.folds {
            let (rows, others): (Vec<usize>, Vec<usize>) =
                (0..self.texts.len()).partition(|&row| folds[row] == fold);
            let scored = self.part(&others, &rows)?.fit(self, self.folds, &done)?;
            for ((alpha, row, label), score) in scored.indexed_iter() {
                log_odds[[alpha, rows[row], label]] = *score;
            }
        }
        Ok(log_odds)
    }

    /// Log-odds of the rows of another data set from regressions on all training rows, shape (alphas, rows, labels).
    pub(super) fn score_apart(&self, held_out: &Dataset) -> Result<Array3<f32>> {
        if held_out.labels != self.dataset.labels {
            let found = held_out.labels.to_string();
            return Err(Error::parameter(
                "labels of the held-out rows",
                found,
                self.dataset.labels.to_string(),
            ));
        }
        let held_out = held_out.texts();
        let part = match &self.features {
            Prepared::Lexical(lexical) => {
                Part::new(lexical.extract(&self.texts), self.tags.clone(), lexical.extract(&held_out))
            }
            Prepared::Encoder { encoder, vectors } => {
                Part::new(vectors.clone(), self.tags.clone(), encode(encoder, &held_out, self.progress)?)
            }
        };
        part.fit(self, 1, &AtomicUsize::new(0))
    }

    /// Features and regressions fitted on all rows, a penalty a label.
    pub(super) fn fit_all(&self, alphas: &[f32]) -> Result<(Extractor, Linear)> {
        let names: Vec<&str> = self.dataset.labels.names().collect();
        let fit = |records: ArrayView2<f32>| Linear::fit(records, self.tags.view(), alphas, &names);
        match &self.features {
            Prepared::Lexical(lexical) => {
                let linear = fit(lexical.extract(&self.texts).view())?;
                Ok((Extractor::Lexical(lexical.clone()), linear))
            }
            Prepared::Encoder { encoder, vectors } => {
                Ok((Extractor::Encoder(Box::new((*encoder).clone())), fit(vectors.view())?))
            }
        }
    }

    /// Rows to fit on and rows to score, with features that know only the former.
    fn part(&self, rows: &[usize], scored: &[usize]) -> Result<Part> {
        let tags = self.tags.select(Axis(0), rows);
        match &self.features {
            Prepared::Lexical(whole) => {
                let pick = |rows: &[usize]| rows.iter().map(|&row| self.texts[row]).collect::<Vec<_>>();
                let lexical = Lexical::fit(&pick(rows), tags.view(), whole.parameters().clone())?;
                Ok(Part::new(lexical.extract(&pick(rows)), tags, lexical.extract(&pick(scored))))
            }
            Prepared::Encoder { vectors, .. } => {
                Ok(Part::new(vectors.select(Axis(0), rows), tags, vectors.select(Axis(0), scored)))
            }
        }
    }
}

fn encode(encoder: &Encoder, texts: &[&str], progress: &(dyn Fn(Progress) + Sync)) -> Result<Array2<f32>> {
    encoder.encode(texts, &|done| progress(Progress::Encoding(done, texts.len())))
}

/// Rows to fit on, column-major, with their tags; rows to score.
struct Part {
    fitted: Array2<f32>,
    tags: Array2<bool>,
    scored: Array2<f32>,
}

impl Part {
    fn new(fitted: Array2<f32>, tags: Array2<bool>, scored: Array2<f32>) -> Self {
        Part { fitted: column_major(fitted.view()), tags, scored }
    }

    /// Log-odds of the rows to score for every penalty and label, shape (alphas, rows, labels). This is one of `parts`;
    /// `done` counts the labels fitted in all of them.
    fn fit(&self, task: &Task, parts: usize, done: &AtomicUsize) -> Result<Array3<f32>> {
        let labels = self.tags.ncols();
        let fitted: Vec<Array2<f32>> = (0..labels)
            .into_par_iter()
            .map(|label| {
                let scores = self.fit_path(label, &task.alphas, task.dataset.labels.name(label))?;
                (task.progress)(Progress::Fitting(done.fetch_add(1, Ordering::Relaxed) + 1, parts * labels));
                Ok(scores)
            })
            .collect::<Result<_>>()?;
        let mut log_odds = Array3::zeros((task.alphas.len(), self.scored.nrows(), labels));
        for (label, scores) in fitted.iter().enumerate() {
            log_odds.index_axis_mut(Axis(2), label).assign(scores);
        }
        Ok(log_odds)
    }

    /// One label under each penalty, shape (alphas, rows to score). From the strongest penalty to the weakest, each begins
    /// where the one before it ended.
    fn fit_path(&self, label: usize, alphas: &[f32], name: &str) -> Result<Array2<f32>> {
        let tags = self.tags.column(label).to_vec();
        let mut order: Vec<usize> = (0..alphas.len()).collect();
        order.sort_by(|&a, &b| alphas[b].total_cmp(&alphas[a]));
        let mut scores = Array2::zeros((alphas.len(), self.scored.nrows()));
        let mut start = None;
        for alpha in order {
            let (weights, intercept) =
                fit_label(self.fitted.view(), &tags, alphas[alpha], name, start.as_ref())?;
            scores.row_mut(alpha).assign(&(self.scored.dot(&weights) + intercept));
            start = Some((weights, intercept));
        }
        Ok(scores)
    }
}
