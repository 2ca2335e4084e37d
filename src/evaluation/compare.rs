//! Two models on the same rows.

use super::interval::{Bootstrap, Figures, Four, Interval, figures};
use super::scored::{Scored, same};
use crate::error::{Error, Result};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A model in a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Rival<'a, 's> {
    /// What to call it.
    pub name: &'a str,
    /// What it scored.
    pub scored: &'a Scored<'s>,
}

/// What two models achieve on the same rows, with a paired bootstrap of the difference over documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// `rhetor.comparison/1`.
    pub schema: String,
    /// The one model.
    pub model: String,
    /// The other.
    pub other: String,
    /// Rows compared.
    pub rows: u64,
    /// Documents they come from.
    pub documents: u64,
    /// Bootstrap replicates.
    pub replicates: u64,
    /// The seed of the bootstrap.
    pub seed: u64,
    /// For each label, in the scheme's order.
    pub labels: IndexMap<String, LabelDifference>,
    /// Means over the labels for which both models have the figure: means over different labels could not be compared.
    #[serde(rename = "macro")]
    pub macro_average: LabelDifference,
    /// Over all labels' tags together.
    pub micro: MicroDifference,
}

/// One label's differences.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LabelDifference {
    /// In F1.
    pub f1: Difference,
    /// In average precision.
    pub average_precision: Difference,
    /// In precision.
    pub precision: Difference,
    /// In recall.
    pub recall: Difference,
}

/// The difference over all labels' tags together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MicroDifference {
    /// In F1.
    pub f1: Difference,
}

/// A figure of two models, and how sure it is that they differ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// The one model's figure.
    pub model: Option<f64>,
    /// The other's.
    pub other: Option<f64>,
    /// `model` less `other`: positive if the one is better.
    pub difference: Option<f64>,
    /// 95% bootstrap percentiles of the difference.
    pub interval: Option<Interval>,
    /// Two-sided: 2 (1 + k) / (1 + B), at most 1, where k of the B replicates in which the difference is defined lie at
    /// or beyond 0 on the rarer side (Davison and Hinkley 1997, section 4.2, for the ones). It is below .05 about when the
    /// interval leaves 0 out.
    pub p: Option<f64>,
}

impl Comparison {
    /// Compares two models that scored the same rows.
    ///
    /// # Errors
    /// Other labels, another truth, or other documents in the one than in the other.
    pub fn new(model: Rival, other: Rival, bootstrap: Bootstrap) -> Result<Self> {
        same_rows(model.scored, other.scored)?;
        let scored = model.scored;
        let (ours, theirs) = (figures(scored), figures(other.scored));
        let once = vec![1; scored.documents()];
        let both = |times: &[u64]| on_shared_labels(ours(times), theirs(times));
        let here = both(&once);
        let replicates = bootstrap.replicates(scored.documents(), both);
        let all = |four: &dyn Fn(&Figures) -> Four| LabelDifference {
            f1: Difference::new(&here, &replicates, |figures| four(figures).f1),
            average_precision: Difference::new(&here, &replicates, |figures| four(figures).average_precision),
            precision: Difference::new(&here, &replicates, |figures| four(figures).precision),
            recall: Difference::new(&here, &replicates, |figures| four(figures).recall),
        };
        let labels = scored.labels.names().enumerate().map(|(j, name)| (name.into(), all(&|f| f.labels[j])));
        Ok(Comparison {
            schema: "rhetor.comparison/1".into(),
            model: model.name.into(),
            other: other.name.into(),
            rows: scored.rows() as u64,
            documents: scored.documents() as u64,
            replicates: replicates.len() as u64,
            seed: bootstrap.seed,
            labels: labels.collect(),
            macro_average: all(&|f| f.macro_average),
            micro: MicroDifference { f1: Difference::new(&here, &replicates, |f| f.micro_f1) },
        })
    }
}

impl Difference {
    fn new(
        here: &(Figures, Figures),
        replicates: &[(Figures, Figures)],
        figure: impl Fn(&Figures) -> Option<f64>,
    ) -> Self {
        let difference = |(ours, theirs): &(Figures, Figures)| Some(figure(ours)? - figure(theirs)?);
        let replicates: Vec<Option<f64>> = replicates.iter().map(difference).collect();
        let interval = difference(here).and_then(|_| Interval::of(replicates.iter().copied()));
        Difference {
            model: figure(&here.0),
            other: figure(&here.1),
            difference: difference(here),
            interval,
            p: interval.map(|_| two_sided(replicates.into_iter().flatten())),
        }
    }
}

/// The figures of both models, with their means over the labels for which both have them.
fn on_shared_labels(mut ours: Figures, mut theirs: Figures) -> (Figures, Figures) {
    let mean = |own: &Figures, other: &Figures| {
        let shared = own.labels.iter().zip(&other.labels).map(|(own, other)| own.shared_with(other));
        Four::mean(&shared.collect::<Vec<_>>())
    };
    (ours.macro_average, theirs.macro_average) = (mean(&ours, &theirs), mean(&theirs, &ours));
    (ours, theirs)
}

fn two_sided(differences: impl Iterator<Item = f64>) -> f64 {
    let (mut below, mut above, mut all) = (0u64, 0u64, 0u64);
    for d in differences {
        below += u64::from(d <= 0.0);
        above += u64::from(d >= 0.0);
        all += 1;
    }
    (2.0 * (1 + below.min(above)) as f64 / (1 + all) as f64).min(1.0)
}

fn same_rows(ours: &Scored, theirs: &Scored) -> Result<()> {
    if ours.labels != theirs.labels {
        let expected = format!("those of the first: {}", ours.labels);
        return Err(Error::parameter("labels of the other model", theirs.labels, expected));
    }
    same("rows of the other model", theirs.gold.dim(), ours.gold.dim())?;
    if ours.gold != theirs.gold || ours.documents != theirs.documents {
        return Err(Error::parameter("rows of the other model", "other tags or documents", "the same rows"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_counts_the_rarer_side() {
        let mostly_better = (0..999).map(|i| if i < 9 { -0.1 } else { 0.1 });
        assert_eq!(two_sided(mostly_better.clone()), 0.02);
        assert_eq!(two_sided(mostly_better.map(|d: f64| -d)), 0.02);
        assert_eq!(two_sided([0.0; 99].into_iter()), 1.0);
    }
}
