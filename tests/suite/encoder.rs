//! features/encoder against a numpy BERT with tiny random weights (`tests/oracle/encoder.py`).

use ndarray::{Array1, Array2, ArrayView1};
use rhetor::features::encoder::{
    Checkpoint, Encoder, EncoderConfig, FineTuneParameters, FineTuned, Labelled, Pooling, Precision,
    Progress, fine_tune,
};
use safetensors::SafeTensors;
use serde_json::Value;

const WEIGHTS: &[u8] = include_bytes!("../oracle/encoder/tiny.safetensors");
const TOKENIZER: &[u8] = include_bytes!("../oracle/encoder/tokenizer.json");
const ORACLE: &str = include_str!("../oracle/encoder/tiny.json");

fn oracle() -> Value {
    serde_json::from_str(ORACLE).unwrap()
}

fn tiny_config() -> EncoderConfig {
    EncoderConfig::read(oracle()["config"].to_string().as_bytes()).unwrap()
}

fn tiny_with(config: EncoderConfig) -> Encoder {
    let tensors = SafeTensors::deserialize(WEIGHTS).unwrap();
    Encoder::load(&tensors, config, TOKENIZER.to_vec()).unwrap()
}

fn tiny() -> Encoder {
    tiny_with(tiny_config())
}

fn inputs(oracle: &Value) -> Vec<&str> {
    let cases = oracle["cases"].as_array().unwrap().iter();
    cases.map(|case| case["text"].as_str().unwrap()).collect()
}

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap() as f32).collect()
}

fn distance(a: ArrayView1<f32>, b: ArrayView1<f32>) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn vectors(encoder: &Encoder, inputs: &[&str]) -> Array2<f32> {
    encoder.encode(inputs, &|_| ()).unwrap()
}

#[test]
fn vectors_equal_the_reference() {
    let oracle = oracle();
    let rows = vectors(&tiny(), &inputs(&oracle));
    assert_eq!(rows.dim(), (9, 32));
    for (row, case) in rows.rows().into_iter().zip(oracle["cases"].as_array().unwrap()) {
        let expected = numbers(&case["mean"]);
        assert!(distance(row, ArrayView1::from(&expected)) < 1e-4, "{}", case["text"]);
    }
}

#[test]
fn the_first_token_can_stand_beside_the_mean() {
    let oracle = oracle();
    let rows =
        vectors(&tiny_with(EncoderConfig { pooling: Pooling::MeanCls, ..tiny_config() }), &inputs(&oracle));
    assert_eq!(rows.dim(), (9, 64));
    for (row, case) in rows.rows().into_iter().zip(oracle["cases"].as_array().unwrap()) {
        let expected = [numbers(&case["mean"]), numbers(&case["cls"])].concat();
        assert!(distance(row, ArrayView1::from(&expected)) < 1e-4, "{}", case["text"]);
    }
}

#[test]
fn a_row_does_not_depend_on_its_neighbours() {
    let (oracle, encoder) = (oracle(), tiny());
    let inputs = inputs(&oracle);
    let together = vectors(&encoder, &inputs);
    let many: Vec<&str> = inputs.iter().rev().cycle().take(100).copied().collect();
    let mixed = vectors(&encoder, &many);
    for (i, row) in mixed.rows().into_iter().enumerate() {
        let place = inputs.len() - 1 - i % inputs.len();
        assert!(distance(row, together.row(place)) < 1e-5, "row {i}");
    }
    for (i, &input) in inputs.iter().enumerate() {
        assert!(distance(vectors(&encoder, &[input]).row(0), together.row(i)) < 1e-5, "input {i} alone");
    }
}

#[test]
fn no_text_gives_no_row_and_progress_counts_to_the_end() {
    let encoder = tiny();
    assert_eq!(vectors(&encoder, &[]).dim(), (0, 32));
    let most = std::sync::atomic::AtomicUsize::new(0);
    let heard = |done| {
        most.fetch_max(done, std::sync::atomic::Ordering::Relaxed);
    };
    encoder.encode(&["they lied"; 45], &heard).unwrap();
    assert_eq!(most.into_inner(), 45);
}

#[test]
fn single_precision_comes_back_as_it_was() {
    let (oracle, encoder) = (oracle(), tiny());
    let bytes = safetensors::serialize(encoder.to_tensors("enc/", Precision::Single).unwrap(), None).unwrap();
    let back = Encoder::from_tensors(&SafeTensors::deserialize(&bytes).unwrap(), "enc/").unwrap();
    assert_eq!(back.config(), encoder.config());
    assert_eq!(vectors(&back, &inputs(&oracle)), vectors(&encoder, &inputs(&oracle)));
}

