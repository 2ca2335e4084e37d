//! Blocks to sentences.
//!
//! Every full stop, question mark and their like is looked at once, with the word before it, the quotation marks and
//! brackets after it, and the word that follows. Nothing looks further than a few words, so time is linear.

use super::lexicon::{self, Class};
use super::quotes::{Mark, Reader, Role, is_quoted};
use super::{Article, Kind, Sentence, Span};

/// How far back a word is looked for, in bytes: longer ones are in no list.
const WORD: usize = 24;

/// The sentences of an article, in order. Furniture gives none.
///
/// Quotation marks and brackets stay with the sentence they open or close; every character of a scored block that is not
/// white is in exactly one sentence.
///
/// ```
/// use rhetor::text::{Article, segment::sentences};
/// let article = Article::from_text("-", None, None, "“We saw Gen. Ito. He left at 9 a.m. on Oct. 29,” she said.".into());
/// let found: Vec<&str> = sentences(&article).iter().map(|s| s.span.of(&article.text)).collect();
/// assert_eq!(found, ["“We saw Gen. Ito.", "He left at 9 a.m. on Oct. 29,” she said."]);
/// assert!(sentences(&article).iter().all(|s| s.quoted));
/// ```
pub fn sentences(article: &Article) -> Vec<Sentence> {
    let mut reader = Reader::default();
    let mut found = Vec::new();
    for block in article.blocks.iter().filter(|block| block.kind != Kind::Furniture) {
        let reading = reader.read(&article.text, block.span);
        let splitter = Splitter { text: &article.text[..block.span.end], marks: &reading.marks };
        for span in splitter.split(block.span) {
            let quoted = is_quoted(&article.text, span, &reading.quotations);
            found.push(Sentence { kind: block.kind, span, quoted });
        }
    }
    found
}

/// A run of sentence-ending punctuation.
#[derive(Debug, Clone, Copy)]
struct Stop {
    span: Span,
    sort: Sort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// One full stop.
    Period,
    /// Three of them, or `…`.
    Ellipsis,
    /// `!` or `?`, in any number.
    Shout,
    /// Danda, ideographic full stop and their like: always an end.
    Full,
}

/// What follows a stop and the marks that close with it.
#[derive(Debug, Clone, Copy)]
struct Next<'a> {
    /// The first word, without the marks that open before it.
    word: &'a str,
    start: Start,
    /// No white space in between.
    glued: bool,
    /// A quotation opens before the word.
    quote: bool,
    /// What comes right after the word.
    after: Option<char>,
}

/// How the text after a stop begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    Upper,
    Lower,
    Digit,
    /// A letter of a script without capitals.
    Uncased,
    /// A sign that a sentence may begin with: a currency, a bullet.
    Sign,
    /// Something that goes on: a dash, a comma.
    Other,
    /// Nothing but marks until the block's end.
    Nothing,
}

/// One block, being split. `text` ends where the block does; positions are the article's.
struct Splitter<'a> {
    text: &'a str,
    marks: &'a [Mark],
}

impl<'a> Splitter<'a> {
    fn split(&self, block: Span) -> Vec<Span> {
        let mut spans = Vec::new();
        let (mut start, mut at, mut worded) = (block.start, block.start, false);
        while let Some(stop) = self.next_stop(at) {
            worded |= self.text[at..stop.span.start].contains(char::is_alphanumeric);
            let end = self.past_closers(stop.span.end);
            at = end;
            if worded && self.splits(stop, end, start) {
                spans.push(Span { start, end });
                start = end + blanks(&self.text[end..]);
                (at, worded) = (start, false);
            }
        }
        if start < block.end {
            spans.push(Span { start, end: block.end });
        }
        spans
    }

    /// The next run of stops at or after `at`.
    fn next_stop(&self, mut at: usize) -> Option<Stop> {
        let bytes = self.text.as_bytes();
        loop {
            at += bytes[at..].iter().position(|byte| MAY_STOP[usize::from(*byte)])?;
            let Some((mut sort, mut length)) = stop_at(&self.text[at..]) else {
                at += self.text[at..].chars().next().map_or(1, char::len_utf8);
                continue;
            };
            let start = at;
            while length > 0 {
                at += length;
                let Some((next, more)) = stop_at(&self.text[at..]) else { break };
                sort = merge(sort, next);
                length = more;
            }
            return Some(Stop { span: Span { start, end: at }, sort });
        }
    }

