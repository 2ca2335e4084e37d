//! Which label is taken for which.

use crate::label::{LabelSet, NONE};
use ndarray::{ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

/// Counts of (borne label, tagged label), with `none` as the last of each.
///
/// Labels are not exclusive, so a row is counted by what it gained and missed. A label rightly tagged counts on the
/// diagonal. Each label missed counts against each label wrongly tagged on the same row: it was taken for it; or against
/// `none` if nothing was wrongly tagged. A label wrongly tagged where none was missed counts in the row `none`.
/// A row that bears nothing and is tagged with nothing counts in the last cell. A row can count several times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// The labels' names, then `none`.
    pub labels: Vec<String>,
    /// One line for each borne label, one column for each tagged label.
    pub counts: Vec<Vec<u64>>,
}

impl Confusion {
    /// Compares tags (rows, labels) with the truth (rows, labels).
    pub(crate) fn new(labels: &LabelSet, predicted: ArrayView2<bool>, gold: ArrayView2<bool>) -> Self {
        let none = labels.len();
        let mut confusion = Confusion {
            labels: labels.names().chain([NONE]).map(String::from).collect(),
            counts: vec![vec![0; none + 1]; none + 1],
        };
        for (tags, truth) in predicted.outer_iter().zip(gold.outer_iter()) {
            confusion.count(tags, truth);
        }
        confusion
    }

    fn count(&mut self, tags: ArrayView1<bool>, truth: ArrayView1<bool>) {
        let none = truth.len();
        let such = |tagged: bool, borne: bool| -> Vec<usize> {
            (0..none).filter(|j| (tags[*j], truth[*j]) == (tagged, borne)).collect()
        };
        let or_none = |labels: Vec<usize>| if labels.is_empty() { vec![none] } else { labels };
        let right = such(true, true);
        right.iter().for_each(|j| self.counts[*j][*j] += 1);
        let (missed, false_ones) = (such(false, true), such(true, false));
        if !right.is_empty() && missed.is_empty() && false_ones.is_empty() {
            return;
        }
        let taken_for = or_none(false_ones);
        for borne in or_none(missed) {
            taken_for.iter().for_each(|tagged| self.counts[borne][*tagged] += 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn each_kind_of_row_has_its_cell() {
        let labels = LabelSet::new(["a", "b", "c"]).unwrap();
        let predicted = array![
            [true, false, false],  // right
            [false, true, false],  // a taken for b
            [false, false, false], // c missed
            [true, false, true],   // c added to a
            [false, false, false], // rightly nothing
            [false, false, true],  // a and b taken for c
        ];
        let gold = array![
            [true, false, false],
            [true, false, false],
            [false, false, true],
            [true, false, false],
            [false, false, false],
            [true, true, false],
        ];
        let confusion = Confusion::new(&labels, predicted.view(), gold.view());
        assert_eq!(confusion.labels, ["a", "b", "c", "none"]);
        assert_eq!(confusion.counts, [[2, 1, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 1, 1]]);
    }
}
