//! Labelled data and checked parameters to a model and its report.

mod blend;
mod task;

use crate::classifier::{Calibration, Classifier, Objective, calibrated, threshold};
use crate::dataset::{Dataset, folds};
use crate::error::{Error, Result};
use crate::evaluation::{Bootstrap, Evidence, Report, Scored, data_files, groupings};
use crate::features::encoder::Encoder;
use crate::features::{Keywords, LexicalParameters};
use crate::model::{MemberRecord, Model, Provenance};
use blend::{Blend, Member};
use ndarray::{Array2, ArrayView2, Axis};
use task::Task;

/// Where a row of numbers for a sentence comes from.
#[derive(Debug, Clone)]
pub enum FeatureSource {
    /// N-grams, chosen and weighed on the training rows.
    Lexical(LexicalParameters),
    /// The vectors of an encoder, which stays as it is but for the rounding of its weights to 8 bits, in which models are
    /// stored.
    Encoder(Box<Encoder>),
}

impl FeatureSource {
    /// Penalties worth trying.
    fn usual_alphas(&self) -> Vec<f32> {
        match self {
            FeatureSource::Lexical(_) => vec![0.1, 0.3, 1.0],
            FeatureSource::Encoder(_) => vec![1.0, 10.0, 100.0],
        }
    }
}

/// How to train, as given.
#[derive(Debug, Clone)]
pub struct TrainParameters {
    /// What a sentence is represented by, at least one: with several, each gets regressions of its own, and their scores
    /// are blended.
    pub features: Vec<FeatureSource>,
    /// Into how many folds the rows are cut for cross-validation, at least 2.
    pub folds: usize,
    /// The penalties to try for each label, each above 0; none for those that suit the
    /// features.
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
            features: vec![FeatureSource::Lexical(LexicalParameters::default())],
            folds: 5,
            alphas: Vec::new(),
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
        let encoders =
            self.features.iter().filter(|source| matches!(source, FeatureSource::Encoder(_))).count();
        if self.features.is_empty() || encoders > 1 || self.features.len() - encoders > 1 {
            let found = format!("{encoders} encoder(s), {} of n-grams", self.features.len() - encoders);
            return Err(Error::parameter("features", found, "one family or both, each once"));
        }
        self.check_values()?;
        Ok(CheckedParameters(self))
    }

    /// The same for a training whose encoder is still to be made.
    pub(crate) fn check_values(&self) -> Result<()> {
        for source in &self.features {
            if let FeatureSource::Lexical(parameters) = source {
                parameters.check()?;
            }
        }
        if self.folds < 2 {
            return Err(Error::parameter("folds", self.folds, "2 or more"));
        }
        if let Some(alpha) = self.alphas.iter().find(|a| !(a.is_finite() && **a > 0.0)) {
            return Err(Error::parameter("alphas", alpha, "finite numbers above 0"));
        }
        Ok(())
    }
}

/// What training gives.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The model.
    pub model: Model,
    /// How good it is.
    pub report: Report,
    /// What the report rests on, for drawing.
    pub evidence: Evidence,
}

/// How far training is.
#[derive(Debug, Clone, Copy)]
pub enum Progress {
    /// Sentences that have been encoded, of all.
    Encoding(usize, usize),
    /// Regressions that have been fitted, of all.
    Fitting(usize, usize),
}

