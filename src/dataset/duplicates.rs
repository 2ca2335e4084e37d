//! Near-duplicates: texts that share most of their word triples.
//!
//! Exact set-similarity join by prefix filtering (Chaudhuri, Ganti and Kaushik, ICDE 2006; Bayardo, Ma and Srikant,
//! WWW 2007): with all sets in one order, the rarest element first, two sets with a Jaccard index of at least t share
//! an element among the first |A| - ⌈t·|A|⌉ + 1 of either. Only these are indexed and looked up.

use super::union::Union;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The Jaccard index from which two texts count as near-duplicates.
pub const NEAR: f64 = 0.8;

/// Words in a shingle; shorter texts are compared word by word.
const SHINGLE: usize = 3;

/// A text that nearly repeats another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Which text.
    pub row: usize,
    /// The text most like it; the first of several alike.
    pub of: usize,
    /// Their Jaccard index over word triples, in (0, 1].
    pub similarity: f64,
}

/// The cluster of each text, counted from 0 by first appearance: texts whose Jaccard index is at least `threshold`,
/// in (0, 1], share one, and so do those connected through others.
///
/// Case, punctuation, white space and the digits of numbers do not count.
///
/// ```
/// use rhetor::dataset::clusters;
/// let texts = ["We deny it all, he said.", "It rained.", "“We deny it all”, he said"];
/// assert_eq!(clusters(&texts, 0.8), [0, 1, 0]);
/// ```
pub fn clusters(texts: &[&str], threshold: f64) -> Vec<usize> {
    let sets = ranked(texts);
    let mut index = Index::new(threshold);
    let mut union = Union::new(texts.len());
    for (row, set) in sets.iter().enumerate() {
        let matches = index.matches(&sets, set);
        for (of, _) in &matches {
            union.join(*of, row);
        }
        // What is like a repeated set is like the set that stands in the index already.
        if matches.iter().all(|(_, similarity)| *similarity < 1.0) {
            index.insert(row, set);
        }
    }
    union.numbers()
}

/// The texts that nearly repeat an earlier one.
pub fn repeats(texts: &[&str], threshold: f64) -> Vec<Match> {
    let sets = ranked(texts);
    let mut index = Index::new(threshold);
    let mut repeats = Vec::new();
    for (row, set) in sets.iter().enumerate() {
        let best = best(row, index.matches(&sets, set));
        if best.is_none_or(|best| best.similarity < 1.0) {
            index.insert(row, set);
        }
        repeats.extend(best);
    }
    repeats
}

/// The texts of `test` that nearly repeat one of `train`; [`Match::row`] counts in `test`, [`Match::of`] in `train`.
pub fn leaks(train: &[&str], test: &[&str], threshold: f64) -> Vec<Match> {
    let sets = ranked(&[train, test].concat());
    let mut index = Index::new(threshold);
    for (row, set) in sets[..train.len()].iter().enumerate() {
        index.insert(row, set);
    }
    let tests = sets[train.len()..].iter().enumerate();
    tests.filter_map(|(row, set)| best(row, index.matches(&sets, set))).collect()
}

fn best(row: usize, matches: Vec<(usize, f64)>) -> Option<Match> {
    let better =
        |a: (usize, f64), b: (usize, f64)| if b.1 > a.1 || (b.1 == a.1 && b.0 < a.0) { b } else { a };
    matches.into_iter().reduce(better).map(|(of, similarity)| Match { row, of, similarity })
}

/// The sets that were inserted, by the elements of their prefixes.
struct Index {
    threshold: f64,
    postings: HashMap<u32, Vec<usize>>,
}

impl Index {
    fn new(threshold: f64) -> Self {
        Index { threshold, postings: HashMap::new() }
    }

    fn insert(&mut self, row: usize, set: &[u32]) {
        for rank in self.prefix(set) {
            self.postings.entry(*rank).or_default().push(row);
        }
    }

    /// The inserted sets like `set`, each with its similarity, in the order of rows.
    fn matches(&self, sets: &[Vec<u32>], set: &[u32]) -> Vec<(usize, f64)> {
        let mut rows: Vec<usize> =
            self.prefix(set).iter().filter_map(|rank| self.postings.get(rank)).flatten().copied().collect();
        rows.sort_unstable();
        rows.dedup();
        rows.into_iter()
            .map(|row| (row, jaccard(&sets[row], set)))
            .filter(|(_, similarity)| *similarity >= self.threshold)
            .collect()
    }

    fn prefix<'a>(&self, set: &'a [u32]) -> &'a [u32] {
        // Less a little, so that a product a rounding error above an integer is not rounded up past it.
        let overlap = (self.threshold * set.len() as f64 - 1e-9).ceil().max(1.0) as usize;
        &set[..(set.len() + 1).saturating_sub(overlap)]
    }
}

