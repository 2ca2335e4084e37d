//! N-grams, weights and chi-squared against scikit-learn's (`tests/oracle/lexical.py`).
//!
//! The oracle's tokens are given, so the tokenizer here splits at white space only and keeps case. All n-grams are kept:
//! the columns are then scikit-learn's, words first, each family sorted by code point.

use super::select::chi_squared;
use super::tfidf::Vocabulary;
use super::tokens::Words;
use super::{Lexical, LexicalParameters, Tokens};
use ndarray::Array2;
use serde::Deserialize;
use std::collections::BTreeMap;
use tokenizers::Tokenizer;
use tokenizers::models::wordlevel::WordLevel;
use tokenizers::pre_tokenizers::whitespace::WhitespaceSplit;

#[derive(Deserialize)]
struct Oracle {
    texts: Vec<String>,
    tokens: Vec<Vec<String>>,
    words: Block,
    characters: Block,
    labels: BTreeMap<String, Figures>,
}

#[derive(Deserialize)]
struct Block {
    terms: Vec<String>,
    idf: Vec<f64>,
    matrix: Vec<(usize, usize, f64)>,
}

#[derive(Deserialize)]
struct Figures {
    gold: Vec<bool>,
    chi2: Vec<f64>,
}

impl Oracle {
    fn read() -> Self {
        serde_json::from_str(include_str!("../../../tests/oracle/lexical.json")).expect("the oracle's JSON")
    }

    fn texts(&self) -> Vec<&str> {
        self.texts.iter().map(String::as_str).collect()
    }

    /// Words as the oracle has them.
    fn splitter(&self) -> Words {
        let known: std::collections::BTreeSet<&String> = self.tokens.iter().flatten().collect();
        let ids = known.into_iter().cloned().zip(0..).collect();
        let model = WordLevel::builder().vocab(ids).unk_token("[UNK]".into()).build().expect("a word model");
        let mut tokenizer = Tokenizer::new(model);
        tokenizer.with_pre_tokenizer(Some(WhitespaceSplit));
        Words::from(tokenizer)
    }

    fn fitted(&self) -> Lexical {
        let parameters =
            LexicalParameters { tokens: Tokens::Words, min_documents: 1, ..LexicalParameters::default() };
        let words = self.splitter();
        let vocabulary = Vocabulary::fit(&words, &self.texts(), &parameters);
        Lexical { parameters, words, vocabulary }
    }

    /// Shape (texts, words and characters).
    fn matrix(&self) -> Array2<f64> {
        let words = self.words.terms.len();
        let mut matrix = Array2::zeros((self.texts.len(), words + self.characters.terms.len()));
        for (block, offset) in [(&self.words, 0), (&self.characters, words)] {
            for &(row, column, value) in &block.matrix {
                matrix[[row, column + offset]] = value;
            }
        }
        matrix
    }
}

fn assert_near(ours: f64, theirs: f64, what: &str) {
    assert!(
        (ours - theirs).abs() <= 2e-6 * theirs.abs().max(1.0),
        "{what}: {ours}, scikit-learn has {theirs}"
    );
}

#[test]
fn words_are_the_tokens_given() {
    let oracle = Oracle::read();
    let words = oracle.splitter();
    for (text, tokens) in oracle.texts.iter().zip(&oracle.tokens) {
        assert_eq!(words.of(text), *tokens);
    }
}

#[test]
fn terms_and_their_idf_are_scikit_learns() {
    let oracle = Oracle::read();
    let vocabulary = oracle.fitted().vocabulary;
    for (family, block) in super::Family::ALL.into_iter().zip([&oracle.words, &oracle.characters]) {
        let (terms, idf) = vocabulary.family(family);
        assert_eq!(terms, block.terms, "{}", family.name());
        for ((term, ours), theirs) in terms.iter().zip(idf).zip(&block.idf) {
            assert_near(f64::from(ours), *theirs, term);
        }
    }
}

#[test]
fn weights_are_scikit_learns() {
    let oracle = Oracle::read();
    let lexical = oracle.fitted();
    let features = lexical.extract(&oracle.texts());
    let theirs = oracle.matrix();
    assert_eq!(features.ncols(), theirs.ncols());
    for ((row, column), weight) in theirs.indexed_iter() {
        let what = format!("{} in {:?}", lexical.column_name(column), oracle.texts[row]);
        assert_near(f64::from(features[[row, column]]), *weight, &what);
    }
}

#[test]
fn chi_squared_is_scikit_learns() {
    let oracle = Oracle::read();
    let Lexical { parameters, words, vocabulary } = oracle.fitted();
    let rows: Vec<_> = oracle.texts.iter().map(|text| vocabulary.weigh(&words, text, &parameters)).collect();
    let figures: Vec<&Figures> = oracle.labels.values().collect();
    let tags = Array2::from_shape_fn((rows.len(), figures.len()), |(row, label)| figures[label].gold[row]);
    let scores = chi_squared(&rows, vocabulary.len(), tags.view());
    for ((column, label), ours) in scores.indexed_iter() {
        assert_near(*ours, figures[label].chi2[column], &vocabulary.name(column));
    }
}
