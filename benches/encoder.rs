//! Sentences a second through the encoder, in single precision.
//!
//! `cargo bench --bench encoder -- DIRECTORY` with the base weights' directory (`model.safetensors`, `config.json`,
//! `tokenizer.json`). `RAYON_NUM_THREADS` sets the threads. `benches/encoder.py` runs it beside onnxruntime.

#[path = "../src/bin/common/environment.rs"]
mod environment;

use rhetor::features::encoder::Encoder;
use std::path::Path;
use std::time::Instant;

/// Passes over the sentences; the fastest counts.
const PASSES: usize = 3;

#[allow(unsafe_code)]
fn main() -> anyhow::Result<()> {
    // SAFETY: this is the first thing that the program does, on its only thread.
    unsafe { environment::leave_candle_without_threads() };
    // cargo adds `--bench`, and runs benches without arguments when it tests all targets.
    let Some(directory) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        eprintln!("give the directory of the base weights");
        return Ok(());
    };
    let encoder = Encoder::open(Path::new(&directory))?;
    let sentences = sentences();
    let inputs: Vec<&str> = sentences.iter().map(String::as_str).collect();
    let mut fastest = f64::INFINITY;
    for _ in 0..PASSES {
        let start = Instant::now();
        encoder.encode(&inputs, &|_| ())?;
        fastest = fastest.min(start.elapsed().as_secs_f64());
    }
    println!("{:.1}", inputs.len() as f64 / fastest);
    Ok(())
}

/// 512 sentences of 8 to 71 words, about 40 on average as in news; `encoder.py` makes the same.
fn sentences() -> Vec<String> {
    let words = [
        "the", "minister", "said", "on", "friday", "that", "talks", "with", "both", "sides", "had", "failed",
    ];
    let length = |i: usize| 8 + (i * 37) % 64;
    let sentence =
        |i: usize| (0..length(i)).map(|j| words[(i * 7 + j * 5) % words.len()]).collect::<Vec<_>>().join(" ");
    (0..512).map(sentence).collect()
}
