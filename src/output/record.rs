//! An article as the outside sees it. The JSON form is a contract: fields are only ever added within `rhetor.article/1`.

use super::positions::CodePoints;
use crate::attribution::{Attribution, Mention};
use crate::classifier::tags;
use crate::label::LabelSet;
use crate::text::{Article, Kind, Sentence, Span};
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
    /// In reading order.
    pub sentences: Vec<SentenceRecord>,
    /// Who says what, by where the words begin.
    pub attributions: Vec<AttributionRecord>,
}

/// Words that the article ascribes to somebody.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttributionRecord {
    /// The words reported.
    pub content: SpanRecord,
    /// The words that report them, if there are any.
    pub cue: Option<TextRecord>,
    /// Whether the content is quoted rather than retold.
    pub direct: bool,
    /// Who speaks; null where the text does not say.
    pub source: Option<MentionRecord>,
}

/// A stretch of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SpanRecord {
    /// First code point in the text.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// A stretch of the text with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextRecord {
    /// Where it stands.
    #[serde(flatten)]
    pub span: SpanRecord,
    /// Its text.
    pub text: String,
}

/// A party as the text names it in one place, with what the article says of it elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MentionRecord {
    /// The mention.
    #[serde(flatten)]
    pub mention: TextRecord,
    /// The fullest name that the article has for the party.
    pub name: Option<String>,
    /// Its office or trade.
    pub role: Option<String>,
    /// The country, party or body that it belongs to.
    pub affiliation: Option<String>,
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
        attributions: &[Attribution],
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
            attributions: Places::of(&article.text).attributions(attributions),
            text: article.extracted.then(|| article.text.clone()),
        }
    }

    /// Keeps only the sentences that bear one of these labels.
    pub fn keep_only(&mut self, labels: &[String]) {
        self.sentences.retain(|sentence| sentence.labels.iter().any(|label| labels.contains(label)));
    }
}

/// The code point at each byte of a text where a character begins, for positions that come in no order.
struct Places<'a> {
    text: &'a str,
    points: Vec<usize>,
}

impl<'a> Places<'a> {
    fn of(text: &'a str) -> Self {
        let mut points = vec![0; text.len() + 1];
        let mut count = 0;
        for (byte, _) in text.char_indices() {
            points[byte] = count;
            count += 1;
        }
        points[text.len()] = count;
        Places { text, points }
    }

    fn attributions(&self, attributions: &[Attribution]) -> Vec<AttributionRecord> {
        attributions.iter().map(|attribution| self.attribution(attribution)).collect()
    }

    fn attribution(&self, attribution: &Attribution) -> AttributionRecord {
        AttributionRecord {
            content: self.span(attribution.content),
            cue: attribution.cue.map(|cue| self.text(cue)),
            direct: attribution.direct,
            source: attribution.source.as_ref().map(|source| self.mention(source)),
        }
    }

    fn mention(&self, mention: &Mention) -> MentionRecord {
        MentionRecord {
            mention: self.text(mention.span),
            name: mention.name.clone(),
            role: mention.role.clone(),
            affiliation: mention.affiliation.clone(),
        }
    }

    fn text(&self, span: Span) -> TextRecord {
        TextRecord { span: self.span(span), text: span.of(self.text).to_string() }
    }

    fn span(&self, span: Span) -> SpanRecord {
        SpanRecord { start: self.points[span.start], end: self.points[span.end] }
    }
}
