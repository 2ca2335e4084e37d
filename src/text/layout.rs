//! Text to passages: paragraphs, headings and list items, before anything is known of what they say.
//!
//! Three layouts are told apart: paragraphs between blank lines, a paragraph a line, and lines wrapped at a fixed width.

use super::Span;

/// Widths at which people and mail programs wrap lines, in characters.
const WRAP: std::ops::RangeInclusive<usize> = 40..=100;

/// One paragraph, heading or item as it is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Passage {
    /// Trimmed, without a list or heading mark.
    pub(crate) span: Span,
    /// Passages with no blank line between them have the same number.
    pub(crate) group: usize,
    pub(crate) hint: Hint,
}

/// What the layout says of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    Plain,
    /// Marked as a heading.
    Heading,
    /// An item of a list.
    Item,
    /// Marked as a caption.
    Caption,
}

/// A line that is not blank.
#[derive(Debug, Clone, Copy)]
struct Line {
    span: Span,
    group: usize,
    /// White space before it, in bytes.
    indent: usize,
    /// Characters, cut short at 255: longer lines are all alike here.
    width: usize,
}

/// The passages of a plain text, in order.
pub(crate) fn passages(text: &str) -> Vec<Passage> {
    let lines = lines(text);
    let wrapped = is_wrapped(text, &lines);
    let mut passages: Vec<Passage> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let joins = wrapped && index > 0 && joins(text, &lines, index);
        match passages.last_mut() {
            Some(passage) if joins => passage.span.end = line.span.end,
            _ => passages.push(passage(text, line)),
        }
    }
    passages.retain(|passage| passage.span.start < passage.span.end);
    passages
}

fn lines(text: &str) -> Vec<Line> {
    let (mut lines, mut group, mut blank) = (Vec::new(), 0, true);
    let mut at = 0;
    for raw in text.split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{c}', '\u{b}']) {
        let trimmed = raw.trim();
        let indent = raw.len() - raw.trim_start().len();
        if trimmed.is_empty() {
            // CRLF splits in two: the empty piece between them is no blank line.
            blank |= !text[..at].ends_with('\r') || !text[at..].starts_with('\n');
        } else {
            group += usize::from(blank);
            blank = false;
            let span = Span { start: at + indent, end: at + indent + trimmed.len() };
            lines.push(Line { span, group, indent, width: trimmed.chars().take(255).count() });
        }
        at += raw.len() + text[at + raw.len()..].chars().next().map_or(0, char::len_utf8);
    }
    lines
}

/// Whether the text is wrapped: where a line does not end a sentence, the next one's first word hardly ever fits on it.
fn is_wrapped(text: &str, lines: &[Line]) -> bool {
    // A line by itself, be it a headline or an address, may be as long as it likes.
    let groups = lines.chunk_by(|a, b| a.group == b.group).filter(|group| group.len() > 1).flatten();
    let words = groups.filter(|line| line.span.of(text).contains(' '));
    let Some(width) = words.map(|line| line.width).max() else { return false };
    if !WRAP.contains(&width) {
        return false;
    }
    let (mut full, mut all, mut small) = (0, 0, 0);
    for pair in
        lines.windows(2).filter(|pair| pair[0].group == pair[1].group && !ends_sentence(text, &pair[0]))
    {
        all += 1;
        full += usize::from(is_full(text, pair, width));
        small += usize::from(begins_small(text, &pair[1]));
    }
    all > 0 && full * 10 >= all * 7 && (all > 2 || small == all) && small > 0
}

/// Whether line `index` goes on with the paragraph of the line before it.
fn joins(text: &str, lines: &[Line], index: usize) -> bool {
    let pair = &lines[index - 1..=index];
    let (line, next) = (&pair[0], &pair[1]);
    let hanging = line.indent + mark_length(line.span.of(text));
    if line.group != next.group || next.indent > hanging + 1 || mark_length(next.span.of(text)) > 0 {
        return false;
    }
    let width = group_width(lines, index);
    is_full(text, pair, width)
        || (!ends_sentence(text, line) && begins_small(text, next) && line.width * 2 > width)
}

/// The widest line near `index` in its group: wrapped text is even, so a few lines around tell.
fn group_width(lines: &[Line], index: usize) -> usize {
    let near = &lines[index.saturating_sub(8)..lines.len().min(index + 8)];
    near.iter().filter(|line| line.group == lines[index].group).map(|line| line.width).max().unwrap_or(0)
}

/// Whether the second line's first word would not have fitted on the first (give or take two characters).
fn is_full(text: &str, pair: &[Line], width: usize) -> bool {
    let word = pair[1].span.of(text).split_whitespace().next().unwrap_or("");
    pair[0].width + 1 + word.chars().take(255).count() + 2 > width
}

fn ends_sentence(text: &str, line: &Line) -> bool {
    let end = line.span.of(text).trim_end_matches(['”', '’', '"', '\'', ')', '»']);
    end.ends_with(['.', '!', '?', ':', '…', '।', '۔', '。'])
}

fn begins_small(text: &str, line: &Line) -> bool {
    line.span.of(text).starts_with(char::is_lowercase)
}

fn passage(text: &str, line: &Line) -> Passage {
    let content = line.span.of(text);
    let mark = mark_length(content);
    let hint = match content.as_bytes().first() {
        _ if mark == 0 => Hint::Plain,
        Some(b'#') => Hint::Heading,
        _ => Hint::Item,
    };
    Passage { span: Span { start: line.span.start + mark, end: line.span.end }, group: line.group, hint }
}

/// The length of a bullet or of Markdown's heading mark, with the blanks after it, or 0.
fn mark_length(content: &str) -> usize {
    let rest = match content.chars().next() {
        Some('#') => content.trim_start_matches('#'),
        Some(c @ ('•' | '‣' | '▪' | '●' | '◦' | '∙' | '■' | '►' | '*' | '-' | '·')) => {
            &content[c.len_utf8()..]
        }
        _ => return 0,
    };
    let trimmed = rest.trim_start();
    let starred = content.starts_with('*') && !rest.contains('*');
    let bullet = starred || content.starts_with(['•', '‣', '▪', '●', '■', '►']);
    if (bullet || trimmed.len() < rest.len()) && trimmed.contains(char::is_alphanumeric) {
        content.len() - trimmed.len()
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        passages(text).iter().map(|passage| passage.span.of(text)).collect()
    }

    #[test]
    fn blank_lines_and_single_lines_separate() {
        assert_eq!(texts("One went.\r\n\r\nTwo came.\r\n"), ["One went.", "Two came."]);
        assert_eq!(
            texts(
                "A heading\nOne went to the market and stayed there for a long while, as ever, until it closed down.\nTwo came."
            ),
            [
                "A heading",
                "One went to the market and stayed there for a long while, as ever, until it closed down.",
                "Two came."
            ]
        );
        let groups: Vec<usize> =
            passages("a\r\nb\r\n\r\nc\n \nd").iter().map(|passage| passage.group).collect();
        assert_eq!(groups, [1, 1, 2, 3]);
    }

    #[test]
    fn wrapped_lines_are_joined() {
        let text = "The council met on Monday to talk about the bridge, which has\nbeen closed since the flood, and about the money that it would\ntake to open it again.\n\nNobody spoke against the plan, and the mayor said that work would\nbegin in May.";
        assert_eq!(texts(text).len(), 2);
    }

    #[test]
    fn marks_are_left_out() {
        assert_eq!(
            texts("• One went.\n- Two came.\n## Three\n-4 degrees\n— No, he said."),
            ["One went.", "Two came.", "Three", "-4 degrees", "— No, he said."]
        );
    }
}
