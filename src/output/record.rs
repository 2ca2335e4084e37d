//! An article as the outside sees it. The JSON form is a contract: fields are only ever added within `rhetor.article/1`.

use crate::attribution::{Attribution, Mention, Statement};
use crate::explanation::{WordWeight, telling};
use crate::label::LabelSet;
use crate::text::{Article, Block, Kind, Sentence, Span};
use ndarray::ArrayView2;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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
    /// Who says what, by where the words begin.
    pub attributions: Vec<AttributionRecord>,
}

/// All that was found in one article.
#[derive(Debug, Clone, Copy)]
pub struct Findings<'a> {
    /// Its scored sentences.
    pub sentences: &'a [Sentence],
    /// Their probabilities, shape (sentences, labels).
    pub scores: ArrayView2<'a, f32>,
    /// The labels given to them, of the same shape.
    pub tags: ArrayView2<'a, bool>,
    /// Who says what.
    pub attributions: &'a [Attribution],
    /// Who does it to whom, by sentence.
    pub statements: &'a [Statement],
    /// For each statement the weights of its sentence's words, positions in the sentence; none if nobody asked.
    pub words: Option<&'a [Vec<WordWeight>]>,
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
    /// Which paragraph, heading or line of furniture of the article it stands in, from 0.
    pub paragraph: usize,
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
    /// Who performs each act, towards whom; in the order of the labels.
    pub statements: Vec<StatementRecord>,
}

/// One tag of a sentence: who performs the act, at whom it is directed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StatementRecord {
    /// The act.
    pub label: String,
    /// How likely the label is, 0 to 1.
    #[serde(serialize_with = "serialize_rounded")]
    pub probability: f32,
    /// Which of the article's attributions performs it; null where the narrator tells of it or nobody named does it.
    pub source: Option<usize>,
    /// Who performs it: the source of that attribution, or the subject of which the narrator tells it.
    pub speaker: Option<MentionRecord>,
    /// The party that the act is directed at.
    pub target: Option<TargetRecord>,
    /// What each word of the sentence does for the label, in the order of the text; not there if nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<Vec<WordRecord>>,
}

/// A word with its weight for a label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WordRecord {
    /// The word.
    #[serde(flatten)]
    pub word: TextRecord,
    /// By how much it raises the label's log-odds.
    #[serde(serialize_with = "serialize_rounded")]
    pub weight: f32,
}

/// The party that an act is directed at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetRecord {
    /// The mention.
    #[serde(flatten)]
    pub mention: TextRecord,
    /// The fullest name that the article has for the party.
    pub name: Option<String>,
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

fn serialize_rounded<S: serde::Serializer>(score: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(rounded(*score))
}

impl ArticleRecord {
    /// Puts an article and what was found in it together. Furniture blocks take their places among the sentences.
    pub fn new(model: String, article: &Article, labels: &LabelSet, found: &Findings) -> Self {
        let places = Places::of(&article.text);
        let furniture = article.blocks.iter().filter(|block| block.kind == Kind::Furniture);
        let mut sentences: Vec<SentenceRecord> = (0..found.sentences.len())
            .map(|index| places.sentence(index, labels, found))
            .chain(furniture.map(|block| places.furniture(block, labels)))
            .collect();
        sentences.sort_by_key(|sentence| (sentence.start, sentence.end));
        let starts: Vec<usize> = article.blocks.iter().map(|block| places.span(block.span).start).collect();
        for (index, sentence) in sentences.iter_mut().enumerate() {
            sentence.index = index;
            sentence.paragraph = starts.partition_point(|start| *start <= sentence.start).saturating_sub(1);
        }
        ArticleRecord {
            schema: "rhetor.article/1",
            model,
            source: article.source.clone(),
            id: article.id.clone(),
            title: article.title.clone(),
            sentences,
            attributions: places.attributions(found.attributions),
            text: article.extracted.then(|| article.text.clone()),
            whole: article.text.clone(),
        }
    }

