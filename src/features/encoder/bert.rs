//! The network: BERT (Devlin et al. 2019) over packed batches.

use super::attention::attend;
use super::config::{EncoderConfig, Pooling};
use super::dropout::Dropout;
use super::ops::{activate, linear, mean_rows, normalise};
use super::tokens::Packed;
use candle_core::{Device, Result, Tensor};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Tensors by name. The names are those of the published BERT checkpoints, but for the query, key and value
/// projections, which are one tensor here: `…attention.self.qkv`.
pub(super) type Weights = BTreeMap<String, Tensor>;

/// The network over its weights: it shares their memory, so that training them trains it.
#[derive(Debug, Clone)]
pub(super) struct Bert {
    words: Tensor,
    positions: Tensor,
    segments: Tensor,
    norm: Norm,
    layers: Vec<Layer>,
    pooling: Pooling,
}

impl Bert {
    /// The network of these dimensions, from tensors of just these shapes.
    pub(super) fn new(config: &EncoderConfig, weights: &Weights) -> Result<Self> {
        let part = Part { config, weights, prefix: "embeddings.".into() };
        let width = config.hidden_size;
        Ok(Bert {
            words: part.tensor("word_embeddings.weight", &[config.vocab_size, width])?,
            positions: part.tensor("position_embeddings.weight", &[config.max_position_embeddings, width])?,
            segments: part.tensor("token_type_embeddings.weight", &[config.type_vocab_size, width])?,
            norm: part.norm("LayerNorm")?,
            layers: (0..config.num_hidden_layers).map(|i| Layer::new(&part, i)).collect::<Result<_>>()?,
            pooling: config.pooling,
        })
    }

    /// One vector a text: (texts, pooled width).
    pub(super) fn forward(&self, batch: &Packed, dropout: &mut Dropout) -> Result<Tensor> {
        let texts: Arc<[Range<usize>]> = batch.texts.clone().into();
        let mut x = dropout.apply(self.norm.apply(&self.embed(batch)?)?)?;
        for layer in &self.layers {
            x = layer.forward(&x, &texts, dropout)?;
        }
        self.pool(&x, batch)
    }

    /// Word, position and segment embeddings added up: (tokens, width). There is one segment only: a sentence before the
    /// text as context was tried, and gave nothing (macro average precision on annotated articles .865 without, .861 with
    /// the vector of sentence and predecessor beside it, .855 with that of headline and sentence).
    fn embed(&self, batch: &Packed) -> Result<Tensor> {
        let rows = |table: &Tensor, ids: &[u32]| table.index_select(&Tensor::new(ids, &Device::Cpu)?, 0);
        rows(&self.words, &batch.ids)?.broadcast_add(&self.segments.get(0)?)?
            + rows(&self.positions, &batch.positions)?
    }

    fn pool(&self, x: &Tensor, batch: &Packed) -> Result<Tensor> {
        let mean = mean_rows(x, batch.texts.clone())?;
        match self.pooling {
            Pooling::Mean => Ok(mean),
            Pooling::MeanCls => {
                let first = batch.texts.iter().map(|rows| rows.start..rows.start + 1).collect();
                Tensor::cat(&[&mean, &mean_rows(x, first)?], 1)
            }
        }
    }
}

/// A place in the tree of names.
struct Part<'a> {
    config: &'a EncoderConfig,
    weights: &'a Weights,
    prefix: String,
}

impl Part<'_> {
    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Tensor> {
        let name = format!("{}{name}", self.prefix);
        let Some(tensor) = self.weights.get(&name) else {
            candle_core::bail!("there is no tensor {name}");
        };
        if tensor.dims() != shape {
            candle_core::bail!("{name} has the shape {:?}, not {shape:?}", tensor.dims());
        }
        Ok(tensor.clone())
    }

    fn linear(&self, name: &str, n_out: usize, n_in: usize) -> Result<Linear> {
        Ok(Linear {
            weight: self.tensor(&format!("{name}.weight"), &[n_out, n_in])?,
            bias: self.tensor(&format!("{name}.bias"), &[n_out])?,
        })
    }

    fn norm(&self, name: &str) -> Result<Norm> {
        let shape = [self.config.hidden_size];
        Ok(Norm {
            gain: self.tensor(&format!("{name}.weight"), &shape)?,
            shift: self.tensor(&format!("{name}.bias"), &shape)?,
            epsilon: self.config.layer_norm_eps,
        })
    }
}

#[derive(Debug, Clone)]
struct Linear {
    weight: Tensor,
    bias: Tensor,
}

impl Linear {
    fn apply(&self, x: &Tensor) -> Result<Tensor> {
        linear(x, &self.weight, &self.bias)
    }
}

#[derive(Debug, Clone)]
struct Norm {
    gain: Tensor,
    shift: Tensor,
    epsilon: f32,
}

impl Norm {
    fn apply(&self, x: &Tensor) -> Result<Tensor> {
        normalise(x, &self.gain, &self.shift, self.epsilon)
    }
}

/// Attention and feed-forward part, each added to its input and normalised.
#[derive(Debug, Clone)]
struct Layer {
    heads: usize,
    qkv: Linear,
    mix: Linear,
    mix_norm: Norm,
    widen: Linear,
    narrow: Linear,
    narrow_norm: Norm,
}

impl Layer {
    fn new(root: &Part<'_>, index: usize) -> Result<Self> {
        let part = Part { prefix: format!("encoder.layer.{index}."), ..*root };
        let (width, inner) = (root.config.hidden_size, root.config.intermediate_size);
        Ok(Layer {
            heads: root.config.num_attention_heads,
            qkv: part.linear("attention.self.qkv", 3 * width, width)?,
            mix: part.linear("attention.output.dense", width, width)?,
            mix_norm: part.norm("attention.output.LayerNorm")?,
            widen: part.linear("intermediate.dense", inner, width)?,
            narrow: part.linear("output.dense", width, inner)?,
            narrow_norm: part.norm("output.LayerNorm")?,
        })
    }

    /// (tokens, width) to (tokens, width).
    fn forward(&self, x: &Tensor, texts: &Arc<[Range<usize>]>, dropout: &mut Dropout) -> Result<Tensor> {
        let seen = attend(&self.qkv.apply(x)?, texts.clone(), self.heads, dropout.mask())?;
        let mixed = dropout.apply(self.mix.apply(&seen)?)?;
        let x = self.mix_norm.apply(&(x + mixed)?)?;
        let wide = activate(&self.widen.apply(&x)?)?;
        let narrowed = dropout.apply(self.narrow.apply(&wide)?)?;
        self.narrow_norm.apply(&(x + narrowed)?)
    }
}
