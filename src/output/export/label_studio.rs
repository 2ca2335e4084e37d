//! Label Studio: a task an article, the model's labels as predicted regions of its text.
//!
//! They fit a labelling configuration whose `Labels` are named `label` and whose `Text` is named `text`. A region has one
//! label, so that each has a score. Offsets count UTF-16 code units: they are positions in a JavaScript string.

use super::score;
use crate::output::record::rounded;
use crate::output::{ArticleRecord, SentenceRecord};
use serde_json::{Value, json};

pub(super) fn task(article: &ArticleRecord) -> Value {
    let units = Units::of(&article.whole);
    let regions: Vec<Value> = article
        .sentences
        .iter()
        .flat_map(|sentence| sentence.labels.iter().map(|label| region(sentence, label, &units)))
        .collect();
    json!({
        "data": {
            "text": article.whole,
            "doc": article.source,
            "id": article.id,
            "title": article.title,
        },
        "predictions": [{"model_version": article.model, "score": certainty(article), "result": regions}],
    })
}

fn region(sentence: &SentenceRecord, label: &str, units: &Units) -> Value {
    json!({
        "id": format!("{}-{label}", sentence.index),
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "score": score(sentence, label).map(rounded),
        "value": {
            "start": units.before(sentence.start),
            "end": units.before(sentence.end),
            "text": sentence.text,
            "labels": [label],
        },
    })
}

/// How sure the model is of the task, by which Label Studio can order tasks: the mean over all sentences and labels of the
/// probability of what was decided. None where nothing was scored.
fn certainty(article: &ArticleRecord) -> Option<f64> {
    let mut decisions = Vec::new();
    for sentence in &article.sentences {
        for (label, score) in &sentence.scores.0 {
            let given = sentence.labels.contains(label);
            decisions.extend(score.map(|p| f64::from(if given { p } else { 1.0 - p })));
        }
    }
    let mean = decisions.iter().sum::<f64>() / decisions.len() as f64;
    (!decisions.is_empty()).then(|| rounded(mean as f32))
}

/// Positions in code points to positions in UTF-16 code units.
struct Units(Vec<usize>);

impl Units {
    fn of(text: &str) -> Self {
        let mut count = 0;
        let ends = text.chars().map(|c| {
            count += c.len_utf16();
            count
        });
        Units([0].into_iter().chain(ends).collect())
    }

    /// How many units stand before a code point of the text.
    fn before(&self, point: usize) -> usize {
        self.0[point]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn astral_characters_are_two_units() {
        let units = Units::of("é🙂x");
        assert_eq!([0, 1, 2, 3].map(|point| units.before(point)), [0, 1, 3, 4]);
    }
}
