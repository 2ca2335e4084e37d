//! Sentences to a matrix: `Array2<f32>` of shape (n_sentences, n_features), one row a sentence.
//!
//! There are two families of features behind one interface: `lexical` (n-grams, small and fast) and `encoder` (a
//! transformer). A model uses one, or both side by side; the rest of the program does not know which.

pub mod encoder;
mod keywords;
mod lexical;
mod tensor;

pub use keywords::Keywords;
pub use lexical::{Lexical, LexicalParameters, Tokens};
pub use tensor::{NamedTensor, StoredTensor, StoredTensors};

use crate::error::Result;
use encoder::Encoder;
use ndarray::{Array2, ArrayView2, Axis, concatenate};

/// A fitted extractor of one family.
#[derive(Debug, Clone)]
pub enum Extractor {
    /// Word and character n-grams.
    Lexical(Box<Lexical>),
    /// The pooled vector of a transformer.
    Encoder(Box<Encoder>),
}

impl Extractor {
    /// The family's name, as it is written in a model file.
    pub fn name(&self) -> &'static str {
        match self {
            Extractor::Lexical(_) => "lexical",
            Extractor::Encoder(_) => "encoder",
        }
    }

    /// How many columns it makes.
    pub fn width(&self) -> usize {
        match self {
            Extractor::Lexical(lexical) => lexical.width(),
            Extractor::Encoder(encoder) => encoder.config().width(),
        }
    }

    /// One row a sentence, shape (texts, [`width`](Self::width)). `progress` hears how many sentences are done.
    ///
    /// # Errors
    /// A sentence that an encoder's tokenizer refuses.
    pub fn extract(&self, texts: &[&str], progress: &(dyn Fn(usize) + Sync)) -> Result<Array2<f32>> {
        match self {
            Extractor::Lexical(lexical) => Ok(lexical.extract(texts)),
            Extractor::Encoder(encoder) => encoder.encode(texts, progress),
        }
    }
}

/// The fitted extractors of a model, at least one. The columns of the first come first.
#[derive(Debug, Clone)]
pub struct Features(Vec<Extractor>);

impl Features {
    /// Extractors side by side; none if there is none.
    pub fn new(extractors: Vec<Extractor>) -> Option<Self> {
        (!extractors.is_empty()).then_some(Features(extractors))
    }

    /// The extractors, in the order of their columns.
    pub fn extractors(&self) -> &[Extractor] {
        &self.0
    }

    /// The extractors, each on its own.
    pub fn into_extractors(self) -> Vec<Extractor> {
        self.0
    }

    /// The names of the families: `lexical`, `encoder`, or `encoder + lexical`.
    pub fn kind(&self) -> String {
        self.0.iter().map(Extractor::name).collect::<Vec<_>>().join(" + ")
    }

    /// How many columns [`extract`](Self::extract) makes.
    pub fn width(&self) -> usize {
        self.0.iter().map(Extractor::width).sum()
    }

    /// One row a sentence, shape (texts, [`width`](Self::width)). `progress` hears how many sentences the first family
    /// has done: it is the slow one where there are two.
    ///
    /// # Errors
    /// A sentence that an encoder's tokenizer refuses.
    pub fn extract(&self, texts: &[&str], progress: &(dyn Fn(usize) + Sync)) -> Result<Array2<f32>> {
        let (first, others) = self.0.split_first().expect("at least one, by construction");
        let mut blocks = vec![first.extract(texts, progress)?];
        for extractor in others {
            blocks.push(extractor.extract(texts, &|_| {})?);
        }
        if blocks.len() == 1 {
            return Ok(blocks.remove(0));
        }
        let views: Vec<ArrayView2<f32>> = blocks.iter().map(|block| block.view()).collect();
        Ok(concatenate(Axis(1), &views).expect("all have a row a text"))
    }
}
