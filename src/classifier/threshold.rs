//! Probabilities to tags: from which probability on a label is set.
//!
//! A sentence is tagged if its probability is at least the threshold.

use super::log_odds;
use crate::error::{Error, Result};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// Bootstrap replicates over which the threshold is averaged; more do not measure better.
const REPLICATES: u64 = 200;
/// Nothing hangs on which seed it is, only that it stays.
const SEED: u64 = 1;
/// Thresholds are averaged as if they were this far from 0 and 1 at least.
const MARGIN: f64 = 1e-9;

/// What a threshold is to achieve.
///
/// Written `f1`, `f0.5`, `precision=0.9`, `recall=0.9`.
///
/// ```
/// use rhetor::classifier::threshold::Objective;
/// let objective: Objective = "f2".parse()?;
/// assert_eq!(objective, Objective::FBeta(2.0));
/// # Ok::<(), rhetor::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Objective {
    /// The highest F1.
    F1,
    /// The highest F-beta, for beta above 0: recall counts beta times as much as precision.
    FBeta(f64),
    /// The highest recall whose precision is at least this, in (0, 1].
    Precision(f64),
    /// The highest precision whose recall is at least this, in (0, 1].
    Recall(f64),
}

/// The threshold that serves `objective` best on calibrated out-of-fold `probabilities` (n,) with tags `gold` (n,).
///
/// Candidates are the midpoints between neighbouring distinct probabilities (0 is the lower neighbour of the lowest);
/// of equally good ones, that nearest to .5.
///
/// For F1 and F-beta the result is the mean, in log-odds, of the best candidates of 200 bootstrap replicates. The best
/// candidate of the rows themselves fits their noise: in simulations (normal and Student-t(3) scores, prevalence .03 to
/// .25, 400 to 6,000 rows, Platt-calibrated) it lost .0015 to .049 of the attainable F1 on fresh rows, the mean .0006 to
/// .031, mostly about half as much and never more. Averaging the F1 curve before the choice gained nothing; the threshold
/// that the probabilities imply by themselves, half the best F1 (Lipton et al. 2014), did better still where the
/// calibration curve had the right shape, and lost up to .16 where it had not.
///
/// For a wanted precision or recall the candidate is taken from the rows themselves, where it then holds exactly: with
/// normal scores a mean of replicates was no nearer to the target on fresh rows. If no threshold reaches the precision,
/// the most precise one is taken.
///
/// Without a row that bears the label there is nothing to choose by, and the result is .5. Probabilities that are not
/// numbers are left out; the longer of two unequal slices is cut.
///
/// ```
/// use rhetor::classifier::threshold::{Objective, best};
/// let probabilities = [0.1, 0.2, 0.6, 0.9];
/// let gold = [false, false, true, true];
/// let threshold = best(&probabilities, &gold, Objective::Precision(1.0));
/// assert!((threshold - 0.4).abs() < 1e-6);
/// ```
pub fn best(probabilities: &[f32], gold: &[bool], objective: Objective) -> f32 {
    let cuts = Cuts::new(probabilities, gold);
    match objective {
        Objective::F1 | Objective::FBeta(_) => cuts.bagged(objective),
        Objective::Precision(_) | Objective::Recall(_) => cuts.best(&vec![1; cuts.rows.len()], objective),
    }
    .unwrap_or(0.5)
}

/// The rows by falling probability, and the places to cut them.
struct Cuts {
    rows: Vec<(f32, bool)>,
    /// Each place as how many rows are tagged and by which threshold.
    places: Vec<(usize, f32)>,
}

impl Cuts {
    fn new(probabilities: &[f32], gold: &[bool]) -> Self {
        let mut rows: Vec<(f32, bool)> = probabilities.iter().copied().zip(gold.iter().copied()).collect();
        rows.retain(|(p, _)| !p.is_nan());
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        let runs: Vec<&[(f32, bool)]> = rows.chunk_by(|a, b| a.0 == b.0).collect();
        let mut tagged = 0;
        let mut places = Vec::with_capacity(runs.len());
        for (i, run) in runs.iter().enumerate() {
            tagged += run.len();
            let next = runs.get(i + 1).map_or(0.0, |next| next[0].0);
            places.push((tagged, midpoint(next, run[0].0)));
        }
        Cuts { rows, places }
    }

    /// The best threshold if row i stood `weights[i]` times; none if no row bears the label.
    fn best(&self, weights: &[u32], objective: Objective) -> Option<f32> {
        let bearing = |((_, gold), weight): (&(f32, bool), &u32)| u32::from(*gold) * weight;
        let support: u32 = self.rows.iter().zip(weights).map(bearing).sum();
        if support == 0 {
            return None;
        }
        let (mut from, mut hits, mut tagged) = (0, 0, 0);
        let merits = self.places.iter().map(|&(to, threshold)| {
            hits += self.rows[from..to].iter().zip(&weights[from..to]).map(bearing).sum::<u32>();
            tagged += weights[from..to].iter().sum::<u32>();
            from = to;
            let [first, second] = objective.merit(hits.into(), tagged.into(), support.into());
            ([first, second, -f64::from((threshold - 0.5).abs())], threshold)
        });
        let better =
            |a: &([f64; 3], f32), b: &([f64; 3], f32)| a.0.partial_cmp(&b.0).unwrap_or(Ordering::Equal);
        merits.max_by(better).map(|(_, threshold)| threshold)
    }

