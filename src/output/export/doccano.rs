//! Doccano: an example of a text classification project. What is neither `text` nor `label` becomes the example's
//! metadata, which doccano gives back with its labels.

use super::scores;
use crate::output::{ArticleRecord, SentenceRecord};
use serde_json::{Value, json};

pub(super) fn example(article: &ArticleRecord, sentence: &SentenceRecord) -> Value {
    json!({
        "text": sentence.text,
        "label": sentence.labels,
        "doc": article.source,
        "index": sentence.index,
        "model": article.model,
        "scores": scores(sentence),
    })
}
