//! Which columns tell the labels apart.

use super::tfidf::SparseRow;
use ndarray::{Array2, ArrayView2};

/// The `count` most informative of `width` columns, in increasing order.
///
/// Each label ranks the columns by its own chi-squared statistic; a column's place is its best rank, so that a rare
/// label's columns are not crowded out by a frequent one's. Ties go to the lower column.
pub(super) fn informative(
    rows: &[SparseRow],
    width: usize,
    tags: ArrayView2<bool>,
    count: usize,
) -> Vec<u32> {
    let scores = chi_squared(rows, width, tags);
    let mut best_rank = vec![usize::MAX; width];
    for label in scores.columns() {
        let mut ranked: Vec<usize> = (0..width).collect();
        ranked.sort_by(|&a, &b| label[b].total_cmp(&label[a]).then(a.cmp(&b)));
        for (rank, column) in ranked.into_iter().enumerate() {
            best_rank[column] = best_rank[column].min(rank);
        }
    }
    let mut columns: Vec<u32> = (0..width as u32).collect();
    columns.sort_by_key(|&column| (best_rank[column as usize], column));
    columns.truncate(count);
    columns.sort_unstable();
    columns
}

/// Chi-squared of each column against each label, shape (width, labels), at least 0.
///
/// As scikit-learn's `chi2`: a column's weights, summed within the rows that have the label and within those that do
/// not, against what the label's share of rows would make expect. A label with one class only scores 0.
pub(super) fn chi_squared(rows: &[SparseRow], width: usize, tags: ArrayView2<bool>) -> Array2<f64> {
    let labels = tags.ncols();
    let mut with_label = Array2::<f64>::zeros((width, labels));
    let mut total = vec![0f64; width];
    for (row, tags) in rows.iter().zip(tags.rows()) {
        for &(column, weight) in row {
            total[column as usize] += f64::from(weight);
            for (label, _) in tags.iter().enumerate().filter(|(_, on)| **on) {
                with_label[[column as usize, label]] += f64::from(weight);
            }
        }
    }
    let share: Vec<f64> = tags
        .columns()
        .into_iter()
        .map(|c| c.iter().filter(|on| **on).count() as f64 / rows.len() as f64)
        .collect();
    Array2::from_shape_fn((width, labels), |(column, label)| {
        let term = |observed: f64, expected: f64| {
            if expected > 0.0 { (observed - expected).powi(2) / expected } else { 0.0 }
        };
        let (on, all) = (with_label[[column, label]], total[column]);
        term(on, all * share[label]) + term(all - on, all * (1.0 - share[label]))
    })
}
