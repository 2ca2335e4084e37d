//! Logistic regression against scikit-learn's, on the matrix of `tests/oracle/lexical.py`. The features themselves are
//! compared beside their code, in `src/features/lexical/oracle.rs`.

use crate::support::repository;
use ndarray::{Array1, Array2};
use rhetor::classifier::{Linear, column_major};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;

/// How far the gradient's norm may be from zero where `Linear::fit` stops: 1e-4 a row. The penalty of weight 1 makes the
/// objective strongly convex, so the weights are no further from the optimum than this.
const REACH_PER_ROW: f32 = 1e-4;

#[derive(Deserialize)]
struct Oracle {
    words: Block,
    characters: Block,
    labels: BTreeMap<String, Figures>,
}

#[derive(Deserialize)]
struct Block {
    terms: Vec<String>,
    matrix: Vec<(usize, usize, f32)>,
}

/// One label's fit with C = 1.
#[derive(Deserialize)]
struct Figures {
    gold: Vec<bool>,
    coefficients: Vec<f32>,
    intercept: f32,
    probabilities: Vec<f32>,
}

impl Oracle {
    fn read() -> Self {
        serde_json::from_str(&fs::read_to_string(repository("tests/oracle/lexical.json")).unwrap()).unwrap()
    }

    /// Shape (rows, terms): words, then characters.
    fn records(&self) -> Array2<f32> {
        let rows = self.labels.values().next().unwrap().gold.len();
        let words = self.words.terms.len();
        let mut records = Array2::zeros((rows, words + self.characters.terms.len()));
        for (block, offset) in [(&self.words, 0), (&self.characters, words)] {
            for &(row, column, value) in &block.matrix {
                records[[row, column + offset]] = value;
            }
        }
        records
    }

    /// One column a label, and once more its opposite.
    fn tags(&self) -> Array2<bool> {
        let columns: Vec<Vec<bool>> = self
            .labels
            .values()
            .flat_map(|figures| [figures.gold.clone(), figures.gold.iter().map(|on| !on).collect()])
            .collect();
        Array2::from_shape_fn((columns[0].len(), columns.len()), |(row, label)| columns[label][row])
    }
}

fn fit(records: &Array2<f32>, tags: &Array2<bool>) -> Linear {
    let labels = tags.ncols();
    Linear::fit(records.view(), tags.view(), &vec![1.0; labels], &vec!["label"; labels]).unwrap()
}

fn distance(a: impl IntoIterator<Item = f32>, b: impl IntoIterator<Item = f32>) -> f32 {
    a.into_iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

#[test]
fn weights_and_probabilities_are_scikit_learns() {
    let oracle = Oracle::read();
    let (records, tags) = (oracle.records(), oracle.tags());
    let linear = fit(&records, &tags);
    let log_odds = linear.log_odds(records.view());
    let reach = REACH_PER_ROW * records.nrows() as f32;
    for (label, (name, figures)) in oracle.labels.iter().enumerate() {
        let column = 2 * label;
        let theirs = figures.coefficients.iter().copied();
        let off = distance(linear.weights.column(column).iter().copied(), theirs);
        assert!(off < reach, "{name}: weights are {off} away");
        assert!(
            (linear.intercepts[column] - figures.intercept).abs() < reach,
            "{name}: {}",
            linear.intercepts[column]
        );
        for (score, theirs) in log_odds.column(column).iter().zip(&figures.probabilities) {
            let ours = 1.0 / (1.0 + (-score).exp());
            assert!((ours - theirs).abs() < reach, "{name}: {ours}, scikit-learn has {theirs}");
        }
    }
}

/// linfa calls the more frequent class positive: of a label and its opposite, one is so and the other is not.
#[test]
fn the_opposite_of_a_label_has_the_opposite_weights() {
    let oracle = Oracle::read();
    let (records, tags) = (oracle.records(), oracle.tags());
    let linear = fit(&records, &tags);
    for label in (0..tags.ncols()).step_by(2) {
        let (own, opposite) = (linear.weights.column(label), linear.weights.column(label + 1));
        let off = distance(own.iter().copied(), opposite.iter().map(|weight| -weight));
        assert!(off < 2.0 * REACH_PER_ROW * records.nrows() as f32, "{off}");
        assert!(own.iter().any(|weight| weight.abs() > 0.2));
    }
}

/// The penalty is on a sum over rows: all rows twice with twice the penalty is the same problem.
#[test]
fn the_objective_is_a_sum() {
    let oracle = Oracle::read();
    let records = oracle.records();
    let tags = oracle.tags();
    let twice = ndarray::concatenate![ndarray::Axis(0), records, records];
    let tags_twice = ndarray::concatenate![ndarray::Axis(0), tags, tags];
    let labels = tags.ncols();
    let once = fit(&records, &tags);
    let doubled =
        Linear::fit(twice.view(), tags_twice.view(), &vec![2.0; labels], &vec!["label"; labels]).unwrap();
    let off = distance(once.weights.iter().copied(), doubled.weights.iter().copied());
    assert!(off < 4.0 * REACH_PER_ROW * records.nrows() as f32, "{off}");
}

/// The layout in memory is for speed alone.
#[test]
fn layout_does_not_change_the_fit() {
    let oracle = Oracle::read();
    let records = oracle.records();
    let tags = oracle.tags();
    assert_eq!(fit(&records, &tags), fit(&column_major(records.view()), &tags));
}

#[test]
fn a_label_of_one_class_is_refused_by_name() {
    let records = Array2::from_elem((3, 2), 1.0);
    for (on, said) in [(false, "no row has it"), (true, "every row has it")] {
        let tags = Array1::from_elem(3, on).insert_axis(ndarray::Axis(1));
        let error = Linear::fit(records.view(), tags.view(), &[1.0], &["threat"]).unwrap_err().to_string();
        assert!(error.starts_with("cannot fit label \"threat\"") && error.contains(said), "{error}");
    }
}
