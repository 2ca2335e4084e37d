//! Texts to vectors by a small transformer.
//!
//! ```text
//! text --tokens--> word pieces --pack--> one matrix a batch, no padding --bert--> Array2 (n_texts, width)
//! ```
//!
//! The network is BERT in the size of MiniLM (6 layers, 384 wide), the pooled vector the mean over a text's tokens, with that
//! of the first token beside it if so fine-tuned ([`Pooling`]).
//! A batch's tokens stand one below the other without padding, attention staying within each text; so a text's
//! vector does not depend on its neighbours, and batches need no sorting by length.
//! [`fine_tune`] trains it on labels; the classifier on top is fitted elsewhere.

mod attention;
mod bert;
mod config;
mod dropout;
mod finetune;
#[cfg(test)]
mod gradients;
mod lanes;
mod math;
mod ops;
mod quantise;
mod tokens;

pub use config::{EncoderConfig, Pooling};
pub use finetune::{
    CheckedFineTuneParameters, Checkpoint, Epoch, FineTuneParameters, FineTuned, Head, Labelled, Progress,
    Run, fine_tune,
};
pub use quantise::Precision;

use super::tensor::{NamedTensor, StoredTensor};
use crate::error::{Error, Result};
use bert::{Bert, Weights};
use candle_core::Tensor;
use dropout::Dropout;
use lanes::Lanes;
use ndarray::Array2;
use safetensors::{Dtype, SafeTensors};
use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokens::{Packed, Tokens, WordPieces};

/// Texts in one pass through the network. Few, so that a pass stays in the processor's cache.
const BATCH: usize = 32;

/// A trained transformer with its tokenizer.
#[derive(Debug, Clone)]
pub struct Encoder {
    config: EncoderConfig,
    /// The `tokenizer.json`, as it came.
    tokenizer: Vec<u8>,
    pieces: WordPieces,
    weights: Weights,
    bert: Bert,
    /// The arrays in 8 bits that the weights were read from, if they were: rounding what is rounded already would not
    /// give the same bytes again.
    rounded: Option<Arc<Vec<NamedTensor>>>,
}

impl Encoder {
    /// An encoder from published weights: the tensors of `model.safetensors`, and the bytes of `tokenizer.json`.
    ///
    /// # Errors
    /// A missing or misshapen tensor, a tokenizer that is none or has more words than the network.
    pub fn load(tensors: &SafeTensors<'_>, config: EncoderConfig, tokenizer: Vec<u8>) -> Result<Self> {
        Encoder::assemble(config, tokenizer, quantise::restore(tensors, "")?)
    }

