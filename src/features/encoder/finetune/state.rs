//! The weights in training and all that changes with them.

use super::super::bert::{Bert, Weights};
use super::super::config::EncoderConfig;
use super::super::dropout::{Dropout, Mask};
use super::super::ops::{linear, masked};
use super::super::tokens::Packed;
use super::optimiser::{Trained, approach};
use super::parameters::FineTuneParameters;
use super::{Epoch, Run};
use candle_core::{Device, Result, Tensor, Var};
use rayon::prelude::*;
use std::sync::Arc;

/// Copies of the trained tensors, by name.
pub(super) type Snapshot = Weights;

const HEAD_WEIGHT: &str = "head.weight";
const HEAD_BIAS: &str = "head.bias";

/// The encoder with the head behind it, as one step computes with them.
#[derive(Debug)]
pub(super) struct Network {
    bert: Bert,
    /// (labels, width) and (labels).
    head: (Tensor, Tensor),
    /// What stands for each trained tensor in it.
    stand_ins: Vec<StandIn>,
}

/// What a step computes with in place of a tensor in training: that tensor itself or, with mixout, a mix.
#[derive(Debug)]
struct StandIn {
    name: String,
    tensor: Tensor,
    /// How much each element moves with that of the tensor in training; 1 if there is no mixout.
    factors: Option<Arc<Vec<f32>>>,
}

impl Network {
    fn new(config: &EncoderConfig, mut weights: Weights, stand_ins: Vec<StandIn>) -> Result<Self> {
        weights.extend(stand_ins.iter().map(|own| (own.name.clone(), own.tensor.clone())));
        let head = (weights[HEAD_WEIGHT].clone(), weights[HEAD_BIAS].clone());
        Ok(Network { bert: Bert::new(config, &weights)?, head, stand_ins })
    }

    /// Logits of a batch: (rows, labels).
    pub(super) fn logits(&self, batch: &Packed, mut dropout: Dropout) -> Result<Tensor> {
        let pooled = self.bert.forward(batch, &mut dropout)?;
        linear(&dropout.apply(pooled)?, &self.head.0, &self.head.1)
    }

    /// The gradient of a loss along each trained tensor.
    pub(super) fn gradients(&self, loss: &Tensor) -> Result<Vec<Tensor>> {
        let mut slopes = loss.backward()?;
        let gradient = |own: &StandIn| match (slopes.remove(&own.tensor), &own.factors) {
            (Some(slope), None) => Ok(slope),
            (Some(slope), Some(factors)) => masked(&slope, factors.clone()),
            (None, _) => candle_core::bail!("{} has no gradient", own.name),
        };
        self.stand_ins.iter().map(gradient).collect()
    }
}

impl StandIn {
    fn itself(trained: &Trained) -> Self {
        StandIn { name: trained.name.clone(), tensor: trained.variable.as_tensor().clone(), factors: None }
    }

    /// Mixout (Lee, Cho and Kang 2020): dropped elements are the base's, and the others so much further from the base's that
    /// the mean stays.
    fn mixed(trained: &Trained, base: &Tensor, mask: Mask) -> Result<Self> {
        let factors = Arc::new(mask.stream().take(base.elem_count()));
        let apart = (trained.variable.as_detached_tensor() - base)?;
        let mixed = (base + masked(&apart, factors.clone())?)?;
        // A variable of its own: a gradient that goes on through the mix to the tensor in training takes twice the time.
        let tensor = Var::from_tensor(&mixed)?.into_inner();
        Ok(StandIn { name: trained.name.clone(), tensor, factors: Some(factors) })
    }
}

/// A training at one moment.
#[derive(Debug)]
pub(super) struct State {
    config: EncoderConfig,
    pub(super) tensors: Vec<Trained>,
    /// What the network needs beside `tensors`, by name.
    fixed: Weights,
    /// Steps taken.
    pub(super) step: u64,
    /// The best weights so far and their epoch, from 1.
    pub(super) kept: Option<(usize, Snapshot)>,
    pub(super) epochs: Vec<Epoch>,
    /// The runs before this one.
    pub(super) finished: Vec<Run>,
    /// The mean of the weights that they kept; none if there are none.
    pub(super) earlier: Option<Snapshot>,
}

impl State {
    /// The beginning: the base's weights, and a head that says how frequent each label is.
    pub(super) fn new(
        config: &EncoderConfig,
        base: &Weights,
        log_odds: &[f32],
        parameters: &FineTuneParameters,
    ) -> Result<Self> {
        let mut weights = base.clone();
        let shape = (log_odds.len(), config.width());
        weights.insert(HEAD_WEIGHT.into(), Tensor::zeros(shape, candle_core::DType::F32, &Device::Cpu)?);
        weights.insert(HEAD_BIAS.into(), Tensor::new(log_odds, &Device::Cpu)?);
        let (mut tensors, mut fixed) = (Vec::new(), Weights::new());
        for (name, weight) in weights {
            match rate(&name, config.num_hidden_layers, parameters) {
                Some(rate) => tensors.push(Trained::new(&name, &weight, rate, parameters.weight_decay)?),
                None => {
                    fixed.insert(name, weight);
                }
            }
        }
        Ok(State {
            config: config.clone(),
            tensors,
            fixed,
            step: 0,
            kept: None,
            epochs: Vec::new(),
            finished: Vec::new(),
            earlier: None,
        })
    }

