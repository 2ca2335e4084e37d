//! Figures of all labels together.

use super::counts::Counts;
use super::interval::{Figures, Interval, interval};
use serde::{Deserialize, Serialize};

/// Figures of all labels' tags counted together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MicroReport {
    /// Share of the tags set that are right.
    pub precision: Option<f64>,
    /// Share of the labels borne that are found.
    pub recall: Option<f64>,
    /// 2 tp / (2 tp + fp + fn).
    pub f1: Option<f64>,
    /// 95% interval of F1.
    pub f1_interval: Option<Interval>,
}

impl MicroReport {
    /// From the sum of all labels' counts; without replicates there is no interval.
    pub(super) fn new(counts: Counts, replicates: &[Figures]) -> Self {
        MicroReport {
            precision: counts.precision(),
            recall: counts.recall(),
            f1: counts.f1(),
            f1_interval: interval(counts.f1(), replicates, |f| f.micro_f1),
        }
    }
}
