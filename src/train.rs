//! Labelled data and checked parameters to a model and its report.

use crate::classifier::{Calibration, Classifier, Linear, Objective, calibrated, column_major, fit_label, threshold};
use crate::dataset::{Dataset, folds};
use crate::error::{Error, Result};
use crate::evaluation::{Bootstrap, DataFile, Report, Scored, average_precision};
use crate::features::{Features, Keywords, Lexical, LexicalParameters, Sample};
use crate::model::{Model, Provenance};
use ndarray::{Array2, Array3, ArrayView2, Axis};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How to train, as given.
#[derive(Debug, Clone)]
pub struct TrainParameters {
    /// How to make features.
    pub features: LexicalParameters,
    /// Into how many folds the rows are cut for cross-validation, at least 2.
    pub folds: usize,
    /// The penalties to try for each label, each above 0.
    pub alphas: Vec<f32>,
    /// What the thresholds are to achieve.
    pub objective: Objective,
    /// The seed of folds and bootstrap.
    pub seed: u64,
    /// The model's name.
    pub name: String,
    /// The date to put into the model, if any.
    pub date: Option<String>,
}

impl Default for TrainParameters {
    fn default() -> Self {
        TrainParameters {
            features: LexicalParameters::default(),
            folds: 5,
            alphas: vec![0.1, 0.3, 1.0],
            objective: Objective::F1,
            seed: 1,
            name: "model".into(),
            date: None,
        }
    }
}

/// Parameters that have been checked: only these can train.
#[derive(Debug, Clone)]
pub struct CheckedParameters(TrainParameters);

impl TrainParameters {
    /// Checks the ranges.
    ///
    /// # Errors
    /// Names the first parameter that is out of its range.
    pub fn check(self) -> Result<CheckedParameters> {
        self.features.check()?;
        if self.folds < 2 {
            return Err(Error::parameter("folds", self.folds, "2 or more"));
        }
        if self.alphas.is_empty() {
            return Err(Error::parameter("alphas", "none", "at least one penalty"));
        }
        if let Some(alpha) = self.alphas.iter().find(|a| !(a.is_finite() && **a > 0.0)) {
            return Err(Error::parameter("alphas", alpha, "finite numbers above 0"));
        }
        Ok(CheckedParameters(self))
    }
}

/// How far training is: `done` of `total` regressions.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Regressions fitted.
    pub done: usize,
    /// Regressions to fit in all.
    pub total: usize,
}

