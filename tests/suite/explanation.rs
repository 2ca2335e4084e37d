//! Explanations: the words found are those that matter, and stand where they are said to.

use crate::support::{Sandbox, repository, small_model};
use rand::SeedableRng;
use rand::seq::IteratorRandom;
use rand_chacha::ChaCha8Rng;
use rhetor::explanation::{WordWeight, explain, explain_all, telling};
use rhetor::{Dataset, Model, ReadOptions};
use serde_json::Value;
use std::path::Path;

/// How many words are taken from a sentence.
const TAKEN: usize = 3;

fn small() -> Model {
    Model::from_bytes(small_model(), Path::new("small")).unwrap()
}

/// The probability of a label for each text.
fn probabilities(model: &Model, texts: &[String], labels: &[usize]) -> Vec<f64> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let scores = model.score(&texts, &|_| {}).unwrap();
    labels.iter().enumerate().map(|(row, label)| f64::from(scores[[row, *label]])).collect()
}

fn log_odds(model: &Model, text: &str, label: usize) -> f64 {
    let p = probabilities(model, &[text.into()], &[label])[0].clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

/// A text with blanks for these words.
fn without<'a>(text: &str, words: impl Iterator<Item = &'a WordWeight>) -> String {
    let mut words: Vec<&WordWeight> = words.collect();
    words.sort_by_key(|word| word.span);
    let mut text = text.to_string();
    for word in words.into_iter().rev() {
        text.replace_range(word.span.start..word.span.end, " ");
    }
    text
}

/// Up to `count` held-out sentences that the model tags, evenly from all of them, each with its likeliest label given.
fn tagged(model: &Model, step: usize, count: usize) -> Vec<(String, usize)> {
    let data = Dataset::read(&[repository("data/test")], &ReadOptions::default()).unwrap();
    let texts: Vec<&str> = data.texts().into_iter().step_by(step).collect();
    let scores = model.score(&texts, &|_| {}).unwrap();
    let best = |row: usize| {
        let given =
            (0..model.labels().len()).filter(|label| scores[[row, *label]] >= model.thresholds()[*label]);
        given.max_by(|a, b| scores[[row, *a]].total_cmp(&scores[[row, *b]]))
    };
    let tagged = (0..texts.len()).filter_map(|row| Some((texts[row].to_string(), best(row)?)));
    tagged.take(count).collect()
}

/// By how much the probability of its tag falls on average when a sentence loses its strongest words, and when it loses as
/// many random ones.
fn falls(model: &Model, sample: &[(String, usize)]) -> (f64, f64) {
    let questions: Vec<(&str, usize)> = sample.iter().map(|(text, label)| (text.as_str(), *label)).collect();
    let explained = explain_all(model, &questions, &|_, _| {}).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let (mut whole, mut strongest, mut any) = (Vec::new(), Vec::new(), Vec::new());
    for ((text, _), words) in sample.iter().zip(&explained) {
        let mut ranked: Vec<&WordWeight> = words.iter().collect();
        ranked.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        whole.push(text.clone());
        strongest.push(without(text, ranked.into_iter().take(TAKEN)));
        any.push(without(text, words.iter().choose_multiple(&mut random, TAKEN).into_iter()));
    }
    let labels: Vec<usize> = sample.iter().map(|(_, label)| *label).collect();
    let mean =
        |texts: &[String]| probabilities(model, texts, &labels).iter().sum::<f64>() / labels.len() as f64;
    let whole = mean(&whole);
    (whole - mean(&strongest), whole - mean(&any))
}

#[track_caller]
fn strongest_words_matter_most(name: &str, step: usize, count: usize, least: f64) {
    let model = Model::built_in(name).unwrap().unwrap();
    let sample = tagged(&model, step, count);
    assert_eq!(sample.len(), count);
    let (strongest, random) = falls(&model, &sample);
    println!(
        "{name}: of {count} tags the probability falls by {strongest:.3} without the {TAKEN} strongest words, by {random:.3} without {TAKEN} random ones"
    );
    assert!(strongest - random > least, "{strongest} {random}");
}

#[test]
fn the_strongest_words_of_the_default_model_matter_most() {
    strongest_words_matter_most("default", 6, 60, 0.3);
}

#[test]
fn the_strongest_words_of_the_lexical_model_matter_most() {
    strongest_words_matter_most("lexical", 2, 200, 0.35);
}