    /// Past the quotation marks, brackets and note numbers that belong to the sentence which ends at `at`.
    fn past_closers(&self, mut at: usize) -> usize {
        loop {
            let rest = &self.text[at..];
            let mark = self.mark_at(at);
            let length = match rest.chars().next() {
                _ if mark.is_some_and(|mark| mark.role == Role::Close) => {
                    mark.map_or(0, |mark| mark.span.end - at)
                }
                Some(c @ (')' | ']' | '}')) => c.len_utf8(),
                Some('[') => note(rest),
                Some(c @ ('”' | '"' | '»' | '’' | '\''))
                    if mark.is_none() && !starts_word(&rest[c.len_utf8()..]) =>
                {
                    c.len_utf8()
                }
                // « Non. »
                Some(c @ (' ' | '\u{a0}' | '\u{202f}')) if self.closes_at(at + c.len_utf8()) => c.len_utf8(),
                _ => 0,
            };
            if length == 0 {
                return at;
            }
            at += length;
        }
    }

    fn mark_at(&self, at: usize) -> Option<Mark> {
        self.marks.binary_search_by_key(&at, |mark| mark.span.start).ok().map(|index| self.marks[index])
    }

    fn closes_at(&self, at: usize) -> bool {
        self.mark_at(at).is_some_and(|mark| mark.role == Role::Close)
    }

    /// Whether the sentence from `start` ends with this stop, whose closing marks end at `end`.
    fn splits(&self, stop: Stop, end: usize, start: usize) -> bool {
        let next = self.next_at(end);
        if next.start == Start::Nothing {
            return false;
        }
        if stop.sort == Sort::Full {
            return true;
        }
        if next.glued {
            return self.splits_glued(stop, end, next);
        }
        match stop.sort {
            Sort::Shout => next.can_begin() && !(end > stop.span.end && self.is_attribution(end)),
            Sort::Ellipsis => next.can_begin() && self.ends_by_ellipsis(stop, next),
            _ => self.period_splits(stop, end, start, next),
        }
    }