/// Trains a model and measures it: on `held_out` if given, else by cross-validation on `dataset` itself.
///
/// The rows that the model is measured on are those that calibrate it, choose its penalties and its thresholds. They must
/// be new to the features too: an encoder that was fine-tuned on `dataset` needs `held_out`. Probabilities in the report
/// are cross-calibrated: no row has a part in the last curve that its own go through.
///
/// ```
/// use rhetor::{Dataset, ReadOptions, TrainParameters, train, train::Trained};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("mood.csv");
/// # let mut text = String::from("text,label\n");
/// # for place in "garden harbour kitchen valley market station forest island village bridge".split(' ') {
/// #     text += &format!("the {place} was lovely and warm,glad\nthe {place} looked dreadful and cold,sad\n");
/// # }
/// # std::fs::write(&path, text)?;
/// let dataset = Dataset::read(&[path], &ReadOptions::default())?; // any label scheme: here glad and sad
/// let Trained { model, report, .. } = train(&dataset, None, &TrainParameters::default().check()?, &|_| {})?;
/// assert_eq!(model.labels().len(), 2);
/// assert!(report.macro_average.f1.unwrap() > 0.9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Data from which a label cannot be learned in every fold; held-out rows under another label scheme.
pub fn train(
    dataset: &Dataset,
    held_out: Option<&Dataset>,
    parameters: &CheckedParameters,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Trained> {
    let CheckedParameters(parameters) = parameters;
    let measured = held_out.unwrap_or(dataset);
    if measured.labels != dataset.labels {
        let found = measured.labels.to_string();
        return Err(Error::parameter("labels of the held-out rows", found, dataset.labels.to_string()));
    }
    let folds = learnable_folds(measured, parameters.folds, parameters.seed)?;
    let tags = measured.tags();
    let task = |source| Task::new(dataset, source, &parameters.alphas, progress);
    let tasks: Vec<Task> = parameters.features.iter().map(task).collect::<Result<_>>()?;
    let measure = |task| Member::measure(task, held_out, &folds, tags.view());
    let blend = Blend::choose(tasks.iter().map(measure).collect::<Result<_>>()?, tags.view());

    let probabilities = cross_calibrated(&blend.log_odds, tags.view(), &folds)?;
    let thresholds = choose_thresholds(probabilities.view(), tags.view(), parameters.objective);
    let keywords = Keywords::fit(&dataset.labels, &dataset.texts(), dataset.tags().view())?;
    let keyword_tags = match held_out {
        Some(held_out) => keywords.predict(&held_out.texts()),
        None => out_of_fold_keyword_tags(dataset, &folds)?,
    };
    let (report, evidence) = report(measured, &probabilities, &tags, &thresholds, &keyword_tags, parameters)?;

    let (features, linear) = blend.fit()?;
    let calibrations = calibrations(&blend.log_odds, tags.view())?;
    let classifier = Classifier { linear, calibrations, thresholds };
    let provenance = provenance(dataset, held_out, parameters, blend.records(), &report);
    let model = Model::new(dataset.labels.clone(), features, classifier, keywords, provenance)?;
    let report = Report { model: model.identity(), ..report };
    Ok(Trained { model, report, evidence })
}

/// The folds of the rows that a model will be measured on, if every label can be learned and calibrated in them. To be
/// asked before long work, such as fine-tuning an encoder.
///
/// # Errors
/// Fewer documents than folds; a label that all or none of the rows bear, or only those of one fold.
pub(crate) fn learnable_folds(measured: &Dataset, k: usize, seed: u64) -> Result<Vec<usize>> {
    let folds = folds(measured, k, seed)?;
    check_spread(measured, &folds)?;
    Ok(folds)
}

/// Whether there is something to learn of each label: rows with it, and rows without. To be asked before long work, too.
/// `purpose` ends the message: "to train on".
///
/// # Errors
/// Names the first label that all or none of the rows bear.
pub(crate) fn check_both_kinds(dataset: &Dataset, purpose: &str) -> Result<()> {
    for (name, which, rows) in kinds(dataset) {
        if rows.is_empty() {
            let problem = format!("there is no row {which} it {purpose}");
            let remedy = format!("give rows {which} it, or take it out of the data");
            return Err(Error::fit(format!("label {name:?}"), problem, remedy));
        }
    }
    Ok(())
}

/// Each label must be learnable with any fold held out: rows with it in two folds or more, and rows without it too.
fn check_spread(dataset: &Dataset, folds: &[usize]) -> Result<()> {
    check_both_kinds(dataset, "to measure on")?;
    for (name, which, rows) in kinds(dataset) {
        if rows.iter().all(|&row| folds[row] == folds[rows[0]]) {
            let problem =
                format!("all rows {which} it are in one fold, so none is left when that fold is held out");
            let remedy =
                format!("give more rows {which} it, from several documents, or take it out of the data");
            return Err(Error::fit(format!("label {name:?}"), problem, remedy));
        }
    }
    Ok(())
}

/// For each label the rows "with" it, then those "without" it.
fn kinds(dataset: &Dataset) -> impl Iterator<Item = (&str, &'static str, Vec<usize>)> {
    dataset.labels.names().enumerate().flat_map(|(label, name)| {
        [(true, "with"), (false, "without")].map(|(bears, which)| {
            let rows = (0..dataset.rows.len()).filter(|&row| dataset.rows[row].tags[label] == bears);
            (name, which, rows.collect())
        })
    })
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

/// Each fold in its turn: its rows, and those of all other folds.
fn in_turn(folds: &[usize]) -> impl ExactSizeIterator<Item = (Vec<usize>, Vec<usize>)> {
    let count = folds.iter().max().map_or(0, |last| last + 1);
    (0..count).map(|fold| (0..folds.len()).partition(|&row| folds[row] == fold))
}

/// Those of the texts that stand in `rows`.
fn pick<'t>(texts: &[&'t str], rows: &[usize]) -> Vec<&'t str> {
    rows.iter().map(|&row| texts[row]).collect()
}

