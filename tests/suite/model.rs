//! The artifact: what is saved is what is loaded, the same data give the same bytes, any label scheme works.

use crate::support::{LABELS, small_model};
use ndarray::Array2;
use proptest::prelude::*;
use rhetor::dataset::Row;
use rhetor::features::LexicalParameters;
use rhetor::train::{FeatureSource, Trained};
use rhetor::{Dataset, LabelSet, Model, Place, TrainParameters, train};
use std::path::Path;

const SENTIMENT: [&str; 5] = ["very negative", "negative", "neutral", "positive", "very positive"];

/// Words that say nothing of a label.
const FILLERS: [&str; 24] = [
    "harbour", "river", "spring", "council", "bread", "engine", "valley", "winter", "ledger", "bridge",
    "garden", "cargo", "letter", "window", "market", "summit", "lantern", "captain", "orchard", "railway",
    "kettle", "museum", "pepper", "violin",
];

/// Rows whose label is the number of the row, modulo the labels and none, and whose words are drawn by `draws`: five
/// fillers, and for each label a word of its own.
fn dataset(labels: &[&str], draws: &[[usize; 5]]) -> Dataset {
    let labels = LabelSet::new(labels.iter().copied()).unwrap();
    let rows = draws.iter().enumerate().map(|(i, draw)| {
        let class = i % (labels.len() + 1);
        let fillers: Vec<&str> = draw.iter().map(|word| FILLERS[word % FILLERS.len()]).collect();
        row(
            &format!("{} marker{class} {i}", fillers.join(" ")),
            (0..labels.len()).map(|label| label == class).collect(),
        )
    });
    Dataset { rows: rows.collect(), labels, files: Vec::new() }
}

fn row(text: &str, tags: Vec<bool>) -> Row {
    Row {
        text: text.into(),
        tags,
        id: None,
        doc: None,
        domain: None,
        extra: Vec::new(),
        place: Place::file("invented"),
    }
}

/// Thirty draws that are the same each time.
fn draws() -> Vec<[usize; 5]> {
    (0..30).map(|i| [i, i * 5 + 1, i * 7 + 2, i * 11 + 3, i * 13 + 5]).collect()
}

fn parameters(seed: u64) -> TrainParameters {
    TrainParameters {
        features: vec![FeatureSource::Lexical(LexicalParameters {
            columns: 120,
            ..LexicalParameters::default()
        })],
        folds: 2,
        alphas: vec![0.3, 1.0],
        seed,
        ..TrainParameters::default()
    }
}

fn trained(dataset: &Dataset, seed: u64) -> Model {
    train(dataset, None, &parameters(seed).check().unwrap(), &|_| {}).unwrap().model
}

fn bits(scores: Array2<f32>) -> Vec<u32> {
    scores.iter().map(|score| score.to_bits()).collect()
}

fn score(model: &Model, texts: &[&str]) -> Array2<f32> {
    model.score(texts, &|_| {}).unwrap()
}

fn reloaded(model: &Model) -> Model {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    model.save(&path).unwrap();
    Model::load(&path).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn saved_and_loaded_a_model_scores_the_same(
        labels in 1usize..=4,
        draws in prop::collection::vec(any::<[usize; 5]>(), 24..40),
        seed in any::<u64>(),
        texts in prop::collection::vec("\\PC{0,60}", 1..8),
    ) {
        let dataset = dataset(&SENTIMENT[..labels], &draws);
        let model = trained(&dataset, seed);
        let loaded = reloaded(&model);
        let samples: Vec<&str> = texts.iter().map(String::as_str).chain(dataset.texts()).collect();
        prop_assert_eq!(bits(score(&model, &samples)), bits(score(&loaded, &samples)));
        prop_assert_eq!(model.identity(), loaded.identity());
        prop_assert_eq!(model.thresholds(), loaded.thresholds());
        prop_assert_eq!(model.to_bytes().unwrap(), loaded.to_bytes().unwrap());
        prop_assert!(score(&model, &samples).iter().all(|score| (0.0..=1.0).contains(score)));
    }

    #[test]
    fn no_bytes_are_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in any::<prop::sample::Index>()) {
        prop_assert!(Model::from_bytes(&bytes, Path::new("x")).is_err());
        let model = small_model();
        let kept = cut.index(model.len());
        let error = Model::from_bytes(&model[..kept], Path::new("x")).unwrap_err().to_string();
        prop_assert!(["is empty", "is not a rhetor model", "is cut short"].iter().any(|said| error.contains(said)), "{}", error);
        let mut altered = model.to_vec();
        altered[kept] ^= 1;
        prop_assert!(Model::from_bytes(&altered, Path::new("x")).is_err());
    }
}

