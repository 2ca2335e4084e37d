//! Arrays as the model file holds them.

use crate::error::{Error, Result};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, View};
use std::borrow::Cow;

/// The elements of one array, as a fitted part of a model hands them to the model file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTensor {
    /// Type of the elements.
    pub dtype: Dtype,
    /// Dimensions.
    pub shape: Vec<usize>,
    /// Elements in row-major order, little-endian.
    pub bytes: Vec<u8>,
}

/// An array and its name, `part.name`.
pub type NamedTensor = (String, StoredTensor);

impl StoredTensor {
    /// Bytes as they are: a text in UTF-8, say.
    pub fn raw(bytes: Vec<u8>) -> Self {
        StoredTensor { dtype: Dtype::U8, shape: vec![bytes.len()], bytes }
    }

    /// Numbers, the shape's last axis running fastest.
    pub fn floats(values: &[f32], shape: &[usize]) -> Self {
        let bytes = values.iter().flat_map(|x| x.to_le_bytes()).collect();
        StoredTensor { dtype: Dtype::F32, shape: shape.to_vec(), bytes }
    }
}

impl View for StoredTensor {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
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
