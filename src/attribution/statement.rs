//! Tags to statements: who performs the act, at whom it is directed.

use super::constructions;
use super::entities::Cast;
use super::target::{Reader, is_pronoun};
use super::tokens::Page;
use super::{Attribution, Mention, Party, Statement};
use crate::label::LabelSet;
use crate::text::{Article, Sentence, Span};
use ndarray::ArrayView2;
use std::cmp::Reverse;

/// One statement for each tag, by sentence and label.
///
/// `tags` has the shape (sentences, labels). The source is the attribution whose content or cue lies in the sentence:
/// the one with a cue of the act ("accused" for an accusation) before others, one that names a speaker before one that
/// does not, then the one that covers most of it. Attributions need not be in any order.
///
/// ```
/// use ndarray::array;
/// use rhetor::{Article, LabelSet, attribution::statements, sentences};
///
/// let labels = LabelSet::new(["accusation", "denial"])?;
/// let article = Article::from_text("-", None, None, "Velmora accused Tarsk of shelling the port.".into());
/// let found = statements(&article, &sentences(&article), array![[true, false]].view(), &labels, &[]);
/// assert_eq!(found[0].target.as_ref().map(|target| target.span.of(&article.text)), Some("Tarsk"));
/// # Ok::<(), rhetor::Error>(())
/// ```
pub fn statements(
    article: &Article,
    sentences: &[Sentence],
    tags: ArrayView2<bool>,
    labels: &LabelSet,
    attributions: &[Attribution],
) -> Vec<Statement> {
    let page = Page::new(article, sentences);
    let covering = covering(sentences, attributions);
    let rows = sentences.iter().zip(tags.rows()).zip(&covering).enumerate();
    let tagged = rows.filter(|(_, ((_, tags), _))| tags.iter().any(|on| *on));
    let told = tagged.flat_map(|(index, ((_, tags), covering))| {
        let telling = Telling::new(&page, index, covering, attributions);
        let set = tags.iter().enumerate().filter(|(_, on)| **on).map(|(label, _)| label);
        set.map(move |label| telling.statement(index, label, labels.name(label))).collect::<Vec<_>>()
    });
    let mut statements: Vec<Statement> = told.collect();
    name_targets(&page, attributions, &mut statements);
    statements
}

/// Gives the targets their names. Sources are read along, so that a pronoun may mean one of them.
fn name_targets(page: &Page, attributions: &[Attribution], statements: &mut [Statement]) {
    let targets = statements.iter().enumerate();
    let targets =
        targets.filter_map(|(index, statement)| Some((statement.target.as_ref()?.span, Some(index))));
    let mut mentions: Vec<(Span, Option<usize>)> = targets.collect();
    if mentions.is_empty() {
        return;
    }
    let sources = attributions.iter().filter_map(|attribution| attribution.source.as_ref());
    mentions.extend(sources.map(|source| (source.span, None)));
    mentions.sort();
    let mut cast = Cast::new(page);
    for (span, statement) in mentions {
        let Some(mention) = party(page, span).map(|party| cast.resolve(&party)) else { continue };
        let Some(statement) = statement.map(|index| &mut statements[index]) else { continue };
        let source = statement.source.and_then(|index| attributions[index].source.as_ref());
        // Nobody calls himself "they".
        let own = is_pronoun(span.of(page.text)) && source.is_some_and(|source| source.name == mention.name);
        statement.target = Some(Mention { span, name: mention.name.filter(|_| !own), ..mention });
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
fn covering(sentences: &[Sentence], attributions: &[Attribution]) -> Vec<Vec<usize>> {
    let mut covering = vec![Vec::new(); sentences.len()];
    for (index, attribution) in attributions.iter().enumerate() {
        for span in [Some(attribution.content), attribution.cue].into_iter().flatten() {
            let first = sentences.partition_point(|sentence| sentence.span.end <= span.start);
            let inside = sentences[first..].iter().take_while(|sentence| sentence.span.start < span.end);
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
        let speaker =
            attribution.and_then(|attribution| attribution.source.as_ref()).map(|source| source.span);
        let content = attribution.and_then(|attribution| self.shared(attribution.content));
        let target = self.reader.target(name, speaker, content);
        let mention = |span| Mention { span, name: None, role: None, affiliation: None };
        Statement { sentence, label, source, target: target.map(mention) }
    }

    /// The attribution that performs the act `label`.
    fn source(&self, label: &str) -> Option<usize> {
        let constructions = constructions::of_label(label);
        let reports = |attribution: &Attribution| {
            let cue = attribution.cue.filter(|cue| self.shared(*cue).is_some());
            cue.is_some_and(|cue| constructions.reports(cue.of(self.text)))
        };
        let fitness = |index: &usize| {
            let attribution = &self.attributions[*index];
            let shared = self.shared(attribution.content).map_or(0, |span| span.end - span.start);
            (reports(attribution), attribution.source.is_some(), shared, Reverse(*index))
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
    use crate::text::sentences;
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
        let sentences = sentences(&article);
        let labels = LabelSet::new(["accusation", "denial"]).unwrap();
        let tags = Array2::from_elem((sentences.len(), 2), true);
        statements(&article, &sentences, tags.view(), &labels, attributions)
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
