//! Several regressions, each on features of its own, as one.
//!
//! Each member's log-odds are brought to one scale by Platt's curve, and their weighted mean is the score. Since all of
//! that is linear, the blend is a linear model again, on the members' features side by side.
//!
//! Averaging beats one regression on all columns here: an encoder that was fine-tuned on the training rows has seen them,
//! so that a joint fit would find nothing left for the n-grams to explain.

use super::task::Task;
use crate::classifier::{Calibration, LabelWeights, Linear};
use crate::dataset::Dataset;
use crate::error::Result;
use crate::features::{Extractor, Features};
use crate::model::MemberRecord;
use crate::ranking::{average_precision, macro_average_precision};
use ndarray::{Array1, Array2, Array3, ArrayView2, Axis, concatenate};

/// How many equal steps a share is searched in.
const STEPS: usize = 20;

/// One family of features with what was found out about it on rows that it had not seen.
pub(super) struct Member<'a> {
    task: &'a Task<'a>,
    /// The penalty of each label.
    alphas: Vec<f32>,
    /// The regressions on all training rows under these penalties, if measuring has fitted them.
    linear: Option<Linear>,
    /// What brings each label's log-odds to the common scale: (slope, intercept).
    curves: Vec<(f32, f32)>,
    /// Log-odds of the measured rows on the common scale, shape (rows, labels).
    log_odds: Array2<f32>,
}

impl<'a> Member<'a> {
    /// Scores the held-out rows, or by cross-validation the training rows, and chooses penalties and scale by them.
    /// `tags` belongs to the scored rows, shape (rows, labels).
    pub(super) fn measure(
        task: &'a Task<'a>,
        held_out: Option<&Dataset>,
        folds: &[usize],
        tags: ArrayView2<bool>,
    ) -> Result<Self> {
        let (regressions, scored) = match held_out {
            None => (None, task.cross_validate(folds)?),
            Some(held_out) => {
                let (regressions, scored) = task.score_apart(held_out)?;
                (Some(regressions), scored)
            }
        };
        let (chosen, mut log_odds) = choose_alphas(&scored, tags, task.alphas());
        let linear = regressions.map(|under| {
            let labels: Vec<LabelWeights> =
                chosen.iter().enumerate().map(|(label, &alpha)| under[alpha].label(label)).collect();
            Linear::of_labels(&labels)
        });
        let mut curves = Vec::new();
        for (mut column, gold) in log_odds.columns_mut().into_iter().zip(tags.columns()) {
            let (slope, intercept) = Calibration::platt_curve(&column.to_vec(), &gold.to_vec())?;
            column.mapv_inplace(|score| slope * score + intercept);
            curves.push((slope, intercept));
        }
        let alphas = chosen.iter().map(|&alpha| task.alphas()[alpha]).collect();
        Ok(Member { task, alphas, linear, curves, log_odds })
    }

    /// Fitted on all training rows: the extractor, and the regressions on the common scale, times `share`.
    fn fit(&self, share: f32) -> Result<(Extractor, Linear)> {
        let Linear { mut weights, intercepts } = match &self.linear {
            Some(measured) => measured.clone(),
            None => self.task.fit_all(&self.alphas)?,
        };
        for (mut column, (slope, _)) in weights.columns_mut().into_iter().zip(&self.curves) {
            column *= share * slope;
        }
        let intercepts = intercepts.iter().zip(&self.curves);
        let intercepts = intercepts.map(|(own, (slope, intercept))| share * (slope * own + intercept));
        Ok((self.task.extractor(), Linear { weights, intercepts: intercepts.collect() }))
    }
}

/// Members with their shares, and what they say together.
pub(super) struct Blend<'a> {
    members: Vec<(Member<'a>, f32)>,
    /// Log-odds of the measured rows, shape (rows, labels).
    pub(super) log_odds: Array2<f32>,
}