    /// The mean in log-odds of the replicates' best thresholds.
    fn bagged(&self, objective: Objective) -> Option<f32> {
        let best: Vec<f64> = (0..REPLICATES)
            .filter_map(|replicate| self.best(&self.resampled(replicate), objective))
            .map(|threshold| log_odds(threshold.into(), MARGIN))
            .collect();
        let mean = best.iter().sum::<f64>() / best.len() as f64;
        (!best.is_empty()).then(|| (1.0 / (1.0 + (-mean).exp())) as f32)
    }

    /// How often each row is drawn when as many are drawn with replacement.
    fn resampled(&self, replicate: u64) -> Vec<u32> {
        let mut generator = ChaCha8Rng::seed_from_u64(SEED);
        generator.set_stream(replicate);
        let mut weights = vec![0; self.rows.len()];
        for _ in 0..weights.len() {
            weights[generator.random_range(0..self.rows.len())] += 1;
        }
        weights
    }
}

impl Objective {
    /// How good it is to have `hits` right among `tagged` when `support` should be tagged: compared in order.
    fn merit(self, hits: f64, tagged: f64, support: f64) -> [f64; 2] {
        let precision = if tagged > 0.0 { hits / tagged } else { 0.0 };
        let recall = hits / support;
        match self {
            Objective::F1 => [2.0 * hits / (tagged + support), 0.0],
            Objective::FBeta(beta) => [(1.0 + beta * beta) * hits / (tagged + beta * beta * support), 0.0],
            Objective::Precision(least) if precision >= least => [1.0 + recall, precision],
            Objective::Recall(least) if recall >= least => [1.0 + precision, recall],
            Objective::Precision(_) => [precision, recall],
            Objective::Recall(_) => [recall, precision],
        }
    }
}

impl FromStr for Objective {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = |text: &str| text.parse::<f64>().ok().filter(|x| x.is_finite() && *x > 0.0);
        let share = |text: &str| number(text).filter(|x| *x <= 1.0);
        let objective = match text.split_once('=') {
            Some(("precision", least)) => share(least).map(Objective::Precision),
            Some(("recall", least)) => share(least).map(Objective::Recall),
            Some(_) => None,
            None => text.strip_prefix('f').and_then(number).map(Objective::FBeta),
        };
        match objective {
            Some(Objective::FBeta(1.0)) => Ok(Objective::F1),
            Some(objective) => Ok(objective),
            None => {
                let expected =
                    "f1, another f-beta as in f0.5, precision=P or recall=P with P above 0 and at most 1";
                Err(Error::parameter("objective", format!("{text:?}"), expected))
            }
        }
    }
}

impl fmt::Display for Objective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Objective::F1 => write!(f, "f1"),
            Objective::FBeta(beta) => write!(f, "f{beta}"),
            Objective::Precision(least) => write!(f, "precision={least}"),
            Objective::Recall(least) => write!(f, "recall={least}"),
        }
    }
}

