//! spaCy: a text with its `cats`. They are 1 or 0, since `textcat_multilabel` refuses to learn from anything between; the
//! probabilities stand in `meta`.

use super::scores;
use crate::output::{ArticleRecord, SentenceRecord};
use serde_json::{Map, Value, json};

pub(super) fn example(article: &ArticleRecord, sentence: &SentenceRecord) -> Value {
    let given = |label: &String| f64::from(u8::from(sentence.labels.contains(label)));
    let cats: Map<String, Value> =
        sentence.scores.0.iter().map(|(label, _)| (label.clone(), given(label).into())).collect();
    json!({
        "text": sentence.text,
        "cats": cats,
        "meta": {"doc": article.source, "index": sentence.index, "model": article.model, "scores": scores(sentence)},
    })
}