    /// No blank after the stop: `said.‘We`, `groups.The`, but not `example.Com`, `U.S.-led` or `3.5`.
    fn splits_glued(&self, stop: Stop, end: usize, next: Next) -> bool {
        let before = self.word_before(stop.span.start);
        if stop.sort == Sort::Period && lexicon::class(before).is_some() {
            return false;
        }
        if next.quote {
            return next.start != Start::Lower;
        }
        let small = before.chars().count() > 1 && before.chars().all(char::is_lowercase);
        let begins = next.start == Start::Upper
            && (next.word.chars().skip(1).all(char::is_lowercase) || lexicon::is_starter(next.word))
            && next.after.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '’' | '\''));
        (small || end > stop.span.end) && begins
    }

    /// `… ` goes on before a small letter and I; with a blank on both sides it stands for words left out.
    fn ends_by_ellipsis(&self, stop: Stop, next: Next) -> bool {
        let spaced = self.text[..stop.span.start].ends_with(char::is_whitespace);
        let pronoun = next.word == "I" || next.word.starts_with("I'") || next.word.starts_with("I’");
        !pronoun && (!spaced || next.quote || lexicon::is_starter(next.word))
    }

    fn period_splits(&self, stop: Stop, end: usize, start: usize, next: Next) -> bool {
        if !next.can_begin() {
            return false;
        }
        let closed = end > stop.span.end;
        let word = self.word_before(stop.span.start);
        if !closed && self.is_list_number(word, stop.span.start, start) {
            return false;
        }
        let begins = next.begins_sentence() || (next.quote && next.start == Start::Upper);
        match lexicon::class(word) {
            None => true,
            Some(Class::Title | Class::Never) => false,
            Some(Class::Initial) => next.begins_sentence() && !next.is_initial(),
            Some(Class::Number | Class::Month) => closed || next.start != Start::Digit,
            Some(Class::Time) => closed || next.quote || !self.belongs_to_time(end, next),
            Some(Class::Open | Class::Initials) => (closed && next.start != Start::Lower) || begins,
        }
    }

    /// Whether what follows a clock time goes on with it: a zone, a day, `(1900 GMT)`, `Oslo time`.
    fn belongs_to_time(&self, end: usize, next: Next) -> bool {
        let rest = self.text[end..].trim_start();
        let after = rest.strip_prefix(next.word).unwrap_or("").trim_start();
        lexicon::is_zone(next.word) || rest.starts_with('(') || word_at(after) == "time"
    }

    /// `1.` or `b.` at a sentence's start counts a list.
    fn is_list_number(&self, word: &str, stop: usize, start: usize) -> bool {
        let first = self.text[start..stop].trim_start_matches('(') == word;
        first && word.len() <= 3 && (word.bytes().all(|byte| byte.is_ascii_digit()) || word.len() == 1)
    }

    /// The word that ends at `end`: letters, digits and the stops within it (U.S, Ph.D).
    fn word_before(&self, end: usize) -> &'a str {
        let mut floor = end.saturating_sub(WORD);
        while !self.text.is_char_boundary(floor) {
            floor += 1;
        }
        let window = &self.text[floor..end];
        let outside = |c: char| !(c.is_alphanumeric() || c == '.');
        window.rfind(outside).map_or(window, |at| window[at..].trim_start_matches(outside))
    }

    fn next_at(&self, end: usize) -> Next<'a> {
        let rest = &self.text[end..];
        let blank = blanks(rest);
        let mut at = end + blank;
        let mut quote = false;
        let mut start = Start::Nothing;
        for c in self.text[at..].chars().take(8) {
            start = Start::of(c);
            let opening = self.mark_at(at).is_some_and(|mark| mark.role == Role::Open);
            quote |= opening;
            let passes = opening
                || matches!(
                    c,
                    '(' | '[' | '¿' | '¡' | '\'' | '’' | '‘' | '“' | '"' | '`' | '«' | ' ' | '\u{a0}'
                );
            if !passes {
                break;
            }
            at += c.len_utf8();
        }
        if at == self.text.len() {
            start = Start::Nothing;
        }
        let word = word_at(&self.text[at..]);
        let after = self.text[at + word.len()..].chars().next();
        Next { word, start: start.refine(word), glued: blank == 0, quote, after }
    }

    /// Whether a name and a verb of speech follow a quotation: `“Why?” Minister Ono asked`.
    fn is_attribution(&self, end: usize) -> bool {
        let stops = |(at, c): (usize, char)| match c {
            '.' => lexicon::class(self.word_before(end + at)).is_none(),
            _ => matches!(c, '?' | '!' | '”' | '“' | '"'),
        };
        let clause = &self.text[end..];
        let length = clause.char_indices().take(120).find(|place| stops(*place)).map(|(at, _)| at);
        let longest = clause.char_indices().nth(120).map_or(clause.len(), |(at, _)| at);
        let clause = &clause[..length.unwrap_or(longest)];
        let mut words = clause.split([' ', '\u{a0}', '\n']).filter(|word| !word.is_empty()).take(8);
        let Some(first) = words.next() else { return false };
        if first == "I" {
            return words.next().is_some_and(lexicon::is_speech);
        }
        if lexicon::is_starter(first) || first.ends_with([',', ':']) {
            return false;
        }
        words
            .by_ref()
            .take_while(|word| !word.ends_with(':'))
            .find(|word| !is_name_part(word))
            .is_some_and(lexicon::is_speech)
    }
}

