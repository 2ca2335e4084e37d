//! Tables for a terminal: one way to set them, whatever its width.
//!
//! What does not fit is, in this order: left out, where the columns are marked as spare; folded between words, in the columns of
//! text; stacked, which sets as many columns of figures as there is room for and the others below them, each time beside the
//! columns of text. Figures are never broken. Libraries of tables (comfy-table was used before) fold cells or cut them off where
//! there is not the room, figures too, and do not stack.

use std::ops::Range;
use textwrap::WordSplitter;
use textwrap::core::display_width;

/// Blanks between columns.
const GAP: usize = 2;
/// Narrower than this no column of text is made: the most words have the room.
const LEAST: usize = 12;

/// A table: first columns of text, which may be folded, then columns of figures, which may not.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grid {
    /// The heads, then the lines.
    lines: Vec<Vec<String>>,
    texts: usize,
    left: usize,
    spare: Vec<usize>,
    ruled: bool,
}

impl Grid {
    /// A table with these heads; the first column is text.
    pub(crate) fn new(heads: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let heads = heads.into_iter().map(Into::into).collect();
        Grid { lines: vec![heads], texts: 1, left: 1, spare: Vec::new(), ruled: false }
    }

    /// The first `texts` columns are text; the first `left`, not fewer, are set to the left, the others to the right.
    pub(crate) fn aligned(self, texts: usize, left: usize) -> Self {
        Grid { texts, left, ..self }
    }

    /// These columns may be left out, the first named first.
    pub(crate) fn spare(self, columns: &[usize]) -> Self {
        Grid { spare: columns.to_vec(), ..self }
    }

    /// With a line below the heads.
    pub(crate) fn ruled(self) -> Self {
        Grid { ruled: true, ..self }
    }

    /// Adds a line.
    pub(crate) fn push(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.lines.push(cells.into_iter().map(Into::into).collect());
    }

    /// The table, at most `width` columns wide if its figures allow it; no blanks at the ends of lines, no line break at its own.
    pub(crate) fn text(&self, width: usize) -> String {
        let natural: Vec<usize> = (0..self.lines[0].len()).map(|column| self.natural(column)).collect();
        let least = self.least(&natural, width);
        let figures = self.kept(&natural, width.saturating_sub(least));
        let pieces = pieces(&figures, &natural, width.saturating_sub(least));
        let set = |piece: &Range<usize>| {
            let figures = &figures[piece.clone()];
            let rest = width.saturating_sub(room(figures, &natural)).max(least);
            self.piece(figures, &shared(&natural[..self.texts], rest), &natural)
        };
        pieces.iter().map(set).collect::<Vec<_>>().join("\n\n")
    }

    /// How wide a column would like to be.
    fn natural(&self, column: usize) -> usize {
        self.lines.iter().map(|line| display_width(&line[column])).max().unwrap_or(0)
    }

    /// What the columns of text take at least: half of the width, if they want so much, and in a very narrow one more.
    fn least(&self, natural: &[usize], width: usize) -> usize {
        let together = |column: usize| column * self.texts + GAP * (self.texts - 1);
        let wanted = natural[..self.texts].iter().sum::<usize>() + together(0);
        wanted.min((width / 2).max(together(LEAST)))
    }

    /// The columns of figures without the spare ones for which there is not the room.
    fn kept(&self, natural: &[usize], width: usize) -> Vec<usize> {
        let mut kept: Vec<usize> = (self.texts..natural.len()).collect();
        for spare in &self.spare {
            if room(&kept, natural) > width {
                kept.retain(|column| column != spare);
            }
        }
        kept
    }

    /// The columns of text, so wide, beside some of the figures. Lines without any of these are left out.
    fn piece(&self, figures: &[usize], texts: &[usize], natural: &[usize]) -> String {
        let widths: Vec<usize> =
            texts.iter().copied().chain(figures.iter().map(|column| natural[*column])).collect();
        let columns: Vec<usize> = (0..self.texts).chain(figures.iter().copied()).collect();
        let told = |line: &&Vec<String>| {
            figures.is_empty() || figures.iter().any(|column| !line[*column].is_empty())
        };
        let (heads, lines) = self.lines.split_at(1);
        let mut set = self.set(&heads[0], &columns, &widths);
        if self.ruled {
            set.push("─".repeat(widths.iter().sum::<usize>() + GAP * (widths.len() - 1)));
        }
        set.extend(lines.iter().filter(told).flat_map(|line| self.set(line, &columns, &widths)));
        set.join("\n")
    }

    /// One line of the table, as many lines high as its highest cell.
    fn set(&self, line: &[String], columns: &[usize], widths: &[usize]) -> Vec<String> {
        let cells: Vec<Vec<String>> = columns
            .iter()
            .zip(widths)
            .map(|(column, width)| self.cell(&line[*column], *column, *width))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        let row = |i: usize| {
            let parts = cells.iter().zip(columns.iter().zip(widths));
            let parts = parts.map(|(cell, (column, width))| {
                padded(cell.get(i).map_or("", String::as_str), *width, *column < self.left)
            });
            parts.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end().to_string()
        };
        (0..height).map(row).collect()
    }

