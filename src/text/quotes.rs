//! Which stretches of a text are quoted.
//!
//! Two steps, both linear: the marks of a block are collected with the shape of their surroundings, then read from left
//! to right with a stack of the quotations that are open. Apostrophes are told from single quotes by their neighbours and
//! by whether a closing mark is still to come.

use super::{Block, Kind, Span};

/// One quoted stretch within one block.
///
/// A quotation that runs over several paragraphs gives one for each, the later ones with `continues` set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotation {
    /// With its marks, as far as they are there.
    pub span: Span,
    /// Without them. May be empty.
    pub content: Span,
    /// How many quotations it stands in: 0 for the outermost.
    pub depth: usize,
    /// Whether its closing mark is there; without it the quotation ends with its block.
    pub closed: bool,
    /// Whether it goes on with the quotation that the block before it left open.
    pub continues: bool,
}

/// All quotations of the scored blocks, by where they begin.
///
/// ```
/// use rhetor::text::{Article, quotes::quotations};
/// let article = Article::from_text("-", None, None, "“They lied to us,” she said, “and ‘no’ meant ‘yes’.”".into());
/// let words: Vec<&str> = quotations(&article.text, &article.blocks).iter().map(|q| q.content.of(&article.text)).collect();
/// assert_eq!(words, ["They lied to us,", "and ‘no’ meant ‘yes’.", "no", "yes"]);
/// ```
pub fn quotations(text: &str, blocks: &[Block]) -> Vec<Quotation> {
    let mut reader = Reader::default();
    let mut found = Vec::new();
    for block in blocks.iter().filter(|block| block.kind != Kind::Furniture) {
        found.extend_from_slice(&reader.read(text, block.span).quotations);
    }
    found
}

/// Whether the first word of `span` stands in one of `quotations`.
pub(crate) fn is_quoted(text: &str, span: Span, quotations: &[Quotation]) -> bool {
    let word = span.of(text).find(char::is_alphanumeric).map_or(span.start, |offset| span.start + offset);
    // Sorted by start; only outermost ones count, and those do not overlap.
    let after = quotations.partition_point(|quotation| quotation.span.start <= word);
    quotations[..after].iter().rev().find(|q| q.depth == 0).is_some_and(|q| word < q.content.end)
}

/// Marks that open and close each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Double,
    Single,
    Guillemet,
    Angle,
    Corner,
}

/// What a mark turned out to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Open,
    Close,
}

/// A quotation mark that does something (apostrophes and strays are left out).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) span: Span,
    pub(crate) role: Role,
}

/// What the marks of one block say.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// By position.
    pub(crate) marks: Vec<Mark>,
    /// By start.
    pub(crate) quotations: Vec<Quotation>,
}

/// Reads block after block, and remembers what the last one left open.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    reading: Reading,
    signs: Vec<Sign>,
    open: Vec<Opened>,
    /// The family of the outermost quotation that the last block left open.
    left_open: Option<Family>,
}

/// A character that may be a quotation mark, with what its neighbours suggest.
#[derive(Debug, Clone, Copy)]
struct Sign {
    span: Span,
    first: char,
    family: Family,
    shape: Shape,
    /// The character before it, and the one after.
    around: (Option<char>, Option<char>),
    /// For single marks: whether another that looks closing follows before the next that looks opening.
    close_ahead: Ahead,
}

/// How a mark stands among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// After a blank, before a word.
    Opening,
    /// After a word, before a blank or punctuation.
    Closing,
    /// Between two words, or two blanks.
    Either,
}

/// What is to come of closing single marks before the next opening one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ahead {
    Nothing,
    /// One after a letter, which may be an apostrophe.
    AfterLetter,
    /// One after punctuation, which closes for certain.
    AfterStop,
}

#[derive(Debug, Clone, Copy)]
struct Opened {
    family: Family,
    first: char,
    span: Span,
    continues: bool,
}

impl Reader {
    /// Reads one block; blocks must come in order, without the furniture.
    pub(crate) fn read(&mut self, text: &str, block: Span) -> &Reading {
        self.reading.marks.clear();
        self.reading.quotations.clear();
        self.open.clear();
        self.collect(text, block);
        self.look_ahead();
        for index in 0..self.signs.len() {
            self.resolve(text, self.signs[index], block, index == 0);
        }
        self.finish(block);
        &self.reading
    }

