//! Tags to statements: who performs the act, at whom it is directed.

use super::constructions;
use super::entities::Cast;
use super::target::{Reader, is_pronoun};
use super::tokens::Page;
use super::{Attribution, Mention, Party, Statement};
use crate::label::LabelSet;
use crate::text::Span;
use ndarray::ArrayView2;
use std::cmp::Reverse;

/// One statement for each tag, by sentence and label.
pub(super) fn statements(
    page: &Page,
    cast: Cast,
    attributions: &[Attribution],
    tags: ArrayView2<bool>,
    labels: &LabelSet,
) -> Vec<Statement> {
    let covering = covering(page, attributions);
    let rows = tags.rows().into_iter().zip(&covering).enumerate();
    let tagged = rows.filter(|(_, (tags, _))| tags.iter().any(|on| *on));
    let told = tagged.flat_map(|(index, (tags, covering))| {
        let telling = Telling::new(page, index, covering, attributions);
        let set = tags.iter().enumerate().filter(|(_, on)| **on).map(|(label, _)| label);
        set.map(move |label| telling.statement(index, label, labels.name(label))).collect::<Vec<_>>()
    });
    let mut statements: Vec<Statement> = told.collect();
    name_parties(page, cast, attributions, &mut statements);
    statements
}

/// What a mention that is to be named belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Source,
    Speaker(usize),
    Target(usize),
}

/// Gives the parties their names. Sources are read along, so that a pronoun may mean one of them.
fn name_parties(page: &Page, mut cast: Cast, attributions: &[Attribution], statements: &mut [Statement]) {
    let sources = attributions.iter().filter_map(|attribution| attribution.source.as_ref());
    let mut mentions: Vec<(Span, Place)> = sources.map(|source| (source.span, Place::Source)).collect();
    for (index, statement) in statements.iter().enumerate() {
        mentions.extend(statement.target.as_ref().map(|target| (target.span, Place::Target(index))));
        let doer = statement.speaker.as_ref().filter(|_| statement.source.is_none());
        mentions.extend(doer.map(|doer| (doer.span, Place::Speaker(index))));
    }
    if mentions.iter().all(|(_, place)| *place == Place::Source) {
        return;
    }
    mentions.sort();
    for (span, place) in mentions {
        let Some(mention) = party(page, span).map(|party| cast.resolve(page, &party)) else { continue };
        let mention = Mention { span, ..mention };
        match place {
            Place::Source => {}
            Place::Speaker(index) => statements[index].speaker = Some(mention),
            Place::Target(index) => statements[index].target = Some(mention),
        }
    }
    statements.iter_mut().for_each(|statement| part(page, statement));
}

/// Nobody calls himself "they": such a target is somebody else, whoever it is.
fn part(page: &Page, statement: &mut Statement) {
    let speaker = statement.speaker.as_ref().map(|speaker| &speaker.name);
    if let Some(target) = &mut statement.target
        && is_pronoun(target.span.of(page.text))
        && speaker == Some(&target.name)
    {
        target.name = None;
    }
}

/// The words of a span, if it lies in one sentence.
fn party(page: &Page, span: Span) -> Option<Party> {
    let line = page.lines.partition_point(|line| line.sentence.span.end <= span.start);
    let tokens = &page.lines.get(line)?.tokens;
    let start = tokens.partition_point(|token| token.span.end <= span.start);
    let end = tokens.partition_point(|token| token.span.start < span.end);
    (start < end).then_some(Party { line, tokens: start..end })
}

/// For each sentence the attributions that have content or cue in it. Sentences are in order and do not overlap.
fn covering(page: &Page, attributions: &[Attribution]) -> Vec<Vec<usize>> {
    let lines = &page.lines;
    let mut covering = vec![Vec::new(); lines.len()];
    for (index, attribution) in attributions.iter().enumerate() {
        for span in [Some(attribution.content), attribution.cue].into_iter().flatten() {
            let first = lines.partition_point(|line| line.sentence.span.end <= span.start);
            let inside = lines[first..].iter().take_while(|line| line.sentence.span.start < span.end);
            for list in covering[first..].iter_mut().take(inside.count()) {
                if list.last() != Some(&index) {
                    list.push(index);
                }
            }
        }
    }
    covering
}

/// A tagged sentence with the attributions in it.
struct Telling<'a> {
    text: &'a str,
    span: Span,
    reader: Reader<'a>,
    covering: &'a [usize],
    attributions: &'a [Attribution],
}

