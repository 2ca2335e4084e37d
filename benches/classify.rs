//! Throughput of `classify` with lexical features: from text to probabilities, on one thread and on all.
//!
//! `cargo bench --bench classify`. Reported are bytes and sentences a second over the annotated articles, repeated.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rhetor::{Article, Model, sentences};
use std::hint::black_box;

/// How often the articles are repeated, so that all threads have work.
const COPIES: usize = 20;

fn texts() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/articles");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("data/articles").flatten().map(|e| e.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    paths.sort();
    let texts: Vec<String> = paths.iter().map(|path| std::fs::read_to_string(path).expect("UTF-8")).collect();
    texts.iter().cycle().take(texts.len() * COPIES).cloned().collect()
}

/// Everything from text to probabilities; returns the number of sentences.
fn classify(model: &Model, texts: &[String]) -> usize {
    let articles: Vec<Article> =
        texts.iter().map(|text| Article::from_text("bench", None, None, text.clone())).collect();
    let found: Vec<_> = articles.iter().map(sentences).collect();
    let texts: Vec<&str> = articles
        .iter()
        .zip(&found)
        .flat_map(|(article, found)| found.iter().map(|s| s.span.of(&article.text)))
        .collect();
    black_box(model.score(&texts, &|_| {}).expect("lexical features cannot fail")).nrows()
}

fn throughput(criterion: &mut Criterion) {
    let model = Model::built_in("lexical").expect("built in").expect("readable");
    let texts = texts();
    let bytes: usize = texts.iter().map(String::len).sum();
    for (threads, name) in [(1, "one thread"), (0, "all threads")] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let count = pool.install(|| classify(&model, &texts)) as u64;
        let mut group = criterion.benchmark_group(format!("classify, lexical, {name}"));
        group.sample_size(10);
        for (unit, throughput) in
            [("bytes", Throughput::Bytes(bytes as u64)), ("sentences", Throughput::Elements(count))]
        {
            group.throughput(throughput);
            group.bench_function(unit, |bencher| bencher.iter(|| pool.install(|| classify(&model, &texts))));
        }
        group.finish();
    }
}

criterion_group!(benches, throughput);
criterion_main!(benches);
