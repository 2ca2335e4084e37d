//! Figures made from probabilities.

use serde::{Deserialize, Serialize};

/// Bins of the calibration error.
const BINS: usize = 10;

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

/// Brier score: the mean squared difference of probability and truth (1 or 0). In \[0, 1\], lower is better; undefined
/// without rows.
pub fn brier(probabilities: &[f32], gold: &[bool]) -> Option<f64> {
    mean(probabilities.iter().zip(gold).map(|(p, g)| (f64::from(*p) - f64::from(u8::from(*g))).powi(2)))
}

/// One bin of a reliability diagram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// The lowest probability in it.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// The mean probability.
    pub mean: f64,
    /// Rows in it, at least 1.
    pub rows: u64,
    /// Rows among them that bear the label.
    pub positive: u64,
}

impl Bin {
    /// The share of its rows that bear the label.
    pub fn frequency(&self) -> f64 {
        self.positive as f64 / self.rows as f64
    }

    fn of(rows: &[(f32, bool)]) -> Self {
        let probabilities = || rows.iter().map(|(p, _)| f64::from(*p));
        Bin {
            low: probabilities().fold(f64::INFINITY, f64::min),
            high: probabilities().fold(f64::NEG_INFINITY, f64::max),
            mean: probabilities().sum::<f64>() / rows.len() as f64,
            rows: rows.len() as u64,
            positive: rows.iter().filter(|(_, gold)| *gold).count() as u64,
        }
    }
}

/// Ten bins of equal mass, by rising probability.
///
/// A row falls into bin ⌊10 r / n⌋, where r of the n rows have a strictly lower probability: rows of equal probability
/// always share a bin. Without ties the bins' sizes differ by at most one; bins into which no row falls are left out.
pub fn bins(probabilities: &[f32], gold: &[bool]) -> Vec<Bin> {
    let mut rows: Vec<(f32, bool)> = probabilities.iter().copied().zip(gold.iter().copied()).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lower = 0;
    let numbered = rows.iter().enumerate().map(|(i, row)| {
        if row.0 != rows[lower].0 {
            lower = i;
        }
        BINS * lower / rows.len()
    });
    let numbered: Vec<usize> = numbered.collect();
    let mut from = 0;
    numbered
        .chunk_by(|a, b| a == b)
        .map(|same| {
            from += same.len();
            Bin::of(&rows[from - same.len()..from])
        })
        .collect()
}

/// Expected calibration error: the mean over rows of the distance between their bin's mean probability and its frequency
/// of the label. In \[0, 1\], lower is better; undefined without rows.
pub fn calibration_error(bins: &[Bin]) -> Option<f64> {
    let rows: u64 = bins.iter().map(|bin| bin.rows).sum();
    let distance: f64 = bins.iter().map(|bin| bin.rows as f64 * (bin.mean - bin.frequency()).abs()).sum();
    (rows > 0).then(|| distance / rows as f64)
}

/// The mean, undefined of nothing.
pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.into_iter().fold((0.0, 0u64), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / n as f64)
}

/// The mean of the defined figures: how labels are averaged throughout ("macro").
pub(crate) fn mean_of_defined(figures: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    mean(figures.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ties_share_a_bin() {
        let bins = bins(&[0.5, 0.5, 0.1, 0.5, 0.9], &[true, false, false, true, true]);
        let sizes: Vec<(u64, u64)> = bins.iter().map(|bin| (bin.rows, bin.positive)).collect();
        assert_eq!(sizes, [(1, 0), (3, 2), (1, 1)]);
        // (.1 + 3 * (2/3 - 1/2) + .1) / 5
        assert!((calibration_error(&bins).unwrap() - 0.14).abs() < 1e-7);
    }

    #[test]
    fn bins_are_of_equal_mass() {
        let probabilities: Vec<f32> = (0..57).map(|i| i as f32 / 57.0).collect();
        let bins = bins(&probabilities, &[false; 57]);
        assert_eq!(bins.len(), 10);
        assert!(bins.iter().all(|bin| bin.rows == 5 || bin.rows == 6));
    }

    #[test]
    fn nothing_is_undefined() {
        assert_eq!(average_precision(&[], &[]), None);
        assert_eq!(average_precision(&[0.4], &[false]), None);
        assert_eq!(brier(&[], &[]), None);
        assert_eq!(calibration_error(&bins(&[], &[])), None);
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