#[test]
fn eight_bits_are_a_quarter_and_nearly_the_same() {
    let (oracle, encoder) = (oracle(), tiny());
    let size = |precision| -> usize {
        let tensors = encoder.to_tensors("", precision).unwrap();
        tensors
            .iter()
            .filter(|(name, _)| name.ends_with(".weight") || name.ends_with("_scale"))
            .map(|(_, t)| t.bytes.len())
            .sum()
    };
    assert!(
        size(Precision::Int8) * 10 < size(Precision::Single) * 4,
        "the scales weigh more in a tiny model"
    );
    let (exact, rounded) =
        (vectors(&encoder, &inputs(&oracle)), vectors(&encoder.rounded().unwrap(), &inputs(&oracle)));
    assert_ne!(exact, rounded);
    for (i, (a, b)) in exact.rows().into_iter().zip(rounded.rows()).enumerate() {
        let cosine = a.dot(&b) / (a.dot(&a) * b.dot(&b)).sqrt();
        assert!(cosine > 0.999, "input {i}: cosine {cosine}");
    }
}

#[test]
fn unusable_files_are_refused_with_a_reason() {
    let tensors = SafeTensors::deserialize(WEIGHTS).unwrap();
    let load = |config, tokenizer: &[u8]| {
        Encoder::load(&tensors, config, tokenizer.to_vec()).map(|_| ()).unwrap_err().to_string()
    };
    let deeper = EncoderConfig { num_hidden_layers: 3, ..tiny_config() };
    assert!(load(deeper, TOKENIZER).contains("no tensor encoder.layer.2.attention.self.qkv.weight"));
    let wider = EncoderConfig { intermediate_size: 65, ..tiny_config() };
    assert!(load(wider, TOKENIZER).contains("[64, 32], not [65, 32]"));
    let smaller = EncoderConfig { vocab_size: 20, ..tiny_config() };
    assert!(load(smaller, TOKENIZER).contains("there are 20 embeddings"));
    assert!(load(tiny_config(), b"{}").contains("tokenizer.json"));
    assert!(EncoderConfig::read(b"{\"hidden_size\": 384}").is_err());
    assert!(Encoder::from_tensors(&tensors, "enc/").is_err());
}

/// A toy problem: an accusation has "lied" in it, an appeal "return".
fn toy() -> (Vec<String>, Array2<bool>) {
    let subjects = ["the minister", "the council", "mayor lena", "they", "the harbour office", "both crews"];
    let rest = ["on friday", "to the crews", "and the talks went on", "in the river town", "he said"];
    let (mut texts, mut tags) = (Vec::new(), Vec::new());
    for (i, subject) in subjects.iter().enumerate() {
        for (j, rest) in rest.iter().enumerate() {
            let kind = (i + j) % 3;
            texts.push(format!("{subject} {} {rest}", ["lied", "return", "spoke"][kind]));
            tags.extend([kind == 0, kind == 1]);
        }
    }
    let shape = (texts.len(), 2);
    (texts, Array2::from_shape_vec(shape, tags).unwrap())
}

