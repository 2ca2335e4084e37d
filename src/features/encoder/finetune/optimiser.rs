//! AdamW (Loshchilov and Hutter 2019) with a learning rate a tensor, and its schedule.

use super::super::ops::floats;
use super::parameters::FineTuneParameters;
use candle_core::{CpuStorage, InplaceOp2, Layout, Result, Tensor, Var};
use rayon::prelude::*;
use std::f64::consts::PI;

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// A tensor in training.
#[derive(Debug)]
pub(super) struct Trained {
    /// Its name among the weights.
    pub(super) name: String,
    /// Its value, shared with the network.
    pub(super) variable: Var,
    /// Means of the gradient and of its square, (2, elements).
    pub(super) moments: Tensor,
    /// Learning rate at the schedule's top.
    rate: f64,
    weight_decay: f64,
}

impl Trained {
    /// A copy of `start` to be trained. Vectors (biases, gains) do not decay.
    pub(super) fn new(name: &str, start: &Tensor, rate: f64, weight_decay: f64) -> Result<Self> {
        // A reshaped view, joined or sliced tensor would share or skip memory: variables are updated in place.
        let variable = Var::from_tensor(&start.contiguous()?.copy()?)?;
        let moments = Tensor::zeros((2, start.elem_count()), start.dtype(), start.device())?;
        let weight_decay = if start.rank() > 1 { weight_decay } else { 0.0 };
        Ok(Trained { name: name.into(), variable, moments, rate, weight_decay })
    }

    pub(super) fn is_matrix(&self) -> bool {
        self.variable.rank() > 1
    }

    /// The `number`-th step, from 1, along a gradient to be scaled first.
    fn step(&self, gradient: &Tensor, scale: f64, number: u64, schedule: f64) -> Result<()> {
        self.moments.inplace_op2(&gradient.contiguous()?, &Observe { scale: scale as f32 })?;
        let rate = self.rate * schedule;
        let number = i32::try_from(number).unwrap_or(i32::MAX);
        let step = Step {
            rate: (rate / (1.0 - BETA_1.powi(number))) as f32,
            spread: (1.0 / (1.0 - BETA_2.powi(number))) as f32,
            stays: (1.0 - rate * self.weight_decay) as f32,
        };
        self.variable.inplace_op2(&self.moments, &step)
    }
}

/// Takes one step with all tensors, along the sum of the parts of their gradients, which is shortened to a length of
/// `clip` if it is longer. Returns its length before. `parts[k][i]` belongs to tensor i.
pub(super) fn step(
    tensors: &[Trained],
    parts: &[Vec<Tensor>],
    clip: f64,
    number: u64,
    schedule: f64,
) -> Result<f64> {
    let sums: Vec<(Tensor, f64)> =
        (0..tensors.len()).into_par_iter().map(|i| total(parts, i)).collect::<Result<_>>()?;
    let length = sums.iter().map(|(_, square)| square).sum::<f64>().sqrt();
    let scale = if length > clip { clip / length } else { 1.0 };
    tensors
        .par_iter()
        .zip(&sums)
        .try_for_each(|(tensor, (sum, _))| tensor.step(sum, scale, number, schedule))?;
    Ok(length)
}

/// The sum of tensor i's gradients, and its squared length.
fn total(parts: &[Vec<Tensor>], i: usize) -> Result<(Tensor, f64)> {
    let mut sum = parts[0][i].contiguous()?;
    for part in &parts[1..] {
        sum = (sum + &part[i])?;
    }
    let (storage, layout) = sum.storage_and_layout();
    let square = match &*storage {
        candle_core::Storage::Cpu(storage) => {
            floats(storage, layout)?.iter().map(|&x| f64::from(x) * f64::from(x)).sum()
        }
        _ => candle_core::bail!("a gradient is not in main memory"),
    };
    drop(storage);
    Ok((sum, square))
}

fn writable<'a>(storage: &'a mut CpuStorage, layout: &Layout) -> Result<&'a mut [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(values), Some((start, end))) => Ok(&mut values[start..end]),
        _ => candle_core::bail!("a contiguous tensor of singles is needed"),
    }
}

/// Adds a gradient to the moments.
struct Observe {
    scale: f32,
}

impl InplaceOp2 for Observe {
    fn name(&self) -> &'static str {
        "adamw-observe"
    }

    fn cpu_fwd(
        &self,
        moments: &mut CpuStorage,
        moments_layout: &Layout,
        gradient: &CpuStorage,
        gradient_layout: &Layout,
    ) -> Result<()> {
        let gradient = floats(gradient, gradient_layout)?;
        let (means, squares) = writable(moments, moments_layout)?.split_at_mut(gradient.len());
        for ((mean, square), &g) in means.iter_mut().zip(squares).zip(gradient) {
            let g = g * self.scale;
            *mean += (1.0 - BETA_1 as f32) * (g - *mean);
            *square += (1.0 - BETA_2 as f32) * (g * g - *square);
        }
        Ok(())
    }
}

/// Moves a tensor along its moments.
struct Step {
    rate: f32,
    spread: f32,
    stays: f32,
}

