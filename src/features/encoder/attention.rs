//! Scaled dot-product attention within each sentence of a packed batch, with its backward pass.
//!
//! Vaswani et al. 2017, *Attention Is All You Need*: softmax(Q·Kᵀ/√d)·V for every head. The probabilities are
//! computed again in the backward pass: they are a fiftieth of the work, and keeping them would cost more memory
//! than all the rest.

use super::dropout::Mask;
use super::math::softmax;
use super::ops::matrix;
use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor};
use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayBase, ArrayView2, Axis, Ix2, RawData, Slice};
use std::ops::Range;
use std::sync::Arc;

/// Attention from `qkv` (tokens, 3·width: queries, keys, values) to (tokens, width).
///
/// Tokens see each other within a range of `sentences`. With a `mask` the probabilities are dropped out.
pub(super) fn attend(
    qkv: &Tensor,
    sentences: Arc<[Range<usize>]>,
    heads: usize,
    mask: Option<Mask>,
) -> Result<Tensor> {
    qkv.apply_op1(Attention { sentences, heads, mask })
}

#[derive(Clone)]
struct Attention {
    sentences: Arc<[Range<usize>]>,
    heads: usize,
    mask: Option<Mask>,
}

/// One head in one sentence: its rows, and its columns within each third of qkv.
struct Head<'a> {
    query: ArrayView2<'a, f32>,
    key: ArrayView2<'a, f32>,
    value: ArrayView2<'a, f32>,
    /// 1/√d.
    scale: f32,
    rows: Range<usize>,
    columns: Range<usize>,
}

impl Head<'_> {
    /// P = softmax(Q·Kᵀ/√d), (tokens, tokens): row i says what token i looks at.
    fn probabilities(&self) -> Array2<f32> {
        let n = self.rows.len();
        let mut scores = Array2::zeros((n, n));
        general_mat_mul(self.scale, &self.query, &self.key.t(), 0.0, &mut scores);
        scores.rows_mut().into_iter().for_each(|mut row| softmax(row.as_slice_mut().unwrap_or_default()));
        scores
    }
}

/// The part of a matrix in these rows and columns.
fn window<S: RawData>(
    mut matrix: ArrayBase<S, Ix2>,
    rows: &Range<usize>,
    columns: &Range<usize>,
) -> ArrayBase<S, Ix2> {
    matrix.slice_axis_inplace(Axis(0), Slice::from(rows.clone()));
    matrix.slice_axis_inplace(Axis(1), Slice::from(columns.clone()));
    matrix
}

impl Attention {
    /// Every head of every sentence, in an order that never changes (the dropout mask is drawn along it).
    fn heads<'a>(&self, qkv: ArrayView2<'a, f32>) -> impl Iterator<Item = Head<'a>> {
        let width = qkv.ncols() / 3;
        let size = width / self.heads;
        let scale = 1.0 / (size as f32).sqrt();
        let pairs = self.sentences.iter().flat_map(move |rows| (0..self.heads).map(move |head| (rows, head)));
        pairs.map(move |(rows, head)| {
            let part = |third: usize| {
                let start = third * width + head * size;
                window(qkv, rows, &(start..start + size))
            };
            let columns = head * size..(head + 1) * size;
            Head { query: part(0), key: part(1), value: part(2), scale, rows: rows.clone(), columns }
        })
    }
}

impl CustomOp1 for Attention {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn cpu_fwd(&self, qkv: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let qkv = matrix(qkv, layout)?;
        let mut out = Array2::zeros((qkv.nrows(), qkv.ncols() / 3));
        let mut noise = self.mask.as_ref().map(Mask::stream);
        for head in self.heads(qkv) {
            let mut looks = head.probabilities();
            if let Some(noise) = &mut noise {
                looks *= &noise.factors(looks.raw_dim());
            }
            let mut part = window(out.view_mut(), &head.rows, &head.columns);
            general_mat_mul(1.0, &looks, &head.value, 0.0, &mut part);
        }
        let shape = out.dim().into();
        Ok((CpuStorage::F32(out.into_raw_vec_and_offset().0), shape))
    }

    fn bwd(&self, qkv: &Tensor, _result: &Tensor, slope: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(qkv.apply_op2_no_bwd(slope, &AttentionBackward(self.clone()))?))
    }
}

struct AttentionBackward(Attention);

impl CustomOp2 for AttentionBackward {
    fn name(&self) -> &'static str {
        "attention-backward"
    }

    /// With M the dropout factors and dO the slope: dV = (P⊙M)ᵀ·dO, dP = (dO·Vᵀ)⊙M,
    /// dS = P⊙(dP - rowsum(P⊙dP))/√d, dQ = dS·K, dK = dSᵀ·Q.
    fn cpu_fwd(
        &self,
        qkv: &CpuStorage,
        qkv_layout: &Layout,
        slope: &CpuStorage,
        slope_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (qkv, slope) = (matrix(qkv, qkv_layout)?, matrix(slope, slope_layout)?);
        let width = qkv.ncols() / 3;
        let mut out = Array2::zeros(qkv.raw_dim());
        let mut noise = self.0.mask.as_ref().map(Mask::stream);
        for head in self.0.heads(qkv) {
            let slope = window(slope, &head.rows, &head.columns);
            let looks = head.probabilities();
            let factors = noise.as_mut().map(|noise| noise.factors(looks.raw_dim()));
            let kept = factors.as_ref().map_or_else(|| looks.clone(), |factors| &looks * factors);
            let mut inner = slope.dot(&head.value.t());
            if let Some(factors) = &factors {
                inner *= factors;
            }
            inner *= &looks;
            let totals = inner.sum_axis(Axis(1)).insert_axis(Axis(1));
            inner = inner - &looks * &totals;
            let mut write = |third: usize, scale: f32, a: &ArrayView2<f32>, b: &ArrayView2<f32>| {
                let columns = third * width + head.columns.start..third * width + head.columns.end;
                general_mat_mul(scale, a, b, 0.0, &mut window(out.view_mut(), &head.rows, &columns));
            };
            write(0, head.scale, &inner.view(), &head.key);
            write(1, head.scale, &inner.t(), &head.query);
            write(2, 1.0, &kept.t(), &slope);
        }
        let shape = out.dim().into();
        Ok((CpuStorage::F32(out.into_raw_vec_and_offset().0), shape))
    }
}
