//! A matrix to probabilities: `Array2<f32>` (n_sentences, n_features) to `Array2<f32>` (n_sentences, n_labels).
//!
//! Knows nothing of text. One binary logistic regression a label (labels are not exclusive), its scores calibrated into
//! probabilities, a threshold a label.

pub mod calibrate;
mod linear;
pub mod threshold;

pub use calibrate::Calibration;
pub use linear::{LabelWeights, Linear, column_major, fit_label};
pub use threshold::Objective;

use ndarray::{Array2, ArrayView2, Zip};

/// A fitted classifier for all labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier {
    /// Log-odds from features.
    pub linear: Linear,
    /// Probabilities from log-odds, one a label.
    pub calibrations: Vec<Calibration>,
    /// The probability from which a label is given, one a label, from 0 to 1.
    pub thresholds: Vec<f32>,
}

impl Classifier {
    /// Calibrated probabilities, shape (rows, labels), of records of shape (rows, features).
    pub fn probabilities(&self, records: ArrayView2<f32>) -> Array2<f32> {
        calibrated(&self.calibrations, self.linear.log_odds(records))
    }
}

/// Turns log-odds, shape (rows, labels), into probabilities by each label's calibration.
pub fn calibrated(calibrations: &[Calibration], mut log_odds: Array2<f32>) -> Array2<f32> {
    for (mut column, calibration) in log_odds.columns_mut().into_iter().zip(calibrations) {
        column.mapv_inplace(|score| calibration.probability(score));
    }
    log_odds
}

/// The log-odds of a probability kept `margin` away from 0 and 1, where they are infinite.
pub(crate) fn log_odds(probability: f64, margin: f64) -> f64 {
    let p = probability.clamp(margin, 1.0 - margin);
    (p / (1.0 - p)).ln()
}

/// The labels given at the thresholds, shape (rows, labels).
pub fn tags(probabilities: ArrayView2<f32>, thresholds: &[f32]) -> Array2<bool> {
    let thresholds = ndarray::ArrayView1::from(thresholds);
    Zip::from(probabilities)
        .and_broadcast(thresholds)
        .map_collect(|probability, threshold| probability >= threshold)
}
