//! How many labels `rhetor review` saves: it and a random choice label the authored training sentences, step by step.
//!
//! `cargo bench --bench review [-- SEEDS]`. Both begin with the same sentences drawn by chance from `data/train`, whose
//! labels stand for the annotator's. At each step a lexical model is trained on what is labelled so far and measured on
//! `data/test`; then more sentences are labelled, chosen by that model or drawn by chance. Printed are the figures, means
//! over the seeds, and how many sentences drawn by chance it takes to reach the same macro F1.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rhetor::evaluation::{Bootstrap, Report, Scored};
use rhetor::{Dataset, LabelSet, Model, ReadOptions, Result, TrainParameters, review, train};
use std::path::Path;

/// How many sentences are labelled at each step.
const SIZES: [usize; 8] = [200, 300, 400, 600, 800, 1200, 1600, 2400];
const SEEDS: u64 = 3;
/// One penalty and few folds, the same for both: some fifty models are trained.
const ALPHA: f32 = 0.3;
const FOLDS: usize = 3;

fn read(folder: &str) -> Result<Dataset> {
    let labels = LabelSet::new(["accusation", "threat", "denial", "appeal"])?;
    let options = ReadOptions { labels: Some(labels), ..ReadOptions::default() };
    Dataset::read(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(folder)], &options)
}

/// How sentences to label are chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Choosing {
    ByChance,
    Review,
}

/// Macro F1 and macro average precision.
type Figures = [f64; 2];

fn measure(model: &Model, test: &Dataset) -> Result<Figures> {
    let (scores, gold) = (model.score(&test.texts(), &|_| {})?, test.tags());
    let scored = Scored::new(model.labels(), scores.view(), gold.view(), model.thresholds())?;
    let report = Report::new(&scored, "", Vec::new(), Bootstrap { replicates: 0, seed: 0 });
    let average = report.macro_average;
    Ok([average.f1, average.average_precision].map(|figure| figure.unwrap_or(f64::NAN)))
}

/// The figures at each size.
fn simulate(pool: &Dataset, test: &Dataset, choosing: Choosing, seed: u64) -> Result<Vec<Figures>> {
    let mut rest: Vec<usize> = (0..pool.rows.len()).collect();
    rest.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut labelled: Vec<usize> = Vec::new();
    let mut figures = Vec::new();
    let mut model: Option<Model> = None;
    for size in SIZES {
        let wanted = size - labelled.len();
        let places = match (&model, choosing) {
            (Some(model), Choosing::Review) => chosen(model, pool, &rest, wanted)?,
            _ => (0..wanted).collect(),
        };
        labelled.extend(places.iter().map(|place| rest[*place]));
        rest.retain(|row| !labelled.contains(row));
        let parameters =
            TrainParameters { seed, folds: FOLDS, alphas: vec![ALPHA], ..TrainParameters::default() }
                .check()?;
        let trained = train(&pool.select(&labelled), None, &parameters, &|_| {})?.model;
        figures.push(measure(&trained, test)?);
        eprintln!("seed {seed}, {choosing:?}, {size} labelled: {:.3?}", figures.last());
        model = Some(trained);
    }
    Ok(figures)
}

fn chosen(model: &Model, pool: &Dataset, rest: &[usize], count: usize) -> Result<Vec<usize>> {
    let texts: Vec<&str> = rest.iter().map(|row| &*pool.rows[*row].text).collect();
    let scores = model.score(&texts, &|_| {})?;
    Ok(review::choose(model, &texts, scores.view(), count)?.into_iter().map(|choice| choice.row).collect())
}

/// The mean over seeds, at each size.
fn mean(runs: &[Vec<Figures>]) -> Vec<Figures> {
    let average = |size: usize, figure: usize| {
        runs.iter().map(|run| run[size][figure]).sum::<f64>() / runs.len() as f64
    };
    (0..SIZES.len()).map(|size| [average(size, 0), average(size, 1)]).collect()
}

/// How many sentences a curve needs to reach a macro F1, between two sizes in proportion; none if it does not.
fn needed(curve: &[Figures], f1: f64) -> Option<f64> {
    let first = curve.iter().position(|[reached, _]| *reached >= f1)?;
    let Some(before) = first.checked_sub(1) else { return Some(SIZES[0] as f64) };
    let ([low, _], [high, _]) = (curve[before], curve[first]);
    let (from, to) = (SIZES[before] as f64, SIZES[first] as f64);
    Some(from + (to - from) * (f1 - low) / (high - low))
}

fn main() -> Result<()> {
    let seeds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(SEEDS);
    let (pool, test) = (read("train")?, read("test")?);
    let curve = |choosing| -> Result<Vec<Figures>> {
        let runs =
            (1..=seeds).map(|seed| simulate(&pool, &test, choosing, seed)).collect::<Result<Vec<_>>>()?;
        Ok(mean(&runs))
    };
    let (chance, review) = (curve(Choosing::ByChance)?, curve(Choosing::Review)?);
    println!(
        "macro F1 and average precision on data/test, means of {seeds} seeds; pool of {} sentences\n",
        pool.rows.len()
    );
    println!("{:>8}  {:^12}  {:^12}  {:>26}", "labelled", "by chance", "review", "by chance for the same F1");
    for (size, (chance_figures, figures)) in SIZES.iter().zip(chance.iter().zip(&review)) {
        let needed = match needed(&chance, figures[0]) {
            Some(needed) => format!("{needed:.0} ({:+.0}%)", 100.0 * (*size as f64 / needed - 1.0)),
            None => format!("more than {}", SIZES[SIZES.len() - 1]),
        };
        let [a, b] = [chance_figures, figures].map(|[f1, ap]| format!("{f1:.3}  {ap:.3}"));
        println!("{size:>8}  {a:^12}  {b:^12}  {needed:>26}");
    }
    Ok(())
}
