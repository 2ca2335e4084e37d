//! Figures made from probabilities.

use serde::{Deserialize, Serialize};

/// Bins of the calibration error.
const BINS: usize = 10;

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
        assert_eq!(brier(&[], &[]), None);
        assert_eq!(calibration_error(&bins(&[], &[])), None);
    }
}
