//! A name must not mean an act: the same sentences with the names of other countries and parties keep their labels.

use ndarray::{Array2, ArrayView2, Axis};
use rhetor::{Model, classifier::tags};
use std::collections::BTreeMap;

const SENTENCES: &str = include_str!("../names/sentences.csv");

const COUNTRIES: [&str; 12] = [
    "Kenya", "India", "Brazil", "Russia", "Iran", "Israel", "China", "Germany", "Pakistan", "Mexico",
    "Turkey", "Ukraine",
];
const PARTIES: [&str; 12] = [
    "the Labour Party",
    "the Republican Party",
    "the Democratic Party",
    "the Congress party",
    "Hamas",
    "Hezbollah",
    "Likud",
    "the Green Party",
    "the Communist Party",
    "the African National Congress",
    "the Muslim Brotherhood",
    "Fidesz",
];

/// The sentences with one kind of slot.
fn with_slot(slot: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(SENTENCES.as_bytes());
    let rows = reader.records().map(|row| row.expect("a readable row"));
    rows.filter(|row| &row[2] == slot).map(|row| row[0].to_string()).collect()
}

/// The sentence with a name in its slot, capitalised at the beginning.
fn filled(sentence: &str, slot: &str, name: &str) -> String {
    let text = sentence.replace(&format!("{{{slot}}}"), name);
    let first = text.chars().next().expect("not empty");
    text.replacen(first, &first.to_uppercase().to_string(), 1)
}

/// How much depends on the name.
struct Dependence {
    /// Of all sentences under all names, how many have other labels than the same sentence mostly has.
    flips: usize,
    /// How many sentences under how many names.
    all: usize,
    /// The name and label whose mean score stands farthest from the mean over all names, and by how much.
    shift: (String, String, f32),
}

fn dependence(model: &Model, slot: &str, names: &[&str]) -> Dependence {
    let sentences = with_slot(slot);
    let scored: Vec<Array2<f32>> = names
        .iter()
        .map(|name| {
            let texts: Vec<String> = sentences.iter().map(|sentence| filled(sentence, slot, name)).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            model.score(&texts, &|_| {}).expect("scores")
        })
        .collect();
    let tagged: Vec<Array2<bool>> = scored.iter().map(|s| tags(s.view(), model.thresholds())).collect();
    Dependence {
        flips: (0..sentences.len()).map(|row| flips(&tagged, row)).sum(),
        all: sentences.len() * names.len(),
        shift: largest_shift(model, names, &scored),
    }
}

/// Under how many names one sentence has other labels than it mostly has.
fn flips(tagged: &[Array2<bool>], row: usize) -> usize {
    let mut counts: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    for tags in tagged {
        *counts.entry(tags.row(row).to_vec()).or_default() += 1;
    }
    tagged.len() - counts.into_values().max().unwrap_or(0)
}

fn largest_shift(model: &Model, names: &[&str], scored: &[Array2<f32>]) -> (String, String, f32) {
    let means: Vec<_> = scored.iter().map(|scores| scores.mean_axis(Axis(0)).expect("rows")).collect();
    let of_all =
        ndarray::stack(Axis(0), &means.iter().map(|m| m.view()).collect::<Vec<_>>()).expect("one width");
    let of_all: ArrayView2<f32> = of_all.view();
    let centre = of_all.mean_axis(Axis(0)).expect("names");
    let mut largest = (String::new(), String::new(), 0.0);
    for (name, mean) in names.iter().zip(&means) {
        for (label, shift) in model.labels().names().zip((mean - &centre).iter()) {
            if shift.abs() > f32::abs(largest.2) {
                largest = (name.to_string(), label.to_string(), *shift);
            }
        }
    }
    largest
}

/// Aimed at: labels that flip under 2%, no mean score that shifts by .02.
#[test]
fn labels_do_not_hang_on_who_is_named() {
    let model = Model::shipped().unwrap();
    for (slot, names) in [("country", COUNTRIES), ("party", PARTIES)] {
        let Dependence { flips, all, shift: (name, label, shift) } = dependence(&model, slot, &names);
        let rate = flips as f32 / all as f32;
        println!(
            "{slot}: {flips} of {all} flip ({:.1}%); largest shift {shift:+.3}, {label} by {name}",
            100.0 * rate
        );
        assert!(rate < 0.02, "{slot}: {flips} of {all} labellings hang on the name");
        assert!(shift.abs() < 0.02, "{slot}: {name} shifts {label} by {shift}");
    }
}
