//! Arrays as the model file holds them.

use crate::error::{Error, Result};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

/// A named array, little-endian, row-major: what a fitted part of a model hands to the model file.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredTensor {
    /// Its name, `part.name`.
    pub name: String,
    /// Its element type.
    pub dtype: Dtype,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its elements.
    pub bytes: Vec<u8>,
}

impl StoredTensor {
    /// Bytes, such as a text in UTF-8.
    pub fn bytes(name: &str, bytes: Vec<u8>) -> Self {
        StoredTensor { name: name.into(), dtype: Dtype::U8, shape: vec![bytes.len()], bytes }
    }

    /// Numbers in the order of the shape's last axis running fastest.
    pub fn floats(name: &str, shape: Vec<usize>, values: impl IntoIterator<Item = f32>) -> Self {
        let bytes = values.into_iter().flat_map(f32::to_le_bytes).collect();
        StoredTensor { name: name.into(), dtype: Dtype::F32, shape, bytes }
    }
}

/// The arrays of a model file that has been opened: reads them back with errors that name the array.
#[derive(Debug)]
pub struct StoredTensors<'a> {
    /// The file, for messages.
    pub file: &'a std::path::Path,
    /// Its arrays.
    pub tensors: SafeTensors<'a>,
}

impl StoredTensors<'_> {
    /// The array `name`.
    ///
    /// # Errors
    /// When the file has none of that name or type.
    pub fn view(&self, name: &str, dtype: Dtype) -> Result<TensorView<'_>> {
        let view = self.tensors.tensor(name).map_err(|_| self.broken(format!("has no array {name:?}")))?;
        if view.dtype() != dtype {
            return Err(self.broken(format!("holds {name:?} as {:?}, not {dtype:?}", view.dtype())));
        }
        Ok(view)
    }

    /// A text.
    ///
    /// # Errors
    /// When it is missing or not UTF-8.
    pub fn text(&self, name: &str) -> Result<String> {
        String::from_utf8(self.view(name, Dtype::U8)?.data().to_vec())
            .map_err(|_| self.broken(format!("holds {name:?} in another encoding than UTF-8")))
    }

    /// Numbers, with the shape they have.
    ///
    /// # Errors
    /// When they are missing or not 32-bit floats.
    pub fn floats(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>)> {
        let view = self.view(name, Dtype::F32)?;
        let values = view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        Ok((view.shape().to_vec(), values.collect()))
    }

    /// An error of this file.
    pub fn broken(&self, problem: String) -> Error {
        Error::model(self.file, problem, "train the model again with rhetor-train")
    }
}