/// The keyword baseline: each fold tagged by the keywords of the others.
fn out_of_fold_keyword_tags(dataset: &Dataset, folds: &[usize]) -> Result<Array2<bool>> {
    let (texts, tags) = (dataset.texts(), dataset.tags());
    let mut tagged = Array2::default(tags.raw_dim());
    for (rows, others) in in_turn(folds) {
        let others_tags = tags.select(Axis(0), &others);
        let keywords = Keywords::fit(&dataset.labels, &pick(&texts, &others), others_tags.view())?;
        for (&row, found) in rows.iter().zip(keywords.predict(&pick(&texts, &rows)).rows()) {
            tagged.row_mut(row).assign(&found);
        }
    }
    Ok(tagged)
}

/// Probabilities for the report: each fold calibrated by the others, so that no row has a part in its own calibration.
fn cross_calibrated(log_odds: &Array2<f32>, tags: ArrayView2<bool>, folds: &[usize]) -> Result<Array2<f32>> {
    let mut probabilities = Array2::zeros(log_odds.raw_dim());
    for (rows, others) in in_turn(folds) {
        let calibrations =
            calibrations(&log_odds.select(Axis(0), &others), tags.select(Axis(0), &others).view())?;
        let scores = calibrated(&calibrations, log_odds.select(Axis(0), &rows));
        for (&row, score) in rows.iter().zip(scores.rows()) {
            probabilities.row_mut(row).assign(&score);
        }
    }
    Ok(probabilities)
}

fn choose_thresholds(
    probabilities: ArrayView2<f32>,
    tags: ArrayView2<bool>,
    objective: Objective,
) -> Vec<f32> {
    let columns = probabilities.columns().into_iter().zip(tags.columns());
    columns.map(|(p, gold)| threshold::best(&p.to_vec(), &gold.to_vec(), objective)).collect()
}

fn report(
    dataset: &Dataset,
    probabilities: &Array2<f32>,
    tags: &Array2<bool>,
    thresholds: &[f32],
    keyword_tags: &Array2<bool>,
    parameters: &TrainParameters,
) -> Result<(Report, Evidence)> {
    let scored = Scored::new(&dataset.labels, probabilities.view(), tags.view(), thresholds)?
        .by_document(&dataset.groups())?
        .with_keyword(keyword_tags.view())?;
    let bootstrap = Bootstrap { seed: parameters.seed, ..Bootstrap::default() };
    let report =
        Report::new(&scored, "", data_files(dataset), bootstrap).sliced(&scored, &groupings(dataset));
    Ok((report, Evidence::new(&scored, dataset)))
}

fn provenance(
    dataset: &Dataset,
    held_out: Option<&Dataset>,
    parameters: &TrainParameters,
    members: Vec<MemberRecord>,
    report: &Report,
) -> Provenance {
    Provenance {
        name: parameters.name.clone(),
        date: parameters.date.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        seed: parameters.seed,
        rows: dataset.rows.len(),
        data: dataset.hash(),
        held_out: held_out.map(Dataset::hash),
        members,
        scores: [report.macro_average.f1, report.macro_average.average_precision],
    }
}
