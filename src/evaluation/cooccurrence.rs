//! Which labels come together.

use crate::label::LabelSet;
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// How many rows have both of two labels; on the diagonal, how many have the one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cooccurrence {
    /// The labels' names.
    pub labels: Vec<String>,
    /// In the truth, (labels, labels).
    pub gold: Vec<Vec<u64>>,
    /// In the tags.
    pub predicted: Vec<Vec<u64>>,
}

impl Cooccurrence {
    /// Counts in tags (rows, labels) and truth (rows, labels).
    pub(crate) fn new(labels: &LabelSet, predicted: ArrayView2<bool>, gold: ArrayView2<bool>) -> Self {
        Cooccurrence {
            labels: labels.names().map(String::from).collect(),
            gold: together(gold),
            predicted: together(predicted),
        }
    }
}

fn together(tags: ArrayView2<bool>) -> Vec<Vec<u64>> {
    let both = |i: usize, j: usize| tags.outer_iter().filter(|row| row[i] && row[j]).count() as u64;
    let labels = 0..tags.ncols();
    labels.clone().map(|i| labels.clone().map(|j| both(i, j)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn pairs_are_counted_and_the_diagonal_is_support() {
        let tags = array![[true, true, false], [true, false, false], [true, true, false]];
        assert_eq!(together(tags.view()), [[3, 2, 0], [2, 2, 0], [0, 0, 0]]);
    }
}