impl InplaceOp2 for Step {
    fn name(&self) -> &'static str {
        "adamw-step"
    }

    fn cpu_fwd(
        &self,
        variable: &mut CpuStorage,
        variable_layout: &Layout,
        moments: &CpuStorage,
        moments_layout: &Layout,
    ) -> Result<()> {
        let variable = writable(variable, variable_layout)?;
        let (means, squares) = floats(moments, moments_layout)?.split_at(variable.len());
        for ((x, mean), square) in variable.iter_mut().zip(means).zip(squares) {
            *x = *x * self.stays - self.rate * mean / ((square * self.spread).sqrt() + EPSILON as f32);
        }
        Ok(())
    }
}

/// Moves an average towards a tensor by `share` of the way.
pub(super) fn approach(average: &Tensor, tensor: &Tensor, share: f64) -> Result<()> {
    average.inplace_op2(&tensor.contiguous()?, &Approach { share: share as f32 })
}

struct Approach {
    share: f32,
}

impl InplaceOp2 for Approach {
    fn name(&self) -> &'static str {
        "approach"
    }

    fn cpu_fwd(
        &self,
        average: &mut CpuStorage,
        average_layout: &Layout,
        tensor: &CpuStorage,
        tensor_layout: &Layout,
    ) -> Result<()> {
        let pairs = writable(average, average_layout)?.iter_mut().zip(floats(tensor, tensor_layout)?);
        pairs.for_each(|(average, x)| *average += self.share * (x - *average));
        Ok(())
    }
}

/// The learning rate of step `index` of `steps` (from 0), as a share of the highest.
pub(super) fn schedule(parameters: &FineTuneParameters, index: usize, steps: usize) -> f64 {
    let warm = (parameters.warmup_share * steps as f64).max(1.0);
    let (index, steps) = (index as f64, steps as f64);
    let down = ((index - warm) / (steps - warm).max(1.0)).clamp(0.0, 1.0);
    if index < warm { cosine(1.0 / 25.0, 1.0, index / warm) } else { cosine(1.0, 4e-6, down) }
}

fn cosine(from: f64, to: f64, share: f64) -> f64 {
    to + (from - to) * (1.0 + (PI * share).cos()) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    /// Three steps of `torch.optim.AdamW([1.0, -2.0], lr=0.1, weight_decay=0.1)`, written out from the paper's
    /// algorithm 2: m̂ and v̂ of the gradients (1, -3), (2, 0), (-1, 1).
    #[test]
    fn steps_follow_the_paper() {
        let start = Tensor::new(&[[1f32, -2.0]], &Device::Cpu).unwrap();
        let tensor = Trained::new("x", &start, 0.1, 0.1).unwrap();
        let (mut x, mut m, mut v) = ([1f64, -2.0], [0f64; 2], [0f64; 2]);
        for (k, gradient) in [[1f32, -3.0], [2.0, 0.0], [-1.0, 1.0]].into_iter().enumerate() {
            let number = k as u64 + 1;
            let parts = [vec![Tensor::new(&[gradient], &Device::Cpu).unwrap()]];
            step(std::slice::from_ref(&tensor), &parts, 100.0, number, 1.0).unwrap();
            for i in 0..2 {
                let g = f64::from(gradient[i]);
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                let m_hat = m[i] / (1.0 - 0.9f64.powi(k as i32 + 1));
                let v_hat = v[i] / (1.0 - 0.999f64.powi(k as i32 + 1));
                x[i] -= 0.1 * (m_hat / (v_hat.sqrt() + 1e-8) + 0.1 * x[i]);
            }
        }
        let trained = tensor.variable.to_vec2::<f32>().unwrap();
        for i in 0..2 {
            assert!((f64::from(trained[0][i]) - x[i]).abs() < 1e-5, "{trained:?}, expected {x:?}");
        }
    }

    #[test]
    fn long_gradients_are_shortened() {
        let tensor = Trained::new("x", &Tensor::new(&[0f32, 0.0], &Device::Cpu).unwrap(), 1.0, 0.0).unwrap();
        let part = |values: [f32; 2]| vec![Tensor::new(&values, &Device::Cpu).unwrap()];
        let length = step(std::slice::from_ref(&tensor), &[part([1.0, 4.0]), part([2.0, 0.0])], 1.0, 1, 1.0);
        assert!((length.unwrap() - 5.0).abs() < 1e-6);
        let means = tensor.moments.to_vec2::<f32>().unwrap();
        assert!((means[0][0] - 0.06).abs() < 1e-6 && (means[0][1] - 0.08).abs() < 1e-6, "{means:?}");
    }

    #[test]
    fn the_rate_rises_and_falls() {
        let parameters = FineTuneParameters { warmup_share: 0.3, ..Default::default() };
        let rates: Vec<f64> = (0..100).map(|i| schedule(&parameters, i, 100)).collect();
        assert!(rates[..30].is_sorted() && rates[30..].iter().rev().is_sorted());
        assert!((rates[0] - 0.04).abs() < 1e-9 && (rates[30] - 1.0).abs() < 1e-9 && rates[99] < 0.002);
    }
}
