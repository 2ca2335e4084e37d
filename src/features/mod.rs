//! Sentences to a matrix: `Array2<f32>` of shape (n_sentences, n_features), one row a sentence.
//!
//! There are two kinds of features behind one interface: `lexical` (n-grams, small and fast) and `encoder` (a
//! transformer). The rest of the program does not know which one a model uses.

pub mod encoder;
mod keywords;
mod lexical;
mod tensor;

pub use keywords::Keywords;
pub use lexical::{Lexical, LexicalParameters, Tokens};
pub use tensor::{NamedTensor, StoredTensor, StoredTensors};

use crate::error::Result;
use crate::text::{Article, Kind, Sentence, quotes};
use encoder::Encoder;
use ndarray::Array2;

/// One sentence as the features see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample<'a> {
    /// The sentence, trimmed.
    pub text: &'a str,
    /// Whether it begins inside a quotation.
    pub quoted: bool,
    /// Whether it is a headline or a sub-heading.
    pub headline: bool,
}

impl<'a> Sample<'a> {
    /// A sentence in its article.
    pub fn of_sentence(article: &'a Article, sentence: &Sentence) -> Self {
        Sample {
            text: sentence.span.of(&article.text),
            quoted: sentence.quoted,
            headline: sentence.kind == Kind::Headline,
        }
    }

    /// A sentence that stands alone, as in labelled data: all that is known is its own text.
    pub fn of_text(text: &'a str) -> Self {
        let text = text.trim();
        Sample { text, quoted: quotes::starts_quoted(text), headline: false }
    }
}

/// A fitted feature extractor.
#[derive(Debug, Clone)]
pub enum Features {
    /// Word and character n-grams.
    Lexical(Lexical),
    /// The pooled vector of a transformer.
    Encoder(Encoder),
}

impl Features {
    /// The kind, as it is written in a model file.
    pub fn kind(&self) -> &'static str {
        match self {
            Features::Lexical(_) => "lexical",
            Features::Encoder(_) => "encoder",
        }
    }

    /// How many columns [`extract`](Self::extract) makes.
    pub fn width(&self) -> usize {
        match self {
            Features::Lexical(lexical) => lexical.width(),
            Features::Encoder(encoder) => encoder.config().width(),
        }
    }

    /// One row a sentence, shape (samples, [`width`](Self::width)). `progress` hears how many sentences are done.
    ///
    /// # Errors
    /// A sentence that an encoder's tokenizer refuses.
    pub fn extract(&self, samples: &[Sample], progress: &(dyn Fn(usize) + Sync)) -> Result<Array2<f32>> {
        match self {
            Features::Lexical(lexical) => Ok(lexical.extract(samples)),
            Features::Encoder(encoder) => {
                let texts: Vec<encoder::Input> = samples.iter().map(|sample| (None, sample.text)).collect();
                encoder.encode(&texts, progress)
            }
        }
    }
}
