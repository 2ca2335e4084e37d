//! Rows ranked by a score, and what ranking alone can tell: the precision-recall curve and average precision.
//!
//! Fine-tuning chooses its weights by it, training the shares of its members, and reports show it.

use ndarray::{ArrayView2, Axis};

/// Rows by falling score, those of equal score in one run.
#[derive(Debug, Clone)]
pub(crate) struct Ranking {
    /// Row indices.
    order: Vec<usize>,
    /// Where each run ends in `order`.
    ends: Vec<usize>,
}

impl Ranking {
    /// Ranks scores, none of which is NaN.
    pub(crate) fn new(scores: &[f32]) -> Self {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        let ends = order.chunk_by(|a, b| scores[*a] == scores[*b]).scan(0, |end, run| {
            *end += run.len();
            Some(*end)
        });
        Ranking { ends: ends.collect(), order }
    }

    /// [`average_precision`] if row i stood `weight(i)` times.
    pub(crate) fn average_precision(&self, gold: &[bool], weight: impl Fn(usize) -> u64) -> Option<f64> {
        let (mut from, mut seen, mut hits, mut area) = (0, 0, 0, 0.0);
        for &to in &self.ends {
            let before = hits;
            for &row in &self.order[from..to] {
                seen += weight(row);
                hits += if gold[row] { weight(row) } else { 0 };
            }
            if hits > before {
                area += (hits - before) as f64 * (hits as f64 / seen as f64);
            }
            from = to;
        }
        (hits > 0).then(|| area / hits as f64)
    }
}

/// The points of the precision-recall curve as (recall, precision): one a distinct score, from the highest down; none if
/// no row bears the label.
///
/// ```
/// use rhetor::evaluation::precision_recall;
/// let curve = precision_recall(&[0.9, 0.8, 0.7, 0.1], &[true, false, true, false]);
/// assert_eq!(curve, [(0.5, 1.0), (0.5, 0.5), (1.0, 2.0 / 3.0), (1.0, 0.5)]);
/// ```
pub fn precision_recall(scores: &[f32], gold: &[bool]) -> Vec<(f64, f64)> {
    let ranking = Ranking::new(scores);
    let borne = gold.iter().filter(|g| **g).count() as f64;
    let (mut from, mut hits) = (0, 0);
    let curve = ranking.ends.iter().map(|&to| {
        hits += ranking.order[from..to].iter().filter(|row| gold[**row]).count();
        from = to;
        (hits as f64 / borne, hits as f64 / to as f64)
    });
    if borne > 0.0 { curve.collect() } else { Vec::new() }
}

/// Average precision: Σ (Rₙ - Rₙ₋₁) Pₙ over the distinct scores as thresholds, from the highest down, so that rows of
/// equal score are taken in together. As in scikit-learn; not interpolated. In \[0, 1\]; undefined if no row bears the
/// label.
///
/// ```
/// use rhetor::evaluation::average_precision;
/// // Precision 1 when the first is found, 2/3 when the second is.
/// let ap = average_precision(&[0.9, 0.8, 0.7, 0.1], &[true, false, true, false]);
/// assert!((ap.unwrap() - (1.0 + 2.0 / 3.0) / 2.0).abs() < 1e-12);
/// ```
pub fn average_precision(scores: &[f32], gold: &[bool]) -> Option<f64> {
    Ranking::new(scores).average_precision(gold, |_| 1)
}

/// The mean over labels of the average precision of their scores, both of shape (rows, labels). Labels that no row bears are
/// left out; `None` if that leaves none.
pub(crate) fn macro_average_precision(scores: ArrayView2<f32>, tags: ArrayView2<bool>) -> Option<f64> {
    let columns = scores.axis_iter(Axis(1)).zip(tags.axis_iter(Axis(1)));
    let each = columns.filter_map(|(scores, gold)| average_precision(&scores.to_vec(), &gold.to_vec()));
    let defined: Vec<f64> = each.collect();
    (!defined.is_empty()).then(|| defined.iter().sum::<f64>() / defined.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};
    use proptest::prelude::*;

    #[test]
    fn nothing_to_find_is_undefined() {
        assert_eq!(average_precision(&[], &[]), None);
        assert_eq!(average_precision(&[0.4], &[false]), None);
    }

    /// Expected: scikit-learn's documentation of `average_precision_score`: 0.83 for these four.
    #[test]
    fn labels_that_no_row_bears_are_left_out_of_the_mean() {
        let scores = array![[0.1, 0.5], [0.4, 0.5], [0.35, 0.5], [0.8, 0.5]];
        let tags = array![[false, false], [false, false], [true, false], [true, false]];
        let value = macro_average_precision(scores.view(), tags.view()).unwrap();
        assert!((value - 5.0 / 6.0).abs() < 1e-9);
        assert_eq!(macro_average_precision(scores.view(), Array2::default((4, 2)).view()), None);
    }

    /// A score that tells nothing apart must not profit from the rows' order.
    #[test]
    fn equal_scores_come_all_at_once() {
        assert_eq!(average_precision(&[0.5; 4], &[true, true, false, false]), Some(0.5));
    }

    proptest! {
        #[test]
        fn a_weight_is_a_repetition(rows in prop::collection::vec((0u8..5, any::<bool>(), 0u64..4), 1..30)) {
            let repeated: Vec<(f32, bool)> =
                rows.iter().flat_map(|(s, g, w)| (0..*w).map(move |_| (f32::from(*s), *g))).collect();
            let (scores, gold): (Vec<f32>, Vec<bool>) = repeated.into_iter().unzip();
            let expected = average_precision(&scores, &gold);
            let scores: Vec<f32> = rows.iter().map(|row| f32::from(row.0)).collect();
            let gold: Vec<bool> = rows.iter().map(|row| row.1).collect();
            let weighted = Ranking::new(&scores).average_precision(&gold, |row| rows[row].2);
            prop_assert_eq!(weighted.is_some(), expected.is_some());
            prop_assert!((weighted.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-12);
        }
    }
}
