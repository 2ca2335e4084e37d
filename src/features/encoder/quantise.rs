//! Weights as stored: matrices as 8-bit integers with a scale a row and a scale a column, a quarter of the size.
//!
//! A matrix `name` of shape (rows, columns) becomes `name`, I8, with `name.row_scale` and `name.column_scale`, F32:
//! element = integer × row scale × column scale. Integers are symmetric, the largest magnitude of a row being 127.
//! The column scale is the square root of the column's root mean square: a few columns of BERT's matrices are far
//! larger than the rest, and would take the resolution from them. Against a scale a row alone, this brings the error
//! of the base weights' pooled vectors from 3.6% to 2.2%. Vectors (biases, gains) stay F32.

use super::super::tensor::StoredTensor;
use super::bert::Weights;
use super::ops::floats;
use crate::error::{Error, Result};
use candle_core::{Device, Storage, Tensor};
use rayon::prelude::*;
use safetensors::{Dtype, SafeTensors};

/// How exactly weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Every weight as it is, 4 bytes.
    Single,
    /// Matrices in 8 bits.
    Int8,
}

/// Weights in the form in which they are stored, under `prefix` and their names.
pub(super) fn store(
    weights: &Weights,
    prefix: &str,
    precision: Precision,
) -> Result<Vec<(String, StoredTensor)>> {
    let mut stored = Vec::with_capacity(2 * weights.len());
    for (name, tensor) in weights {
        let (values, name) = (values(tensor)?, format!("{prefix}{name}"));
        match tensor.dims() {
            &[_, columns] if precision == Precision::Int8 => {
                let Quantised { integers, row_scales, column_scales } = quantise(&values, columns);
                for (axis, scales) in [("row", row_scales), ("column", column_scales)] {
                    stored.push((
                        format!("{name}.{axis}_scale"),
                        StoredTensor::floats(&scales, &[scales.len()]),
                    ));
                }
                let (dtype, shape) = (Dtype::I8, tensor.dims().to_vec());
                stored.push((name, StoredTensor { dtype, shape, bytes: integers }));
            }
            shape => stored.push((name, StoredTensor::floats(&values, shape))),
        }
    }
    Ok(stored)
}

/// A copy of a tensor's numbers.
pub(super) fn values(tensor: &Tensor) -> Result<Vec<f32>> {
    let tensor = tensor.contiguous().map_err(Error::encoder)?;
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        Storage::Cpu(storage) => Ok(floats(storage, layout).map_err(Error::encoder)?.to_vec()),
        _ => Err(Error::encoder("a tensor is not in main memory")),
    }
}

struct Quantised {
    /// The bytes of i8 numbers.
    integers: Vec<u8>,
    row_scales: Vec<f32>,
    column_scales: Vec<f32>,
}

/// Rows of `columns` numbers as integers and their scales.
fn quantise(values: &[f32], columns: usize) -> Quantised {
    let column_scales = column_scales(values, columns);
    let mut integers = Vec::with_capacity(values.len());
    let mut row_scales = Vec::with_capacity(values.len() / columns.max(1));
    for row in values.chunks_exact(columns.max(1)) {
        let even: Vec<f32> = row.iter().zip(&column_scales).map(|(x, scale)| x / scale).collect();
        let scale = one_for_zero(even.iter().fold(0f32, |largest, x| largest.max(x.abs())) / 127.0);
        integers.extend(even.iter().map(|x| (x / scale).round() as i8 as u8));
        row_scales.push(scale);
    }
    Quantised { integers, row_scales, column_scales }
}

fn column_scales(values: &[f32], columns: usize) -> Vec<f32> {
    let mut squares = vec![0f64; columns];
    for row in values.chunks_exact(columns.max(1)) {
        squares.iter_mut().zip(row).for_each(|(sum, x)| *sum += f64::from(*x) * f64::from(*x));
    }
    let rows = (values.len() / columns.max(1)) as f64;
    squares.into_iter().map(|sum| one_for_zero((sum / rows).powf(0.25) as f32)).collect()
}

fn one_for_zero(scale: f32) -> f32 {
    if scale > 0.0 { scale } else { 1.0 }
}

fn dequantise(integers: &[u8], row_scales: &[f32], column_scales: &[f32]) -> Vec<f32> {
    let mut values = Vec::with_capacity(integers.len());
    for (row, scale) in integers.chunks_exact(column_scales.len().max(1)).zip(row_scales) {
        let pairs = row.iter().zip(column_scales);
        values.extend(pairs.map(|(&byte, column_scale)| f32::from(byte as i8) * (scale * column_scale)));
    }
    values
}