    /// The lines of a cell.
    fn cell(&self, text: &str, column: usize, width: usize) -> Vec<String> {
        if column >= self.texts || display_width(text) <= width {
            return vec![text.to_string()];
        }
        fold(text, width).lines().map(String::from).collect()
    }
}

/// The text in lines of `width` columns: broken between words, and within a word, number or date only if it is longer than a
/// line.
pub(crate) fn fold(text: &str, width: usize) -> String {
    textwrap::fill(text, textwrap::Options::new(width.max(1)).word_splitter(WordSplitter::NoHyphenation))
}

/// What columns take that stand to the right of others.
fn room(columns: &[usize], natural: &[usize]) -> usize {
    columns.iter().map(|column| natural[*column] + GAP).sum()
}

/// Which of the columns stand beside each other: as many as there is room for, but at least one.
fn pieces(columns: &[usize], natural: &[usize], width: usize) -> Vec<Range<usize>> {
    let (mut pieces, mut start) = (Vec::new(), 0);
    for end in 1..=columns.len() {
        if end - start > 1 && room(&columns[start..end], natural) > width {
            pieces.push(start..end - 1);
            start = end - 1;
        }
    }
    pieces.push(start..columns.len());
    pieces
}

/// The widths of columns of text that together may take `width`: the widest give way.
fn shared(natural: &[usize], width: usize) -> Vec<usize> {
    let width = width.saturating_sub(GAP * (natural.len() - 1));
    let fits = |most: usize| natural.iter().map(|column| (*column).min(most)).sum::<usize>() <= width;
    let widest = natural.iter().copied().max().unwrap_or(0);
    let most = (1..=widest).rev().find(|most| fits(*most)).unwrap_or(1);
    natural.iter().map(|column| (*column).min(most)).collect()
}

/// A cell with the blanks that it lacks.
fn padded(cell: &str, width: usize, left: bool) -> String {
    let blanks = " ".repeat(width.saturating_sub(display_width(cell)));
    if left { format!("{cell}{blanks}") } else { format!("{blanks}{cell}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTHS: [usize; 3] = [40, 60, 80];

    /// Labels with eight figures, of which the last line has only the first.
    fn figures() -> Grid {
        let heads = ["", "Prec.", "Recall", "F1", "95%", "AP", "Gold", "Tagged", "Cutoff"];
        let mut grid = Grid::new(heads).ruled();
        grid.push(["accusation", ".62", ".77", ".69", ".64–.74", ".76", "215", "26,712", ".32"]);
        grid.push(["all", ".71", "", "", "", "", "", "", ""]);
        grid
    }

    /// Parties with two figures, of which the last may go.
    fn parties() -> Grid {
        let mut grid =
            Grid::new(["Source", "Target", "Label", "Count", "Probability"]).aligned(2, 3).spare(&[4]);
        grid.push([
            "the Upper Nile Democratic Front",
            "government troops of South Sudan",
            "threat",
            "12",
            ".98",
        ]);
        grid.push(["南スーダン", "?", "denial", "3", ".50"]);
        grid
    }

    #[track_caller]
    fn fits(grid: &Grid, width: usize) -> String {
        let text = grid.text(width);
        assert!(
            text.lines().all(|line| display_width(line) <= width && line == line.trim_end()),
            "{width}:\n{text}"
        );
        text
    }

    #[test]
    fn every_figure_is_whole_at_every_width() {
        for width in WIDTHS {
            let text = fits(&figures(), width);
            let words: Vec<&str> = text.split_whitespace().collect();
            for cell in figures().lines.concat().iter().filter(|cell| !cell.is_empty()) {
                assert!(words.contains(&cell.as_str()), "{width} {cell}:\n{text}");
            }
        }
    }

    #[test]
    fn columns_are_stacked_and_lines_without_figures_left_out() {
        assert_eq!(
            figures().text(40),
            "\
            \u{20}           Prec.  Recall   F1      95%
───────────────────────────────────────
accusation    .62     .77  .69  .64–.74
all           .71

             AP  Gold  Tagged  Cutoff
─────────────────────────────────────
accusation  .76   215  26,712     .32"
        );
    }

    #[test]
    fn texts_are_folded_between_words_and_spare_columns_go() {
        for (width, probability) in [(40, false), (60, true), (80, true)] {
            let text = fits(&parties(), width);
            assert_eq!(text.contains("Probability"), probability, "{width}:\n{text}");
            for word in ["Democratic", "government", "南スーダン", "threat", "12"] {
                assert!(text.contains(word), "{width} {word}:\n{text}");
            }
        }
    }

    #[test]
    fn dates_are_not_folded() {
        assert_eq!(fold("lexical 2026-11-24 on 40 rows", 17), "lexical\n2026-11-24 on 40\nrows");
    }

    #[test]
    fn heads_alone_and_no_room_at_all_are_a_table_too() {
        assert_eq!(Grid::new(["file", "rows"]).text(80), "file  rows");
        assert!(figures().text(0).contains(".64–.74") && parties().text(1).contains("denial"));
    }
}
