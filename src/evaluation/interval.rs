//! How far a figure can be trusted: the bootstrap over documents.
//!
//! Sentences of one document resemble each other, so whole documents are drawn, with replacement, as many as there are.
//! Source: Efron and Tibshirani (1993), "An Introduction to the Bootstrap", chapters 13 and 15.

use super::counts::Counts;
use super::metrics::mean_of_defined;
use super::scored::Scored;
use crate::ranking::Ranking;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bootstrap {
    /// How often. With 0 there are no intervals.
    pub replicates: usize,
    /// Same seed, same intervals, however many threads.
    pub seed: u64,
}

impl Default for Bootstrap {
    /// 1,000 replicates, seed 0.
    fn default() -> Self {
        Bootstrap { replicates: 1000, seed: 0 }
    }
}

/// The 2.5th and the 97.5th percentile. In JSON `[low, high]`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval(pub f64, pub f64);

/// The figures of one label, or their means over the labels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Four {
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
    pub average_precision: Option<f64>,
}

impl Four {
    /// The mean of each figure over the labels for which it is defined.
    pub(crate) fn mean(labels: &[Four]) -> Four {
        let average = |figure: fn(&Four) -> Option<f64>| mean_of_defined(labels.iter().map(figure));
        Four {
            precision: average(|four| four.precision),
            recall: average(|four| four.recall),
            f1: average(|four| four.f1),
            average_precision: average(|four| four.average_precision),
        }
    }

    /// The figures that `other` has too.
    pub(crate) fn shared_with(&self, other: &Four) -> Four {
        let shared = |own: Option<f64>, other: Option<f64>| own.filter(|_| other.is_some());
        Four {
            precision: shared(self.precision, other.precision),
            recall: shared(self.recall, other.recall),
            f1: shared(self.f1, other.f1),
            average_precision: shared(self.average_precision, other.average_precision),
        }
    }
}

/// The figures that get an interval, from one replicate or from the rows themselves.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figures {
    pub labels: Vec<Four>,
    pub macro_average: Four,
    pub micro_f1: Option<f64>,
}

/// One label's rows, made ready for many weightings.
struct Column {
    ranking: Ranking,
    gold: Vec<bool>,
    predicted: Vec<bool>,
}

impl Bootstrap {
    /// `figure` of each replicate, given how often each document is drawn in it; in order.
    ///
    /// Each replicate has its own stream of the generator, so that threads cannot disturb the draw. Fewer than two
    /// documents cannot vary: then there are no replicates.
    pub(crate) fn replicates<T: Send>(
        &self,
        documents: usize,
        figure: impl Fn(&[u64]) -> T + Sync,
    ) -> Vec<T> {
        if documents < 2 {
            return Vec::new();
        }
        (0..self.replicates)
            .into_par_iter()
            .map(|replicate| figure(&self.draw(documents, replicate)))
            .collect()
    }

    fn draw(&self, documents: usize, replicate: usize) -> Vec<u64> {
        let mut generator = ChaCha8Rng::seed_from_u64(self.seed);
        generator.set_stream(replicate as u64);
        let mut times = vec![0; documents];
        for _ in 0..documents {
            times[generator.random_range(0..documents)] += 1;
        }
        times
    }
}

impl Interval {
    /// The 95% interval of the replicates in which the figure is defined; none if it is undefined in half of them or more.
    ///
    /// Percentiles are interpolated linearly between order statistics, as NumPy does by default.
    pub(crate) fn of(figures: impl IntoIterator<Item = Option<f64>>) -> Option<Interval> {
        let (mut defined, mut all) = (Vec::new(), 0);
        for figure in figures {
            all += 1;
            defined.extend(figure);
        }
        defined.sort_by(f64::total_cmp);
        (2 * defined.len() > all).then(|| Interval(percentile(&defined, 0.025), percentile(&defined, 0.975)))
    }
}

/// A percentile of at least one sorted number, `share` in [0, 1].
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let rank = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
    below + (above - below) * rank.fract()
}

/// The interval of a figure that is itself defined.
pub(super) fn interval(
    here: Option<f64>,
    replicates: &[Figures],
    figure: impl Fn(&Figures) -> Option<f64>,
) -> Option<Interval> {
    here.and_then(|_| Interval::of(replicates.iter().map(figure)))
}

/// A function from how often each document counts to the figures.
pub(crate) fn figures<'a>(scored: &'a Scored) -> impl Fn(&[u64]) -> Figures + Sync + 'a {
    let columns = columns(scored);
    move |times| {
        let weight = |row: usize| times[scored.documents[row]];
        let counts: Vec<Counts> = columns.iter().map(|column| column.counts(weight)).collect();
        let labels = columns.iter().zip(&counts).map(|(column, counts)| Four {
            precision: counts.precision(),
            recall: counts.recall(),
            f1: counts.f1(),
            average_precision: column.ranking.average_precision(&column.gold, weight),
        });
        let labels: Vec<Four> = labels.collect();
        let macro_average = Four::mean(&labels);
        Figures { labels, macro_average, micro_f1: counts.into_iter().sum::<Counts>().f1() }
    }
}

fn columns(scored: &Scored) -> Vec<Column> {
    let predicted = scored.predicted();
    (0..scored.labels.len())
        .map(|j| Column {
            ranking: Ranking::new(&scored.probabilities.column(j).to_vec()),
            gold: scored.gold.column(j).to_vec(),
            predicted: predicted.column(j).to_vec(),
        })
        .collect()
}

impl Column {
    fn counts(&self, weight: impl Fn(usize) -> u64) -> Counts {
        let mut counts = Counts::default();
        for (row, (tagged, gold)) in self.predicted.iter().zip(&self.gold).enumerate() {
            counts.tally(*tagged, *gold, weight(row));
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_numpys() {
        // numpy.percentile(range(11), [2.5, 97.5]) is [0.25, 9.75].
        assert_eq!(Interval::of((0..11).rev().map(|i| Some(f64::from(i)))), Some(Interval(0.25, 9.75)));
        assert_eq!(Interval::of([Some(3.0)]), Some(Interval(3.0, 3.0)));
    }

    #[test]
    fn a_figure_undefined_too_often_has_no_interval() {
        assert_eq!(Interval::of([Some(1.0), None]), None);
        assert_eq!(Interval::of([Some(1.0), None, Some(1.0)]), Some(Interval(1.0, 1.0)));
        assert_eq!(Interval::of([]), None);
    }

    #[test]
    fn every_draw_has_all_its_documents_and_its_own_stream() {
        let draws = Bootstrap { replicates: 50, seed: 3 }.replicates(7, <[u64]>::to_vec);
        assert!(draws.iter().all(|times| times.iter().sum::<u64>() == 7));
        assert!(draws.windows(2).any(|w| w[0] != w[1]));
        assert_eq!(draws, Bootstrap { replicates: 50, seed: 3 }.replicates(7, <[u64]>::to_vec));
        assert_ne!(draws, Bootstrap { replicates: 50, seed: 4 }.replicates(7, <[u64]>::to_vec));
    }

    #[test]
    fn the_interval_of_a_mean_has_the_width_that_theory_gives() {
        // The share of 400 documents of which half count 1: standard error .025.
        let figure = |times: &[u64]| Some(times.iter().step_by(2).sum::<u64>() as f64 / 400.0);
        let interval = Interval::of(Bootstrap::default().replicates(400, figure)).unwrap();
        assert!((interval.0 - (0.5 - 1.96 * 0.025)).abs() < 0.006, "{interval:?}");
        assert!((interval.1 - (0.5 + 1.96 * 0.025)).abs() < 0.006, "{interval:?}");
    }
}
