//! Sentences to tokens, each with what the word lists know of it.

use super::words::{Class, Classes, Cue, Form, classes, cues};
use crate::text::{Article, Quotation, Sentence, Span, quotations};

/// A word, or one mark of punctuation.
#[derive(Debug, Clone)]
pub(super) struct Token<'a> {
    pub(super) span: Span,
    pub(super) text: &'a str,
    /// In small letters, with straight apostrophes.
    pub(super) lower: String,
    pub(super) classes: Classes,
    pub(super) cues: &'static [Cue],
    /// Whether it stands in a quotation; the quotation's marks do.
    pub(super) quoted: bool,
}

impl Token<'_> {
    /// Whether the lists give the word this part.
    pub(super) fn is(&self, class: Class) -> bool {
        self.classes.has(class)
    }

    /// Whether the lists give the word one of these parts.
    pub(super) fn is_any(&self, classes: &[Class]) -> bool {
        classes.iter().any(|class| self.is(*class))
    }

    /// A form of "be" or "have", a modal verb.
    pub(super) fn is_helper(&self) -> bool {
        self.is_any(&[Class::Be, Class::Have, Class::Modal])
    }

    /// Whether it is this word or mark.
    pub(super) fn says(&self, word: &str) -> bool {
        self.lower == word
    }

    /// Whether it is one of these words or marks.
    pub(super) fn says_any(&self, words: &[&str]) -> bool {
        words.contains(&self.lower.as_str())
    }

    pub(super) fn is_word(&self) -> bool {
        self.text.starts_with(char::is_alphanumeric) || self.text.starts_with(['\'', '’', '@', '#'])
    }

    pub(super) fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }

    pub(super) fn is_capital(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    /// A word with a capital that is no function word: part of a name, unless it begins the sentence.
    pub(super) fn is_name(&self) -> bool {
        let small = [
            Class::Determiner,
            Class::Subject,
            Class::Preposition,
            Class::Subordinator,
            Class::Conjunction,
            Class::Be,
            Class::Have,
            Class::Modal,
            Class::Adverb,
            Class::Time,
        ];
        // "May" and "Will" may be names, but a month or a modal more often.
        self.is_capital() && !small.iter().any(|class| self.is(*class))
    }

    pub(super) fn is_possessive_mark(&self) -> bool {
        self.lower == "'s" || self.lower == "'"
    }

    /// A mark that parts clauses.
    pub(super) fn is_break(&self) -> bool {
        self.says_any(&[
            ";", ":", "—", "–", "-", "--", "―", "(", ")", "[", "]", "?", "!", "…", "...", "•", "|",
        ])
    }

    pub(super) fn is_dash(&self) -> bool {
        self.says_any(&["—", "–", "-", "--", "―"])
    }

    /// A double, single or angular quotation mark.
    pub(super) fn is_quote(&self) -> bool {
        self.quoted
            && !self.is_word()
            && (self.text.starts_with([
                '"', '“', '”', '„', '«', '»', '‘', '’', '\'', '`', '‹', '›', '‟', '‚', '「', '」', '『', '』',
            ]))
    }
}

/// One sentence with its tokens.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    pub(super) sentence: Sentence,
    /// Which block of the article it stands in.
    pub(super) block: usize,
    pub(super) tokens: Vec<Token<'a>>,
}

impl Line<'_> {
    /// Whether every word stands in a quotation.
    pub(super) fn is_all_quoted(&self) -> bool {
        let mut words = self.tokens.iter().filter(|token| token.is_word()).peekable();
        words.peek().is_some() && words.all(|token| token.quoted)
    }
}

/// An article as the rules read it.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) text: &'a str,
    pub(super) lines: Vec<Line<'a>>,
    /// The outermost quotations, by start.
    pub(super) quotes: Vec<Quotation>,
}

impl<'a> Page<'a> {
    /// Reads the sentences of an article.
    pub(super) fn new(article: &'a Article, sentences: &[Sentence]) -> Self {
        let mut quotes = quotations(&article.text, &article.blocks);
        quotes.retain(|quote| quote.depth == 0 && quote.span.start < quote.span.end);
        let line = |sentence: &Sentence| Line {
            sentence: *sentence,
            block: article.blocks.partition_point(|block| block.span.end <= sentence.span.start),
            tokens: tokens(&article.text, sentence.span, &quotes),
        };
        let lines = sentences.iter().map(line).collect();
        Page { text: &article.text, lines, quotes }
    }

    /// The outermost quotation that holds the byte at `position`.
    pub(super) fn quote_at(&self, position: usize) -> Option<usize> {
        let after = self.quotes.partition_point(|quote| quote.span.start <= position);
        after.checked_sub(1).filter(|index| position < self.quotes[*index].span.end)
    }
}

fn tokens<'a>(text: &'a str, sentence: Span, quotes: &[Quotation]) -> Vec<Token<'a>> {
    let mut found = Vec::new();
    let mut next = quotes.partition_point(|quote| quote.span.end <= sentence.start);
    let mut at = sentence.start;
    while let Some(span) = next_token(text, at, sentence.end) {
        at = span.end;
        while quotes.get(next).is_some_and(|quote| quote.span.end <= span.start) {
            next += 1;
        }
        let quoted = quotes.get(next).is_some_and(|quote| quote.span.start <= span.start);
        found.push(token(text, span, quoted));
    }
    unmask(&mut found);
    found
}