    /// Keeps only the sentences that bear one of these labels.
    pub fn keep_only(&mut self, labels: &[&str]) {
        self.sentences
            .retain(|sentence| sentence.labels.iter().any(|label| labels.contains(&label.as_str())));
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

    /// A scored sentence; its place among the records and paragraphs is not known yet.
    fn sentence(&self, index: usize, labels: &LabelSet, found: &Findings) -> SentenceRecord {
        let sentence = &found.sentences[index];
        let scores = found.scores.row(index);
        let first = found.statements.partition_point(|statement| statement.sentence < index);
        let own = (first..found.statements.len()).take_while(|&i| found.statements[i].sentence == index);
        SentenceRecord {
            labels: labels.tagged(&found.tags.row(index).to_vec()).map(String::from).collect(),
            scores: Scores(labels.names().map(String::from).zip(scores.iter().copied().map(Some)).collect()),
            statements: own.map(|i| self.statement(i, labels, found)).collect(),
            quoted: sentence.quoted,
            ..self.furniture(&Block { kind: sentence.kind, span: sentence.span }, labels)
        }
    }

    /// A stretch of text that is not scored.
    fn furniture(&self, block: &Block, labels: &LabelSet) -> SentenceRecord {
        let TextRecord { span: SpanRecord { start, end }, text } = self.text(block.span);
        SentenceRecord {
            index: 0,
            paragraph: 0,
            kind: block.kind,
            start,
            end,
            text,
            quoted: false,
            labels: Vec::new(),
            scores: Scores(labels.names().map(|name| (name.to_string(), None)).collect()),
            statements: Vec::new(),
        }
    }

    fn statement(&self, index: usize, labels: &LabelSet, found: &Findings) -> StatementRecord {
        let statement = &found.statements[index];
        let start = found.sentences[statement.sentence].span.start;
        let target = statement
            .target
            .as_ref()
            .map(|target| TargetRecord { mention: self.text(target.span), name: target.name.clone() });
        let label = labels.name(statement.label).to_string();
        StatementRecord {
            label,
            probability: found.scores[[statement.sentence, statement.label]],
            source: statement.source,
            speaker: statement.speaker.as_ref().map(|speaker| self.mention(speaker)),
            target,
            words: found.words.map(|words| self.words(&words[index], start)),
        }
    }

    /// Words whose positions count from byte `start` of the text.
    fn words(&self, words: &[WordWeight], start: usize) -> Vec<WordRecord> {
        let moved = |span: Span| Span { start: start + span.start, end: start + span.end };
        let record =
            |word: &WordWeight| WordRecord { word: self.text(moved(word.span)), weight: word.weight };
        words.iter().map(record).collect()
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

impl StatementRecord {
    /// Who performs the act, if the article says so: the fullest name, else the words that mention the party.
    pub fn speaker(&self) -> Option<&str> {
        let speaker = self.speaker.as_ref()?;
        Some(speaker.name.as_deref().unwrap_or(&speaker.mention.text))
    }

    /// The words that stand out, the strongest first; none where nobody asked for them.
    pub fn telling_words(&self) -> Vec<&WordRecord> {
        let words = self.words.as_deref().unwrap_or_default();
        telling(words.iter().map(|word| word.weight)).into_iter().map(|i| &words[i]).collect()
    }
}

impl SentenceRecord {
    /// The words that stand out for any of its tags, each with the tags and weights that it stands out for, the greatest
    /// weight first; in the order of the text, positions in bytes of the sentence.
    pub(super) fn telling_words(&self) -> Vec<(Span, Vec<(&str, f32)>)> {
        let mut found: BTreeMap<(usize, usize), Vec<(&str, f32)>> = BTreeMap::new();
        for statement in &self.statements {
            for WordRecord { word, weight } in statement.telling_words() {
                found.entry((word.span.start, word.span.end)).or_default().push((&statement.label, *weight));
            }
        }
        let spans = found.into_iter().map(|((start, end), mut labels)| {
            labels.sort_by(|a, b| b.1.total_cmp(&a.1));
            (Span { start: self.byte(start), end: self.byte(end) }, labels)
        });
        spans.collect()
    }

    /// The words that stand out for one of its tags as a reader would say them, the strongest first, neighbours together:
    /// `accused, fired mortars`. Empty where there are none.
    pub(super) fn because(&self, statement: &StatementRecord) -> String {
        let ranked = statement.telling_words();
        let rank = |word: &WordRecord| ranked.iter().position(|other| *other == word);
        let mut phrases: Vec<(usize, SpanRecord)> = Vec::new();
        for word in statement.words.iter().flatten() {
            let Some(rank) = rank(word) else { continue };
            let span = word.word.span;
            match phrases.last_mut() {
                // One character apart: a blank or a hyphen.
                Some((best, phrase)) if phrase.end + 1 == span.start => {
                    *best = rank.min(*best);
                    phrase.end = span.end;
                }
                _ => phrases.push((rank, span)),
            }
        }
        phrases.sort_by_key(|(rank, _)| *rank);
        let said = |(_, span): &(usize, SpanRecord)| &self.text[self.byte(span.start)..self.byte(span.end)];
        phrases.iter().map(said).collect::<Vec<_>>().join(", ")
    }

    /// The byte of the sentence at which a code point of the article stands.
    fn byte(&self, point: usize) -> usize {
        let place = self.text.char_indices().nth(point.saturating_sub(self.start));
        place.map_or(self.text.len(), |(byte, _)| byte)
    }
}

impl TargetRecord {
    /// The fullest name, else the words that mention the party.
    pub fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.mention.text)
    }
}
