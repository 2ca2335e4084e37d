//! One article as it reads, with the tags beside their sentences.

use super::{Counts, Speakers, UNTITLED, shown_source};
use crate::label::LabelSet;
use crate::output::page::{counted, palette::class, percent};
use crate::output::record::rounded;
use crate::output::{ArticleRecord, SentenceRecord, StatementRecord};
use crate::text::Kind;
use maud::{Markup, html};

/// What is needed at every sentence.
struct Setting<'a> {
    number: usize,
    labels: &'a LabelSet,
    speakers: &'a mut Speakers,
}

/// Headline, counts, then the paragraphs.
pub(super) fn article(
    record: &ArticleRecord,
    number: usize,
    labels: &LabelSet,
    counts: &Counts,
    speakers: &mut Speakers,
) -> Markup {
    let mut setting = Setting { number, labels, speakers };
    let blocks: Vec<&[SentenceRecord]> = record.sentences.chunk_by(together).collect();
    let headline = blocks.iter().position(|block| is_title(block, record.title.as_deref()));
    html! {
        header {
            h2 id=(format!("t{number}")) {
                @match headline {
                    Some(at) => (setting.sentences(blocks[at])),
                    None => (record.title.as_deref().unwrap_or(UNTITLED)),
                }
            }
            p.soft.source { (shown_source(&record.source)) @if let Some(id) = &record.id { " · " (id) } }
            (counts.bars(labels))
        }
        div.text {
            @for (at, block) in blocks.iter().enumerate() {
                @if Some(at) != headline { (setting.block(block)) }
            }
        }
    }
}

/// Sentences of one paragraph, or lines of furniture that follow one another.
fn together(a: &SentenceRecord, b: &SentenceRecord) -> bool {
    a.paragraph == b.paragraph || (a.kind, b.kind) == (Kind::Furniture, Kind::Furniture)
}

fn is_title(block: &[SentenceRecord], title: Option<&str>) -> bool {
    let words = |text: &str| text.split_whitespace().map(String::from).collect::<Vec<_>>();
    let own: Vec<String> = block.iter().flat_map(|sentence| words(&sentence.text)).collect();
    block[0].kind == Kind::Headline && title.is_some_and(|title| words(title) == own)
}

impl Setting<'_> {
    fn block(&mut self, block: &[SentenceRecord]) -> Markup {
        match block[0].kind {
            Kind::Furniture => furniture(block),
            Kind::Headline => html! { h3 { (self.sentences(block)) } },
            Kind::Body => html! { p { (self.sentences(block)) } },
        }
    }

    fn sentences(&mut self, sentences: &[SentenceRecord]) -> Markup {
        html! {
            @for (i, sentence) in sentences.iter().enumerate() {
                @if i > 0 { " " }
                @if sentence.labels.is_empty() {
                    span title=(probabilities(sentence)) { (sentence.text) }
                } @else { (self.tagged(sentence)) }
            }
        }
    }

    /// A sentence with its tags, likeliest first: it looks like the first of them.
    fn tagged(&mut self, sentence: &SentenceRecord) -> Markup {
        let tags = tags(sentence, self.labels);
        let looks = tags.first().map(|(label, _)| class(*label));
        html! {
            span.hit id=(format!("a{}s{}", self.number, sentence.index)) {
                mark class=[looks] title=(probabilities(sentence)) { (marked(sentence)) }
                " "
                span.tags { @for (label, score) in tags { (self.tag(sentence, label, score)) " " } }
            }
        }
    }

    fn tag(&mut self, sentence: &SentenceRecord, label: usize, score: f32) -> Markup {
        let name = self.labels.name(label);
        let statement = sentence.statements.iter().find(|statement| statement.label == name);
        let speaker = statement.and_then(|statement| statement.speaker());
        let target = statement.and_then(|statement| statement.target.as_ref()).map(|target| target.shown());
        let number = speaker.map_or("none".into(), |speaker| self.speakers.number(speaker).to_string());
        html! {
            span.tag.(class(label)) data-label=(label) data-p=(rounded(score)) data-speaker=(number) {
                b { (name) } " " (percent(score))
                @if sentence.quoted { span.soft { " quoted" } }
                (parties(speaker, target))
                @if let Some(statement) = statement { (because(sentence, statement)) }
            }
        }
    }
}

/// The text of a sentence, the words that drove its tags marked and their weights in the title.
fn marked(sentence: &SentenceRecord) -> Markup {
    let words = sentence.telling_words();
    let starts = std::iter::once(0).chain(words.iter().map(|(word, _)| word.end));
    let rest = words.last().map_or(0, |(word, _)| word.end);
    html! {
        @for (start, (word, labels)) in starts.zip(&words) {
            (sentence.text[start..word.start])
            strong title=(weights(labels)) { (word.of(&sentence.text)) }
        }
        (sentence.text[rest..])
    }
}

/// `accusation +2.3, denial +0.4`.
fn weights(labels: &[(&str, f32)]) -> String {
    labels.iter().map(|(label, weight)| format!("{label} {weight:+.1}")).collect::<Vec<_>>().join(", ")
}

/// The same in words, beside the sentence: a title is not for everybody.
fn because(sentence: &SentenceRecord, statement: &StatementRecord) -> Markup {
    let because = sentence.because(statement);
    html! {
        @if !because.is_empty() { " " span.because { "because: " (because) } }
    }
}

/// Who does it, to whom: nothing where neither is known.
fn parties(speaker: Option<&str>, target: Option<&str>) -> Markup {
    html! {
        @if speaker.is_some() || target.is_some() {
            " " span.parties {
                @if let Some(speaker) = speaker { (speaker) " " }
                @if let Some(target) = target { span.to aria-hidden="true" { "→ " } span.vh { "towards " } (target) }
            }
        }
    }
}

/// The labels given, likeliest first, of equals in the scheme's order.
fn tags(sentence: &SentenceRecord, labels: &LabelSet) -> Vec<(usize, f32)> {
    let scored = sentence.scores.0.iter().filter(|(name, _)| sentence.labels.contains(name));
    let mut tags: Vec<(usize, f32)> =
        scored.filter_map(|(name, score)| Some((labels.index(name)?, (*score)?))).collect();
    tags.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    tags
}

/// All probabilities in words, for hovering.
fn probabilities(sentence: &SentenceRecord) -> String {
    let scored =
        sentence.scores.0.iter().filter_map(|(name, score)| score.map(|s| format!("{name} {}", percent(s))));
    scored.collect::<Vec<_>>().join(", ")
}

fn furniture(lines: &[SentenceRecord]) -> Markup {
    html! {
        details.furniture {
            summary { "Page furniture, not scored: " (counted(lines.len(), "line")) }
            @for line in lines { p { (line.text) } }
        }
    }
}