impl Next<'_> {
    /// Whether a sentence can begin so at all.
    fn can_begin(&self) -> bool {
        match self.start {
            Start::Lower => self.quote || begins_small(self.word),
            Start::Other | Start::Nothing => false,
            _ => true,
        }
    }

    /// Whether the word begins sentences more often than it goes on with a name.
    fn begins_sentence(&self) -> bool {
        matches!(self.start, Start::Uncased | Start::Sign) || lexicon::is_starter(self.word)
    }

    /// `A` in `J. A. Okoro`.
    fn is_initial(&self) -> bool {
        self.word.chars().count() == 1 && self.after == Some('.')
    }
}

impl Start {
    fn of(c: char) -> Self {
        match c {
            _ if c.is_uppercase() => Start::Upper,
            _ if c.is_lowercase() => Start::Lower,
            _ if c.is_numeric() => Start::Digit,
            _ if c.is_alphabetic() => Start::Uncased,
            '$' | '£' | '€' | '₹' | '¥' | '#' | '@' | '•' | '*' | '▪' | '●' | '‣' | '·' => {
                Start::Sign
            }
            _ => Start::Other,
        }
    }

    /// Marks alone are no beginning.
    fn refine(self, word: &str) -> Self {
        if self == Start::Other { word.chars().next().map_or(Start::Other, Start::of) } else { self }
    }
}

/// First bytes of the characters in [`stop_at`].
const MAY_STOP: [bool; 256] = {
    let mut table = [false; 256];
    let firsts = [b'.', b'!', b'?', 0xe2, 0xe0, 0xd8, 0xdb, 0xe3, 0xef, 0xd6, 0xe1];
    let mut index = 0;
    while index < firsts.len() {
        table[firsts[index] as usize] = true;
        index += 1;
    }
    table
};

/// The stop at the start of `rest`, with its length in bytes.
fn stop_at(rest: &str) -> Option<(Sort, usize)> {
    let c = rest.chars().next()?;
    let sort = match c {
        '.' => Sort::Period,
        '…' => Sort::Ellipsis,
        '!' | '?' | '‼' | '⁇' | '⁈' | '⁉' => Sort::Shout,
        '।' | '॥' | '؟' | '۔' | '。' | '！' | '？' | '։' | '።' => Sort::Full,
        _ => return None,
    };
    Some((sort, c.len_utf8()))
}

/// `..` is an ellipsis; `?` and `!` outweigh full stops.
fn merge(sort: Sort, next: Sort) -> Sort {
    match (sort, next) {
        (Sort::Full, _) | (_, Sort::Full) => Sort::Full,
        (Sort::Shout, _) | (_, Sort::Shout) => Sort::Shout,
        _ => Sort::Ellipsis,
    }
}

/// The length of the white space at the start.
fn blanks(rest: &str) -> usize {
    rest.len() - rest.trim_start().len()
}

/// The length of a note number such as `[12]`, or 0.
fn note(rest: &str) -> usize {
    let digits = rest[1..].bytes().take(4).take_while(u8::is_ascii_digit).count();
    if digits > 0 && rest[1 + digits..].starts_with(']') { digits + 2 } else { 0 }
}

fn starts_word(rest: &str) -> bool {
    rest.starts_with(char::is_alphanumeric)
}

/// The word at the start of `rest`, of at most 32 characters; apostrophes and hyphens within it belong to it.
fn word_at(rest: &str) -> &str {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-');
    let end = rest.char_indices().take(32).find(|(_, c)| !inside(*c)).map(|(at, _)| at);
    let end = end.unwrap_or_else(|| rest.char_indices().nth(32).map_or(rest.len(), |(at, _)| at));
    rest[..end].trim_end_matches(['\'', '’', '-'])
}

/// Names that begin with a small letter: al-Shabab, iPhone, eBay.
fn begins_small(word: &str) -> bool {
    let mut chars = word.chars();
    let camel = chars.next().is_some() && chars.next().is_some_and(char::is_uppercase);
    camel
        || ["al-", "el-", "ar-", "as-", "ash-", "an-", "ad-"].iter().any(|article| {
            word.strip_prefix(article).is_some_and(|name| name.starts_with(char::is_uppercase))
        })
}

fn is_name_part(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
        || matches!(word, "of" | "the" | "de" | "van" | "bin" | "al" | "and" | "for")
}
