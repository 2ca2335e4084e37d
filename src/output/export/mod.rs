//! Scored articles in the formats of other tools: those in which people label, train and annotate. One file a format.
//!
//! Doccano, Prodigy, spaCy and fastText get one record a sentence, page furniture left out: what they label or learn from
//! is a sentence. Label Studio gets one task an article, with a region a label; web annotations point into the article.

mod annotations;
mod doccano;
mod fasttext;
mod label_studio;
mod prodigy;
mod spacy;

use super::record::rounded;
use super::{ArticleRecord, SentenceRecord, json};
use crate::text::Kind;
use serde_json::{Map, Value};
use std::io::{Result, Write};

/// A format of another tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// Doccano, text classification: JSON Lines with `text` and `label`.
    Doccano,
    /// Label Studio: a JSON array of tasks with predictions.
    LabelStudio,
    /// Prodigy, `choice` interface: JSON Lines with `text`, `options` and `accept`.
    Prodigy,
    /// spaCy: JSON Lines with `text` and `cats`.
    Spacy,
    /// fastText: lines of `__label__a __label__b text`.
    FastText,
    /// W3C web annotations: JSON Lines, one annotation a tagged sentence.
    Annotations,
}

impl Export {
    /// One article.
    pub(super) fn write(self, article: &ArticleRecord, first: bool, out: &mut impl Write) -> Result<()> {
        let scored = article.sentences.iter().filter(|sentence| sentence.kind != Kind::Furniture);
        match self {
            Export::Doccano => json::lines(scored.map(|sentence| doccano::example(article, sentence)), out),
            Export::LabelStudio => json::element(&label_studio::task(article), first, out),
            Export::Prodigy => json::lines(scored.map(|sentence| prodigy::task(article, sentence)), out),
            Export::Spacy => json::lines(scored.map(|sentence| spacy::example(article, sentence)), out),
            Export::FastText => fasttext::lines(scored, out),
            Export::Annotations => json::lines(annotations::annotations(article), out),
        }
    }

    /// What stands after the last article; `first` if there was none.
    pub(super) fn finish(self, first: bool, out: &mut impl Write) -> Result<()> {
        match self {
            Export::LabelStudio => json::end(first, out),
            _ => out.flush(),
        }
    }
}

/// Each label with its probability, as in the JSON output.
fn scores(sentence: &SentenceRecord) -> Map<String, Value> {
    let scores = sentence.scores.0.iter();
    scores.map(|(label, score)| (label.clone(), score.map(rounded).into())).collect()
}

/// The probability of a label.
fn score(sentence: &SentenceRecord, label: &str) -> Option<f32> {
    sentence.scores.0.iter().find(|(name, _)| name == label).and_then(|(_, score)| *score)
}
