//! What people said of a text in a labelling tool, to rows.

use super::items::Item;
use crate::dataset::complaints::Checked;
use crate::dataset::record::{Fields, Record};
use crate::error::Place;
use crate::label::split;
use crate::text::{Article, Span, sentences};
use std::collections::BTreeMap;

/// One text with what was said of it.
pub(super) struct Task {
    pub(super) place: Place,
    pub(super) text: String,
    pub(super) id: Option<String>,
    pub(super) doc: Option<String>,
    pub(super) domain: Option<String>,
    /// One for each annotator who has answered.
    pub(super) answers: Vec<Answer>,
}

/// What one annotator said.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// Labels of the whole text.
    pub(super) labels: Vec<String>,
    /// Labels of parts of it.
    pub(super) regions: Vec<Region>,
}

/// A labelled part of a text.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) span: Span,
    pub(super) label: String,
}

/// In what a tool counts positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    CodePoint,
    Utf16,
}

impl Region {
    /// A region from positions in a text, which must lie in it and not within a character.
    pub(super) fn new(
        item: &Item,
        text: &str,
        unit: Unit,
        place: [u64; 2],
        label: String,
    ) -> Checked<Region> {
        match place.map(|position| byte(text, unit, position)) {
            [Some(start), Some(end)] if start < end => Ok(Region { span: Span { start, end }, label }),
            _ => {
                let found = format!("the region {} to {}", place[0], place[1]);
                let remedy = "check that the text is the one that was labelled";
                Err(item.complaint(&found, "positions in the text, the first before the last", remedy))
            }
        }
    }
}

/// The byte at a position.
fn byte(text: &str, unit: Unit, position: u64) -> Option<usize> {
    let mut count = 0;
    for (at, c) in text.char_indices() {
        if count >= position {
            return (count == position).then_some(at);
        }
        count += if unit == Unit::Utf16 { c.len_utf16() as u64 } else { 1 };
    }
    (count == position).then_some(text.len())
}

/// The rows of a file's tasks: if regions were labelled in any of them, each sentence is a row and labels of whole texts say
/// nothing of it; else each text is.
pub(super) fn records_of(tasks: Vec<Task>) -> Vec<Record> {
    let by_region = tasks.iter().flat_map(|task| &task.answers).any(|answer| !answer.regions.is_empty());
    tasks.into_iter().flat_map(|task| task.records(by_region)).collect()
}

impl Task {
    fn records(mut self, by_region: bool) -> Vec<Record> {
        if by_region {
            // The sentences share a document, and no identifier.
            self.doc.get_or_insert_with(|| self.place.to_string());
            self.id = None;
        }
        if self.answers.is_empty() {
            return vec![self.record(&self.text, Vec::new(), false)];
        }
        if !by_region {
            let labels = self.votes(|answer| answer.labels.iter().map(|label| ((), label)).collect());
            return vec![self.record(&self.text, labels.into_values().flatten().collect(), true)];
        }
        let article = Article::from_text("", None, None, self.text.clone());
        let spans: Vec<Span> = sentences(&article).iter().map(|sentence| sentence.span).collect();
        let mut rows = self.votes(|answer| answer.by_sentence(&spans));
        for span in spans {
            rows.entry(span).or_default();
        }
        rows.into_iter().map(|(span, labels)| self.record(span.of(&self.text), labels, true)).collect()
    }

    /// The labels that more than half of the annotators gave, by what they gave them to.
    fn votes<'a, K: Ord>(
        &'a self,
        labels: impl Fn(&'a Answer) -> Vec<(K, &'a String)>,
    ) -> BTreeMap<K, Vec<String>> {
        let mut votes: BTreeMap<(K, &String), usize> = BTreeMap::new();
        for answer in &self.answers {
            let mut given = labels(answer);
            given.sort();
            given.dedup();
            for vote in given {
                *votes.entry(vote).or_default() += 1;
            }
        }
        let mut carried: BTreeMap<K, Vec<String>> = BTreeMap::new();
        for ((key, label), _) in votes.into_iter().filter(|(_, count)| 2 * count > self.answers.len()) {
            carried.entry(key).or_default().push(label.clone());
        }
        carried
    }

    /// A row. Whoever had to choose may have chosen a label called `none`, which means what it means everywhere.
    fn record(&self, text: &str, labels: Vec<String>, answered: bool) -> Record {
        let fields = Fields {
            text: text.to_string(),
            labels: labels.iter().flat_map(|name| split(name)).map(str::to_string).collect(),
            id: self.id.clone(),
            doc: self.doc.clone(),
            domain: self.domain.clone(),
            extra: Vec::new(),
        };
        Record { fields, place: self.place.clone(), label_place: self.place.clone(), answered }
    }
}

impl Answer {
    /// Each label with the sentence that it was given to: one of which the region covers half, or that has half of the
    /// region. A region in no sentence, as in page furniture, stands for itself.
    fn by_sentence(&self, sentences: &[Span]) -> Vec<(Span, &String)> {
        let mut labels = Vec::new();
        for region in &self.regions {
            let before = labels.len();
            let meant = sentences.iter().filter(|sentence| region.means(sentence));
            labels.extend(meant.map(|sentence| (*sentence, &region.label)));
            if labels.len() == before {
                labels.push((region.span, &region.label));
            }
        }
        labels
    }
}

impl Region {
    fn means(&self, sentence: &Span) -> bool {
        let common = self.span.end.min(sentence.end).saturating_sub(self.span.start.max(sentence.start));
        let length = |span: &Span| span.end - span.start;
        common > 0 && 2 * common >= length(sentence).min(length(&self.span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_counted_in_the_unit_of_the_tool() {
        let text = "é🙂x";
        assert_eq!(
            [0, 1, 2, 3, 4].map(|at| byte(text, Unit::CodePoint, at)),
            [Some(0), Some(2), Some(6), Some(7), None]
        );
        assert_eq!(
            [1, 2, 3, 4, 5].map(|at| byte(text, Unit::Utf16, at)),
            [Some(2), None, Some(6), Some(7), None]
        );
    }

    #[test]
    fn a_region_means_the_sentences_that_it_covers_or_lies_in() {
        let sentence = Span { start: 10, end: 30 };
        let means = |start, end| Region { span: Span { start, end }, label: "a".into() }.means(&sentence);
        assert!(means(0, 40) && means(12, 15) && means(0, 20) && means(28, 32));
        assert!(!means(0, 10) && !means(0, 15) && !means(30, 40));
    }
}