impl<'a> Telling<'a> {
    fn new(page: &'a Page, line: usize, covering: &'a [usize], attributions: &'a [Attribution]) -> Self {
        let span = page.lines[line].sentence.span;
        let reader = Reader::new(page.text, &page.lines[line].tokens);
        Telling { text: page.text, span, reader, covering, attributions }
    }

    fn statement(&self, sentence: usize, label: usize, name: &str) -> Statement {
        let source = self.source(name);
        let attribution = source.map(|index| &self.attributions[index]);
        let speaker = attribution.and_then(|attribution| attribution.source.clone());
        let content = attribution.and_then(|attribution| self.shared(attribution.content));
        let target = self.reader.target(name, speaker.as_ref().map(|speaker| speaker.span), content);
        let doer = || self.reader.doer(target).filter(|_| source.is_none());
        let mention = |span| Mention { span, name: None, role: None, affiliation: None };
        Statement {
            sentence,
            label,
            source,
            speaker: speaker.or_else(|| doer().map(mention)),
            target: target.map(mention),
        }
    }

    /// The attribution that performs the act `label`.
    fn source(&self, label: &str) -> Option<usize> {
        let constructions = constructions::of_label(label);
        let cue = |attribution: &Attribution| {
            let cue = attribution.cue.filter(|cue| self.shared(*cue).is_some());
            cue.map_or("", |cue| cue.of(self.text))
        };
        let fitness = |index: &usize| {
            let attribution = &self.attributions[*index];
            let shared = self.shared(attribution.content).map_or(0, |span| span.end - span.start);
            let cue = cue(attribution);
            // "According to" only names the witness: it gives way to any other that reports a fifth of the sentence.
            let witness = cue.get(..9).is_some_and(|cue| cue.eq_ignore_ascii_case("according"));
            let tells = !witness && shared * 5 >= self.span.end - self.span.start;
            (constructions.reports(cue), attribution.source.is_some(), tells, shared, Reverse(*index))
        };
        self.covering.iter().copied().max_by_key(fitness)
    }

    /// What a span has in common with the sentence.
    fn shared(&self, span: Span) -> Option<Span> {
        let shared = Span { start: span.start.max(self.span.start), end: span.end.min(self.span.end) };
        (shared.start < shared.end).then_some(shared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Article, sentences};
    use ndarray::Array2;

    const TEXT: &str = "Orm said Kell had lied. Kell denied it and accused Orm of theft. It rained.";

    fn span(part: &str) -> Span {
        let start = TEXT.find(part).unwrap();
        Span { start, end: start + part.len() }
    }

    fn attribution(content: &str, cue: &str, source: Option<&str>) -> Attribution {
        let mention = |part| Mention { span: span(part), name: None, role: None, affiliation: None };
        Attribution {
            content: span(content),
            cue: Some(span(cue)),
            source: source.map(mention),
            direct: false,
        }
    }

    fn found(attributions: &[Attribution]) -> Vec<Statement> {
        let article = Article::from_text("-", None, None, TEXT.into());
        let page = Page::new(&article, &sentences(&article));
        let labels = LabelSet::new(["accusation", "denial"]).unwrap();
        let tags = Array2::from_elem((page.lines.len(), 2), true);
        statements(&page, Cast::new(&page), attributions, tags.view(), &labels)
    }

    #[test]
    fn the_attribution_with_a_cue_of_the_act_performs_it() {
        let attributions = [
            attribution("it and accused Orm of theft", "denied", Some("Kell denied")),
            attribution("of theft", "accused", Some("Kell denied")),
            attribution("Kell had lied", "said", Some("Orm said")),
        ];
        let sources: Vec<Option<usize>> =
            found(&attributions).iter().map(|statement| statement.source).collect();
        assert_eq!(sources, [Some(2), Some(2), Some(1), Some(0), None, None]);
    }

    #[test]
    fn a_speaker_named_goes_before_one_unnamed() {
        let unnamed = attribution("Kell had lied", "said", None);
        let named = attribution("lied", "said", Some("Orm said"));
        assert_eq!(found(&[unnamed, named])[0].source, Some(1));
    }

    #[test]
    fn every_tag_gives_a_statement_in_order() {
        let places: Vec<(usize, usize)> = found(&[]).iter().map(|s| (s.sentence, s.label)).collect();
        assert_eq!(places, [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]);
    }
}
