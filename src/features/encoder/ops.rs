//! The layers' operations on candle tensors, each with its backward pass.
//!
//! A batch is one matrix, its tokens below each other without padding (see [`Packed`](super::tokens::Packed)), so
//! every operation here works on rows. candle's own fused operations have no backward pass, and its unfused ones
//! walk over memory many times.

use super::math::{gelu, gelu_slope};
use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, CustomOp1, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor};
use ndarray::ArrayView2;
use std::ops::Range;
use std::sync::Arc;

/// The numbers of a contiguous tensor.
pub(super) fn floats<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&storage.as_slice::<f32>()?[start..end]),
        None => candle_core::bail!("a contiguous tensor is needed"),
    }
}

/// The same as a matrix.
pub(super) fn matrix<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<ArrayView2<'a, f32>> {
    let shape = layout.shape().dims2()?;
    ArrayView2::from_shape(shape, floats(storage, layout)?).map_err(candle_core::Error::wrap)
}

fn stored(values: Vec<f32>, shape: impl Into<Shape>) -> Result<(CpuStorage, Shape)> {
    Ok((CpuStorage::F32(values), shape.into()))
}

/// x·Wᵀ + b: x (rows, n_in), W (n_out, n_in), b (n_out) to (rows, n_out).
pub(super) fn linear(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor> {
    x.apply_op3(weight, bias, Affine)
}

struct Affine;

impl CustomOp3 for Affine {
    fn name(&self) -> &'static str {
        "affine"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        weight: &CpuStorage,
        weight_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (rows, n_in) = x_layout.shape().dims2()?;
        let n_out = weight_layout.shape().dims2()?.0;
        let transposed = weight_layout.transpose(0, 1)?;
        let mut product = x.matmul(weight, (1, rows, n_out, n_in), x_layout, &transposed)?;
        let bias = floats(bias, bias_layout)?;
        if let CpuStorage::F32(values) = &mut product {
            for row in values.chunks_exact_mut(n_out) {
                row.iter_mut().zip(bias).for_each(|(y, b)| *y += b);
            }
        }
        Ok((product, (rows, n_out).into()))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        _bias: &Tensor,
        _result: &Tensor,
        slope: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let ones = Tensor::ones((1, slope.dim(0)?), slope.dtype(), slope.device())?;
        let bias = ones.matmul(slope)?.squeeze(0)?;
        Ok((Some(slope.matmul(weight)?), Some(slope.t()?.matmul(x)?), Some(bias)))
    }
}

/// The Gaussian error linear unit of every element.
pub(super) fn activate(x: &Tensor) -> Result<Tensor> {
    x.apply_op1(Gelu)
}

struct Gelu;

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        stored(floats(x, layout)?.iter().map(|&x| gelu(x)).collect(), layout.shape())
    }

    fn bwd(&self, x: &Tensor, _result: &Tensor, slope: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(x.apply_op2_no_bwd(slope, &GeluBackward)?))
    }
}

struct GeluBackward;

impl CustomOp2 for GeluBackward {
    fn name(&self) -> &'static str {
        "gelu-backward"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        slope: &CpuStorage,
        slope_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let pairs = floats(x, x_layout)?.iter().zip(floats(slope, slope_layout)?);
        stored(pairs.map(|(&x, &slope)| slope * gelu_slope(x)).collect(), x_layout.shape())
    }
}

/// Layer normalisation of each row: (x - mean)/√(variance + ε)·gain + shift; x (rows, n), gain and shift (n).
pub(super) fn normalise(x: &Tensor, gain: &Tensor, shift: &Tensor, epsilon: f32) -> Result<Tensor> {
    x.apply_op3(gain, shift, Normalise { epsilon })
}

#[derive(Clone, Copy)]
struct Normalise {
    epsilon: f32,
}

impl Normalise {
    /// The mean of a row and what its deviations are multiplied by.
    fn moments(self, row: &[f32]) -> (f32, f32) {
        let n = row.len() as f32;
        let mean = row.iter().sum::<f32>() / n;
        let variance = row.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / n;
        (mean, 1.0 / (variance + self.epsilon).sqrt())
    }
}

impl CustomOp3 for Normalise {
    fn name(&self) -> &'static str {
        "normalise"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        gain: &CpuStorage,
        gain_layout: &Layout,
        shift: &CpuStorage,
        shift_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (gain, shift) = (floats(gain, gain_layout)?, floats(shift, shift_layout)?);
        let mut out = floats(x, x_layout)?.to_vec();
        for row in out.chunks_exact_mut(gain.len()) {
            let (mean, scale) = self.moments(row);
            for ((x, gain), shift) in row.iter_mut().zip(gain).zip(shift) {
                *x = (*x - mean) * scale * gain + shift;
            }
        }
        stored(out, x_layout.shape())
    }

    fn bwd(
        &self,
        x: &Tensor,
        gain: &Tensor,
        _shift: &Tensor,
        _result: &Tensor,
        slope: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let ones = Tensor::ones((1, slope.dim(0)?), slope.dtype(), slope.device())?;
        let along_gain = x.apply_op2_no_bwd(slope, &GainBackward(*self))?;
        Ok((
            Some(x.apply_op3_no_bwd(gain, slope, &NormaliseBackward(*self))?),
            Some(ones.matmul(&along_gain)?.squeeze(0)?),
            Some(ones.matmul(slope)?.squeeze(0)?),
        ))
    }
}

