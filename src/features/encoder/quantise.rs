//! Weights as stored: matrices as 8-bit integers with a scale a row, a quarter of the size.
//!
//! A matrix `name` of shape (rows, columns) becomes `name`, I8, and `name.scale`, F32 (rows): element = integer × scale.
//! Scales are symmetric, the largest magnitude of a row being 127. Vectors (biases, gains) stay F32.

use super::bert::Weights;
use super::super::tensor::StoredTensor;
use super::ops::floats;
use crate::error::{Error, Result};
use candle_core::{Device, Storage, Tensor};
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
                let (integers, scales) = quantise(&values, columns);
                stored.push((format!("{name}.scale"), StoredTensor::floats(&scales, &[scales.len()])));
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

/// Rows of `columns` numbers as integers (the bytes of an i8) and a scale a row.
fn quantise(values: &[f32], columns: usize) -> (Vec<u8>, Vec<f32>) {
    let mut integers = Vec::with_capacity(values.len());
    let mut scales = Vec::with_capacity(values.len() / columns.max(1));
    for row in values.chunks_exact(columns.max(1)) {
        let largest = row.iter().fold(0f32, |largest, x| largest.max(x.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        integers.extend(row.iter().map(|x| (x / scale).round() as i8 as u8));
        scales.push(scale);
    }
    (integers, scales)
}

fn dequantise(integers: &[u8], scales: &[f32], columns: usize) -> Vec<f32> {
    let rows = integers.chunks_exact(columns.max(1)).zip(scales);
    rows.flat_map(|(row, scale)| row.iter().map(move |&byte| f32::from(byte as i8) * scale)).collect()
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
    restore_if(tensors, prefix, |name| !name.ends_with(".scale"))
}

fn restore_if(tensors: &SafeTensors<'_>, prefix: &str, wanted: impl Fn(&str) -> bool) -> Result<Weights> {
    let mut weights = Weights::new();
    for full_name in tensors.names() {
        if let Some(name) = full_name.strip_prefix(prefix).filter(|name| wanted(name)) {
            weights.insert(name.to_string(), read(tensors, full_name)?);
        }
    }
    Ok(weights)
}

fn read(tensors: &SafeTensors<'_>, name: &str) -> Result<Tensor> {
    let view = tensors.tensor(name).map_err(Error::encoder)?;
    let (shape, data) = (view.shape(), view.data());
    let values = match (view.dtype(), shape) {
        (Dtype::F32, _) => singles(data),
        (Dtype::I8, &[rows, columns]) => {
            let scale = tensors.tensor(&format!("{name}.scale")).map_err(Error::encoder)?;
            if scale.dtype() != Dtype::F32 || scale.shape() != [rows] {
                return Err(Error::encoder(format!("{name}.scale does not hold {rows} F32 scales")));
            }
            dequantise(data, &singles(scale.data()), columns)
        }
        (dtype, _) => return Err(Error::encoder(format!("{name} is of type {dtype:?}, not F32 or I8"))),
    };
    Tensor::from_vec(values, shape, &Device::Cpu).map_err(Error::encoder)
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

    #[test]
    fn eight_bits_err_by_half_a_scale_at_most() {
        let values: Vec<f32> = (0..64).map(|i| ((i * 37 % 64) as f32 - 31.0) * 0.01).collect();
        let (integers, scales) = quantise(&values, 16);
        let back = dequantise(&integers, &scales, 16);
        assert_eq!(back.len(), 64);
        for (i, (x, y)) in values.iter().zip(&back).enumerate() {
            assert!((x - y).abs() <= 0.501 * scales[i / 16], "element {i}: {x} came back as {y}");
        }
    }

    #[test]
    fn a_row_of_zeros_stays_zero() {
        let (integers, scales) = quantise(&[0.0; 4], 4);
        assert_eq!(dequantise(&integers, &scales, 4), [0.0; 4]);
    }
}
