//! A held-out part, drawn by strata.

use super::Dataset;
use super::balance::{deal, units};
use crate::error::{Error, Result};
use std::collections::HashMap;

/// Row numbers, in order, of a training part and of a held-out part that has about `share` of the rows.
///
/// Rows of one document, and near-duplicates, stand in one part. The held-out part has its share, as nearly as that
/// allows, of each combination of labels in each domain, of each label, of each domain, and of all rows. The same
/// data and seed give the same parts.
///
/// # Errors
/// A `share` that is not between 0 and 1, or a part that would be empty.
pub fn stratified_split(dataset: &Dataset, share: f64, seed: u64) -> Result<(Vec<usize>, Vec<usize>)> {
    if !(share > 0.0 && share < 1.0) {
        return Err(Error::parameter("share", share, "a number between 0 and 1, both excluded"));
    }
    let parts = deal(&units(dataset), &classes(dataset), &[1.0 - share, share], seed);
    let (train, test): (Vec<usize>, Vec<usize>) = (0..parts.len()).partition(|row| parts[*row] == 0);
    if train.is_empty() || test.is_empty() {
        let found = format!("{share} of {} rows", parts.len());
        return Err(Error::parameter("share", found, "at least one document in each part"));
    }
    Ok((train, test))
}

/// What the held-out part is to have its share of.
#[derive(PartialEq, Eq, Hash)]
enum Stratum<'a> {
    All,
    Domain(Option<&'a str>),
    Label(usize),
    Combination(Option<&'a str>, &'a [bool]),
}

/// The strata of each row, numbered by first appearance.
fn classes(dataset: &Dataset) -> Vec<Vec<usize>> {
    let mut numbers = HashMap::new();
    let mut number = |stratum| {
        let next = numbers.len();
        *numbers.entry(stratum).or_insert(next)
    };
    let mut classes = Vec::new();
    for row in &dataset.rows {
        let domain = row.domain.as_deref();
        let labels = (0..row.tags.len()).filter(|label| row.tags[*label]).map(Stratum::Label);
        let whole = [Stratum::All, Stratum::Domain(domain), Stratum::Combination(domain, &row.tags)];
        classes.push(whole.into_iter().chain(labels).map(&mut number).collect());
    }
    classes
}