    /// An encoder from a folder as such encoders are published: `model.safetensors`, `config.json`, `tokenizer.json`.
    ///
    /// # Errors
    /// A file that is missing, or as [`load`](Self::load).
    pub fn open(folder: &Path) -> Result<Self> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(|e| Error::io(path, "read the encoder", e))
        };
        let weights = read("model.safetensors")?;
        let tensors = SafeTensors::deserialize(&weights).map_err(Error::encoder)?;
        Encoder::load(&tensors, EncoderConfig::read(&read("config.json")?)?, read("tokenizer.json")?)
    }

    /// Reads what [`to_tensors`](Self::to_tensors) wrote under the same prefix.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn from_tensors(tensors: &SafeTensors<'_>, prefix: &str) -> Result<Self> {
        let text = |name: &str| {
            let view = tensors.tensor(&format!("{prefix}{name}")).map_err(Error::encoder)?;
            Ok::<_, Error>(view.data().to_vec())
        };
        let config = EncoderConfig::read(&text("config.json")?)?;
        let encoder =
            Encoder::assemble(config, text("tokenizer.json")?, quantise::restore(tensors, prefix)?)?;
        Ok(Encoder { rounded: rounded(tensors, prefix).map(Arc::new), ..encoder })
    }

    /// The whole encoder as named tensors; `config.json` and `tokenizer.json` are bytes among them.
    ///
    /// # Errors
    /// None that a loaded encoder can cause.
    pub fn to_tensors(&self, prefix: &str, precision: Precision) -> Result<Vec<NamedTensor>> {
        if let (Some(rounded), Precision::Int8) = (&self.rounded, precision) {
            return Ok(rounded
                .iter()
                .map(|(name, tensor)| (format!("{prefix}{name}"), tensor.clone()))
                .collect());
        }
        let mut tensors = quantise::store(&self.weights, prefix, precision)?;
        let config = serde_json::to_vec(&self.config).map_err(Error::encoder)?;
        tensors.push((format!("{prefix}config.json"), StoredTensor::raw(config)));
        tensors.push((format!("{prefix}tokenizer.json"), StoredTensor::raw(self.tokenizer.clone())));
        Ok(tensors)
    }

    /// The encoder as it will be after having been stored in 8 bits.
    ///
    /// Fit a classifier on this one's vectors, and rounding costs it nothing.
    ///
    /// # Errors
    /// None that a loaded encoder can cause.
    pub fn rounded(&self) -> Result<Self> {
        if self.rounded.is_some() {
            return Ok(self.clone());
        }
        let bytes =
            safetensors::serialize(self.to_tensors("", Precision::Int8)?, None).map_err(Error::encoder)?;
        Encoder::from_tensors(&SafeTensors::deserialize(&bytes).map_err(Error::encoder)?, "")
    }

    /// The mean of this encoder's weights and those of another that was fine-tuned from the same ones, on the same or like data:
    /// better than either (model soups, Wortsman et al. 2022).
    ///
    /// # Errors
    /// Another configuration, or one that is not [alike](Self::is_alike).
    pub fn averaged(&self, other: &Encoder) -> Result<Self> {
        if self.config != other.config || !self.is_alike(other) {
            return Err(Error::parameter(
                "the encoder to average with",
                "one of another architecture, pooling or tokenizer",
                "one that was fine-tuned from the same weights",
            ));
        }
        let mean = |(name, own): (&String, &Tensor)| {
            let mean = (own + &other.weights[name]).and_then(|sum| sum * 0.5).map_err(Error::encoder)?;
            Ok((name.clone(), mean))
        };
        let weights = self.weights.iter().map(mean).collect::<Result<Weights>>()?;
        self.with(self.config.clone(), weights)
    }

    /// Whether two encoders have the same tokenizer, and tensors of the same names and shapes.
    pub fn is_alike(&self, other: &Encoder) -> bool {
        let mut pairs = self.weights.iter().zip(&other.weights);
        self.tokenizer == other.tokenizer
            && self.weights.len() == other.weights.len()
            && pairs
                .all(|((name, own), (other_name, other))| name == other_name && own.dims() == other.dims())
    }

    /// Its dimensions.
    pub fn config(&self) -> &EncoderConfig {
        &self.config
    }

    /// One row a text, in the order given: (n_texts, [`EncoderConfig::width`]).
    ///
    /// A text is cut off at [`EncoderConfig::max_tokens`]. Works on as many threads
    /// as the caller's rayon pool has, and in memory that depends on those only. A row is the same, within 1e-5,
    /// whatever the other texts are. `progress` hears how many texts are done, possibly from several threads.
    ///
    /// # Errors
    /// A text that the tokenizer refuses.
    pub fn encode(&self, texts: &[&str], progress: &(dyn Fn(usize) + Sync)) -> Result<Array2<f32>> {
        let batches: Vec<&[&str]> = texts.chunks(BATCH).collect();
        let done = AtomicUsize::new(0);
        let rows = Lanes::new()?.map(&batches, |batch| {
            let rows = self.encode_batch(batch)?;
            progress(done.fetch_add(batch.len(), Ordering::Relaxed) + batch.len());
            Ok::<_, Error>(rows)
        })?;
        Array2::from_shape_vec((texts.len(), self.config.width()), rows.concat()).map_err(Error::encoder)
    }

    fn encode_batch(&self, batch: &[&str]) -> Result<Vec<f32>> {
        let tokens = self.tokens(batch)?;
        let pooled = self.bert.forward(&Packed::new(&tokens), &mut Dropout::off()).map_err(Error::encoder)?;
        quantise::values(&pooled)
    }

    fn tokens(&self, texts: &[&str]) -> Result<Vec<Tokens>> {
        texts.iter().map(|text| self.pieces.tokens(text, self.config.max_tokens)).collect()
    }

    /// The same tokenizer over other weights.
    fn with(&self, config: EncoderConfig, weights: Weights) -> Result<Self> {
        let config = config.check()?;
        let bert = Bert::new(&config, &weights).map_err(Error::encoder)?;
        let (tokenizer, pieces) = (self.tokenizer.clone(), self.pieces.clone());
        Ok(Encoder { config, weights, bert, tokenizer, pieces, rounded: None })
    }

    fn assemble(config: EncoderConfig, tokenizer: Vec<u8>, weights: Weights) -> Result<Self> {
        let pieces = WordPieces::read(&tokenizer, config.vocab_size)?;
        let bert = Bert::new(&config, &weights).map_err(Error::encoder)?;
        Ok(Encoder { config, tokenizer, pieces, weights, bert, rounded: None })
    }
}

/// The arrays under `prefix`, their names without it, if their weights are in 8 bits.
fn rounded(tensors: &SafeTensors<'_>, prefix: &str) -> Option<Vec<NamedTensor>> {
    let own: Vec<NamedTensor> = tensors
        .iter()
        .filter_map(|(name, view)| {
            let (dtype, shape, bytes) = (view.dtype(), view.shape().to_vec(), view.data().to_vec());
            Some((name.strip_prefix(prefix)?.to_string(), StoredTensor { dtype, shape, bytes }))
        })
        .collect();
    own.iter().any(|(_, tensor)| tensor.dtype == Dtype::I8).then_some(own)
}

impl Error {
    /// Something about an encoder's file or its tensors is wrong.
    fn encoder(problem: impl Display) -> Self {
        let remedy = "use the published weights with their own config.json and tokenizer.json, or a model that \
                      rhetor-train wrote";
        Error::model("encoder", problem.to_string(), remedy)
    }
}
