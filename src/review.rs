//! What to label next: the sentences that a model is least sure of.
//!
//! Each label in turn takes the sentence that it is most in doubt about (uncertainty sampling: Lewis and Gale, SIGIR 1994),
//! unless it is too like one already taken. The limit of likeness is strict at first and relaxed when nothing is left under
//! it, so that it suits the vectors of any features.

use crate::classifier::log_odds;
use crate::error::Result;
use crate::model::Model;
use ndarray::{Array1, Array2, ArrayView2, Axis};
use std::collections::HashSet;

/// The cosines up to which a sentence is not too like another, one after the other. The last leaves out repetitions only.
const LIMITS: [f32; 4] = [0.5, 0.7, 0.9, 0.999];
/// How many times the sentences wanted are candidates: more is more diverse, and less doubtful.
const CANDIDATES: usize = 4;
/// Probabilities are kept this far from 0 and 1, where log-odds are infinite.
const MARGIN: f32 = 1e-4;

/// A sentence to label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Which text.
    pub row: usize,
    /// The label that is in doubt about it.
    pub label: usize,
    /// How much, from 0 to 1: exp(-|logit p - logit t|), p its probability and t the label's threshold.
    pub doubt: f32,
}

/// The `count` texts, fewer if there are not so many that `model` can tell apart, that it is least sure of; the most
/// doubtful first.
/// `scores`, shape (texts, labels), are the model's probabilities. The same input gives the same choice.
///
/// ```
/// use rhetor::{Model, review};
/// let model = Model::built_in("lexical").expect("built in")?;
/// let texts = ["It rained.", "He said no.", "The minister hit out at critics.", "It rained."];
/// let scores = model.score(&texts, &|_| {})?;
/// let chosen = review::choose(&model, &texts, scores.view(), 10)?;
/// assert_eq!(chosen.len(), 3); // nothing twice
/// # Ok::<(), rhetor::Error>(())
/// ```
///
/// # Errors
/// A sentence that an encoder's tokenizer refuses.
pub fn choose(model: &Model, texts: &[&str], scores: ArrayView2<f32>, count: usize) -> Result<Vec<Choice>> {
    let rows = different(texts);
    let doubts = doubts(scores.select(Axis(0), &rows).view(), model.thresholds());
    let shortlists = shortlists(&doubts, count);
    let candidates: Vec<usize> = merged(&shortlists);
    let shortlisted: Vec<&str> = candidates.iter().map(|candidate| texts[rows[*candidate]]).collect();
    let vectors = unit_rows(model.features.extract(&shortlisted, &|_| {})?);
    let places: Vec<Vec<usize>> = shortlists
        .iter()
        .map(|list| list.iter().filter_map(|row| candidates.binary_search(row).ok()).collect())
        .collect();
    let taken = take_turns(&places, &vectors, count);
    let choice = |(place, label): (usize, usize)| Choice {
        row: rows[candidates[place]],
        label,
        doubt: doubts[[candidates[place], label]],
    };
    Ok(taken.into_iter().map(choice).collect())
}

/// The first row of each text.
fn different(texts: &[&str]) -> Vec<usize> {
    let mut seen = HashSet::new();
    (0..texts.len()).filter(|row| seen.insert(texts[*row])).collect()
}

/// How much each label doubts about each row, shape (rows, labels), from 0 to 1.
fn doubts(scores: ArrayView2<f32>, thresholds: &[f32]) -> Array2<f32> {
    let log_odds = |p: f32| log_odds(p, MARGIN);
    Array2::from_shape_fn(scores.dim(), |(row, label)| {
        (-(log_odds(scores[[row, label]]) - log_odds(thresholds[label])).abs()).exp()
    })
}

/// For each label the rows that it doubts most about, the most doubtful first: enough that all lists together have `count`.
fn shortlists(doubts: &Array2<f32>, count: usize) -> Vec<Vec<usize>> {
    let length = count.max((CANDIDATES * count).div_ceil(doubts.ncols()));
    let shortlist = |column: ndarray::ArrayView1<f32>| {
        let mut rows: Vec<usize> = (0..column.len()).collect();
        rows.sort_by(|&a, &b| column[b].total_cmp(&column[a]).then(a.cmp(&b)));
        rows.truncate(length);
        rows
    };
    doubts.columns().into_iter().map(shortlist).collect()
}

/// All rows in any list, in order, each once.
fn merged(lists: &[Vec<usize>]) -> Vec<usize> {
    let mut rows = lists.concat();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Rows of Euclidean length 1, so that their products are cosines; a row of zeros stays.
fn unit_rows(mut vectors: Array2<f32>) -> Array2<f32> {
    for mut row in vectors.rows_mut() {
        let length = row.dot(&row).sqrt();
        if length > 0.0 {
            row /= length;
        }
    }
    vectors
}

/// The labels take in turn from the front of their lists, of row numbers of `vectors`, what is not too like anything taken:
/// row and label of each.
fn take_turns(lists: &[Vec<usize>], vectors: &Array2<f32>, count: usize) -> Vec<(usize, usize)> {
    let mut taken = Vec::new();
    // The highest cosine of each row with any row taken. A row taken is too like itself.
    let mut likeness = Array1::from_elem(vectors.nrows(), f32::NEG_INFINITY);
    for limit in LIMITS {
        let mut rests: Vec<_> = lists.iter().map(|list| list.iter()).collect();
        let mut before = usize::MAX;
        while before != taken.len() && taken.len() < count {
            before = taken.len();
            for (label, rest) in rests.iter_mut().enumerate() {
                if taken.len() < count
                    && let Some(&row) = rest.find(|row| likeness[**row] <= limit)
                {
                    taken.push((row, label));
                    let cosines = vectors.dot(&vectors.row(row));
                    likeness.zip_mut_with(&cosines, |most, cosine| *most = most.max(*cosine));
                    likeness[row] = f32::INFINITY;
                }
            }
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn doubt_is_greatest_at_the_threshold() {
        let doubts = doubts(array![[0.3, 0.9], [0.5, 0.1], [0.0, 1.0]].view(), &[0.3, 0.5]);
        assert_eq!(doubts[[0, 0]], 1.0);
        // Odds of .5 are 7/3 times those of .3: exp(-ln(7/3)).
        assert!((doubts[[1, 0]] - 3.0 / 7.0).abs() < 1e-6);
        assert!((doubts[[0, 1]] - doubts[[1, 1]]).abs() < 1e-6);
        assert!(doubts.row(2).iter().all(|doubt| *doubt > 0.0 && *doubt < 0.001));
    }

    #[test]
    fn labels_take_turns_and_pass_over_what_is_alike() {
        let vectors = unit_rows(array![[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [1.0, 1.0]]);
        // Rows 0 and 1 are alike; row 3 has a cosine of .71 with 0 and 2.
        let lists = [vec![0, 1, 3], vec![1, 0, 2]];
        assert_eq!(take_turns(&lists, &vectors, 4), [(0, 0), (2, 1), (3, 0), (1, 0)]);
        assert_eq!(take_turns(&lists, &vectors, 2), [(0, 0), (2, 1)]);
        assert_eq!(take_turns(&lists, &vectors, 0), []);
    }

    #[test]
    fn a_text_is_wanted_once() {
        assert_eq!(different(&["a", "b", "a"]), [0, 1]);
    }
}