fn with_toy<R>(work: impl FnOnce(Labelled<'_>) -> R) -> R {
    let (texts, tags) = toy();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    work(Labelled { texts: &texts, tags: tags.view() })
}

fn toy_parameters() -> FineTuneParameters {
    FineTuneParameters {
        epochs: 6,
        learning_rate: 5e-3,
        batch: 8,
        held_out_share: 0.2,
        max_tokens: 48,
        ..Default::default()
    }
}

fn train(
    parameters: FineTuneParameters,
    checkpoint: Option<&Checkpoint>,
    progress: &dyn Fn(Progress),
) -> FineTuned {
    let parameters = parameters.check().unwrap();
    with_toy(|data| fine_tune(&tiny(), data, None, &parameters, checkpoint, progress)).unwrap()
}

fn bytes(tuned: &FineTuned) -> Vec<rhetor::features::NamedTensor> {
    tuned.encoder.to_tensors("", Precision::Single).unwrap()
}

#[test]
fn fine_tuning_separates_a_toy_problem() {
    let tuned =
        train(FineTuneParameters { epochs: 40, held_out_share: 0.0, ..toy_parameters() }, None, &|_| ());
    let epochs = &tuned.runs[0].epochs;
    assert_eq!(epochs.len(), 40);
    assert!(epochs[39].loss < 0.2 * epochs[0].loss, "{epochs:?}");
    with_toy(|data| {
        let logits = tuned.head.logits(vectors(&tuned.encoder, data.texts).view());
        let wrong = logits.iter().zip(&data.tags).filter(|(logit, tag)| (**logit > 0.0) != **tag).count();
        assert_eq!(wrong, 0, "{logits}");
    });
    assert_eq!((tuned.runs[0].kept, epochs[39].average_precision, tuned.average_precision), (40, None, None));
}

#[test]
fn the_seed_decides_every_byte() {
    let short = |seed| FineTuneParameters { epochs: 2, seed, ..toy_parameters() };
    let once = train(short(1), None, &|_| ());
    assert!(bytes(&once) == bytes(&train(short(1), None, &|_| ())), "again");
    assert!(bytes(&once) != bytes(&train(short(2), None, &|_| ())), "another seed");
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert!(bytes(&once) == alone.install(|| bytes(&train(short(1), None, &|_| ()))), "on one thread");
}

#[test]
fn every_option_trains() {
    let base = || FineTuneParameters { epochs: 3, ..toy_parameters() };
    for parameters in [
        FineTuneParameters { joined_share: 0.3, epochs: 20, ..base() },
        FineTuneParameters { mixout: 0.2, ..base() },
        FineTuneParameters { held_out_share: 0.0, ..base() },
        FineTuneParameters { layer_decay: 0.8, weight_decay: 0.1, ..base() },
        FineTuneParameters { pooling: Pooling::MeanCls, dropout: 0.0, ..base() },
    ] {
        let tuned = train(parameters.clone(), None, &|_| ());
        let epochs = &tuned.runs[0].epochs;
        assert!(epochs.last().unwrap().loss < epochs[0].loss, "{parameters:?}: {epochs:?}");
        assert_eq!(tuned.head.weight.ncols(), tuned.encoder.config().width());
    }
}

#[test]
fn training_stops_when_it_gets_no_better() {
    let parameters = || FineTuneParameters { epochs: 40, patience: 2, ..toy_parameters() };
    let tuned = train(FineTuneParameters { runs: 2, ..parameters() }, None, &|_| ());
    assert_eq!(tuned.runs.len(), 2);
    for run in &tuned.runs {
        let scores: Vec<f64> = run.epochs.iter().map(|epoch| epoch.average_precision.unwrap()).collect();
        let best = scores.iter().copied().fold(0.0, f64::max);
        assert_eq!(scores.iter().position(|score| *score == best), Some(scores.len() - 3), "{scores:?}");
        assert_eq!(run.kept, scores.iter().rposition(|score| *score == best).unwrap() + 1);
        assert!(scores.len() < 40);
    }
    let first = train(parameters(), None, &|_| ());
    assert_eq!(first.runs, tuned.runs[..1]);
    assert_eq!(first.average_precision, first.runs[0].epochs[first.runs[0].kept - 1].average_precision);
}

/// An epoch of the toy problem is three steps: 24 rows in batches of 8.
const STEPS: u64 = 3;

#[test]
fn resumed_equals_uninterrupted() {
    // Runs of four epochs, killed after so many epochs in all: within a run, or between two.
    for (runs, killed_after) in [(1, 2), (3, 10), (3, 8), (2, 6)] {
        let folder = tempfile::tempdir().unwrap();
        let at = |resume| Checkpoint { path: folder.path().join("training.safetensors"), resume };
        let parameters =
            || FineTuneParameters { epochs: 4, runs, joined_share: 0.2, mixout: 0.1, ..toy_parameters() };
        let whole = train(parameters(), None, &|_| ());
        let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            train(parameters(), Some(&at(false)), &|progress| {
                assert!(progress.step <= STEPS * killed_after, "killed");
            })
        }));
        assert!(killed.is_err());
        let seen = std::cell::RefCell::new(Vec::new());
        let resumed = train(parameters(), Some(&at(true)), &|progress| seen.borrow_mut().push(progress));
        let first = seen.borrow()[0].clone();
        assert_eq!((first.step, first.run), (STEPS * killed_after + 1, killed_after as usize / 4 + 1));
        let again = train(parameters(), Some(&at(true)), &|_| panic!("nothing is left to do"));
        for tuned in [resumed, again] {
            assert_eq!(tuned.runs, whole.runs, "{runs} runs, killed after {killed_after}");
            assert_eq!(tuned.head, whole.head, "{runs} runs, killed after {killed_after}");
            assert_eq!(
                tuned.average_precision, whole.average_precision,
                "{runs} runs, killed after {killed_after}"
            );
            assert!(bytes(&tuned) == bytes(&whole), "{runs} runs, killed after {killed_after}");
        }
    }
}

/// Those of one matrix.
fn some_weights(encoder: &Encoder) -> Array1<f32> {
    let tensors = encoder.to_tensors("", Precision::Single).unwrap();
    let (_, tensor) = tensors.iter().find(|(name, _)| name == "encoder.layer.0.output.dense.weight").unwrap();
    tensor.bytes.chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect()
}

