//! The accuracy report. Its JSON is a contract: fields are only ever added within `rhetor.report/1`.

use super::confusion::Confusion;
use super::cooccurrence::Cooccurrence;
use super::counts::Counts;
use super::interval::{Bootstrap, Figures, Interval, figures, interval};
use super::metrics::{Bin, bins, brier, calibration_error, mean, mean_of_defined};
use super::micro::MicroReport;
use super::scored::Scored;
use super::slices::{Grouping, Slice};
use crate::dataset::{self, Dataset};
use crate::ranking::average_precision;
use indexmap::IndexMap;
use ndarray::{Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

/// What a model achieves on labelled rows. Figures are not rounded; an undefined one is none, in JSON `null`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// `rhetor.report/1`.
    pub schema: String,
    /// Which model.
    pub model: String,
    /// On which files.
    pub data: Vec<DataFile>,
    /// For each label, in the scheme's order.
    pub labels: IndexMap<String, LabelReport>,
    /// Means over the labels for which the figure is defined.
    #[serde(rename = "macro")]
    pub macro_average: MacroReport,
    /// Over all labels' tags together.
    pub micro: MicroReport,
    /// The share of rows whose tags are all right.
    pub exact_match: Option<f64>,
    /// What simpler means achieve on the same rows.
    pub baselines: Baselines,
    /// Which label is taken for which.
    pub confusion: Confusion,
    /// Which labels rows bear together.
    #[serde(default)]
    pub cooccurrence: Cooccurrence,
    /// By what rows have in common (`domain`, `form`, `length`), and by each of its values.
    #[serde(default)]
    pub slices: IndexMap<String, IndexMap<String, Slice>>,
    /// Rows evaluated.
    pub rows: u64,
    /// Documents they come from; as many as rows if the data name none.
    pub documents: u64,
    /// Bootstrap replicates behind the intervals: 0 if there are fewer than two documents.
    pub replicates: u64,
    /// The seed of the bootstrap.
    pub seed: u64,
}

/// A file that rows were read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFile {
    /// As the user named it.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Rows taken from it.
    pub rows: u64,
}

/// The files of a data set as a report names them.
pub fn data_files(dataset: &Dataset) -> Vec<DataFile> {
    let file = |file: &dataset::DataFile| DataFile {
        path: file.path.display().to_string(),
        sha256: file.sha256.clone(),
        rows: file.rows as u64,
    };
    dataset.files.iter().map(file).collect()
}

/// One label's figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelReport {
    /// Share of the tagged rows that bear the label.
    pub precision: Option<f64>,
    /// Share of the rows with the label that are tagged.
    pub recall: Option<f64>,
    /// 2 tp / (2 tp + fp + fn).
    pub f1: Option<f64>,
    /// Area under the precision-recall steps: the ranking's quality, whatever the threshold.
    pub average_precision: Option<f64>,
    /// Rows that bear the label.
    pub support: u64,
    /// Rows tagged with it.
    pub predicted: u64,
    /// The probability from which on it is tagged.
    pub threshold: f32,
    /// Mean squared error of the probability.
    pub brier: Option<f64>,
    /// Expected calibration error, 10 bins of equal mass.
    pub ece: Option<f64>,
    /// 95% interval of F1.
    pub f1_interval: Option<Interval>,
    /// 95% interval of average precision.
    pub average_precision_interval: Option<Interval>,
    /// 95% interval of precision.
    #[serde(default)]
    pub precision_interval: Option<Interval>,
    /// 95% interval of recall.
    #[serde(default)]
    pub recall_interval: Option<Interval>,
    /// The bins behind `ece`, by rising probability: a reliability diagram.
    pub calibration: Vec<Bin>,
}

/// Means over the labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MacroReport {
    /// Of precision.
    pub precision: Option<f64>,
    /// Of recall.
    pub recall: Option<f64>,
    /// Of F1.
    pub f1: Option<f64>,
    /// Of average precision.
    pub average_precision: Option<f64>,
    /// Of expected calibration error.
    pub ece: Option<f64>,
    /// Of the Brier score.
    pub brier: Option<f64>,
    /// 95% interval of the mean F1.
    pub f1_interval: Option<Interval>,
    /// 95% interval of the mean average precision.
    pub average_precision_interval: Option<Interval>,
    /// 95% interval of the mean precision.
    #[serde(default)]
    pub precision_interval: Option<Interval>,
    /// 95% interval of the mean recall.
    #[serde(default)]
    pub recall_interval: Option<Interval>,
}

/// What simpler means achieve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baselines {
    /// Every row gets the labels that at least half of these rows bear: usually none.
    pub majority: Baseline,
    /// A list of words for each label, learned from the training texts ([`Keywords`](crate::features::Keywords)). All null if the
    /// model has none.
    pub keyword: Baseline,
}

/// One baseline's F1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Mean over the labels for which it is defined.
    pub f1: Option<f64>,
    /// Of each label.
    pub labels: IndexMap<String, Option<f64>>,
}