#[test]
fn the_same_data_and_seed_give_the_same_bytes() {
    let data = dataset(&["a", "b"], &draws());
    let first = trained(&data, 7);
    assert_eq!(first.to_bytes().unwrap(), trained(&data, 7).to_bytes().unwrap());
    let other_seed = trained(&data, 8);
    let mut other_draws = draws();
    other_draws[3][0] += 1;
    let other_data = trained(&dataset(&["a", "b"], &other_draws), 7);
    assert_ne!(first.identity(), other_seed.identity());
    assert_ne!(first.identity(), other_data.identity());
    assert_ne!(first.provenance().data, other_data.provenance().data);
}

#[test]
fn any_label_scheme_is_learned() {
    let mut data = dataset(&SENTIMENT, &(0..8).flat_map(|_| draws()).take(72).collect::<Vec<_>>());
    for row in &mut data.rows {
        row.tags[4] |= row.tags[3]; // labels need not exclude each other
    }
    let Trained { model, report, .. } = train(&data, None, &parameters(1).check().unwrap(), &|_| {}).unwrap();
    let scores = score(&model, &["harbour marker0 kettle", "violin marker3 bread"]);
    assert_eq!(scores.dim(), (2, 5));
    assert!(
        scores[[0, 0]] > scores[[1, 0]] && scores[[1, 3]] > scores[[0, 3]] && scores[[1, 4]] > scores[[0, 4]]
    );
    assert_eq!(report.labels.keys().map(String::as_str).collect::<Vec<_>>(), SENTIMENT);
}

#[test]
fn a_label_that_vanishes_with_a_fold_is_named() {
    let mut data = dataset(&["common", "rare"], &draws());
    for (i, row) in data.rows.iter_mut().enumerate() {
        row.tags[1] = i == 4;
    }
    let error = train(&data, None, &parameters(1).check().unwrap(), &|_| {}).unwrap_err().to_string();
    assert!(error.starts_with("cannot fit label \"rare\": all rows with it are in one fold"), "{error}");
    for row in &mut data.rows {
        row.tags[1] = true;
    }
    let error = train(&data, None, &parameters(1).check().unwrap(), &|_| {}).unwrap_err().to_string();
    assert!(
        error.starts_with("cannot fit label \"rare\": there is no row without it to measure on"),
        "{error}"
    );
}

#[test]
fn parameters_out_of_range_are_named() {
    let wrong = |change: fn(&mut TrainParameters)| {
        let mut parameters = TrainParameters::default();
        change(&mut parameters);
        parameters.check().unwrap_err().to_string()
    };
    assert!(wrong(|p| p.folds = 1).starts_with("folds: found 1; expected 2 or more"));
    assert!(wrong(|p| p.alphas = vec![1.0, f32::NAN]).starts_with("alphas: found NaN"));
    assert!(wrong(|p| p.alphas = vec![0.0]).starts_with("alphas: found 0"));
    assert!(
        wrong(|p| p.features =
            vec![FeatureSource::Lexical(LexicalParameters { columns: 0, ..LexicalParameters::default() })])
        .starts_with("columns: found 0")
    );
    assert!(
        wrong(|p| p.features = vec![])
            .starts_with("features: found 0 encoder(s), 0 of n-grams; expected one")
    );
    assert!(
        wrong(|p| p.features.push(p.features[0].clone())).starts_with("features: found 0 encoder(s), 2 of")
    );
}

#[test]
fn the_small_model_and_the_built_in_one_have_the_four_labels() {
    let small = Model::from_bytes(small_model(), Path::new("small")).unwrap();
    let shipped = Model::shipped().unwrap();
    for model in [&small, &shipped] {
        assert_eq!(model.labels().names().collect::<Vec<_>>().join(","), LABELS);
    }
}

#[test]
fn one_sentence_scores_the_same_alone_and_in_a_crowd() {
    let model = Model::from_bytes(small_model(), Path::new("small")).unwrap();
    let crowd: Vec<String> = (0..1500).map(|i| format!("Envoy {i} accused the mayor of theft.")).collect();
    let samples: Vec<&str> = crowd.iter().map(|text| &**text).collect();
    let together = score(&model, &samples);
    for i in [0, 1023, 1024, 1499] {
        let alone = score(&model, &samples[i..=i]);
        for (a, b) in alone.iter().zip(together.row(i)) {
            assert!((a - b).abs() < 1e-5, "{i}: {a} {b}");
        }
    }
}
