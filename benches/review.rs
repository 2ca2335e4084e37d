//! How many labels `rhetor review` saves: it and a random choice label authored sentences, step by step.
//!
//! `cargo bench --bench review [-- SEEDS]`. Of `data/train` half of the sentences bear a label, of articles a quarter; so
//! labelled sentences are dropped from it by chance until each label is as frequent among them as in `data/articles`. Both
//! ways begin with the same sentences drawn by chance from what is left, whose labels stand for the annotator's. At each step
//! a lexical model is trained on what is labelled so far and measured on `data/articles`; then more sentences are labelled,
//! chosen by that model or drawn by chance. Printed are the figures, means over the seeds, and how many sentences drawn by
//! chance it takes to reach the same.

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

fn bear(dataset: &Dataset, label: usize) -> usize {
    dataset.rows.iter().filter(|row| row.tags[label]).count()
}

fn bear_none(dataset: &Dataset) -> usize {
    dataset.rows.iter().filter(|row| !row.tags.contains(&true)).count()
}

/// All rows that bear no label, and so many of the others, drawn by chance, that each label is as frequent as it is in `like`;
/// in an order by chance.
fn thinned(dataset: &Dataset, like: &Dataset, seed: u64) -> Dataset {
    let scale = bear_none(dataset) as f64 / bear_none(like) as f64;
    let mut wanted: Vec<usize> =
        (0..like.labels.len()).map(|label| (scale * bear(like, label) as f64).round() as usize).collect();
    let mut rows: Vec<usize> = (0..dataset.rows.len()).collect();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    rows.shuffle(&mut random);
    rows.retain(|row| {
        let tags = &dataset.rows[*row].tags;
        let kept = tags.iter().zip(&wanted).all(|(bears, wanted)| !bears || *wanted > 0);
        wanted.iter_mut().zip(tags).for_each(|(wanted, bears)| *wanted -= usize::from(kept && *bears));
        kept
    });
    // Those with labels are all at the front, which chance must not draw from.
    rows.shuffle(&mut random);
    dataset.select(&rows)
}

/// The figures at each size. By chance is in the order of the pool.
fn simulate(pool: &Dataset, test: &Dataset, choosing: Choosing, seed: u64) -> Result<Vec<Figures>> {
    let mut rest: Vec<usize> = (0..pool.rows.len()).collect();
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
    Ok(review::choose(&texts, scores.view(), count).into_iter().map(|choice| choice.row).collect())
}

/// The mean over seeds, at each size.
fn mean(runs: &[Vec<Figures>]) -> Vec<Figures> {
    let average = |size: usize, figure: usize| {
        runs.iter().map(|run| run[size][figure]).sum::<f64>() / runs.len() as f64
    };
    (0..SIZES.len()).map(|size| [average(size, 0), average(size, 1)]).collect()
}

/// How many sentences a curve needs to reach a value of a figure, between two sizes in proportion; none if it does not.
fn needed(curve: &[Figures], figure: usize, value: f64) -> Option<f64> {
    let first = curve.iter().position(|figures| figures[figure] >= value)?;
    let Some(before) = first.checked_sub(1) else { return Some(SIZES[0] as f64) };
    let (low, high) = (curve[before][figure], curve[first][figure]);
    let (from, to) = (SIZES[before] as f64, SIZES[first] as f64);
    Some(from + (to - from) * (value - low) / (high - low))
}

/// `1450 (-17%)`: what chance needs, and by how much `size` is less or more.
fn saved(chance: &[Figures], figure: usize, value: f64, size: usize) -> String {
    match needed(chance, figure, value) {
        Some(needed) => format!("{needed:.0} ({:+.0}%)", 100.0 * (size as f64 / needed - 1.0)),
        None => format!("more than {}", SIZES[SIZES.len() - 1]),
    }
}

fn main() -> Result<()> {
    let seeds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(SEEDS);
    let (authored, articles) = (read("train")?, read("articles")?);
    let pools: Vec<(u64, Dataset)> =
        (1..=seeds).map(|seed| (seed, thinned(&authored, &articles, seed))).collect();
    let curve = |choosing| -> Result<Vec<Figures>> {
        let run = |(seed, pool): &(u64, Dataset)| simulate(pool, &articles, choosing, *seed);
        Ok(mean(&pools.iter().map(run).collect::<Result<Vec<_>>>()?))
    };
    let (chance, review) = (curve(Choosing::ByChance)?, curve(Choosing::Review)?);
    println!(
        "macro F1 and average precision (AP) on data/articles, means of {seeds} seeds; in brackets: fewer labels"
    );
    println!(
        "than by chance for the same; pool of {} sentences\n",
        pools.first().map_or(0, |(_, pool)| pool.rows.len())
    );
    println!("labelled  by chance: F1, AP  review: F1, AP  {:>20}  {:>20}", "by chance, same F1", "same AP");
    for (size, (by_chance, figures)) in SIZES.into_iter().zip(chance.iter().zip(&review)) {
        let [f1, ap] = [0, 1].map(|figure| saved(&chance, figure, figures[figure], size));
        let [a, b] = [by_chance, figures].map(|[f1, ap]| format!("{f1:.3}  {ap:.3}"));
        println!("{size:>8}  {a:>17}  {b:>14}  {f1:>20}  {ap:>20}");
    }
    Ok(())
}
