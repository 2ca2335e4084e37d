//! Word and character n-grams, weighted by TF-IDF, the informative columns kept.
//!
//! Two dense cues were tried beside them, whether a sentence begins inside a quotation and whether it is a headline, and
//! changed nothing on real news: average precision .56 without, .57 with; F1 .55 without, .54 with.
//!
//! ```text
//! text --tokens--> words --ngrams--> counts --tfidf--> weights --select--> columns
//! ```

mod ngrams;
#[cfg(test)]
mod oracle;
mod select;
mod tfidf;
mod tokens;

pub use tokens::Tokens;

use super::tensor::{NamedTensor, StoredTensor, StoredTensors};
use crate::error::{Error, Result};
use ndarray::{Array2, ArrayView2, Axis};
use ngrams::Family;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use tfidf::Vocabulary;
use tokens::Words;

/// How to make lexical features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LexicalParameters {
    /// Where words come from.
    pub tokens: Tokens,
    /// Words in a word n-gram, at least 1.
    pub word_ngrams: RangeInclusive<usize>,
    /// Characters in a character n-gram, at least 1.
    pub char_ngrams: RangeInclusive<usize>,
    /// An n-gram must stand in at least this many training sentences.
    pub min_documents: u32,
    /// How many n-grams to keep, the most informative by chi-squared. Time goes with them, but 2,048 in place of 4,096 cost the
    /// default model .003 of average precision on real sentences.
    pub columns: usize,
}

impl Default for LexicalParameters {
    fn default() -> Self {
        LexicalParameters {
            tokens: Tokens::Words,
            word_ngrams: 1..=2,
            char_ngrams: 3..=5,
            min_documents: 2,
            columns: 4096,
        }
    }
}

impl LexicalParameters {
    /// Checks the ranges.
    ///
    /// # Errors
    /// An empty range of n-gram sizes, a size of 0, or no columns.
    pub fn check(&self) -> Result<()> {
        for (name, sizes) in [("word n-grams", &self.word_ngrams), ("character n-grams", &self.char_ngrams)] {
            if sizes.is_empty() || *sizes.start() == 0 {
                return Err(Error::parameter(name, format!("{sizes:?}"), "sizes from 1 up, smallest first"));
            }
        }
        match self.columns {
            0 => Err(Error::parameter("columns", 0, "at least 1")),
            _ => Ok(()),
        }
    }
}

/// The fitted extractor: tokenizer, kept n-grams, their inverse document frequencies.
#[derive(Debug, Clone)]
pub struct Lexical {
    parameters: LexicalParameters,
    words: Words,
    vocabulary: Vocabulary,
}

impl Lexical {
    /// Learns the tokenizer, the vocabulary and the informative columns from training sentences.
    ///
    /// `tags` has shape (texts, labels). Only training rows may be given: what is learned here counts as fitted.
    ///
    /// # Errors
    /// Parameters out of range, or no n-gram frequent enough to learn from.
    pub fn fit(texts: &[&str], tags: ArrayView2<bool>, parameters: LexicalParameters) -> Result<Self> {
        parameters.check()?;
        let words = Words::fit(parameters.tokens, texts)?;
        let all = Vocabulary::fit(&words, texts, &parameters);
        if all.is_empty() {
            let problem = format!("no n-gram stands in {} or more sentences", parameters.min_documents);
            return Err(Error::fit("lexical features", problem, "give more training sentences"));
        }
        let rows: Vec<_> = texts.par_iter().map(|text| all.weigh(&words, text, &parameters)).collect();
        let vocabulary = all.keep(&select::informative(&rows, all.len(), tags, parameters.columns));
        Ok(Lexical { parameters, words, vocabulary })
    }

    /// How many columns: the kept n-grams.
    pub fn width(&self) -> usize {
        self.vocabulary.len()
    }

    /// The name of a column: an n-gram with its family.
    pub fn column_name(&self, column: usize) -> String {
        self.vocabulary.name(column)
    }

    /// One row a sentence, shape (texts, [`width`](Self::width)). Each n-gram family has unit Euclidean length.
    pub fn extract(&self, texts: &[&str]) -> Array2<f32> {
        let mut features = Array2::zeros((texts.len(), self.width()));
        features.axis_iter_mut(Axis(0)).into_par_iter().zip(texts).for_each(|(mut row, text)| {
            for (column, weight) in self.vocabulary.weigh(&self.words, text, &self.parameters) {
                row[column as usize] = weight;
            }
        });
        features
    }

    /// The arrays that a model file holds.
    pub fn to_tensors(&self) -> Result<Vec<NamedTensor>> {
        let mut tensors =
            vec![("lexical.tokenizer".into(), StoredTensor::raw(self.words.to_json()?.into_bytes()))];
        for family in Family::ALL {
            let (ngrams, idf) = self.vocabulary.family(family);
            let name = |part: &str| format!("lexical.{}.{part}", family.name());
            tensors.push((name("ngrams"), StoredTensor::raw(ngrams.join("\n").into_bytes())));
            tensors.push((name("idf"), StoredTensor::floats(&idf, &[idf.len()])));
        }
        Ok(tensors)
    }

    /// The extractor that [`to_tensors`](Self::to_tensors) stored.
    ///
    /// # Errors
    /// Arrays that are missing, of another type, or do not fit together.
    pub fn from_tensors(stored: &StoredTensors, parameters: LexicalParameters) -> Result<Self> {
        parameters.check()?;
        let words = stored
            .text("lexical.tokenizer")?
            .parse()
            .map_err(|e| stored.broken(format!("holds a tokenizer that cannot be read ({e})")))?;
        let mut vocabulary = Vocabulary::default();
        for family in Family::ALL {
            let name = |part: &str| format!("lexical.{}.{part}", family.name());
            let text = stored.text(&name("ngrams"))?;
            let ngrams: Vec<&str> = text.lines().collect();
            let (_, idf) = stored.floats(&name("idf"))?;
            if ngrams.len() != idf.len() {
                return Err(stored.broken(format!(
                    "holds {} n-grams with {} weights",
                    ngrams.len(),
                    idf.len()
                )));
            }
            vocabulary.extend(family, ngrams.into_iter().map(String::from).zip(idf));
        }
        Ok(Lexical { parameters, words, vocabulary })
    }

    /// The parameters it was fitted with.
    pub fn parameters(&self) -> &LexicalParameters {
        &self.parameters
    }
}
