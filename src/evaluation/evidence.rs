//! What a report's figures rest on, for drawing: curves, what other thresholds would give, the worst errors.

use super::errors::{Wrong, wrong_rows};
use super::scored::Scored;
use crate::dataset::Dataset;
use crate::error::Place;
use crate::ranking::precision_recall;
use indexmap::IndexMap;
use ndarray::ArrayView1;
use serde::Serialize;

/// Thresholds that can be tried: hundredths.
const STEPS: u16 = 100;

/// What stands behind a [`Report`](super::Report).
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Of each label, in the scheme's order.
    pub labels: IndexMap<String, LabelEvidence>,
    /// The wrongly tagged rows, those first in which the model is surest.
    pub wrong: Vec<WrongRow>,
}

/// One label's curve and thresholds.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelEvidence {
    /// (recall, precision) at each distinct probability, from the highest down.
    pub curve: Vec<(f64, f64)>,
    /// By rising threshold: the hundredths from 0 to 1, and the threshold in use.
    pub points: Vec<OperatingPoint>,
}

/// What a threshold gives.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OperatingPoint {
    /// The probability from which on rows are tagged.
    pub threshold: f32,
    /// Rows tagged.
    pub predicted: u64,
    /// Rows tagged rightly.
    pub right: u64,
}

/// A wrongly tagged row.
#[derive(Debug, Clone, PartialEq)]
pub struct WrongRow {
    /// Where it stands.
    pub place: Place,
    /// The sentence.
    pub text: String,
    /// The labels it bears, as in a cell.
    pub gold: String,
    /// The labels it was given, as in a cell.
    pub predicted: String,
    /// The labels in which these differ, each with its probability.
    pub wrong: Vec<(String, f32)>,
}

impl Evidence {
    /// Collects it. `dataset` are the rows that were scored, in their order.
    ///
    /// # Panics
    /// If there are fewer rows in the data set than were scored.
    pub fn new(scored: &Scored, dataset: &Dataset) -> Self {
        let labels = scored.labels.names().enumerate();
        let (wrong, predicted) = (wrong_rows(scored), scored.predicted());
        let described =
            wrong.iter().map(|wrong| WrongRow::new(wrong, predicted.row(wrong.row), scored, dataset));
        Evidence {
            labels: labels.map(|(j, name)| (name.into(), LabelEvidence::new(scored, j))).collect(),
            wrong: described.collect(),
        }
    }
}

impl LabelEvidence {
    fn new(scored: &Scored, label: usize) -> Self {
        let (p, gold) = (scored.probabilities.column(label).to_vec(), scored.gold.column(label).to_vec());
        let mut thresholds: Vec<f32> = (0..=STEPS).map(|step| f32::from(step) / f32::from(STEPS)).collect();
        thresholds.push(scored.thresholds[label]);
        thresholds.sort_by(f32::total_cmp);
        thresholds.dedup();
        let points = thresholds.into_iter().map(|threshold| OperatingPoint {
            threshold,
            predicted: p.iter().filter(|p| **p >= threshold).count() as u64,
            right: p.iter().zip(&gold).filter(|(p, gold)| **p >= threshold && **gold).count() as u64,
        });
        LabelEvidence { points: points.collect(), curve: precision_recall(&p, &gold) }
    }
}

impl WrongRow {
    fn new(wrong: &Wrong, predicted: ArrayView1<bool>, scored: &Scored, dataset: &Dataset) -> Self {
        let row = wrong.row;
        let labels = scored.labels.names().enumerate().filter(|(j, _)| wrong.labels[*j]);
        WrongRow {
            place: dataset.rows[row].place.clone(),
            text: dataset.rows[row].text.clone(),
            gold: scored.labels.format(&scored.gold.row(row).to_vec()),
            predicted: scored.labels.format(&predicted.to_vec()),
            wrong: labels.map(|(j, name)| (name.into(), scored.probabilities[[row, j]])).collect(),
        }
    }
}