    fn collect(&mut self, text: &str, block: Span) {
        self.signs.clear();
        let bytes = &text.as_bytes()[..block.end];
        let mut at = block.start;
        while let Some(offset) = bytes[at..].iter().position(|byte| MAY_QUOTE[usize::from(*byte)]) {
            at += offset;
            match sign_at(text, block, at) {
                Some(sign) => {
                    at = sign.span.end;
                    self.signs.push(sign);
                }
                None => at += text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
    }

    /// From right to left: what each single mark has ahead of it.
    fn look_ahead(&mut self) {
        let mut ahead = Ahead::Nothing;
        for sign in self.signs.iter_mut().rev().filter(|sign| sign.family == Family::Single) {
            sign.close_ahead = ahead;
            match sign.shape {
                Shape::Opening if !sign.is_elision() => ahead = Ahead::Nothing,
                Shape::Closing if sign.first != '‘' => {
                    let after_letter = sign.around.0.is_some_and(char::is_alphanumeric);
                    ahead = match ahead {
                        Ahead::AfterStop => Ahead::AfterStop,
                        _ if after_letter => Ahead::AfterLetter,
                        _ => Ahead::AfterStop,
                    };
                }
                _ => {}
            }
        }
    }

    fn resolve(&mut self, text: &str, sign: Sign, block: Span, first: bool) {
        let is_open = self.open.iter().any(|opened| opened.family == sign.family);
        match sign.role(is_open, self.open.last(), text, block) {
            Some(Role::Open) => self.open(sign, block),
            Some(Role::Close) if is_open => self.close(sign),
            Some(Role::Close) if first && sign.may_close_nothing() => self.close_from_start(sign, block),
            _ => {}
        }
    }

    fn open(&mut self, sign: Sign, block: Span) {
        let at_start = sign.span.start == block.start;
        // A second opening mark of a kind means that the first was never closed.
        if let Some(depth) = self.open.iter().position(|opened| opened.family == sign.family) {
            self.abandon(depth, sign.span.start);
        }
        let continues = at_start && self.left_open == Some(sign.family);
        self.open.push(Opened { family: sign.family, first: sign.first, span: sign.span, continues });
        self.reading.marks.push(Mark { span: sign.span, role: Role::Open });
    }

    fn close(&mut self, sign: Sign) {
        let Some(depth) = self.open.iter().rposition(|opened| opened.family == sign.family) else { return };
        self.abandon(depth + 1, sign.span.start);
        if let Some(opened) = self.open.pop() {
            self.push(opened, depth, sign.span.start, sign.span.end, true);
        }
        self.reading.marks.push(Mark { span: sign.span, role: Role::Close });
    }

    /// A closing mark with nothing open, first in its block: the quotation began before the block.
    fn close_from_start(&mut self, sign: Sign, block: Span) {
        let start = Span { start: block.start, end: block.start };
        let opened = Opened { family: sign.family, first: sign.first, span: start, continues: true };
        self.push(opened, 0, sign.span.start, sign.span.end, true);
        self.reading.marks.push(Mark { span: sign.span, role: Role::Close });
    }

    /// Ends the quotations from `depth` inwards at `end`, unclosed.
    fn abandon(&mut self, depth: usize, end: usize) {
        while self.open.len() > depth {
            if let Some(opened) = self.open.pop() {
                self.push(opened, self.open.len(), end, end, false);
            }
        }
    }

    fn push(&mut self, opened: Opened, depth: usize, content_end: usize, end: usize, closed: bool) {
        self.reading.quotations.push(Quotation {
            span: Span { start: opened.span.start, end },
            content: Span { start: opened.span.end, end: content_end },
            depth,
            closed,
            continues: opened.continues,
        });
    }

    fn finish(&mut self, block: Span) {
        self.left_open = self.open.first().map(|opened| opened.family);
        self.abandon(0, block.end);
        self.reading.quotations.sort_by_key(|quotation| (quotation.span.start, quotation.depth));
    }
}

impl Sign {
    /// What the mark does, given whether its family is open and what was opened last; `None` for apostrophes.
    fn role(&self, is_open: bool, last: Option<&Opened>, text: &str, block: Span) -> Option<Role> {
        match self.family {
            Family::Single => self.single_role(last, text, block),
            Family::Corner if matches!(self.first, '「' | '『') => Some(Role::Open),
            Family::Corner => Some(Role::Close),
            _ => Some(self.double_role(is_open, last)),
        }
    }

    fn double_role(&self, is_open: bool, last: Option<&Opened>) -> Role {
        let by_shape = match (self.shape, is_open) {
            (Shape::Opening, _) | (Shape::Either, false) => Role::Open,
            (Shape::Closing, _) | (Shape::Either, true) => Role::Close,
        };
        // „so“ and »so«: these close where English and French open.
        let turned = is_open && last.is_some_and(|opened| matches!(opened.first, '„' | '‟' | '»' | '›'));
        match self.first {
            '„' | '‟' => Role::Open,
            '“' | '«' | '‹' if turned => Role::Close,
            '“' if is_open => by_shape,
            '“' | '«' | '‹' | '`' => Role::Open,
            '”' | '»' | '›' if is_open || self.shape != Shape::Opening => Role::Close,
            _ => by_shape,
        }
    }

    fn single_role(&self, last: Option<&Opened>, text: &str, block: Span) -> Option<Role> {
        let open_single = last.filter(|opened| opened.family == Family::Single);
        match self.shape {
            Shape::Opening if self.is_elision() || self.elides_word(text) => None,
            Shape::Opening if self.first == '\'' => {
                let plausible = self.close_ahead != Ahead::Nothing || self.span.start == block.start;
                plausible.then_some(Role::Open)
            }
            Shape::Opening => Some(Role::Open),
            Shape::Closing if self.first == '‘' => {
                open_single.filter(|opened| opened.first == '‚').map(|_| Role::Close)
            }
            Shape::Closing => open_single.filter(|_| !self.is_possessive(text)).map(|_| Role::Close),
            Shape::Either => self.glued_role(open_single),
        }
    }

    /// Between two words or two blanks: an apostrophe between letters (l’eau), else as the mark is drawn (said.‘We).
    fn glued_role(&self, open_single: Option<&Opened>) -> Option<Role> {
        if self.around.0.is_some_and(char::is_alphanumeric)
            && self.around.1.is_some_and(char::is_alphanumeric)
        {
            return None;
        }
        match self.first {
            '‘' | '‚' => Some(Role::Open),
            _ => open_single.map(|_| Role::Close),
        }
    }

    /// ’90s, '90s and all ’ at a word's start.
    fn is_elision(&self) -> bool {
        self.first == '’' || (self.first != '‚' && self.around.1.is_some_and(|c| c.is_ascii_digit()))
    }

    /// 'em, 'til and their like.
    fn elides_word(&self, text: &str) -> bool {
        let rest = &text[self.span.end..];
        let end = rest.char_indices().take(8).find(|(_, c)| !c.is_alphanumeric()).map(|(at, _)| at);
        let word = &rest[..end.unwrap_or(0)];
        ["em", "til", "tis", "twas", "cause", "n", "bout", "round"]
            .iter()
            .any(|elided| word.eq_ignore_ascii_case(elided))
    }

    /// The drivers’ union: a word in -s before a small letter, with a mark that closes for certain still ahead.
    fn is_possessive(&self, text: &str) -> bool {
        let mut after = text[self.span.end..].chars();
        let small = after.next() == Some(' ') && after.next().is_some_and(char::is_lowercase);
        small && matches!(self.around.0, Some('s' | 'S' | 'n')) && self.close_ahead == Ahead::AfterStop
    }

    /// Whether an unmatched mark may end a quotation from before the block: not an apostrophe, not inches.
    fn may_close_nothing(&self) -> bool {
        let inches = self.first == '"' && self.around.0.is_some_and(|c| c.is_ascii_digit());
        self.shape == Shape::Closing && self.family != Family::Single && !inches
    }
}

/// First bytes of the characters that may be quotation marks.
const MAY_QUOTE: [bool; 256] = {
    let mut table = [false; 256];
    let firsts = [b'"', b'\'', b'`', 0xe2, 0xc2, 0xe3];
    let mut index = 0;
    while index < firsts.len() {
        table[firsts[index] as usize] = true;
        index += 1;
    }
    table
};

fn sign_at(text: &str, block: Span, at: usize) -> Option<Sign> {
    let rest = &text[at..block.end];
    let first = rest.chars().next()?;
    let (family, length) = match first {
        '`' if rest.starts_with("``") => (Family::Double, 2),
        '\'' if rest.starts_with("''") => (Family::Double, 2),
        _ => (family(first)?, first.len_utf8()),
    };
    let span = Span { start: at, end: at + length };
    let before = text[block.start..at].chars().next_back();
    let after = text[span.end..block.end].chars().next();
    let shape = shape(before, &text[span.end..block.end]);
    Some(Sign { span, first, family, shape, around: (before, after), close_ahead: Ahead::Nothing })
}

fn family(c: char) -> Option<Family> {
    Some(match c {
        '"' | '“' | '”' | '„' | '‟' => Family::Double,
        '\'' | '‘' | '’' | '‚' => Family::Single,
        '«' | '»' => Family::Guillemet,
        '‹' | '›' => Family::Angle,
        '「' | '」' | '『' | '』' => Family::Corner,
        _ => return None,
    })
}

fn shape(before: Option<char>, rest: &str) -> Shape {
    let open_side = before.is_none_or(|c| {
        c.is_whitespace() || matches!(c, '(' | '[' | '{' | '|' | '—' | '–' | '-' | '/') || opens(c)
    });
    // Marks in a row (’” at an end, “‘ at a start) are judged by what follows them all.
    let close_side = rest.chars().take(4).find(|c| family(*c).is_none()).is_none_or(|c| {
        c.is_whitespace()
            || matches!(
                c,
                ')' | ']' | '}' | '.' | ',' | ';' | ':' | '!' | '?' | '…' | '—' | '–' | '-' | '/' | '|'
            )
    });
    match (open_side, close_side) {
        (true, false) => Shape::Opening,
        (false, true) => Shape::Closing,
        // “…and then”, ‘— no’: the mark is first, so it opens.
        (true, true) if before.is_none() => Shape::Opening,
        (true, true) if rest.starts_with(['…', '.', '—', '–', '-']) => Shape::Opening,
        _ => Shape::Either,
    }
}

/// Characters after which a quotation may open at once.
fn opens(c: char) -> bool {
    matches!(c, '“' | '‘' | '"' | '\'' | '„' | '‚' | '«' | '‹' | '`')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contents of all quotations in a text of one block, joined by `|`.
    fn contents(text: &str) -> String {
        let span = Span { start: 0, end: text.len() };
        let mut reader = Reader::default();
        let found = &reader.read(text, span).quotations;
        found.iter().map(|q| q.content.of(text)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn marks_of_every_kind() {
        assert_eq!(contents("“No,” she said, “not now.”"), "No,|not now.");
        assert_eq!(contents("\"No,\" she said, \"not now.\""), "No,|not now.");
        assert_eq!(contents("‘No,’ she said, ‘not now.’"), "No,|not now.");
        assert_eq!(contents("'No,' she said, 'not now.'"), "No,|not now.");
        assert_eq!(contents("„Nein“, sagte sie."), "Nein");
        assert_eq!(contents("„Nie”, powiedziała."), "Nie");
        assert_eq!(contents("« Non », dit-elle. »Nein«, sagte er."), " Non |Nein");
        assert_eq!(contents("``No,'' she said."), "No,");
        assert_eq!(contents("彼は「いいえ」と言った。"), "いいえ");
    }

    #[test]
    fn apostrophes_are_no_marks() {
        assert_eq!(
            contents(
                "The drivers' union and the drivers’ club won't go; it's the '90s, rock 'n' roll, l’eau."
            ),
            ""
        );
        assert_eq!(contents("‘We back the drivers’ union,’ he said."), "We back the drivers’ union,");
        assert_eq!(contents("'We back the drivers' union,' he said."), "We back the drivers' union,");
        assert_eq!(contents("They ‘lied for years’ about it."), "lied for years");
        assert_eq!(contents("'ünlü' ve 'ñandúes'"), "ünlü|ñandúes");
        assert_eq!(contents("\"I won't,\" he said. \"Tell 'em that.\""), "I won't,|Tell 'em that.");
    }

    #[test]
    fn nested_and_glued() {
        assert_eq!(contents("“He said ‘no’ to me,” she said."), "He said ‘no’ to me,|no");
        assert_eq!(contents("‘He said “no” to me,’ she said."), "He said “no” to me,|no");
        assert_eq!(contents("he said.‘We go.’"), "We go.");
        assert_eq!(contents("he said.\"We go.\""), "We go.");
        assert_eq!(contents("\"Yes,\"he said.\"No.\""), "Yes,|No.");
    }

    #[test]
    fn unclosed_ends_with_its_block() {
        let text = "“We wait.\n\nNobody came.\n\n“We wait.\n\n“They go,” he said.";
        let block = |part: &str| {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            Block { kind: Kind::Body, span: Span { start, end: start + part.len() } }
        };
        let blocks: Vec<Block> = text
            .split(
                "

",
            )
            .map(block)
            .collect();
        let found: Vec<_> =
            quotations(text, &blocks).iter().map(|q| (q.content.of(text), q.closed, q.continues)).collect();
        assert_eq!(found, [("We wait.", false, false), ("We wait.", false, false), ("They go,", true, true)]);
    }

    #[test]
    fn lone_sentences() {
        let starts_quoted = |sentence: &str| {
            let span = Span { start: 0, end: sentence.len() };
            is_quoted(sentence, span, &Reader::default().read(sentence, span).quotations)
        };
        assert!(starts_quoted("\"We did it."));
        assert!(starts_quoted("We did it,\" he said."));
        assert!(!starts_quoted("The 6\" pipe burst, he said."));
        assert!(!starts_quoted("He said \"we did it"));
        assert!(!starts_quoted("the drivers' union left"));
    }
}
