//! Folds for cross-validation.

use super::Dataset;
use super::balance::{deal, units};
use crate::error::{Error, Result};

/// The fold of each row, in `0..k`.
///
/// Rows of one document, and near-duplicates, stand in one fold; each label's rows, and all rows, are spread as
/// evenly as that allows. The same data and seed give the same folds.
///
/// # Errors
/// `k` below 2, or above the number of documents that can be told apart.
///
/// ```
/// use rhetor::dataset::{Dataset, ReadOptions, folds};
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("reviews.csv");
/// std::fs::write(&path, "text,label\nA joy.,good\nA bore.,none\nA delight.,good\nA chore.,none\n")?;
/// let dataset = Dataset::read(&[path], &ReadOptions::default())?;
/// let folds = folds(&dataset, 2, 42)?;
/// assert_ne!(folds[0], folds[2]);
/// assert_ne!(folds[1], folds[3]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn folds(dataset: &Dataset, k: usize, seed: u64) -> Result<Vec<usize>> {
    let units = units(dataset);
    let most = units.iter().max().map_or(0, |last| last + 1);
    if k < 2 || k > most {
        let expected = match most {
            0 | 1 => "rows of two documents or more: these are all of one (by their `doc` column, by the `.txt` beside \
                      their file, or as near-duplicates)"
                .to_string(),
            _ => format!("2 to {most}, the number of documents that are not near-duplicates of each other"),
        };
        return Err(Error::parameter("folds", k, expected));
    }
    Ok(deal(&units, &classes(dataset), &vec![1.0 / k as f64; k], seed))
}

/// The classes of each row: its labels, and one that all rows have.
fn classes(dataset: &Dataset) -> Vec<Vec<usize>> {
    let all = dataset.labels.len();
    let labels = |tags: &[bool]| (0..all).filter(|label| tags[*label]).chain([all]).collect();
    dataset.rows.iter().map(|row| labels(&row.tags)).collect()
}
