//! Prodigy: a task of its `choice` interface, several options at once, the model's labels chosen beforehand. Prodigy shows
//! the flat values of `meta` in the corner of the card.

use super::scores;
use crate::output::{ArticleRecord, SentenceRecord};
use serde_json::{Map, Value, json};

pub(super) fn task(article: &ArticleRecord, sentence: &SentenceRecord) -> Value {
    let options = sentence.scores.0.iter().map(|(label, _)| json!({"id": label, "text": label}));
    json!({
        "text": sentence.text,
        "options": options.collect::<Vec<_>>(),
        "accept": sentence.labels,
        "config": {"choice_style": "multiple"},
        "meta": meta(article, sentence),
    })
}

fn meta(article: &ArticleRecord, sentence: &SentenceRecord) -> Map<String, Value> {
    let mut meta = scores(sentence);
    let about = [
        ("doc", article.source.as_str().into()),
        ("index", sentence.index.into()),
        ("model", article.model.as_str().into()),
    ];
    meta.extend(about.map(|(name, value): (&str, Value)| (name.to_string(), value)));
    meta
}