impl TryFrom<String> for Objective {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Objective> for String {
    fn from(objective: Objective) -> Self {
        objective.to_string()
    }
}

/// A threshold between two probabilities, that tags `high` and not `low`.
fn midpoint(low: f32, high: f32) -> f32 {
    let middle = ((f64::from(low) + f64::from(high)) / 2.0) as f32;
    // Between neighbouring floats there is none, and the rounding may go down.
    if middle > low { middle } else { high }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::Rng;

    const PROBABILITIES: [f32; 6] = [0.9, 0.8, 0.6, 0.4, 0.3, 0.1];
    const GOLD: [bool; 6] = [true, true, false, true, false, false];

    fn cut(objective: &str) -> f32 {
        best(&PROBABILITIES, &GOLD, objective.parse().unwrap())
    }

    #[test]
    fn precision_buys_as_much_recall_as_it_can() {
        assert!((cut("precision=1") - 0.7).abs() < 1e-6);
        assert!((cut("precision=0.75") - 0.35).abs() < 1e-6);
        assert!((cut("precision=0.6") - 0.35).abs() < 1e-6); // two cuts with full recall: the more precise
    }

    #[test]
    fn recall_buys_as_much_precision_as_it_can() {
        assert!((cut("recall=0.6") - 0.7).abs() < 1e-6);
        assert!((cut("recall=1") - 0.35).abs() < 1e-6);
    }

    #[test]
    fn a_precision_out_of_reach_gives_the_most_precise() {
        let threshold = best(&[0.9, 0.5, 0.2], &[false, true, false], Objective::Precision(0.9));
        assert!((threshold - 0.35).abs() < 1e-6);
    }

    #[test]
    fn ties_go_towards_a_half() {
        // One right of one tagged, or two of four, with two to find: F1 is 2/3 either way.
        let cuts = Cuts::new(&[0.98, 0.6, 0.55, 0.45, 0.1], &[true, false, false, true, false]);
        assert_eq!(Objective::F1.merit(1.0, 1.0, 2.0), Objective::F1.merit(2.0, 4.0, 2.0));
        let (high, low) = (midpoint(0.6, 0.98), midpoint(0.1, 0.45));
        assert_eq!(cuts.best(&[1; 5], Objective::F1), Some(if high - 0.5 < 0.5 - low { high } else { low }));
        let cuts = Cuts::new(&[0.98, 0.97, 0.55, 0.45, 0.1], &[true, false, false, true, false]);
        assert_eq!(cuts.best(&[1; 5], Objective::F1), Some(low));
    }

    #[test]
    fn the_mean_of_replicates_stands_inside_the_gap_of_separable_rows() {
        let probabilities: Vec<f32> = (0..100).map(|i| if i < 30 { 0.8 } else { 0.2 }).collect();
        let gold: Vec<bool> = (0..100).map(|i| i < 30).collect();
        assert!((best(&probabilities, &gold, Objective::F1) - 0.5).abs() < 1e-6);
    }

    #[test]
    fn the_mean_of_replicates_loses_less_on_fresh_rows() {
        let mut generator = ChaCha8Rng::seed_from_u64(5);
        let mut draw = |n: usize| -> (Vec<f32>, Vec<bool>) {
            let row = |_| {
                let gold = generator.random::<f64>() < 0.1;
                // Twelve uniforms make a normal deviate; two deviations apart, the log-odds are 2 x - 2 + ln(.1 / .9).
                let x = (0..12).map(|_| generator.random::<f64>()).sum::<f64>() - 6.0
                    + if gold { 2.0 } else { 0.0 };
                let p = 1.0 / (1.0 + (-(2.0 * x - 2.0 + (0.1f64 / 0.9).ln())).exp());
                (p as f32, gold)
            };
            (0..n).map(row).unzip()
        };
        let fresh = draw(20_000);
        let f1 = |threshold: f32| {
            let tagged = fresh.0.iter().zip(&fresh.1).filter(|(p, _)| **p >= threshold);
            let (hits, n) =
                tagged.fold((0.0, 0.0), |(hits, n), (_, g)| (hits + f64::from(u8::from(*g)), n + 1.0));
            Objective::F1.merit(hits, n, fresh.1.iter().filter(|g| **g).count() as f64)[0]
        };
        let (mut raw, mut mean) = (0.0, 0.0);
        for _ in 0..30 {
            let (p, gold) = draw(400);
            raw += f1(Cuts::new(&p, &gold).best(&[1; 400], Objective::F1).unwrap()) / 30.0;
            mean += f1(best(&p, &gold, Objective::F1)) / 30.0;
        }
        assert!(mean > raw + 0.002, "{mean} {raw}");
    }

    #[test]
    fn rows_without_the_label_leave_a_half() {
        for objective in [Objective::F1, Objective::Precision(0.5)] {
            assert_eq!(best(&[0.3, 0.1], &[false, false], objective), 0.5);
            assert_eq!(best(&[], &[], objective), 0.5);
            assert_eq!(best(&[f32::NAN], &[true], objective), 0.5);
        }
    }

    #[test]
    fn objectives_are_read_and_written() {
        for text in ["f1", "f0.5", "f2", "precision=0.9", "recall=1"] {
            assert_eq!(text.parse::<Objective>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "f",
            "f0",
            "f-1",
            "fnan",
            "finf",
            "f1=1",
            "precision=0",
            "precision=1.1",
            "recall",
            "accuracy=1",
        ] {
            assert!(text.parse::<Objective>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_wanted_recall_is_had_on_the_rows(rows in prop::collection::vec((0.0f32..=1.0, any::<bool>()), 1..40), least in 0.01f64..=1.0) {
            let (p, gold): (Vec<f32>, Vec<bool>) = rows.into_iter().unzip();
            let threshold = best(&p, &gold, Objective::Recall(least));
            let found = p.iter().zip(&gold).filter(|(p, g)| **g && **p >= threshold).count();
            let support = gold.iter().filter(|g| **g).count();
            prop_assert!(support == 0 || found as f64 / support as f64 >= least);
        }

        #[test]
        fn any_rows_give_a_threshold(rows in prop::collection::vec((0.0f32..=1.0, any::<bool>()), 0..40), beta in 0.1f64..5.0) {
            let (p, gold): (Vec<f32>, Vec<bool>) = rows.into_iter().unzip();
            for objective in [Objective::F1, Objective::FBeta(beta), Objective::Precision(0.5)] {
                prop_assert!((0.0..=1.0).contains(&best(&p, &gold, objective)));
            }
        }
    }
}
