//! What is evaluated: probabilities beside the truth.

use crate::classifier;
use crate::error::{Error, Result};
use crate::label::LabelSet;
use ndarray::{Array2, ArrayView2};

/// Rows scored by a model, and what they should have got.
///
/// ```
/// use ndarray::array;
/// use rhetor::{LabelSet, evaluation::Scored};
/// let labels = LabelSet::new(["threat"])?;
/// let probabilities = array![[0.9], [0.2]];
/// let gold = array![[true], [true]];
/// let scored = Scored::new(&labels, probabilities.view(), gold.view(), &[0.5])?.by_document(&[0, 0])?;
/// assert_eq!(scored.predicted(), array![[true], [false]]);
/// # Ok::<(), rhetor::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Scored<'a> {
    pub(crate) labels: &'a LabelSet,
    pub(crate) probabilities: ArrayView2<'a, f32>,
    pub(crate) gold: ArrayView2<'a, bool>,
    pub(crate) thresholds: &'a [f32],
    /// The document of each row, numbered from 0 without gaps.
    pub(crate) documents: Vec<usize>,
    pub(crate) keyword: Option<ArrayView2<'a, bool>>,
}

impl<'a> Scored<'a> {
    /// Probabilities (rows, labels) in \[0, 1\], the truth (rows, labels), and a threshold a label.
    ///
    /// # Errors
    /// Shapes that do not match, a probability outside \[0, 1\], a threshold that is not finite.
    pub fn new(
        labels: &'a LabelSet,
        probabilities: ArrayView2<'a, f32>,
        gold: ArrayView2<'a, bool>,
        thresholds: &'a [f32],
    ) -> Result<Self> {
        let rows = probabilities.nrows();
        same("probabilities", probabilities.dim(), (rows, labels.len()))?;
        same("gold tags", gold.dim(), (rows, labels.len()))?;
        same("thresholds", thresholds.len(), labels.len())?;
        if let Some(p) = probabilities.iter().find(|p| !(0.0..=1.0).contains(*p)) {
            return Err(Error::parameter("probabilities", p, "numbers from 0 to 1"));
        }
        if let Some(t) = thresholds.iter().find(|t| !t.is_finite()) {
            return Err(Error::parameter("thresholds", t, "finite numbers"));
        }
        let documents = (0..rows).collect();
        Ok(Scored { labels, probabilities, gold, thresholds, documents, keyword: None })
    }

    /// Says which rows belong to one document: those with equal numbers. Without this each row is its own.
    ///
    /// # Errors
    /// Not one number a row.
    pub fn by_document(self, groups: &[usize]) -> Result<Self> {
        same("documents", groups.len(), self.rows())?;
        let mut distinct = groups.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let documents = groups.iter().map(|group| distinct.partition_point(|d| d < group)).collect();
        Ok(Scored { documents, ..self })
    }

    /// Adds the tags (rows, labels) that the keyword baseline sets on the same rows.
    ///
    /// # Errors
    /// Another shape than that of the truth.
    pub fn with_keyword(self, tags: ArrayView2<'a, bool>) -> Result<Self> {
        same("keyword tags", tags.dim(), self.gold.dim())?;
        Ok(Scored { keyword: Some(tags), ..self })
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.gold.nrows()
    }

    /// How many documents.
    pub fn documents(&self) -> usize {
        self.documents.iter().max().map_or(0, |last| last + 1)
    }

    /// The tags set (rows, labels): probability at or above the label's threshold.
    pub fn predicted(&self) -> Array2<bool> {
        classifier::tags(self.probabilities, self.thresholds)
    }
}

/// Checks one shape against another.
pub(super) fn same<T: PartialEq + std::fmt::Debug>(name: &'static str, found: T, expected: T) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(Error::parameter(name, format!("shape {found:?}"), format!("shape {expected:?}")))
}
