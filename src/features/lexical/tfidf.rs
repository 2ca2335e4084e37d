//! Which n-grams are known, and what each weighs.

use super::LexicalParameters;
use super::ngrams::{Family, each_ngram};
use super::tokens::Words;
use std::collections::{BTreeMap, HashMap};

/// A sentence's non-zero columns, sorted: (column, weight).
pub(super) type SparseRow = Vec<(u32, f32)>;

/// The known n-grams with their columns and inverse document frequencies. Words come first, then characters, each
/// family sorted, so that the same data give the same columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    columns: [HashMap<String, u32>; Family::ALL.len()],
    ngrams: Vec<(Family, String)>,
    idf: Vec<f32>,
}

impl Vocabulary {
    /// Counts in how many sentences each n-gram stands, and keeps the frequent ones.
    ///
    /// idf = ln((1 + n) / (1 + df)) + 1, at least 1 (scikit-learn's `smooth_idf`).
    pub(super) fn fit(words: &Words, texts: &[&str], parameters: &LexicalParameters) -> Self {
        let mut frequencies: BTreeMap<(Family, String), u32> = BTreeMap::new();
        for text in texts {
            let mut seen: Vec<(Family, String)> = Vec::new();
            each_ngram(words, text, parameters, |family, ngram| seen.push((family, ngram.into())));
            seen.sort_unstable();
            seen.dedup();
            for ngram in seen {
                *frequencies.entry(ngram).or_default() += 1;
            }
        }
        let n = texts.len() as f64;
        let mut vocabulary = Vocabulary::default();
        for ((family, ngram), df) in frequencies {
            if df >= parameters.min_documents {
                let idf = ((1.0 + n) / (1.0 + f64::from(df))).ln() + 1.0;
                vocabulary.push(family, ngram, idf as f32);
            }
        }
        vocabulary
    }

    fn push(&mut self, family: Family, ngram: String, idf: f32) {
        self.columns[family as usize].insert(ngram.clone(), self.idf.len() as u32);
        self.ngrams.push((family, ngram));
        self.idf.push(idf);
    }

    /// Adds known n-grams of one family with their idf.
    pub(super) fn extend(&mut self, family: Family, ngrams: impl IntoIterator<Item = (String, f32)>) {
        for (ngram, idf) in ngrams {
            self.push(family, ngram, idf);
        }
    }

    /// The vocabulary of some columns only, given in increasing order.
    pub(super) fn keep(&self, columns: &[u32]) -> Self {
        let mut kept = Vocabulary::default();
        for &column in columns {
            let (family, ngram) = &self.ngrams[column as usize];
            kept.push(*family, ngram.clone(), self.idf[column as usize]);
        }
        kept
    }

    /// The n-grams of a family and their idf, in the order of their columns.
    pub(super) fn family(&self, family: Family) -> (Vec<&str>, Vec<f32>) {
        let members = self.ngrams.iter().zip(&self.idf).filter(|((f, _), _)| *f == family);
        members.map(|((_, ngram), idf)| (ngram.as_str(), *idf)).unzip()
    }

    pub(super) fn name(&self, column: usize) -> String {
        let (family, ngram) = &self.ngrams[column];
        format!("{} {ngram:?}", family.name())
    }

    pub(super) fn len(&self) -> usize {
        self.ngrams.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ngrams.is_empty()
    }

    /// A sentence's TF-IDF weights: (1 + ln tf) · idf, each family scaled to unit Euclidean length.
    pub(super) fn weigh(&self, words: &Words, text: &str, parameters: &LexicalParameters) -> SparseRow {
        let mut columns: Vec<(Family, u32)> = Vec::new();
        each_ngram(words, text, parameters, |family, ngram| {
            if let Some(&column) = self.columns[family as usize].get(ngram) {
                columns.push((family, column));
            }
        });
        columns.sort_unstable();
        columns.chunk_by(|a, b| a.0 == b.0).flat_map(|family| self.weigh_family(family)).collect()
    }

    /// Weights of one family's sorted columns, repeats included.
    fn weigh_family(&self, columns: &[(Family, u32)]) -> SparseRow {
        let mut row: SparseRow = columns
            .chunk_by(|a, b| a == b)
            .map(|same| (same[0].1, (1.0 + (same.len() as f32).ln()) * self.idf[same[0].1 as usize]))
            .collect();
        let length = row.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
        row.iter_mut().for_each(|(_, weight)| *weight /= length);
        row
    }
}