impl Report {
    /// Evaluates scored rows. `model` says which model, `data` on which files; both are only passed on.
    ///
    /// Deterministic: the same rows and seed give the same report, on any number of threads.
    pub fn new(scored: &Scored, model: impl Into<String>, data: Vec<DataFile>, bootstrap: Bootstrap) -> Self {
        let predicted = scored.predicted();
        let counts = Counts::by_label(predicted.view(), scored.gold);
        let replicates = bootstrap.replicates(scored.documents(), figures(scored));
        let labels: Vec<LabelReport> =
            counts.iter().enumerate().map(|(j, c)| label(scored, j, c, &replicates)).collect();
        Report {
            schema: "rhetor.report/1".into(),
            model: model.into(),
            data,
            macro_average: macro_average(&labels, &replicates),
            labels: scored.labels.names().map(String::from).zip(labels).collect(),
            micro: MicroReport::new(counts.iter().copied().sum(), &replicates),
            exact_match: exact_match(predicted.view(), scored.gold),
            baselines: baselines(scored),
            confusion: Confusion::new(scored.labels, predicted.view(), scored.gold),
            cooccurrence: Cooccurrence::new(scored.labels, predicted.view(), scored.gold),
            slices: IndexMap::new(),
            rows: scored.rows() as u64,
            documents: scored.documents() as u64,
            replicates: replicates.len() as u64,
            seed: bootstrap.seed,
        }
    }

    /// Adds the figures of each group of the rows that were scored.
    ///
    /// # Panics
    /// If a grouping has not one value a row.
    pub fn sliced(mut self, scored: &Scored, groupings: &[Grouping]) -> Self {
        let slices = groupings.iter().map(|grouping| (grouping.name.clone(), grouping.slices(scored)));
        self.slices.extend(slices);
        self
    }
}

fn label(scored: &Scored, j: usize, counts: &Counts, replicates: &[Figures]) -> LabelReport {
    let (p, gold) = (scored.probabilities.column(j).to_vec(), scored.gold.column(j).to_vec());
    let calibration = bins(&p, &gold);
    let (precision, recall, f1) = (counts.precision(), counts.recall(), counts.f1());
    let average_precision = average_precision(&p, &gold);
    LabelReport {
        precision,
        recall,
        f1,
        average_precision,
        support: counts.support(),
        predicted: counts.predicted(),
        threshold: scored.thresholds[j],
        brier: brier(&p, &gold),
        ece: calibration_error(&calibration),
        precision_interval: interval(precision, replicates, |f| f.labels[j].precision),
        recall_interval: interval(recall, replicates, |f| f.labels[j].recall),
        f1_interval: interval(f1, replicates, |f| f.labels[j].f1),
        average_precision_interval: interval(average_precision, replicates, |f| {
            f.labels[j].average_precision
        }),
        calibration,
    }
}

fn macro_average(labels: &[LabelReport], replicates: &[Figures]) -> MacroReport {
    let average = |figure: fn(&LabelReport) -> Option<f64>| mean_of_defined(labels.iter().map(figure));
    let [precision, recall] = [average(|label| label.precision), average(|label| label.recall)];
    let f1 = average(|label| label.f1);
    let average_precision = average(|label| label.average_precision);
    MacroReport {
        precision,
        recall,
        f1,
        average_precision,
        ece: average(|label| label.ece),
        brier: average(|label| label.brier),
        precision_interval: interval(precision, replicates, |f| f.macro_average.precision),
        recall_interval: interval(recall, replicates, |f| f.macro_average.recall),
        f1_interval: interval(f1, replicates, |f| f.macro_average.f1),
        average_precision_interval: interval(average_precision, replicates, |f| {
            f.macro_average.average_precision
        }),
    }
}

fn exact_match(predicted: ArrayView2<bool>, gold: ArrayView2<bool>) -> Option<f64> {
    let rows = predicted.outer_iter().zip(gold.outer_iter());
    mean(rows.map(|(tags, truth)| f64::from(u8::from(tags == truth))))
}

fn baselines(scored: &Scored) -> Baselines {
    let majority = majority(scored.gold);
    Baselines { majority: baseline(scored, Some(majority.view())), keyword: baseline(scored, scored.keyword) }
}

fn baseline(scored: &Scored, tags: Option<ArrayView2<bool>>) -> Baseline {
    let f1: Vec<Option<f64>> = match tags {
        Some(tags) => Counts::by_label(tags, scored.gold).iter().map(Counts::f1).collect(),
        None => vec![None; scored.labels.len()],
    };
    Baseline {
        f1: mean_of_defined(f1.iter().copied()),
        labels: scored.labels.names().map(String::from).zip(f1).collect(),
    }
}

/// The best tags that do not look at the row, (rows, labels).
fn majority(gold: ArrayView2<bool>) -> Array2<bool> {
    let bearing = gold.map(|g| usize::from(*g)).sum_axis(Axis(0));
    Array2::from_shape_fn(gold.dim(), |(_, j)| 2 * bearing[j] >= gold.nrows())
}