/// Reads the network's weights from the tensors under `prefix`, stored in either precision or as published.
pub(super) fn restore(tensors: &SafeTensors<'_>, prefix: &str) -> Result<Weights> {
    join_projections(restore_if(tensors, prefix, |name| {
        let known = name.starts_with("embeddings.") || name.starts_with("encoder.layer.");
        known && (name.ends_with(".weight") || name.ends_with(".bias"))
    })?)
}

/// Reads what [`store`] made under `prefix`, whatever the names.
pub(super) fn restore_all(tensors: &SafeTensors<'_>, prefix: &str) -> Result<Weights> {
    restore_if(tensors, prefix, |name| !name.ends_with("_scale"))
}

fn restore_if(tensors: &SafeTensors<'_>, prefix: &str, wanted: impl Fn(&str) -> bool) -> Result<Weights> {
    let names: Vec<(&str, &str)> = tensors
        .names()
        .into_iter()
        .filter_map(|full_name| {
            Some((full_name, full_name.strip_prefix(prefix).filter(|name| wanted(name))?))
        })
        .collect();
    names.into_par_iter().map(|(full_name, name)| Ok((name.to_string(), read(tensors, full_name)?))).collect()
}

fn read(tensors: &SafeTensors<'_>, name: &str) -> Result<Tensor> {
    let view = tensors.tensor(name).map_err(Error::encoder)?;
    let (shape, data) = (view.shape(), view.data());
    let values = match (view.dtype(), shape) {
        (Dtype::F32, _) => singles(data),
        (Dtype::I8, &[rows, columns]) => {
            dequantise(data, &scales(tensors, name, "row", rows)?, &scales(tensors, name, "column", columns)?)
        }
        (dtype, _) => return Err(Error::encoder(format!("{name} is of type {dtype:?}, not F32 or I8"))),
    };
    Tensor::from_vec(values, shape, &Device::Cpu).map_err(Error::encoder)
}

fn scales(tensors: &SafeTensors<'_>, name: &str, axis: &str, count: usize) -> Result<Vec<f32>> {
    let name = format!("{name}.{axis}_scale");
    let view = tensors.tensor(&name).map_err(Error::encoder)?;
    if view.dtype() != Dtype::F32 || view.shape() != [count] {
        return Err(Error::encoder(format!("{name} does not hold {count} F32 scales")));
    }
    Ok(singles(view.data()))
}

fn singles(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// Published checkpoints keep query, key and value projections apart; one product of the three is faster.
fn join_projections(mut weights: Weights) -> Result<Weights> {
    let apart: Vec<String> = weights.keys().filter(|name| name.contains(".self.query.")).cloned().collect();
    for query in apart {
        let names = [query.clone(), query.replace(".query.", ".key."), query.replace(".query.", ".value.")];
        let parts: Vec<Tensor> = names.iter().filter_map(|name| weights.remove(name)).collect();
        let joined = Tensor::cat(&parts, 0).map_err(Error::encoder)?;
        weights.insert(query.replace(".query.", ".qkv."), joined);
    }
    Ok(weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(quantised: &Quantised) -> Vec<f32> {
        dequantise(&quantised.integers, &quantised.row_scales, &quantised.column_scales)
    }

    #[test]
    fn eight_bits_err_by_half_a_step_at_most() {
        let values: Vec<f32> = (0..64).map(|i| ((i * 37 % 64) as f32 - 31.0) * 0.01).collect();
        let quantised = quantise(&values, 16);
        for (i, (x, y)) in values.iter().zip(&back(&quantised)).enumerate() {
            let step = quantised.row_scales[i / 16] * quantised.column_scales[i % 16];
            assert!((x - y).abs() <= 0.501 * step, "element {i}: {x} came back as {y}");
        }
    }

    #[test]
    fn a_large_column_leaves_the_others_their_resolution() {
        let mut values: Vec<f32> = (0..64).map(|i| ((i * 37 % 64) as f32 - 31.5) * 0.01).collect();
        values.iter_mut().step_by(16).for_each(|x| *x *= 400.0);
        let back = back(&quantise(&values, 16));
        let error = |(i, (x, y)): (usize, (&f32, &f32))| if i % 16 == 0 { 0.0 } else { (x - y).abs() };
        let worst = values.iter().zip(&back).enumerate().map(error).fold(0.0, f32::max);
        // With a scale a row alone a step is 400 · 0.3 / 127, about 0.9, and the small columns vanish.
        assert!(worst < 0.04, "{worst}");
    }

    #[test]
    fn zeros_stay_zero() {
        assert_eq!(back(&quantise(&[0.0, 0.0, 0.0, 2.0], 2))[..3], [0.0; 3]);
        assert_eq!(back(&quantise(&[0.0; 4], 2)), [0.0; 4]);
    }
}