#[test]
fn a_weight_is_what_leaving_the_word_out_does() {
    let model = small();
    let text = "“Velmora accused Tarsk of theft,” Zoë said.";
    let words = explain(&model, text, 0).unwrap();
    let said: Vec<&str> = words.iter().map(|word| word.span.of(text)).collect();
    assert_eq!(said, ["Velmora", "accused", "Tarsk", "of", "theft", "Zoë", "said"]);
    for word in &words {
        let fall = log_odds(&model, text, 0) - log_odds(&model, &without(text, std::iter::once(word)), 0);
        assert!((fall - f64::from(word.weight)).abs() < 1e-4, "{word:?} {fall}");
    }
    assert_eq!(telling(words.iter().map(|word| word.weight))[0], 1, "{words:?}");
}

#[test]
fn there_may_be_one_word_or_none() {
    let model = small();
    let questions = [("", 0), ("…", 0), ("Accused!", 0), ("Accused!", 1), ("", 3)];
    let explained = explain_all(&model, &questions, &|_, _| {}).unwrap();
    assert_eq!(explained.iter().map(Vec::len).collect::<Vec<_>>(), [0, 0, 1, 1, 0]);
    assert!(explain_all(&model, &[], &|_, _| {}).unwrap().is_empty());
    assert_eq!(explained[2], explain(&model, "Accused!", 0).unwrap());
    assert_eq!(explained[3], explain(&model, "Accused!", 1).unwrap());
}

const NEWS: &str = "Žofie’s naïve début 🎭\n\n“Velmora accused Tarsk of theft,” Zoë Lorn said. It rained.";

fn news() -> Sandbox {
    Sandbox::new(&[("news.txt", NEWS.as_bytes()), ("m.safetensors", small_model())])
}

#[test]
fn json_has_each_word_with_its_place_and_weight() {
    let output = news().rhetor("classify news.txt -m m.safetensors --explain").done();
    let article: Value = serde_json::from_str(&output).unwrap();
    let mut seen = 0;
    for sentence in article["sentences"].as_array().unwrap() {
        for statement in sentence["statements"].as_array().unwrap() {
            let words = statement["words"].as_array().unwrap();
            let mut last = sentence["start"].as_u64().unwrap();
            for word in words {
                let (start, end) = (word["start"].as_u64().unwrap(), word["end"].as_u64().unwrap());
                let cut: String = NEWS.chars().skip(start as usize).take((end - start) as usize).collect();
                assert_eq!(cut, word["text"]);
                assert!(last <= start && start < end && word["weight"].is_f64());
                (last, seen) = (end, seen + 1);
            }
        }
    }
    assert!(seen >= 8, "{output}");
    assert!(!news().rhetor("classify news.txt -m m.safetensors").done().contains("\"words\""));
}

#[test]
fn a_listing_says_or_shows_them() {
    let plain = news().rhetor("classify news.txt -m m.safetensors --explain -f text").done();
    assert!(plain.lines().any(|line| line.trim_start().starts_with("because: accused")), "{plain}");
    let other = news().rhetor("classify news.txt -m m.safetensors -f text").done();
    let rest: String =
        plain.lines().filter(|line| !line.contains("because: ")).map(|line| format!("{line}\n")).collect();
    assert_eq!(rest, other);
    let sandbox = news();
    let arguments = "classify news.txt -m m.safetensors --explain -f text";
    let mut colours = sandbox.command(env!("CARGO_BIN_EXE_rhetor"), arguments);
    let output = colours.env("CLICOLOR_FORCE", "1").output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    let word = shown.split("accused").next().unwrap().rsplit("Velmora ").next().unwrap();
    assert!(
        word.contains("\u{1b}[1m") && word.contains("\u{1b}[4m") && !shown.contains("because"),
        "{shown:?}"
    );
}

#[test]
fn a_page_marks_them() {
    let page = news().rhetor("classify news.txt -m m.safetensors --explain -f html").done();
    let document = dom_query::Document::from(page.as_str());
    let strong = document.select("mark strong");
    assert!(strong.iter().any(|word| &*word.text() == "accused"), "{page}");
    assert!(strong.iter().all(|word| word.attr("title").is_some_and(|title| title.contains(" +"))));
    assert!(document.select("mark").text().contains("“Velmora accused Tarsk of theft,” Zoë Lorn said."));
    assert!(document.select(".tag .because").text().starts_with("because: accused"));
}

#[test]
fn formats_without_a_place_for_them_are_refused() {
    for format in ["csv", "doccano"] {
        let run = news().rhetor(&format!("classify news.txt -m m.safetensors --explain -f {format}"));
        run.refuses(&["--explain", "text, html, json or jsonl"]);
    }
}
