//! Label names and label schemes. The four verbal acts are data, not code: any scheme works.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What joins the labels of one sentence in a cell.
pub const SEPARATOR: char = '|';
/// What stands in a cell for "no label". A blank cell means the same.
pub const NONE: &str = "none";

/// An ordered set of label names: the columns of every score matrix.
///
/// ```
/// use rhetor::LabelSet;
/// let labels = LabelSet::new(["accusation", "threat"])?;
/// assert_eq!(labels.parse("threat"), Ok(vec![false, true]));
/// assert_eq!(labels.parse("none"), Ok(vec![false, false]));
/// assert_eq!(labels.parse("praise"), Err("praise".to_string()));
/// assert_eq!(labels.format(&[true, true]), "accusation|threat");
/// # Ok::<(), rhetor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct LabelSet(Vec<String>);

impl LabelSet {
    /// A scheme from its names, in the order given.
    ///
    /// # Errors
    /// No name at all, a blank or repeated one, `none`, or one with `|`, a comma or a line break in it.
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        if names.is_empty() {
            return Err(Error::parameter("labels", "none", "at least one label name"));
        }
        for (i, name) in names.iter().enumerate() {
            if !is_label_name(name) {
                return Err(Error::parameter(
                    "labels",
                    format!("{name:?}"),
                    "a name that is not blank, not `none`, and has no `|`, comma or line break in it",
                ));
            }
            if names[..i].contains(name) {
                return Err(Error::parameter("labels", format!("{name:?} twice"), "each label once"));
            }
        }
        Ok(LabelSet(names))
    }

    /// How many labels, at least 1.
    #[allow(clippy::len_without_is_empty)] // never empty
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The names in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The name of label `index`, which must be below [`len`](Self::len).
    pub fn name(&self, index: usize) -> &str {
        &self.0[index]
    }

    /// The column of a label.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|n| n == name)
    }

    /// Reads a cell such as `accusation|denial`, `none` or a blank: one flag a label.
    ///
    /// # Errors
    /// The first name in the cell that is not in the scheme.
    pub fn parse(&self, cell: &str) -> Result<Vec<bool>, String> {
        let mut tags = vec![false; self.len()];
        for name in split(cell) {
            tags[self.index(name).ok_or_else(|| name.to_string())?] = true;
        }
        Ok(tags)
    }

    /// The names of the set flags.
    pub fn tagged<'a>(&'a self, tags: &'a [bool]) -> impl Iterator<Item = &'a str> {
        self.names().zip(tags).filter(|(_, on)| **on).map(|(name, _)| name)
    }

    /// Writes a cell: the set flags' names joined by `|`, or `none`.
    pub fn format(&self, tags: &[bool]) -> String {
        let names: Vec<&str> = self.tagged(tags).collect();
        if names.is_empty() { NONE.into() } else { names.join("|") }
    }
}

impl fmt::Display for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

impl TryFrom<Vec<String>> for LabelSet {
    type Error = Error;
    fn try_from(names: Vec<String>) -> Result<Self> {
        LabelSet::new(names)
    }
}

impl From<LabelSet> for Vec<String> {
    fn from(labels: LabelSet) -> Self {
        labels.0
    }
}

/// The label names in a cell, `none` and blanks left out.
pub fn split(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(SEPARATOR).map(str::trim).filter(|name| !name.is_empty() && *name != NONE)
}

/// Whether a name can be a label: not blank, not `none`, no `|`, comma or line break.
pub fn is_label_name(name: &str) -> bool {
    name == name.trim() && !name.is_empty() && name != NONE && !name.contains([SEPARATOR, ',', '\n', '\r'])
}
