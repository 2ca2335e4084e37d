//! What to label next: the sentences that a model is least sure of, each label in its turn, none too like another.
//!
//! A label takes the sentence whose probability is nearest to a half (uncertainty sampling: Lewis and Gale, SIGIR 1994). That
//! the labels take turns gives the rare ones as many sentences as the frequent ones (one uncertain sentence a label, as
//! compared by Esuli and Sebastiani, ECIR 2009). Nearest to a half rather than to the label's threshold: few sentences of whole
//! articles bear a label, thresholds lie low, and around them are mostly sentences without it, of which chance brings enough.
//!
//! A batch of the most uncertain sentences alone says the same many times. So a sentence is passed over that shares too many
//! words with one already taken (redundancy within a batch: Settles, Active Learning Literature Survey, 2010, section 4).
//! Shared words, not a model's features, which would be another number of columns, another scale and another limit for each
//! model.

use ndarray::{ArrayView1, ArrayView2};
use std::collections::HashSet;
use unicode_segmentation::UnicodeSegmentation;

/// The likeness up to which a sentence is new: at first, and when nothing is left under that. Beyond the last it is a repetition.
const LIMITS: [f32; 2] = [0.5, 0.8];

/// A sentence to label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Which text.
    pub row: usize,
    /// The label that is in doubt about it.
    pub label: usize,
    /// How much, from 0 to 1: 1 at a probability of a half.
    pub doubt: f32,
}

/// The `count` texts, fewer if there are not so many that differ, of which the labels in turn are least sure. `scores`, shape
/// (texts, labels), are a model's probabilities. The same input gives the same choice.
///
/// ```
/// use rhetor::review;
/// let texts = ["It rained.", "He said no.", "The minister hit out at critics.", "It rained."];
/// let scores = ndarray::array![[0.0, 0.1], [0.2, 0.6], [0.4, 0.0], [0.0, 0.1]];
/// let rows: Vec<usize> = review::choose(&texts, scores.view(), 10).iter().map(|choice| choice.row).collect();
/// assert_eq!(rows, [2, 1, 0]); // nothing twice
/// ```
///
/// # Panics
/// If there are not as many rows of scores as texts.
pub fn choose(texts: &[&str], scores: ArrayView2<f32>, count: usize) -> Vec<Choice> {
    assert_eq!(texts.len(), scores.nrows(), "a row of scores a text");
    let lists: Vec<Vec<usize>> = scores.columns().into_iter().map(by_doubt).collect();
    let chosen = take_turns(&lists, texts, count);
    let choice = |(row, label): (usize, usize)| Choice { row, label, doubt: doubt(scores[[row, label]]) };
    chosen.into_iter().map(choice).collect()
}

fn doubt(probability: f32) -> f32 {
    1.0 - (2.0 * probability - 1.0).abs()
}

/// The rows of a label, the most doubtful first.
fn by_doubt(probabilities: ArrayView1<f32>) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..probabilities.len()).collect();
    let doubt = |row: usize| doubt(probabilities[row]);
    rows.sort_by(|&a, &b| doubt(b).total_cmp(&doubt(a)).then(a.cmp(&b)));
    rows
}

/// The labels take in turn, from the front of their lists, what is not too like anything taken: row and label of each.
fn take_turns(lists: &[Vec<usize>], texts: &[&str], count: usize) -> Vec<(usize, usize)> {
    let (mut taken, mut said): (Vec<(usize, usize)>, Vec<Words>) = (Vec::new(), Vec::new());
    let mut seen = vec![false; texts.len()];
    for limit in LIMITS {
        // What was taken, or is too like something taken, stays so under this limit.
        seen.fill(false);
        taken.iter().for_each(|(row, _)| seen[*row] = true);
        let mut rests: Vec<_> = lists.iter().map(|list| list.iter()).collect();
        let mut before = usize::MAX;
        while before != taken.len() && taken.len() < count {
            before = taken.len();
            for (label, rest) in rests.iter_mut().enumerate().take(count - before) {
                let new = |row: &usize| {
                    if std::mem::replace(&mut seen[*row], true) {
                        return None;
                    }
                    let words = Words::of(texts[*row]);
                    said.iter().all(|others| words.likeness(others) <= limit).then_some((*row, words))
                };
                if let Some((row, words)) = rest.find_map(new) {
                    taken.push((row, label));
                    said.push(words);
                }
            }
        }
    }
    taken
}

/// The words of a sentence, each once, in lower case.
struct Words(HashSet<String>);

impl Words {
    fn of(text: &str) -> Self {
        Words(text.unicode_words().map(str::to_lowercase).collect())
    }

    /// The share of their words that two sentences have in common (the coefficient of Dice), from 0 to 1.
    fn likeness(&self, other: &Words) -> f32 {
        match self.0.len() + other.0.len() {
            0 => 1.0,
            all => 2.0 * self.0.intersection(&other.0).count() as f32 / all as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn doubt_is_greatest_at_a_half() {
        assert_eq!([0.5, 0.0, 1.0].map(doubt), [1.0, 0.0, 0.0]);
        assert_eq!(by_doubt(array![0.125, 0.75, 0.25, 0.5, 0.125].view()), [3, 1, 2, 0, 4]);
    }

    #[test]
    fn labels_take_turns_and_pass_over_what_is_alike() {
        // Row 3 shares two words of three with row 0; row 1 all but the case.
        let texts = ["They lied again", "they LIED again!", "We will strike", "They lied yesterday"];
        let lists = [vec![0, 1, 3, 2], vec![1, 0, 2, 3]];
        assert_eq!(take_turns(&lists, &texts, 4), [(0, 0), (2, 1), (3, 0)]);
        assert_eq!(take_turns(&lists, &texts, 2), [(0, 0), (2, 1)]);
        assert_eq!(take_turns(&lists, &texts, 1), [(0, 0)]);
        assert_eq!(take_turns(&lists, &texts, 0), []);
    }

    #[test]
    fn texts_without_words_are_one() {
        assert_eq!(choose(&["…", "— —", ""], array![[0.5], [0.5], [0.5]].view(), 3).len(), 1);
        assert_eq!(choose(&[], Array2::zeros((0, 2)).view(), 3), []);
    }
}
