//! Logistic regression by linfa, one a label.
//!
//! Of the time for many rows of n-grams half goes into a product of matrix and column, which linfa asks of ndarray as one of two
//! matrices, so that the rows are copied for each step.

use crate::error::{Error, Result};
use linfa::prelude::*;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, stack};
use rayon::prelude::*;

/// The most L-BFGS steps for one label; some 30 are usual.
const MAX_ITERATIONS: u64 = 200;
/// Where to stop: a gradient whose norm is below this times the number of rows. Ten times less changes no average
/// precision in its third decimal and costs a quarter more time; ten times more costs accuracy. Since the penalty does not
/// grow with the rows, a fit that begins at a stronger penalty's solution stops before its own when rows are many. Capped as
/// for 20,000 rows, the default model of 38,979 was no better on real sentences (F1 .799, average precision .898; .810, .900).
const TOLERANCE_PER_ROW: f32 = 1e-4;

/// Fitted weights: the log-odds of label `l` on row `x` are `x · weights[.., l] + intercepts[l]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// Shape (features, labels).
    pub weights: Array2<f32>,
    /// Shape (labels).
    pub intercepts: Array1<f32>,
}

impl Linear {
    /// Fits one regression a label, with a penalty of its own each.
    ///
    /// `records` has shape (rows, features), `tags` (rows, labels), `alphas` (labels).
    ///
    /// # Errors
    /// A label that all or none of the rows have; `names` says which in the message.
    pub fn fit(
        records: ArrayView2<f32>,
        tags: ArrayView2<bool>,
        alphas: &[f32],
        names: &[&str],
    ) -> Result<Self> {
        let records = column_major(records);
        let fitted: Vec<(Array1<f32>, f32)> = (0..tags.ncols())
            .into_par_iter()
            .map(|label| {
                fit_label(records.view(), &tags.column(label).to_vec(), alphas[label], names[label], None)
            })
            .collect::<Result<_>>()?;
        Ok(Linear::of_labels(&fitted))
    }

    /// One regression a label, at least one, of one width.
    pub fn of_labels<'a>(labels: impl IntoIterator<Item = &'a LabelWeights>) -> Self {
        let (columns, intercepts): (Vec<ArrayView1<f32>>, Vec<f32>) =
            labels.into_iter().map(|(weights, intercept)| (weights.view(), *intercept)).unzip();
        let weights = stack(Axis(1), &columns).expect("one label or more, of one width");
        Linear { weights, intercepts: intercepts.into() }
    }

    /// The weights and the intercept of one label.
    pub fn label(&self, label: usize) -> LabelWeights {
        (self.weights.column(label).to_owned(), self.intercepts[label])
    }

    /// Log-odds, shape (rows, labels), for records of shape (rows, features).
    pub fn log_odds(&self, records: ArrayView2<f32>) -> Array2<f32> {
        records.dot(&self.weights) + &self.intercepts
    }
}

/// The same matrix with its columns contiguous in memory: linfa's gradient reads columns, and is several times faster
/// so.
pub fn column_major(records: ArrayView2<f32>) -> Array2<f32> {
    let mut transposed = Array2::zeros((records.ncols(), records.nrows()));
    transposed.assign(&records.t());
    transposed.reversed_axes()
}

/// Weights, shape (features), and intercept of one label.
pub type LabelWeights = (Array1<f32>, f32);

/// Fits one label.
///
/// `records` should be [`column_major`]. `alpha`, at least 0, weighs the penalty: the objective is
/// Σ log-loss + alpha/2 · ‖w‖², a sum over rows, so that alpha = 1/C in scikit-learn's terms. The intercept is free. `start` is where to begin: the solution for a
/// neighbouring penalty saves half of the steps, and changes the result only within the tolerance.
///
/// # Errors
/// When all or none of the rows have the label, or a record is not finite.
pub fn fit_label(
    records: ArrayView2<f32>,
    tags: &[bool],
    alpha: f32,
    name: &str,
    start: Option<&LabelWeights>,
) -> Result<LabelWeights> {
    let positives = tags.iter().filter(|on| **on).count();
    if positives == 0 || positives == tags.len() {
        let rows = if positives == 0 { "no row has it" } else { "every row has it" };
        let remedy = "give rows of both kinds, or take the label out of the data";
        return Err(Error::fit(format!("label {name:?}"), rows, remedy));
    }
    let mut regression = LogisticRegression::default()
        .alpha(alpha)
        .max_iterations(MAX_ITERATIONS)
        .gradient_tolerance(TOLERANCE_PER_ROW * tags.len() as f32);
    // linfa's positive class is the more frequent one, which for most labels is "no"; of two equally frequent ones, that of
    // the first row.
    if let Some((weights, intercept)) = start {
        let positive = positives * 2 > tags.len() || (positives * 2 == tags.len() && tags[0]);
        let sign = if positive { 1.0 } else { -1.0 };
        let parameters = weights.iter().chain([intercept]).map(|value| value * sign).collect();
        regression = regression.initial_params(parameters);
    }
    let dataset = linfa::DatasetBase::new(records, Array1::from(tags.to_vec()));
    let fitted = regression
        .fit(&dataset)
        .map_err(|e| Error::fit(format!("label {name:?}"), e.to_string(), "check the training data"))?;
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    Ok((fitted.params() * sign, fitted.intercept() * sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// Rows of one feature that leans towards the label.
    fn leaning(positives: usize, negatives: usize) -> (Array2<f32>, Vec<bool>) {
        let tags: Vec<bool> = (0..positives + negatives).map(|i| i < positives).collect();
        let records =
            tags.iter().enumerate().map(|(i, on)| if *on == (i % 5 > 0) { 1.0 } else { -1.0 }).collect();
        (Array2::from_shape_vec((tags.len(), 1), records).expect("one column"), tags)
    }

    #[test]
    fn the_sign_is_the_labels_whichever_class_is_more_frequent() {
        for (positives, negatives) in [(10, 40), (40, 10), (25, 25)] {
            let (records, tags) = leaning(positives, negatives);
            let (weights, _) = fit_label(records.view(), &tags, 1.0, "x", None).unwrap();
            assert!(weights[0] > 0.5, "{positives} of {}: {weights}", tags.len());
        }
    }

    #[test]
    fn a_label_with_one_class_is_named() {
        let error = fit_label(array![[1.0], [2.0]].view(), &[false, false], 1.0, "threat", None).unwrap_err();
        assert!(error.to_string().contains("\"threat\": no row has it"), "{error}");
    }

    #[test]
    fn column_major_keeps_the_values() {
        let rows = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let columns = column_major(rows.view());
        assert_eq!(columns, rows);
        assert_eq!(columns.strides(), [1, 2]);
    }
}
