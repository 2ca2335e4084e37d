//! A listing for people: the tagged sentences of each article, with probabilities in front.

use super::{ArticleRecord, SentenceRecord};
use crate::text::Kind;
use anstyle::{AnsiColor, Color, Style};
use std::io::{Result, Write};

/// How the listing looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether untagged sentences and furniture are shown too.
    pub all: bool,
    /// Whether the output takes colours.
    pub colour: bool,
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
/// One colour a label, taken in turn; each label also stands there by name, so that none is needed to read it.
const COLOURS: [AnsiColor; 6] = [
    AnsiColor::Red,
    AnsiColor::Magenta,
    AnsiColor::Cyan,
    AnsiColor::Yellow,
    AnsiColor::Green,
    AnsiColor::Blue,
];
/// Narrower than this, lines are not folded any further.
const LEAST_TEXT: usize = 24;

impl Listing {
    /// One article: its title, its sentences, its summary.
    pub(super) fn write(&self, article: &ArticleRecord, first: bool, out: &mut impl Write) -> Result<()> {
        if !first {
            writeln!(out)?;
        }
        let title = article.title.as_deref().unwrap_or("(no headline)");
        self.fold(out, "", BOLD, title)?;
        writeln!(out, "{}\n", self.paint(DIM, &article.source))?;
        for sentence in article.sentences.iter().filter(|sentence| self.all || !sentence.labels.is_empty()) {
            self.sentence(sentence, out)?;
        }
        self.fold(out, "", BOLD, &summary(article))?;
        out.flush()
    }

    /// What there is to say when all is written.
    pub(super) fn finish(&self, articles: usize, out: &mut impl Write) -> Result<()> {
        if articles > 1 {
            writeln!(out, "\n{}", self.paint(BOLD, &format!("{articles} articles")))?;
        }
        out.flush()
    }

    fn sentence(&self, sentence: &SentenceRecord, out: &mut impl Write) -> Result<()> {
        let tags = match sentence.kind {
            Kind::Furniture => self.paint(DIM, "furniture, not scored"),
            _ if sentence.labels.is_empty() => self.paint(DIM, &format!("none  {}", best(sentence))),
            _ => self.tag_line(sentence),
        };
        writeln!(out, "{}  {tags}", self.paint(DIM, &format!("{:>4}", sentence.index)))?;
        let style = if sentence.labels.is_empty() { DIM } else { Style::new() };
        self.fold(out, "      ", style, &sentence.text)?;
        writeln!(out)
    }

    /// Text folded to the width, each line behind `indent`.
    fn fold(&self, out: &mut impl Write, indent: &str, style: Style, text: &str) -> Result<()> {
        let width = self.width.saturating_sub(indent.len()).max(LEAST_TEXT);
        for line in textwrap::wrap(text, textwrap::Options::new(width).break_words(false)) {
            writeln!(out, "{indent}{}", self.paint(style, &line))?;
        }
        Ok(())
    }

    /// The tags with their probabilities, then a word on where the sentence stands.
    fn tag_line(&self, sentence: &SentenceRecord) -> String {
        let mut parts = Vec::new();
        for (position, (label, score)) in sentence.scores.0.iter().enumerate() {
            if let (true, Some(score)) = (sentence.labels.contains(label), score) {
                let colour = Color::Ansi(COLOURS[position % COLOURS.len()]);
                let style = Style::new().bold().fg_color(Some(colour));
                parts.push(self.paint(style, &format!("{label} {}", percent(*score))));
            }
        }
        match (sentence.kind, sentence.quoted) {
            (Kind::Headline, _) => parts.push(self.paint(DIM, "headline")),
            (_, true) => parts.push(self.paint(DIM, "quoted")),
            _ => {}
        }
        parts.join("  ")
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.into() }
    }
}

/// The likeliest label of an untagged sentence.
fn best(sentence: &SentenceRecord) -> String {
    let scored = sentence.scores.0.iter().filter_map(|(label, score)| score.map(|score| (label, score)));
    scored
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(label, p)| format!("({label} {})", percent(p)))
        .unwrap_or_default()
}

fn percent(score: f32) -> String {
    format!("{:.0}%", score * 100.0)
}

/// `26 sentences, 15 tagged: 11 accusation, 4 threat, …`.
fn summary(article: &ArticleRecord) -> String {
    let scored = article.sentences.iter().filter(|sentence| sentence.kind != Kind::Furniture);
    let (mut sentences, mut tagged) = (0, 0);
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for sentence in scored {
        sentences += 1;
        tagged += usize::from(!sentence.labels.is_empty());
        for label in &sentence.labels {
            match counts.iter_mut().find(|(name, _)| name == label) {
                Some((_, count)) => *count += 1,
                None => counts.push((label, 1)),
            }
        }
    }
    counts.sort_by_key(|(name, count)| (usize::MAX - count, *name));
    let counts: Vec<String> = counts.into_iter().map(|(name, count)| format!("{count} {name}")).collect();
    let noun = if sentences == 1 { "sentence" } else { "sentences" };
    let list = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    format!("{sentences} {noun}, {tagged} tagged{list}")
}
