//! Right and wrong tags as whole numbers. Figures are made of them at the very end.

use ndarray::ArrayView2;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// How the tags of one label, or of several together, fell out.
///
/// ```
/// use rhetor::evaluation::Counts;
/// let counts = Counts::of([(true, true), (true, false), (false, true), (true, true)]);
/// assert_eq!(counts.precision(), Some(2.0 / 3.0));
/// assert_eq!(counts.recall(), Some(2.0 / 3.0));
/// assert_eq!(Counts::of([(false, false)]).f1(), None);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tagged, rightly.
    pub true_positive: u64,
    /// Tagged, wrongly.
    pub false_positive: u64,
    /// Not tagged, wrongly.
    pub false_negative: u64,
    /// Not tagged, rightly.
    pub true_negative: u64,
}

impl Counts {
    /// Counts pairs (tagged, borne).
    pub fn of(pairs: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let mut counts = Counts::default();
        pairs.into_iter().for_each(|(tagged, gold)| counts.tally(tagged, gold, 1));
        counts
    }

    /// Counts the tags of each label; both are (rows, labels).
    pub(super) fn by_label(predicted: ArrayView2<bool>, gold: ArrayView2<bool>) -> Vec<Self> {
        let columns = predicted.columns().into_iter().zip(gold.columns());
        columns.map(|(tags, truth)| Counts::of(tags.iter().copied().zip(truth.iter().copied()))).collect()
    }

    /// Counts one row `times` over.
    pub(crate) fn tally(&mut self, tagged: bool, gold: bool, times: u64) {
        *match (tagged, gold) {
            (true, true) => &mut self.true_positive,
            (true, false) => &mut self.false_positive,
            (false, true) => &mut self.false_negative,
            (false, false) => &mut self.true_negative,
        } += times;
    }

    /// Rows that bear the label.
    pub fn support(&self) -> u64 {
        self.true_positive + self.false_negative
    }

    /// Rows that are tagged with it.
    pub fn predicted(&self) -> u64 {
        self.true_positive + self.false_positive
    }

    /// The share of the tagged rows that bear the label; undefined if none is tagged.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.true_positive, self.predicted())
    }

    /// The share of the rows with the label that are tagged; undefined if none bears it.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.true_positive, self.support())
    }

    /// 2 tp / (2 tp + fp + fn): the harmonic mean of precision and recall where both are defined, 0 where only one is,
    /// undefined if no row is tagged and none bears the label.
    pub fn f1(&self) -> Option<f64> {
        ratio(2 * self.true_positive, self.predicted() + self.support())
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Add for Counts {
    type Output = Counts;

    fn add(mut self, other: Counts) -> Counts {
        self += other;
        self
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.true_positive += other.true_positive;
        self.false_positive += other.false_positive;
        self.false_negative += other.false_negative;
        self.true_negative += other.true_negative;
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(counts: I) -> Counts {
        counts.fold(Counts::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_is_not_zero() {
        let only_missed = Counts::of([(false, true)]);
        assert_eq!(
            (only_missed.precision(), only_missed.recall(), only_missed.f1()),
            (None, Some(0.0), Some(0.0))
        );
        let only_false = Counts::of([(true, false)]);
        assert_eq!(
            (only_false.precision(), only_false.recall(), only_false.f1()),
            (Some(0.0), None, Some(0.0))
        );
    }

    #[test]
    fn counts_add_up() {
        let pairs = [(true, true), (false, true), (true, false), (false, false), (true, true)];
        let sum: Counts = pairs.iter().map(|pair| Counts::of([*pair])).sum();
        assert_eq!(sum, Counts::of(pairs));
        assert_eq!((sum.support(), sum.predicted()), (3, 3));
    }
}
