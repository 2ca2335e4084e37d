//! Quotations over several sentences and paragraphs, and those that no verb reports.

use super::phrases::{main_subject, sentence_subject};
use super::sites::Site;
use super::tails::Tail;
use super::tokens::{Line, Page, Token};
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
    (0..=index).rev().find(|at| !page.quotes[*at].continues).unwrap_or(0)
}

fn last_part(page: &Page, index: usize) -> usize {
    let next =
        |at: &usize| page.quotes.get(at + 1).is_some_and(|next| next.continues && !page.quotes[*at].closed);
    (index..page.quotes.len()).find(|at| !next(at)).unwrap_or(index)
}

/// Lengthens quoted contents over the quoted sentences that follow, and finds the quoted sentences that no verb reports.
/// Drafts come and go by sentence.
pub(super) fn join(page: &Page, drafts: &mut Vec<Draft>) {
    let covered = covered(page, drafts);
    let mut joined: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut rest = std::mem::take(drafts).into_iter().peekable();
    let mut at = 0;
    while at < page.lines.len() {
        while let Some(draft) = rest.next_if(|draft| draft.line <= at) {
            joined.push(draft);
        }
        let end = run_end(page, at).filter(|_| !covered[at]);
        if let Some(end) = end {
            let whole = Span {
                start: page.lines[at].sentence.span.start,
                end: page.lines[end - 1].sentence.span.end,
            };
            take_in(page, &mut joined, at, widen(page, whole));
        }
        at = end.unwrap_or(at + 1);
    }
    joined.extend(rest);
    joined.sort_by_key(|draft| (draft.content.start, draft.content.end, draft.cue.map(|cue| cue.start)));
    *drafts = joined;
}

/// Which sentences begin inside a content.
fn covered(page: &Page, drafts: &[Draft]) -> Vec<bool> {
    let mut covered = vec![false; page.lines.len()];
    let after = |position: usize| page.lines.partition_point(|line| line.sentence.span.start < position);
    for draft in drafts {
        covered[after(draft.content.start)..after(draft.content.end)].fill(true);
    }
    covered
}

/// Words that a quotation must have to be somebody's although no verb reports it: shorter ones are names and terms.
const SPOKEN: usize = 4;

/// The quotations amid a sentence that no draft reports, as long as they are no names or terms: the subject of the sentence
/// is taken to speak.
pub(super) fn unreported(page: &Page, line: usize, drafts: &[Draft]) -> Vec<Draft> {
    let Line { sentence, tokens, .. } = &page.lines[line];
    let first = page.quotes.partition_point(|quote| quote.span.start <= sentence.span.start);
    let inside = page.quotes[first..].iter().take_while(|quote| quote.span.start < sentence.span.end);
    let free = |span: &Span| {
        drafts.iter().all(|draft| draft.content.end <= span.start || span.end <= draft.content.start)
    };
    let spoken = inside.map(|quote| quote.span).filter(|span| free(span) && is_spoken(tokens, *span));
    let draft = |span: Span| {
        let start = tokens.partition_point(|token| token.span.start < span.start);
        let source = Some(Party { line, tokens: main_subject(tokens, start)? });
        Some(Draft { content: widen(page, span), cue: None, source, line, goes_on: false })
    };
    spoken.filter_map(draft).collect()
}

/// Whether quoted words may be what somebody said: enough of them, and not all in capitals as in a title.
fn is_spoken(tokens: &[Token], span: Span) -> bool {
    let words = tokens.iter().filter(|token| span.start <= token.span.start && token.span.end <= span.end);
    let words: Vec<&Token> = words.filter(|token| token.is_word() && !token.is_quote()).collect();
    let long = |word: &&&Token| word.lower.len() > 3;
    let small = words.iter().filter(long).any(|word| !word.is_capital());
    words.len() >= SPOKEN && small
}

/// The end of the quoted sentences of one paragraph from `start` on, if that is one.
fn run_end(page: &Page, start: usize) -> Option<usize> {
    let block = page.lines[start].block;
    let quoted = |at: &usize| page.lines[*at].block == block && page.lines[*at].is_all_quoted();
    (start..page.lines.len()).take_while(quoted).last().map(|last| last + 1)
}

/// Gives a quotation to what reports the one before it, or to its speaker.
fn take_in(page: &Page, drafts: &mut Vec<Draft>, line: usize, span: Span) {
    let block = page.lines[line].block;
    let near = |draft: &&mut Draft| block - page.lines[draft.line].block.min(block) <= 1;
    let last = drafts.iter_mut().rev().take_while(near).filter(|draft| draft.content.start < span.start);
    let last = last.max_by_key(|draft| (draft.line, draft.goes_on, draft.content.end));
    let announced = announced(page, line);
    let source = match last {
        _ if announced.is_some() => announced,
        Some(draft) if draft.goes_on && follows_on(page, draft, line) => {
            draft.content.end = draft.content.end.max(span.end);
            return;
        }
        Some(draft) => draft.source.clone(),
        None => None,
    };
    drafts.push(Draft { content: span, cue: None, source, line, goes_on: true });
}

/// Whether nothing but a reporting clause stands between a quoted content and the quoted sentence `line`: in the same
/// paragraph, or where that is all of the next paragraph.
fn follows_on(page: &Page, draft: &Draft, line: usize) -> bool {
    let block = page.lines[line].block;
    let between =
        page.lines[..line].iter().rev().take_while(|between| between.sentence.span.start > draft.content.end);
    let alone = || {
        let begins = page.lines[line - 1].block < block;
        begins && page.lines[line..].iter().take_while(|other| other.block == block).all(Line::is_all_quoted)
    };
    let same = page.lines[draft.line].block == block;
    between.into_iter().all(Line::is_all_quoted) && (same || alone())
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
    let source = colon.then(|| sentence_subject(tokens))??;
    Some(Party { line: before, tokens: source })
}