/// Trains a model and measures it by cross-validation.
///
/// ```
/// use rhetor::{Dataset, ReadOptions, TrainParameters, train};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("mood.csv");
/// # let mut text = String::from("text,label\n");
/// # for i in 0..40 {
/// #     text += &format!("the {i}th day was lovely and warm,glad\nthe {i}th night was dreadful and cold,sad\n");
/// # }
/// # std::fs::write(&path, text)?;
/// let dataset = Dataset::read(&[path], &ReadOptions::default())?; // any label scheme: here glad and sad
/// let (model, report) = train(&dataset, &TrainParameters::default().check()?, &|_| {})?;
/// assert_eq!(model.labels().len(), 2);
/// assert!(report.macro_average.f1.unwrap() > 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Data from which a label cannot be learned in every fold.
pub fn train(
    dataset: &Dataset,
    parameters: &CheckedParameters,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<(Model, Report)> {
    let CheckedParameters(parameters) = parameters;
    let samples: Vec<Sample> = dataset.texts().into_iter().map(Sample::of_text).collect();
    let tags = dataset.tags();
    let folds = folds(dataset, parameters.folds, parameters.seed)?;
    check_spread(dataset, &folds)?;

    let held_out = out_of_fold(dataset, &samples, tags.view(), &folds, parameters, progress)?;
    let (alphas, log_odds) = choose_alphas(&held_out, tags.view(), &parameters.alphas);
    let probabilities = cross_calibrated(&log_odds, tags.view(), &folds)?;
    let thresholds = choose_thresholds(probabilities.view(), tags.view(), parameters.objective);
    let keywords = Keywords::fit(&dataset.labels, &dataset.texts(), tags.view())?;
    let report = report(dataset, &probabilities, &tags, &thresholds, &keywords, parameters)?;

    let lexical = Lexical::fit(&samples, tags.view(), parameters.features.clone())?;
    let names: Vec<&str> = dataset.labels.names().collect();
    let linear = Linear::fit(lexical.extract(&samples).view(), tags.view(), &alphas, &names)?;
    let classifier = Classifier { linear, calibrations: calibrations(&log_odds, tags.view())?, thresholds };
    let provenance = provenance(dataset, parameters, alphas, &report);
    let model = Model::new(dataset.labels.clone(), Features::Lexical(lexical), classifier, keywords, provenance)?;
    let report = Report { model: model.identity(), ..report };
    Ok((model, report))
}

/// Each label must be learnable with any fold held out: rows with it in two folds or more, and rows without it too.
fn check_spread(dataset: &Dataset, folds: &[usize]) -> Result<()> {
    for (label, name) in dataset.labels.names().enumerate() {
        for (bears, which) in [(true, "with"), (false, "without")] {
            let mut found = dataset.rows.iter().zip(folds).filter(|(row, _)| row.tags[label] == bears).map(|(_, f)| f);
            let first = found.next();
            if found.all(|fold| Some(fold) == first) {
                let problem = format!("all rows {which} it are in one fold, so none is left when that fold is held out");
                let remedy = format!("give more rows {which} it, from several documents, or take it out of the data");
                return Err(Error::fit(format!("label {name:?}"), problem, remedy));
            }
        }
    }
    Ok(())
}

/// Log-odds of every row from models that have not seen its fold, shape (alphas, rows, labels).
fn out_of_fold(
    dataset: &Dataset,
    samples: &[Sample],
    tags: ArrayView2<bool>,
    folds: &[usize],
    parameters: &TrainParameters,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Array3<f32>> {
    let labels = tags.ncols();
    let total = parameters.folds * labels;
    let done = AtomicUsize::new(0);
    progress(Progress { done: 0, total });
    let mut log_odds = Array3::zeros((parameters.alphas.len(), samples.len(), labels));
    for fold in 0..parameters.folds {
        let split = Split::new(samples, tags, folds, fold, &parameters.features)?;
        let fitted: Vec<Array2<f32>> = (0..labels)
            .into_par_iter()
            .map(|label| {
                let held_out = split.fit(label, &parameters.alphas, dataset.labels.name(label))?;
                progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total });
                Ok(held_out)
            })
            .collect::<Result<_>>()?;
        for (label, scores) in fitted.iter().enumerate() {
            for ((alpha, held_out), score) in scores.indexed_iter() {
                log_odds[[alpha, split.held_out_rows[held_out], label]] = *score;
            }
        }
    }
    Ok(log_odds)
}

/// One fold held out: features fitted on the other rows.
struct Split {
    fitted: Array2<f32>,
    tags: Array2<bool>,
    held_out: Array2<f32>,
    held_out_rows: Vec<usize>,
}

impl Split {
    fn new(
        samples: &[Sample],
        tags: ArrayView2<bool>,
        folds: &[usize],
        fold: usize,
        parameters: &LexicalParameters,
    ) -> Result<Self> {
        let (held_out_rows, rows): (Vec<usize>, Vec<usize>) = (0..samples.len()).partition(|&row| folds[row] == fold);
        let pick = |rows: &[usize]| rows.iter().map(|&row| samples[row]).collect::<Vec<_>>();
        let tags = tags.select(Axis(0), &rows);
        let lexical = Lexical::fit(&pick(&rows), tags.view(), parameters.clone())?;
        let fitted = column_major(lexical.extract(&pick(&rows)).view());
        let held_out = lexical.extract(&pick(&held_out_rows));
        Ok(Split { fitted, tags, held_out, held_out_rows })
    }

    /// Log-odds of the held-out rows under each penalty, shape (alphas, held-out rows). From the strongest penalty to
    /// the weakest, each begins where the one before it ended.
    fn fit(&self, label: usize, alphas: &[f32], name: &str) -> Result<Array2<f32>> {
        let tags = self.tags.column(label).to_vec();
        let mut order: Vec<usize> = (0..alphas.len()).collect();
        order.sort_by(|&a, &b| alphas[b].total_cmp(&alphas[a]));
        let mut scores = Array2::zeros((alphas.len(), self.held_out.nrows()));
        let mut start = None;
        for alpha in order {
            let (weights, intercept) = fit_label(self.fitted.view(), &tags, alphas[alpha], name, start.as_ref())?;
            scores.row_mut(alpha).assign(&(self.held_out.dot(&weights) + intercept));
            start = Some((weights, intercept));
        }
        Ok(scores)
    }
}

