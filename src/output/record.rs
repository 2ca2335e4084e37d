//! An article as the outside sees it. The JSON form is a contract: fields are only ever added within `rhetor.article/1`.

use super::positions::CodePoints;
use crate::classifier::tags;
use crate::label::LabelSet;
use crate::text::{Article, Kind, Sentence};
use ndarray::ArrayView2;
use serde::Serialize;
use serde_json::{Map, Value};

/// One article with its scored sentences.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArticleRecord {
    /// `rhetor.article/1`.
    pub schema: &'static str,
    /// Which model gave the scores.
    pub model: String,
    /// The file, `-` for standard input, or a file and a record number.
    pub source: String,
    /// The record's own id.
    pub id: Option<String>,
    /// The title given with the record, else the headline found.
    pub title: Option<String>,
    /// The text that positions refer to, where it is not the input itself: the text extracted from HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The text that positions refer to, whatever the input.
    #[serde(skip)]
    pub whole: String,
    /// In reading order.
    pub sentences: Vec<SentenceRecord>,
}

/// One sentence, or one stretch of page furniture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SentenceRecord {
    /// Its place among the article's records, from 0.
    pub index: usize,
    /// Headline, body or furniture.
    pub kind: Kind,
    /// First code point in the text.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// Its text.
    pub text: String,
    /// Whether it begins inside a quotation.
    pub quoted: bool,
    /// The labels whose probability reaches the threshold.
    pub labels: Vec<String>,
    /// The probability of each label, 0 to 1; null for furniture, which is not scored.
    pub scores: Scores,
}

/// Each label with its probability, in the order of the scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores(pub Vec<(String, Option<f32>)>);

impl Serialize for Scores {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let object: Map<String, Value> =
            self.0.iter().map(|(label, score)| (label.clone(), score.map(rounded).into())).collect();
        object.serialize(serializer)
    }
}

/// To four decimals: what lies beyond is noise, and would make the output twice as long.
pub(super) fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e4).round() / 1e4
}

impl ArticleRecord {
    /// Puts an article, its scored sentences and their probabilities, shape (sentences, labels), together. Furniture
    /// blocks take their places among the sentences.
    pub fn new(
        model: String,
        article: &Article,
        sentences: &[Sentence],
        scores: ArrayView2<f32>,
        labels: &LabelSet,
        thresholds: &[f32],
    ) -> Self {
        let tags = tags(scores, thresholds);
        let scored =
            sentences.iter().zip(scores.rows()).zip(tags.rows()).map(|((sentence, scores), tags)| {
                let scores =
                    labels.names().map(String::from).zip(scores.iter().map(|score| Some(*score))).collect();
                let tagged = labels.tagged(&tags.to_vec()).map(String::from).collect();
                (*sentence, tagged, Scores(scores))
            });
        let unscored = Scores(labels.names().map(|name| (name.to_string(), None)).collect());
        let furniture = article.blocks.iter().filter(|block| block.kind == Kind::Furniture).map(|block| {
            (Sentence { kind: block.kind, span: block.span, quoted: false }, Vec::new(), unscored.clone())
        });
        let mut all: Vec<(Sentence, Vec<String>, Scores)> = scored.chain(furniture).collect();
        all.sort_by_key(|(sentence, ..)| sentence.span);
        let mut points = CodePoints::new(&article.text);
        let records = all.into_iter().enumerate().map(|(index, (sentence, labels, scores))| SentenceRecord {
            index,
            kind: sentence.kind,
            start: points.at(sentence.span.start),
            end: points.at(sentence.span.end),
            text: sentence.span.of(&article.text).to_string(),
            quoted: sentence.quoted,
            labels,
            scores,
        });
        ArticleRecord {
            schema: "rhetor.article/1",
            model,
            source: article.source.clone(),
            id: article.id.clone(),
            title: article.title.clone(),
            sentences: records.collect(),
            text: article.extracted.then(|| article.text.clone()),
            whole: article.text.clone(),
        }
    }

    /// Keeps only the sentences that bear one of these labels.
    pub fn keep_only(&mut self, labels: &[String]) {
        self.sentences.retain(|sentence| sentence.labels.iter().any(|label| labels.contains(label)));
    }
}
