//! The keyword baseline: what a dictionary of single words achieves. It stands for the dictionary coders of event data,
//! which tag a sentence if it has a word of the label's list.

use crate::error::{Error, Result};
use crate::label::LabelSet;
use indexmap::IndexMap;
use ndarray::{Array2, ArrayView1, ArrayView2};
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The longest list of a label.
const WORDS: usize = 20;
/// Training texts in which a word must occur to be considered.
const LEAST_TEXTS: usize = 3;

/// A list of single words for each label, learned from training texts. In JSON an object from label to list.
///
/// ```
/// use ndarray::array;
/// use rhetor::{LabelSet, features::Keywords};
/// let labels = LabelSet::new(["denial"])?;
/// let texts = ["Kell denied it.", "She denied all.", "Orm denied the charge.", "They met.", "It rained."];
/// let gold = array![[true], [true], [true], [false], [false]];
/// let keywords = Keywords::fit(&labels, &texts, gold.view())?;
/// assert_eq!(keywords.predict(&["He DENIED nothing."]), array![[true]]);
/// # Ok::<(), rhetor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Keywords(IndexMap<String, Vec<String>>);

impl Keywords {
    /// Learns the lists from texts (n,) and their tags (n, labels).
    ///
    /// Greedy: to an empty list the word is added that raises the training F1 most (the first in code point order of
    /// those that raise it equally), until no word raises it or the list has 20. Words are runs of letters, marks,
    /// digits and underscores in lower case; those of fewer than 3 texts are left out.
    ///
    /// # Errors
    /// Tags of another shape than (texts, labels).
    pub fn fit<S: AsRef<str>>(labels: &LabelSet, texts: &[S], gold: ArrayView2<bool>) -> Result<Self> {
        if gold.dim() != (texts.len(), labels.len()) {
            let expected = format!("shape ({}, {})", texts.len(), labels.len());
            return Err(Error::parameter("gold tags", format!("shape {:?}", gold.dim()), expected));
        }
        let postings = postings(texts);
        let lists =
            labels.names().zip(gold.columns()).map(|(name, gold)| (name.into(), learn(&postings, gold)));
        Ok(Keywords(lists.collect()))
    }

    /// Tags (texts, labels) texts: a label is set if the text has a word of its list.
    pub fn predict<S: AsRef<str>>(&self, texts: &[S]) -> Array2<bool> {
        let words: Vec<BTreeSet<String>> = texts.iter().map(|text| words(text.as_ref())).collect();
        Array2::from_shape_fn((texts.len(), self.0.len()), |(i, j)| {
            self.0[j].iter().any(|word| words[i].contains(word))
        })
    }

    /// The labels with their words, in the order in which they were found.
    pub fn lists(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(label, words)| (label.as_str(), words.as_slice()))
    }
}

/// The distinct words of a text.
fn words(text: &str) -> BTreeSet<String> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\w+").expect("a valid pattern"));
    let text = text.to_lowercase();
    WORD.find_iter(&text).map(|word| word.as_str().to_string()).collect()
}

/// The texts in which each frequent word stands.
fn postings<S: AsRef<str>>(texts: &[S]) -> BTreeMap<String, Vec<usize>> {
    let mut postings: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, text) in texts.iter().enumerate() {
        words(text.as_ref()).into_iter().for_each(|word| postings.entry(word).or_default().push(i));
    }
    postings.retain(|_, texts| texts.len() >= LEAST_TEXTS);
    postings
}

/// One label's list.
fn learn(postings: &BTreeMap<String, Vec<usize>>, gold: ArrayView1<bool>) -> Vec<String> {
    let support = gold.iter().filter(|g| **g).count();
    let mut covered = vec![false; gold.len()];
    let (mut hits, mut tagged) = (0, 0);
    let mut list = Vec::new();
    while list.len() < WORDS {
        let gains = postings.iter().map(|(word, texts)| {
            let new = texts.iter().filter(|i| !covered[**i]);
            let (n, h) = new.fold((0, 0), |(n, h), i| (n + 1, h + usize::from(gold[*i])));
            (word, texts, tagged + n, hits + h)
        });
        // F1 is 2 hits / (tagged + support); compared as fractions, so that equal is equal.
        let Some((word, texts, t, h)) =
            gains.reduce(
                |best, next| {
                    if next.3 * (best.2 + support) > best.3 * (next.2 + support) { next } else { best }
                },
            )
        else {
            break;
        };
        if h * (tagged + support) <= hits * (t + support) {
            break;
        }
        (tagged, hits) = (t, h);
        texts.iter().for_each(|i| covered[*i] = true);
        list.push(word.clone());
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    const TEXTS: [&str; 8] = [
        "We warn them now.",
        "They warn of war",
        "I warn you",
        "Rain came; rain went",
        "rain again",
        "no rain here, I vow",
        "vow by vow",
        "a vow",
    ];

    fn fit(gold: Array2<bool>) -> Vec<String> {
        let keywords = Keywords::fit(&LabelSet::new(["threat"]).unwrap(), &TEXTS, gold.view()).unwrap();
        keywords.lists().flat_map(|(_, words)| words.to_vec()).collect()
    }

    #[test]
    fn words_are_added_while_f1_rises() {
        // `vow` first: alone it has F1 6/8 as has `warn`, and comes before it. Then `warn`: F1 12/12. `rain` adds nothing.
        let gold = array![[true], [true], [true], [false], [false], [true], [true], [true]];
        assert_eq!(fit(gold), ["vow", "warn"]);
        assert_eq!(fit(Array2::from_elem((8, 1), false)), [""; 0]);
    }

    #[test]
    fn what_is_learned_is_kept_in_json() {
        let labels = LabelSet::new(["threat", "denial"]).unwrap();
        let gold = Array2::from_shape_fn((8, 2), |(i, j)| if j == 0 { i < 3 } else { i > 4 });
        let keywords = Keywords::fit(&labels, &TEXTS, gold.view()).unwrap();
        let json = serde_json::to_string(&keywords).unwrap();
        assert_eq!(json, r#"{"threat":["warn"],"denial":["vow"]}"#);
        assert_eq!(serde_json::from_str::<Keywords>(&json).unwrap().predict(&TEXTS), gold);
    }

    #[test]
    fn a_wrong_shape_is_refused() {
        let labels = LabelSet::new(["threat"]).unwrap();
        assert!(Keywords::fit(&labels, &TEXTS, array![[true]].view()).is_err());
    }
}