/// For each label the penalty with the highest out-of-fold average precision (of equals the strongest), and the log-odds
/// that it gave, shape (rows, labels).
fn choose_alphas(held_out: &Array3<f32>, tags: ArrayView2<bool>, alphas: &[f32]) -> (Vec<f32>, Array2<f32>) {
    let mut chosen = Vec::new();
    let mut log_odds = Array2::zeros(tags.raw_dim());
    for (label, gold) in tags.columns().into_iter().enumerate() {
        let gold = gold.to_vec();
        let merit = |alpha: usize| {
            average_precision(&held_out.index_axis(Axis(0), alpha).column(label).to_vec(), &gold).unwrap_or(0.0)
        };
        let best = (0..alphas.len())
            .max_by(|&a, &b| merit(a).total_cmp(&merit(b)).then(alphas[a].total_cmp(&alphas[b])))
            .expect("checked: at least one alpha");
        chosen.push(alphas[best]);
        log_odds.column_mut(label).assign(&held_out.index_axis(Axis(0), best).column(label));
    }
    (chosen, log_odds)
}

/// One calibration a label, from out-of-fold log-odds.
fn calibrations(log_odds: &Array2<f32>, tags: ArrayView2<bool>) -> Result<Vec<Calibration>> {
    log_odds
        .columns()
        .into_iter()
        .zip(tags.columns())
        .map(|(scores, gold)| Calibration::fit(&scores.to_vec(), &gold.to_vec()))
        .collect()
}

/// Probabilities for the report: each fold calibrated by the others, so that no row has a part in its own calibration.
fn cross_calibrated(log_odds: &Array2<f32>, tags: ArrayView2<bool>, folds: &[usize]) -> Result<Array2<f32>> {
    let mut probabilities = Array2::zeros(log_odds.raw_dim());
    for fold in 0..=folds.iter().copied().max().unwrap_or(0) {
        let (rows, others): (Vec<usize>, Vec<usize>) = (0..folds.len()).partition(|&row| folds[row] == fold);
        let calibrations = calibrations(&log_odds.select(Axis(0), &others), tags.select(Axis(0), &others).view())?;
        let scores = calibrated(&calibrations, log_odds.select(Axis(0), &rows));
        for (&row, score) in rows.iter().zip(scores.rows()) {
            probabilities.row_mut(row).assign(&score);
        }
    }
    Ok(probabilities)
}

fn choose_thresholds(probabilities: ArrayView2<f32>, tags: ArrayView2<bool>, objective: Objective) -> Vec<f32> {
    let columns = probabilities.columns().into_iter().zip(tags.columns());
    columns.map(|(p, gold)| threshold::best(&p.to_vec(), &gold.to_vec(), objective)).collect()
}

fn report(
    dataset: &Dataset,
    probabilities: &Array2<f32>,
    tags: &Array2<bool>,
    thresholds: &[f32],
    keywords: &Keywords,
    parameters: &TrainParameters,
) -> Result<Report> {
    let keyword_tags = keywords.predict(&dataset.texts());
    let scored = Scored::new(&dataset.labels, probabilities.view(), tags.view(), thresholds)?
        .by_document(&dataset.groups())?
        .with_keyword(keyword_tags.view())?;
    let bootstrap = Bootstrap { seed: parameters.seed, ..Bootstrap::default() };
    Ok(Report::new(&scored, "", data_files(dataset), bootstrap))
}

/// The files of a dataset as the report names them.
pub fn data_files(dataset: &Dataset) -> Vec<DataFile> {
    let file = |f: &crate::dataset::DataFile| DataFile {
        path: f.path.display().to_string(),
        sha256: f.sha256.clone(),
        rows: f.rows as u64,
    };
    dataset.files.iter().map(file).collect()
}

fn provenance(dataset: &Dataset, parameters: &TrainParameters, alphas: Vec<f32>, report: &Report) -> Provenance {
    Provenance {
        name: parameters.name.clone(),
        date: parameters.date.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        seed: parameters.seed,
        rows: dataset.rows.len(),
        data: dataset.hash(),
        alphas,
        scores: [report.macro_average.f1, report.macro_average.average_precision],
    }
}
