//! features/encoder against a numpy BERT with tiny random weights (`tests/oracle/encoder.py`).

use ndarray::{Array2, ArrayView1};
use rhetor::features::encoder::{Encoder, EncoderConfig, Input, Pooling, Precision};
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

fn inputs(oracle: &Value) -> Vec<Input<'_>> {
    let cases = oracle["cases"].as_array().unwrap().iter();
    cases.map(|case| (case["context"].as_str(), case["text"].as_str().unwrap())).collect()
}

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap() as f32).collect()
}

fn distance(a: ArrayView1<f32>, b: ArrayView1<f32>) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

fn vectors(encoder: &Encoder, inputs: &[Input<'_>]) -> Array2<f32> {
    encoder.encode(inputs, &|_| ()).unwrap()
}

#[test]
fn vectors_equal_the_reference() {
    let oracle = oracle();
    let rows = vectors(&tiny(), &inputs(&oracle));
    assert_eq!(rows.dim(), (12, 32));
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
    assert_eq!(rows.dim(), (12, 64));
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
    let many: Vec<Input<'_>> = inputs.iter().rev().cycle().take(100).copied().collect();
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
    encoder.encode(&[(None, "they lied"); 45], &heard).unwrap();
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
            .filter(|(name, _)| name.ends_with(".weight") || name.ends_with(".scale"))
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
