//! Quotations over several sentences and paragraphs, and those that no verb reports.

use super::sites::{Site, Tail};
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
    let before = |draft: &&mut Draft| draft.content.start < span.start;
    let latest = |draft: &&mut Draft| (draft.line, draft.goes_on, draft.content.end);
    if let Some(source) = announced(page, line) {
        let cue = None;
        drafts.push(Draft { content: span, cue, source: Some(source), line, goes_on: true });
        return;
    }
    let last = drafts.iter_mut().filter(before).max_by_key(latest);
    match last {
        Some(draft) if draft.goes_on && follows_on(page, draft, line) => {
            draft.content.end = draft.content.end.max(span.end)
        }
        Some(draft) if block - page.lines[draft.line].block <= 1 => {
            let source: Option<Party> = draft.source.clone();
            drafts.push(Draft { content: span, cue: None, source, line, goes_on: true });
        }
        _ => drafts.push(Draft { content: span, cue: None, source: None, line, goes_on: true }),
    }
}

/// Whether nothing but a reporting clause stands between a quoted content and the quoted sentence `line`: in the same
/// paragraph, or where that is all of the next paragraph.
fn follows_on(page: &Page, draft: &Draft, line: usize) -> bool {
    let block = page.lines[line].block;
    let between =
        page.lines[..line].iter().rev().take_while(|between| between.sentence.span.start > draft.content.end);
    let quoted = between.into_iter().all(super::tokens::Line::is_all_quoted);
    let alone =
        page.lines.iter().filter(|other| other.block == block).all(super::tokens::Line::is_all_quoted);
    let apart = block - page.lines[draft.line].block;
    quoted && (apart == 0 || apart == 1 && alone)
}

/// What a site reports that stands outside of its sentence: the quotation before it (“Why?” she asked. is two sentences), or
/// the paragraph after a colon.
pub(super) fn beside(page: &Page, line: usize, site: &Site) -> Option<Span> {
    let tokens = &page.lines[line].tokens;
    let block = page.lines[line].block;
    if site.lead == 0 && site.tail == Tail::Nothing && !tokens[0].quoted {
        let before = page.lines.get(line.checked_sub(1)?).filter(|before| before.block == block)?;
        let end = before.tokens.last().filter(|last| last.quoted)?.span;
        return Some(widen(page, end));
    }
    if site.tail == Tail::Nothing && tokens.last()?.says(":") {
        let next = page.lines.get(line + 1).filter(|next| next.block > block)?;
        let last = page.lines[line + 1..].iter().take_while(|other| other.block == next.block).last()?;
        return Some(widen(page, Span { start: next.sentence.span.start, end: last.sentence.span.end }));
    }
    None
}

/// The subject of a sentence that ends with a colon right before the sentence `line`.
fn announced(page: &Page, line: usize) -> Option<Party> {
    let before = line.checked_sub(1)?;
    let tokens = &page.lines[before].tokens;
    let colon = tokens.last().is_some_and(|last| last.says(":"));
    let source = colon.then(|| super::phrases::main_subject(tokens, tokens.len()))??;
    Some(Party { line: before, tokens: source })
}
