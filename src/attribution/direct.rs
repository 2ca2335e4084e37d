//! Quotations over several sentences and paragraphs, and those that no verb reports.

use super::tokens::Page;
use super::{Draft, Party};
use crate::text::Span;

/// Widens a content that begins or ends inside a quotation to all of it.
pub(super) fn widen(page: &Page, content: Span) -> Span {
    let mut span = content;
    if let Some(index) = page.quote_at(span.start) {
        span.start = page.quotes[first_part(page, index)].span.start;
    }
    if let Some(index) = span.end.checked_sub(1).and_then(|last| page.quote_at(last)) {
        span.end = page.quotes[last_part(page, index)].span.end;
    }
    span
}

/// The paragraph in which a quotation that runs over several began.
fn first_part(page: &Page, index: usize) -> usize {
    (0..=index).rev().find(|at| !page.quotes[*at].continues).unwrap_or(index)
}

fn last_part(page: &Page, index: usize) -> usize {
    let next =
        |at: &usize| page.quotes.get(at + 1).is_some_and(|next| next.continues && !page.quotes[*at].closed);
    (index..page.quotes.len()).find(|at| !next(at)).unwrap_or(index)
}

/// Lengthens quoted contents over the quoted sentences of the same paragraph that follow, and finds the quoted sentences
/// that no verb reports.
pub(super) fn join(page: &Page, drafts: &mut Vec<Draft>) {
    let mut at = 0;
    while at < page.lines.len() {
        let line = &page.lines[at];
        let covered = drafts.iter().any(|draft| {
            draft.content.start <= line.sentence.span.start && draft.content.end > line.sentence.span.start
        });
        if !line.is_all_quoted() || covered {
            at += 1;
            continue;
        }
        let run = (at..page.lines.len())
            .take_while(|next| page.lines[*next].block == line.block && page.lines[*next].is_all_quoted())
            .last()
            .unwrap_or(at);
        let end = page.lines[run].sentence.span.end;
        let span = widen(page, Span { start: line.sentence.span.start, end });
        take_in(page, drafts, at, span);
        at = run + 1;
    }
    drafts.sort_by_key(|draft| (draft.content.start, draft.content.end, draft.cue.map(|cue| cue.start)));
}

/// Gives a quotation to what reports the one before it, or to its speaker.
fn take_in(page: &Page, drafts: &mut Vec<Draft>, line: usize, span: Span) {
    let block = page.lines[line].block;
    let last = drafts
        .iter_mut()
        .filter(|draft| draft.content.start < span.start)
        .max_by_key(|draft| (draft.line, draft.content.end));
    match last {
        Some(draft) if draft.goes_on && page.lines[draft.line].block == block => {
            draft.content.end = draft.content.end.max(span.end)
        }
        Some(draft) if block - page.lines[draft.line].block <= 1 => {
            let source: Option<Party> = draft.source.clone();
            drafts.push(Draft { content: span, cue: None, source, line, goes_on: true });
        }
        _ => drafts.push(Draft { content: span, cue: None, source: None, line, goes_on: true }),
    }
}
