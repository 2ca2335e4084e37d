//! What shape an encoder has.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// How the vectors of a text's tokens become one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// Their mean: as wide as the encoder.
    #[default]
    Mean,
    /// Their mean beside the vector of the first token, `[CLS]`: twice as wide.
    MeanCls,
}

/// The dimensions of a BERT encoder, under the names of its `config.json`.
///
/// ```
/// use rhetor::features::encoder::EncoderConfig;
/// let config = EncoderConfig::read(br#"{"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12,
///     "intermediate_size": 1536, "vocab_size": 30522, "max_position_embeddings": 512, "layer_norm_eps": 1e-12}"#)?;
/// assert_eq!(config.max_tokens, 128);
/// # Ok::<(), rhetor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EncoderConfig {
    /// Width of the token vectors.
    pub hidden_size: usize,
    /// Number of layers.
    pub num_hidden_layers: usize,
    /// Attention heads a layer; they divide the width.
    pub num_attention_heads: usize,
    /// Width between the two halves of the feed-forward part.
    pub intermediate_size: usize,
    /// Number of word pieces.
    pub vocab_size: usize,
    /// Number of positions, so the longest input.
    pub max_position_embeddings: usize,
    /// What layer normalisation adds to the variance.
    pub layer_norm_eps: f32,
    /// Number of segments; the first is used.
    #[serde(default = "segments")]
    pub type_vocab_size: usize,
    /// Where inputs are cut off, in word pieces with the marks.
    #[serde(default = "tokens")]
    pub max_tokens: usize,
    /// How token vectors become one vector.
    #[serde(default)]
    pub pooling: Pooling,
}

fn segments() -> usize {
    2
}

fn tokens() -> usize {
    128
}

impl EncoderConfig {
    /// Reads a `config.json`; `max_tokens` is 128 and `pooling` the mean if it does not say.
    ///
    /// # Errors
    /// No such JSON, dimensions that do not fit together, or a variant of BERT that this network does not compute.
    pub fn read(json: &[u8]) -> Result<Self> {
        let unreadable = |e: serde_json::Error| unusable(e.to_string());
        let variant: Variant = serde_json::from_slice(json).map_err(unreadable)?;
        variant.check()?;
        serde_json::from_slice::<EncoderConfig>(json).map_err(unreadable)?.check()
    }

    /// The width of the pooled vectors.
    pub fn width(&self) -> usize {
        match self.pooling {
            Pooling::Mean => self.hidden_size,
            Pooling::MeanCls => 2 * self.hidden_size,
        }
    }

    pub(super) fn check(self) -> Result<Self> {
        let sizes = [self.hidden_size, self.num_attention_heads, self.intermediate_size, self.vocab_size];
        if sizes.contains(&0) {
            return Err(unusable("a dimension is 0".into()));
        }
        if !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            return Err(unusable(format!(
                "{} heads do not divide a width of {}",
                self.num_attention_heads, self.hidden_size
            )));
        }
        if self.type_vocab_size < 2 || !(4..=self.max_position_embeddings).contains(&self.max_tokens) {
            return Err(unusable(format!(
                "{} segments and {} tokens of at most {}",
                self.type_vocab_size, self.max_tokens, self.max_position_embeddings
            )));
        }
        Ok(self)
    }
}

/// Which BERT it is; published files say more than the dimensions.
#[derive(Deserialize)]
struct Variant {
    hidden_act: Option<String>,
    position_embedding_type: Option<String>,
}

impl Variant {
    fn check(self) -> Result<()> {
        let known = [
            ("hidden_act", self.hidden_act, "gelu"),
            ("position_embedding_type", self.position_embedding_type, "absolute"),
        ];
        for (name, found, own) in known {
            if let Some(found) = found.filter(|found| found != own) {
                return Err(unusable(format!("{name} is {found:?}; this network computes {own:?} only")));
            }
        }
        Ok(())
    }
}

fn unusable(problem: String) -> Error {
    Error::model("config.json", problem, "use the config.json that came with the encoder's weights")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variant: &str) -> Result<EncoderConfig> {
        let dimensions = r#""hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64,
            "vocab_size": 100, "max_position_embeddings": 128, "layer_norm_eps": 1e-12"#;
        EncoderConfig::read(format!("{{{dimensions}{variant}}}").as_bytes())
    }

    #[test]
    fn other_berts_are_refused() {
        assert!(read(r#", "hidden_act": "gelu", "position_embedding_type": "absolute""#).is_ok());
        let error = read(r#", "hidden_act": "relu""#).unwrap_err().to_string();
        assert!(error.contains(r#"hidden_act is "relu"; this network computes "gelu" only"#), "{error}");
        assert!(read(r#", "position_embedding_type": "relative_key""#).is_err());
    }
}
