//! Dealing rows out to parts (folds; training and held-out) so that what belongs together stays together and every
//! part gets its share of everything.

use super::Dataset;
use super::duplicates::{NEAR, clusters};
use super::union::Union;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;

/// The unit of each row: rows of one document, or of one cluster of near-duplicates, or connected through either.
pub(super) fn units(dataset: &Dataset) -> Vec<usize> {
    let mut union = Union::new(dataset.rows.len());
    union.join_equal(&dataset.groups());
    union.join_equal(&clusters(&dataset.texts(), NEAR));
    union.numbers()
}

/// Deals whole units out to parts; returns the part of each row.
///
/// `classes` gives, for each row, the classes (counted from 0) of which each part is to get its share; `shares` sum
/// to 1. Units are dealt one by one, those with the largest portion of a class first and those alike in the random
/// order of `seed`, each to the part where it most lowers the sum over classes c of (n - sT)² / sT: n what the part
/// has of c, s its share, T the total of c. Rare classes thus weigh more (the idea of iterative stratification:
/// Sechidis, Tsoumakas and Vlahavas, ECML PKDD 2011).
pub(super) fn deal(units: &[usize], classes: &[Vec<usize>], shares: &[f64], seed: u64) -> Vec<usize> {
    let contents = contents(units, classes);
    let totals = totals(&contents);
    let mut dealt = vec![vec![0.0; totals.len()]; shares.len()];
    let mut part_of_unit = vec![0; contents.len()];
    for unit in order(&contents, &totals, seed) {
        let cost = |part: usize| cost(&contents[unit], &dealt[part], &totals, shares[part]);
        let part = (0..shares.len()).min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(0);
        for (class, count) in &contents[unit] {
            dealt[part][*class] += count;
        }
        part_of_unit[unit] = part;
    }
    units.iter().map(|unit| part_of_unit[*unit]).collect()
}

/// How many rows of a class a unit has.
type Content = BTreeMap<usize, f64>;

fn contents(units: &[usize], classes: &[Vec<usize>]) -> Vec<Content> {
    let mut contents = vec![Content::new(); units.iter().max().map_or(0, |last| last + 1)];
    for (unit, classes) in units.iter().zip(classes) {
        for class in classes {
            *contents[*unit].entry(*class).or_default() += 1.0;
        }
    }
    contents
}

fn totals(contents: &[Content]) -> Vec<f64> {
    let mut totals = Vec::new();
    for (class, count) in contents.iter().flatten() {
        totals.resize(totals.len().max(class + 1), 0.0);
        totals[*class] += count;
    }
    totals
}

fn order(contents: &[Content], totals: &[f64], seed: u64) -> Vec<usize> {
    let portion = |unit: usize| -> f64 { contents[unit].iter().map(|(class, n)| n / totals[*class]).sum() };
    let mut order: Vec<usize> = (0..contents.len()).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    order.sort_by(|a, b| portion(*b).total_cmp(&portion(*a)));
    order
}

/// What dealing `unit` to a part adds to the part's sum: u(2(n - sT) + u) / sT over the classes of the unit.
fn cost(unit: &Content, dealt: &[f64], totals: &[f64], share: f64) -> f64 {
    let class_cost = |(class, count): (&usize, &f64)| {
        let due = share * totals[*class];
        count * (2.0 * (dealt[*class] - due) + count) / due
    };
    unit.iter().map(class_cost).sum()
}