impl<'a> Blend<'a> {
    /// Takes the members in one after another, each with the share that gives the highest macro average precision (of equals the
    /// smallest).
    pub(super) fn choose(members: Vec<Member<'a>>, tags: ArrayView2<bool>) -> Self {
        let mut blend = Blend { members: Vec::new(), log_odds: Array2::zeros(tags.raw_dim()) };
        for member in members {
            let share =
                if blend.members.is_empty() { 1.0 } else { best_share(&blend.log_odds, &member, tags) };
            blend.members.iter_mut().for_each(|(_, others)| *others *= 1.0 - share);
            blend.log_odds = mixed(&blend.log_odds, &member.log_odds, share);
            blend.members.push((member, share));
        }
        blend
    }

    /// All members fitted on all training rows, as one linear model on their features side by side. Members without a
    /// share are left out.
    pub(super) fn fit(&self) -> Result<(Features, Linear)> {
        let (mut extractors, mut weights) = (Vec::new(), Vec::new());
        let mut intercepts = Array1::zeros(self.log_odds.ncols());
        for (member, share) in self.counting() {
            let (extractor, linear) = member.fit(*share)?;
            extractors.push(extractor);
            weights.push(linear.weights);
            intercepts += &linear.intercepts;
        }
        let views: Vec<ArrayView2<f32>> = weights.iter().map(|block| block.view()).collect();
        let weights = concatenate(Axis(0), &views).expect("all have a column a label");
        let features = Features::new(extractors).expect("shares sum to 1, so that one counts");
        Ok((features, Linear { weights, intercepts }))
    }

    /// What the model's provenance says of its members.
    pub(super) fn records(&self) -> Vec<MemberRecord> {
        let record = |(member, share): &(Member, f32)| MemberRecord {
            features: member.task.name().into(),
            share: *share,
            alphas: member.alphas.clone(),
        };
        self.counting().map(record).collect()
    }

    fn counting(&self) -> impl Iterator<Item = &(Member<'a>, f32)> {
        self.members.iter().filter(|(_, share)| *share > 0.0)
    }
}

/// The share of `member` beside `others`, from 0 to 1.
fn best_share(others: &Array2<f32>, member: &Member, tags: ArrayView2<bool>) -> f32 {
    let share = |step: usize| step as f32 / STEPS as f32;
    let merit = |step: usize| {
        let blended = mixed(others, &member.log_odds, share(step));
        macro_average_precision(blended.view(), tags).unwrap_or(0.0)
    };
    let merits: Vec<f64> = (0..=STEPS).map(merit).collect();
    let best = (0..=STEPS).max_by(|&a, &b| merits[a].total_cmp(&merits[b]).then(b.cmp(&a)));
    share(best.expect("more than no step"))
}

fn mixed(others: &Array2<f32>, own: &Array2<f32>, share: f32) -> Array2<f32> {
    others * (1.0 - share) + own * share
}

/// For each label the penalty whose scores, shape (alphas, rows, labels), have the highest average precision (of equals
/// the strongest), as an index, and the log-odds that it gave, shape (rows, labels).
fn choose_alphas(scored: &Array3<f32>, tags: ArrayView2<bool>, alphas: &[f32]) -> (Vec<usize>, Array2<f32>) {
    let mut chosen = Vec::new();
    let mut log_odds = Array2::zeros(tags.raw_dim());
    for (label, gold) in tags.columns().into_iter().enumerate() {
        let gold = gold.to_vec();
        let merit =
            |scores: ArrayView2<f32>| average_precision(&scores.column(label).to_vec(), &gold).unwrap_or(0.0);
        let merits: Vec<f64> = scored.outer_iter().map(merit).collect();
        let best = (0..alphas.len())
            .max_by(|&a, &b| merits[a].total_cmp(&merits[b]).then(alphas[a].total_cmp(&alphas[b])))
            .expect("checked: at least one alpha");
        chosen.push(best);
        log_odds.column_mut(label).assign(&scored.index_axis(Axis(0), best).column(label));
    }
    (chosen, log_odds)
}
