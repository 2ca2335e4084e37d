//! The Web Annotation Data Model (W3C Recommendation, 23 February 2017): an annotation a tagged sentence.
//!
//! The sentence is selected by its words with some of those around them (section 4.2.4), and by its position (4.2.5), which
//! the model counts in code points. Positions are left out where the text was extracted from a page: they would not be
//! positions in the page.

use super::score;
use crate::output::record::rounded;
use crate::output::{ArticleRecord, SentenceRecord};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";
/// Code points before and after the sentence: enough to tell apart two that read the same.
const AROUND: usize = 32;

/// An annotation for each tagged sentence, in reading order.
pub(super) fn annotations(article: &ArticleRecord) -> impl Iterator<Item = Value> {
    let points: Vec<char> = article.whole.chars().collect();
    let tagged = article.sentences.iter().filter(|sentence| !sentence.labels.is_empty());
    tagged.map(move |sentence| annotation(article, sentence, &points))
}

fn annotation(article: &ArticleRecord, sentence: &SentenceRecord, points: &[char]) -> Value {
    json!({
        // The standard's context does not know probabilities.
        "@context": [CONTEXT, {"probability": {"@id": "urn:x-rhetor:probability", "@type": "xsd:double"}}],
        "id": identifier(article, sentence),
        "type": "Annotation",
        "motivation": "classifying",
        "generator": {"type": "Software", "name": format!("rhetor {}", env!("CARGO_PKG_VERSION")), "nickname": article.model},
        "body": sentence.labels.iter().map(|label| body(sentence, label)).collect::<Vec<_>>(),
        "target": {"source": reference(&article.source), "selector": selectors(article, sentence, points)},
    })
}

fn body(sentence: &SentenceRecord, label: &str) -> Value {
    json!({
        "type": "TextualBody",
        "value": label,
        "purpose": "tagging",
        "probability": score(sentence, label).map(rounded),
    })
}

fn selectors(article: &ArticleRecord, sentence: &SentenceRecord, points: &[char]) -> Vec<Value> {
    let (start, end) = (sentence.start, sentence.end);
    let cut = |from: usize, to: usize| points[from..to].iter().collect::<String>();
    let quote = json!({
        "type": "TextQuoteSelector",
        "exact": sentence.text,
        "prefix": cut(start.saturating_sub(AROUND), start),
        "suffix": cut(end, points.len().min(end + AROUND)),
    });
    let position = json!({"type": "TextPositionSelector", "start": start, "end": end});
    if article.text.is_some() { vec![quote] } else { vec![quote, position] }
}

/// A UUID made from what is annotated and by which model (RFC 9562, version 8), so that the same run gives the same bytes.
fn identifier(article: &ArticleRecord, sentence: &SentenceRecord) -> String {
    let name = format!("{}\n{}\n{}\n{}", article.model, article.source, sentence.index, sentence.text);
    let mut bytes = Sha256::digest(name);
    bytes[6] = 0x80 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let hex = format!("{bytes:x}");
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..32])
}

/// A source as an IRI reference (RFC 3987): what may not stand in one is escaped.
fn reference(source: &str) -> String {
    let mut reference = String::new();
    for c in source.chars() {
        match c {
            '\\' => reference.push('/'),
            c if c.is_ascii_control() || " \"<>^`{|}%".contains(c) => {
                reference.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c => reference.push(c),
        }
    }
    reference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(reference("news/two days.txt"), "news/two%20days.txt");
        assert_eq!(reference("C:\\100%é.txt"), "C:/100%25é.txt");
        assert_eq!(reference("https://example.org/a?b=c#d"), "https://example.org/a?b=c#d");
    }
}