/// slope ⊙ x̂, with x̂ the row normalised to mean 0 and variance 1; its column sums are the gain's gradient.
struct GainBackward(Normalise);

impl CustomOp2 for GainBackward {
    fn name(&self) -> &'static str {
        "gain-backward"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        slope: &CpuStorage,
        slope_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let width = x_layout.shape().dims2()?.1;
        let mut out = floats(slope, slope_layout)?.to_vec();
        for (out, x) in out.chunks_exact_mut(width).zip(floats(x, x_layout)?.chunks_exact(width)) {
            let (mean, scale) = self.0.moments(x);
            out.iter_mut().zip(x).for_each(|(slope, x)| *slope *= (x - mean) * scale);
        }
        stored(out, x_layout.shape())
    }
}

/// scale·(d - mean(d) - x̂·mean(d ⊙ x̂)) with d = slope ⊙ gain.
struct NormaliseBackward(Normalise);

impl CustomOp3 for NormaliseBackward {
    fn name(&self) -> &'static str {
        "normalise-backward"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        gain: &CpuStorage,
        gain_layout: &Layout,
        slope: &CpuStorage,
        slope_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let gain = floats(gain, gain_layout)?;
        let width = gain.len();
        let mut out = floats(slope, slope_layout)?.to_vec();
        for (out, x) in out.chunks_exact_mut(width).zip(floats(x, x_layout)?.chunks_exact(width)) {
            let (mean, scale) = self.0.moments(x);
            out.iter_mut().zip(gain).for_each(|(slope, gain)| *slope *= gain);
            let level = out.iter().sum::<f32>() / width as f32;
            let along = out.iter().zip(x).map(|(d, x)| d * (x - mean)).sum::<f32>() * scale / width as f32;
            out.iter_mut().zip(x).for_each(|(d, x)| *d = scale * (*d - level - (x - mean) * scale * along));
        }
        stored(out, x_layout.shape())
    }
}

/// Multiplies every element by its factor in `mask`, of the same length.
pub(super) fn masked(x: &Tensor, mask: impl Into<Arc<Vec<f32>>>) -> Result<Tensor> {
    x.apply_op1(Mask(mask.into()))
}

struct Mask(Arc<Vec<f32>>);

impl CustomOp1 for Mask {
    fn name(&self) -> &'static str {
        "mask"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let pairs = floats(x, layout)?.iter().zip(&*self.0);
        stored(pairs.map(|(x, factor)| x * factor).collect(), layout.shape())
    }

    fn bwd(&self, _x: &Tensor, _result: &Tensor, slope: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(slope.apply_op1_no_bwd(&Mask(self.0.clone()))?))
    }
}

/// The mean of each range of rows: x (rows, n) to (ranges, n). No range may be empty.
pub(super) fn mean_rows(x: &Tensor, ranges: Vec<Range<usize>>) -> Result<Tensor> {
    x.apply_op1(MeanRows(ranges))
}

struct MeanRows(Vec<Range<usize>>);

impl CustomOp1 for MeanRows {
    fn name(&self) -> &'static str {
        "mean-rows"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let width = layout.shape().dims2()?.1;
        let x = floats(x, layout)?;
        let mut out = vec![0.0; self.0.len() * width];
        for (out, range) in out.chunks_exact_mut(width).zip(&self.0) {
            for row in x[range.start * width..range.end * width].chunks_exact(width) {
                out.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
            }
            out.iter_mut().for_each(|sum| *sum /= range.len() as f32);
        }
        stored(out, (self.0.len(), width))
    }

    fn bwd(&self, x: &Tensor, _result: &Tensor, slope: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(slope.apply_op1_no_bwd(&Spread { rows: x.dim(0)?, ranges: &self.0 })?))
    }
}

/// The backward pass of [`mean_rows`]: each row of a range gets its part of the range's gradient.
struct Spread<'a> {
    rows: usize,
    ranges: &'a [Range<usize>],
}

impl CustomOp1 for Spread<'_> {
    fn name(&self) -> &'static str {
        "spread"
    }

    fn cpu_fwd(&self, slope: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let width = layout.shape().dims2()?.1;
        let mut out = vec![0.0; self.rows * width];
        for (slope, range) in floats(slope, layout)?.chunks_exact(width).zip(self.ranges) {
            for row in out[range.start * width..range.end * width].chunks_exact_mut(width) {
                row.iter_mut().zip(slope).for_each(|(out, s)| *out += s / range.len() as f32);
            }
        }
        stored(out, (self.rows, width))
    }
}
