//! How to fine-tune: as given, then checked.

use super::super::config::Pooling;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// How to fine-tune an encoder, as given; [`check`](Self::check) makes it usable.
///
/// ```
/// use rhetor::features::encoder::FineTuneParameters;
/// let parameters = FineTuneParameters { epochs: 6, layer_decay: 0.8, ..Default::default() };
/// assert!(parameters.check().is_ok());
/// let wrong = FineTuneParameters { dropout: 1.0, ..Default::default() };
/// assert_eq!(wrong.check().unwrap_err().to_string(), "dropout: found 1; expected 0 or more, below 1");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FineTuneParameters {
    /// Passes over the data in a run, from 1.
    pub epochs: usize,
    /// Trainings from the base, from 1, each with the next seed; their weights are averaged into one encoder (model soups,
    /// Wortsman et al. 2022). Costs this many times the time. On a tenth of 32,119 rows three runs gave real sentences F1 .636,
    /// average precision .678 (one run: .613, .662); on a fifth two runs of two epochs, which take as long as one of four, gave
    /// .649, .722 (.693, .747).
    pub runs: usize,
    /// The highest learning rate of the last layer and of the classification head, above 0.
    pub learning_rate: f64,
    /// Rows a step, from 1.
    pub batch: usize,
    /// The share of steps in which the rate rises, along half a cosine from a 25th; then it falls along another to nearly
    /// nothing (Smith and Topin 2018, as in PyTorch). 0 to below 1.
    pub warmup_share: f64,
    /// AdamW's weight decay, of matrices only; 0 is none.
    pub weight_decay: f64,
    /// Each layer's rate in multiples of the next one's, above 0 to 1; 1 is the same rate for all.
    pub layer_decay: f64,
    /// Share of elements dropped: after the embeddings, in and after attention, after each feed-forward part, before
    /// the head. 0 to below 1.
    pub dropout: f64,
    /// The longest gradient, all tensors together; longer ones are shortened to it. Above 0.
    pub clip_norm: f64,
    /// The share of rows that a step shows with another row behind them, as one text that bears the labels of both:
    /// 0 to below 1. For labels of which a text may bear any number: teaches that an act counts wherever it stands.
    /// Costs this share of time.
    pub joined_share: f64,
    /// The share of the encoder's weights that each step takes from the base, in place of those in training (mixout, Lee,
    /// Cho and Kang 2020): 0 to below 1. Keeps the encoder near the base where rows are few.
    pub mixout: f64,
    /// Epochs without a better score on held-out rows after which a run stops; 0 is never.
    pub patience: usize,
    /// The share of rows held out if no validation rows are given, 0 to below 1; 0 is none.
    pub held_out_share: f64,
    /// Where texts are cut off, in word pieces, from 4. The fine-tuned encoder keeps it.
    pub max_tokens: usize,
    /// How token vectors become one. The fine-tuned encoder keeps it.
    pub pooling: Pooling,
    /// Of the order of rows and of dropout in the first run.
    pub seed: u64,
}

impl Default for FineTuneParameters {
    /// What measured best on real sentences, trained on 6,379 authored ones: macro average precision .774; with the mean of
    /// tokens alone .762, and with half of the rate as well .747.
    fn default() -> Self {
        FineTuneParameters {
            epochs: 4,
            runs: 1,
            learning_rate: 2e-4,
            batch: 32,
            warmup_share: 0.3,
            weight_decay: 0.01,
            layer_decay: 0.9,
            dropout: 0.1,
            clip_norm: 1.0,
            joined_share: 0.0,
            mixout: 0.0,
            patience: 0,
            held_out_share: 0.1,
            max_tokens: 128,
            pooling: Pooling::MeanCls,
            seed: 1,
        }
    }
}

impl FineTuneParameters {
    /// The same, fit for use.
    ///
    /// # Errors
    /// The first parameter out of its range.
    pub fn check(self) -> Result<CheckedFineTuneParameters> {
        at_least_1("epochs", self.epochs)?;
        at_least_1("runs", self.runs)?;
        at_least_1("batch", self.batch)?;
        above_0("learning_rate", self.learning_rate)?;
        above_0("clip_norm", self.clip_norm)?;
        share("warmup_share", self.warmup_share)?;
        share("dropout", self.dropout)?;
        share("joined_share", self.joined_share)?;
        share("mixout", self.mixout)?;
        share("held_out_share", self.held_out_share)?;
        let decay = self.weight_decay;
        require("weight_decay", decay, decay >= 0.0 && decay.is_finite(), "0 or more")?;
        require(
            "layer_decay",
            self.layer_decay,
            self.layer_decay > 0.0 && self.layer_decay <= 1.0,
            "above 0, at most 1",
        )?;
        require("max_tokens", self.max_tokens, self.max_tokens >= 4, "4 or more")?;
        Ok(CheckedFineTuneParameters(self))
    }
}

fn require(name: &'static str, found: impl ToString, fine: bool, expected: &str) -> Result<()> {
    if fine { Ok(()) } else { Err(Error::parameter(name, found, expected)) }
}

fn at_least_1(name: &'static str, found: usize) -> Result<()> {
    require(name, found, found >= 1, "1 or more")
}

fn above_0(name: &'static str, found: f64) -> Result<()> {
    require(name, found, found > 0.0 && found.is_finite(), "a number above 0")
}

fn share(name: &'static str, found: f64) -> Result<()> {
    require(name, found, (0.0..1.0).contains(&found), "0 or more, below 1")
}

/// Parameters whose ranges were checked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckedFineTuneParameters(FineTuneParameters);

impl CheckedFineTuneParameters {
    /// The parameters.
    pub fn get(&self) -> &FineTuneParameters {
        &self.0
    }
}