    /// The network of one step, its encoder's matrices mixed with those of `base` by what `mixout` drops.
    pub(super) fn network(&self, base: &Weights, mut mixout: Dropout) -> Result<Network> {
        let mixes = |tensor: &Trained| base.get(&tensor.name).filter(|_| tensor.is_matrix());
        let places: Vec<(&Trained, Option<(&Tensor, Mask)>)> = self
            .tensors
            .iter()
            .map(|tensor| (tensor, mixes(tensor).and_then(|base| Some((base, mixout.mask()?)))))
            .collect();
        let stand_ins = places.into_par_iter().map(|(tensor, place)| match place {
            Some((base, mask)) => StandIn::mixed(tensor, base, mask),
            None => Ok(StandIn::itself(tensor)),
        });
        Network::new(&self.config, self.fixed.clone(), stand_ins.collect::<Result<_>>()?)
    }

    /// The trained tensors as they are, sharing memory with them.
    pub(super) fn weights(&self) -> Snapshot {
        self.tensors.iter().map(|t| (t.name.clone(), t.variable.as_detached_tensor())).collect()
    }

    pub(super) fn moments(&self) -> Snapshot {
        self.tensors.iter().map(|t| (t.name.clone(), t.moments.clone())).collect()
    }

    /// A copy of the trained tensors, which later steps leave alone.
    pub(super) fn snapshot(&self) -> Result<Snapshot> {
        self.weights().into_iter().map(|(name, tensor)| Ok((name, tensor.copy()?))).collect()
    }

    /// Sets the trained tensors and their moments.
    pub(super) fn put(&mut self, weights: &Snapshot, moments: &Snapshot) -> Result<()> {
        for tensor in &mut self.tensors {
            let (Some(value), Some(moments)) = (weights.get(&tensor.name), moments.get(&tensor.name)) else {
                candle_core::bail!("{} is missing", tensor.name);
            };
            tensor.variable.set(value)?;
            tensor.moments = moments.copy()?;
        }
        Ok(())
    }

    /// The end of a run: all runs up to it, and the mean of the weights that they kept.
    pub(super) fn conclude(self) -> Result<(Vec<Run>, Snapshot)> {
        let Some((kept, weights)) = self.kept else { candle_core::bail!("no epoch was trained") };
        let mut runs = self.finished;
        runs.push(Run { epochs: self.epochs, kept });
        let Some(mean) = self.earlier else { return Ok((runs, weights)) };
        for (name, tensor) in &weights {
            let Some(mean) = mean.get(name) else { candle_core::bail!("{name} is missing") };
            approach(mean, tensor, 1.0 / runs.len() as f64)?;
        }
        Ok((runs, mean))
    }

    /// This beginning as that of another run.
    pub(super) fn after(self, finished: Vec<Run>, mean: Snapshot) -> Self {
        State { finished, earlier: Some(mean), ..self }
    }
}

/// Takes the head's weight and bias out of a snapshot.
pub(super) fn take_head(snapshot: &mut Snapshot) -> Option<(Tensor, Tensor)> {
    Some((snapshot.remove(HEAD_WEIGHT)?, snapshot.remove(HEAD_BIAS)?))
}

/// A tensor's highest learning rate; none if it is not trained. Layers further from the head learn more slowly.
fn rate(name: &str, layers: usize, parameters: &FineTuneParameters) -> Option<f64> {
    let layer =
        name.strip_prefix("encoder.layer.").and_then(|rest| rest.split('.').next()?.parse::<usize>().ok());
    let distance = match layer {
        _ if name.starts_with("head.") => return Some(parameters.learning_rate),
        // The embedding tables stay: they cost time and rarely help.
        _ if name.contains("_embeddings.") => return None,
        Some(layer) => layers.saturating_sub(layer + 1),
        None => layers,
    };
    Some(parameters.learning_rate * parameters.layer_decay.powi(distance as i32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_weights_are_the_bases_or_further_from_them() {
        let tensor = |value: f32| Tensor::full(value, (100, 100), &Device::Cpu).unwrap();
        let trained = Trained::new("x", &tensor(1.6), 0.1, 0.0).unwrap();
        let mixed = StandIn::mixed(&trained, &tensor(1.0), Dropout::new(0.25, 3).mask().unwrap()).unwrap();
        let values: Vec<f32> = mixed.tensor.flatten_all().unwrap().to_vec1().unwrap();
        let factors = mixed.factors.unwrap();
        assert!(values.iter().zip(&*factors).all(|(x, factor)| (x - 1.0 - 0.6 * factor).abs() < 1e-6));
        assert!(values.contains(&1.0) && values.iter().any(|&x| (x - 1.8).abs() < 1e-6));
        let mean = values.iter().sum::<f32>() / 10_000.0;
        assert!((mean - 1.6).abs() < 0.02, "mean {mean}");
    }

    #[test]
    fn rates_fall_towards_the_input() {
        let parameters = FineTuneParameters { learning_rate: 1.0, layer_decay: 0.5, ..Default::default() };
        let rate = |name| rate(name, 6, &parameters);
        assert_eq!(rate("head.weight"), Some(1.0));
        assert_eq!(rate("encoder.layer.5.output.dense.weight"), Some(1.0));
        assert_eq!(rate("encoder.layer.3.output.dense.weight"), Some(0.25));
        assert_eq!(rate("embeddings.LayerNorm.bias"), Some(0.5f64.powi(6)));
        assert_eq!(rate("embeddings.word_embeddings.weight"), None);
    }
}