#[test]
fn two_encoders_are_averaged() {
    let tuned =
        |seed| train(FineTuneParameters { epochs: 2, seed, ..toy_parameters() }, None, &|_| ()).encoder;
    let (one, two) = (tuned(1), tuned(2));
    let mean = one.averaged(&two).unwrap();
    let [one_weights, two_weights, mean_weights] = [&one, &two, &mean].map(some_weights);
    assert!(one_weights != two_weights);
    assert!(((one_weights + two_weights) / 2.0 - mean_weights).iter().all(|apart| apart.abs() < 1e-6));
    let text = ["the minister lied he said"];
    let rows = [&one, &two, &mean].map(|encoder| vectors(encoder, &text));
    assert!(rows[2] != rows[0] && rows[2] != rows[1]);
    let other = one.averaged(&tiny()).unwrap_err().to_string();
    assert!(other.contains("found one of another architecture, pooling or tokenizer"), "{other}");
}

#[test]
fn runs_are_averaged() {
    let tuned = |seed, runs| {
        let parameters = FineTuneParameters { epochs: 2, seed, runs, ..toy_parameters() }.check().unwrap();
        let last = std::cell::Cell::new((0, 0, 0));
        let progress = |progress: Progress| last.set((progress.step, progress.steps, progress.run));
        // The rows to judge by are given: which ones are held out depends on the seed.
        let tuned =
            with_toy(|data| fine_tune(&tiny(), data, Some(data), &parameters, None, &progress)).unwrap();
        assert_eq!(last.get(), (8 * runs as u64, 8 * runs as u64, runs), "30 rows are four steps an epoch");
        tuned
    };
    let (first, second, third, mean) = (tuned(1, 1), tuned(2, 1), tuned(3, 1), tuned(1, 3));
    assert_eq!(mean.runs, [&first, &second, &third].map(|tuned| tuned.runs[0].clone()));
    assert!(first.head != second.head);
    let weight = (&first.head.weight + &second.head.weight + &third.head.weight) / 3.0;
    let bias = (&first.head.bias + &second.head.bias + &third.head.bias) / 3.0;
    assert!((&mean.head.weight - weight).iter().all(|apart| apart.abs() < 1e-6));
    assert!((&mean.head.bias - bias).iter().all(|apart| apart.abs() < 1e-6));
    let [first, second, third, mixed] =
        [&first, &second, &third, &mean].map(|tuned| some_weights(&tuned.encoder));
    assert!(((first + second + third) / 3.0 - mixed).iter().all(|apart| apart.abs() < 1e-6));
    with_toy(|data| {
        let logits = mean.head.logits(vectors(&mean.encoder, data.texts).view());
        let ranked = |label| {
            let (scores, gold) = (logits.column(label).to_vec(), data.tags.column(label).to_vec());
            rhetor::evaluation::average_precision(&scores, &gold).unwrap()
        };
        assert!((mean.average_precision.unwrap() - (ranked(0) + ranked(1)) / 2.0).abs() < 1e-9);
    });
}

#[test]
fn a_checkpoint_of_another_training_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |resume| Checkpoint { path: folder.path().join("training.safetensors"), resume };
    train(FineTuneParameters { epochs: 1, ..toy_parameters() }, Some(&at(false)), &|_| ());
    let other = FineTuneParameters { seed: 9, epochs: 1, ..toy_parameters() }.check().unwrap();
    let error =
        with_toy(|data| fine_tune(&tiny(), data, None, &other, Some(&at(true)), &|_| ())).unwrap_err();
    assert!(error.to_string().contains("other parameters"), "{error}");
}

#[test]
fn data_that_cannot_be_trained_on_is_refused() {
    let parameters = toy_parameters().check().unwrap();
    let texts = ["they lied", "no"];
    let refuse = |tags: Array2<bool>| {
        let data = Labelled { texts: &texts, tags: tags.view() };
        fine_tune(&tiny(), data, None, &parameters, None, &|_| ()).map(|_| ()).unwrap_err().to_string()
    };
    assert!(refuse(Array2::default((3, 1))).contains("2 texts, 3 rows"));
    assert!(refuse(Array2::default((2, 0))).contains("0 labels"));
    let longer = FineTuneParameters { max_tokens: 65, ..toy_parameters() }.check().unwrap();
    let tags = Array2::default((2, 1));
    let data = Labelled { texts: &texts, tags: tags.view() };
    let error = fine_tune(&tiny(), data, None, &longer, None, &|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "max_tokens: found 65; expected at most 64, the encoder's positions");
    let tags = [Array2::default((2, 1)), Array2::default((2, 2))];
    let [data, other] = tags.each_ref().map(|tags| Labelled { texts: &texts, tags: tags.view() });
    let error = fine_tune(&tiny(), data, Some(other), &parameters, None, &|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "labels of the validation rows: found 2; expected 1");
}