/// |A ∩ B| / |A ∪ B| of two sorted sets; 0 if both are empty.
fn jaccard(a: &[u32], b: &[u32]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        common += usize::from(a[i] == b[j]);
        let step = a[i].cmp(&b[j]);
        i += usize::from(step.is_le());
        j += usize::from(step.is_ge());
    }
    common as f64 / (a.len() + b.len() - common).max(1) as f64
}

/// The shingles of each text as sorted ranks: the rarest shingle of all texts has rank 0.
fn ranked(texts: &[&str]) -> Vec<Vec<u32>> {
    let sets: Vec<Vec<u64>> = texts.iter().map(|text| shingles(text)).collect();
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for shingle in sets.iter().flatten() {
        *counts.entry(*shingle).or_default() += 1;
    }
    let mut order: Vec<(usize, u64)> = counts.into_iter().map(|(shingle, count)| (count, shingle)).collect();
    order.sort_unstable();
    let ranks: HashMap<u64, u32> =
        order.iter().zip(0..).map(|((_, shingle), rank)| (*shingle, rank)).collect();
    sets.iter().map(|set| sorted(set.iter().map(|shingle| ranks[shingle]).collect())).collect()
}

/// The hashes of all triples of neighbouring words; of single words in shorter texts; of the text if it has no word.
fn shingles(text: &str) -> Vec<u64> {
    let words = words(text);
    let size = if words.len() < SHINGLE { 1 } else { SHINGLE };
    if words.is_empty() {
        return vec![hash(text.trim())];
    }
    sorted(words.windows(size).map(hash).collect())
}

/// The words in lower case, without punctuation, all numbers alike.
fn words(text: &str) -> Vec<String> {
    let is_apostrophe = |c| matches!(c, '\'' | '’' | '‘');
    let lower = text.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric() && !is_apostrophe(c))
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).fold(String::new(), push_masked))
        .filter(|word| !word.is_empty())
        .collect()
}

/// Appends a character, a whole run of digits as one 0.
fn push_masked(mut word: String, c: char) -> String {
    if !c.is_numeric() {
        word.push(c);
    } else if !word.ends_with('0') {
        word.push('0');
    }
    word
}

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every pair compared: slow, plainly right.
    fn pairs(texts: &[&str], threshold: f64) -> Vec<(usize, usize)> {
        let sets = ranked(texts);
        let all = (0..texts.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
        all.filter(|(a, b)| jaccard(&sets[*a], &sets[*b]) >= threshold).collect()
    }

    #[test]
    fn form_does_not_count() {
        let texts =
            ["The mayor's 12 aides left.", "  the MAYOR’S 3,4 aides — left", "“The mayors 0 aides left”"];
        assert_eq!(words(texts[0]), ["the", "mayors", "0", "aides", "left"]);
        assert_eq!(clusters(&texts, 0.8)[2], 0);
    }

    #[test]
    fn short_texts_and_texts_without_words_are_compared() {
        assert_eq!(clusters(&["Never!", "never", "...", "…", "...", "No, never"], 0.8), [0, 0, 1, 2, 1, 3]);
    }

    #[test]
    fn a_leak_names_the_closest_training_text() {
        let train = ["a b c d e f g h i j x", "a b c d e f g h i j k", "z"];
        let test = ["q r s", "A b c d e f g h i j k!"];
        assert_eq!(leaks(&train, &test, 0.8), [Match { row: 1, of: 1, similarity: 1.0 }]);
    }

    #[test]
    fn nothing_is_near_nothing() {
        assert!(clusters(&[], 0.8).is_empty());
        assert!(leaks(&[], &["a"], 0.8).is_empty());
        assert!(repeats(&["a", "b"], f64::NAN).is_empty());
    }

    proptest! {
        #[test]
        fn the_index_finds_what_comparing_all_pairs_finds(
            texts in prop::collection::vec("[ab]( [ab]){0,7}", 0..24),
            threshold in 0.05..=1.0,
        ) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let mut union = Union::new(texts.len());
            let pairs = pairs(&texts, threshold);
            for (a, b) in &pairs {
                union.join(*a, *b);
            }
            prop_assert_eq!(clusters(&texts, threshold), union.numbers());
            let mut later: Vec<usize> = pairs.iter().map(|(_, b)| *b).collect();
            later.sort_unstable();
            later.dedup();
            let repeats: Vec<usize> = repeats(&texts, threshold).iter().map(|repeat| repeat.row).collect();
            prop_assert_eq!(repeats, later);
        }
    }
}