/// Takes surnames that look like modal verbs or prepositions for what they are: "Jane Will said", “…,” From said.
fn unmask(line: &mut [Token]) {
    let small = |token: &Token| token.is_word() && !token.is_capital() && token.lower.len() > 4;
    if !line.iter().any(small) {
        return;
    }
    for at in 0..line.len() {
        let masked = line[at].is_capital() && line[at].is_any(&[Class::Modal, Class::Preposition]);
        if masked && is_surname(line, at) {
            let month = line[at].is(Class::Time);
            line[at].classes = Classes::default();
            if month {
                line[at].classes.add(Class::Time);
            }
        }
    }
}

/// Whether a word with a capital is a name: amid a sentence, or before a finite verb of reporting.
fn is_surname(line: &[Token], at: usize) -> bool {
    let finite = |token: &Token| {
        token.cues.iter().any(|cue| matches!(cue.form, Form::Past | Form::Third)) && !token.is_capital()
    };
    match at.checked_sub(1).map(|before| &line[before]) {
        None => line.get(at + 1).is_some_and(finite),
        Some(before) => before.is_word() || before.says(",") || before.quoted && !line[at].quoted,
    }
}

fn token(text: &str, span: Span, quoted: bool) -> Token<'_> {
    let word = span.of(text);
    let lower: String =
        word.chars().map(|c| if c == '’' { '\'' } else { c }).flat_map(char::to_lowercase).collect();
    let (classes, cues) = (classes(&lower), cues(&lower));
    Token { span, text: word, lower, classes, cues, quoted }
}

/// The first token that begins at or after `at`.
fn next_token(text: &str, at: usize, end: usize) -> Option<Span> {
    let rest = &text[at..end];
    let start = at + rest.find(|c: char| !c.is_whitespace())?;
    let first = text[start..end].chars().next()?;
    let length = match first {
        '\'' | '’' if is_suffix(text, start, end) => {
            1 + text[start + first.len_utf8()..end].chars().take_while(|c| c.is_alphabetic()).count()
                + first.len_utf8()
                - 1
        }
        '@' | '#' => first.len_utf8() + word_length(&text[start + 1..end]),
        _ if first.is_alphanumeric() => word_length(&text[start..end]),
        '.' | '-' | '`' | '\'' => text[start..end].chars().take_while(|c| *c == first).count(),
        _ => first.len_utf8(),
    };
    Some(Span { start, end: start + length })
}

/// Whether ’s, ’ll and their like begin at `start`, right after a word.
fn is_suffix(text: &str, start: usize, end: usize) -> bool {
    let after_word = text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
    let mut rest = text[start..end].chars().skip(1);
    let letters: String = rest.by_ref().take_while(|c| c.is_alphabetic()).collect();
    after_word && matches!(letters.to_ascii_lowercase().as_str(), "s" | "ll" | "re" | "ve" | "d" | "m")
}

/// The bytes of the word that `rest` begins with: letters and digits, and what joins them (U.S, vice-president, 3.5, don’t),
/// with the full stop of an abbreviation, which is one that does not end the sentence.
fn word_length(rest: &str) -> usize {
    let mut length = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let joins = matches!(c, '.' | '-' | '\'' | '’' | ',' | '&' | '‑' | '/')
            && next.is_some_and(char::is_alphanumeric);
        if c.is_alphanumeric() || is_mark_on_letter(c) {
            length = at + c.len_utf8();
        } else if c == '.' && length > 0 && ends_abbreviation(&rest[at + 1..]) {
            return at + 1;
        } else if !joins || !may_join(c, &rest[..at], &rest[at + c.len_utf8()..]) {
            break;
        }
    }
    length
}

/// Combining accents belong to the letter before.
fn is_mark_on_letter(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{fe0f}')
}

fn may_join(mark: char, before: &str, after: &str) -> bool {
    let digit_before = before.ends_with(|c: char| c.is_ascii_digit());
    let digit_after = after.starts_with(|c: char| c.is_ascii_digit());
    match mark {
        ',' => digit_before && digit_after,
        '\'' | '’' => {
            let letters: String = after.chars().take_while(|c| c.is_alphabetic()).take(3).collect();
            !matches!(letters.to_ascii_lowercase().as_str(), "s" | "ll" | "re" | "ve" | "d" | "m")
        }
        _ => true,
    }
}

/// Whether more of the sentence follows a full stop.
fn ends_abbreviation(after: &str) -> bool {
    after.starts_with([' ', '\u{a0}', ',', '’', '\'']) && after.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let span = Span { start: 0, end: text.len() };
        tokens(text, span, &[]).iter().map(|token| token.text).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn words_and_marks() {
        assert_eq!(
            words("Gov. Okoro’s U.S. aides, he says, won’t pay $3,500."),
            "Gov.|Okoro|’s|U.S.|aides|,|he|says|,|won’t|pay|$|3,500|."
        );
        assert_eq!(
            words("“No,” said vice-president Ana J. O’Neill."),
            "“|No|,|”|said|vice-president|Ana|J.|O’Neill|."
        );
        assert_eq!(words("He’s --  they'll... é́ 🙂"), "He|’s|--|they|'ll|...|é́|🙂");
    }
}
