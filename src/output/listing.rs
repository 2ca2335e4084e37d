//! A listing for people: the tagged sentences of each article, with probabilities in front.

use super::page::percent;
use super::{ArticleRecord, SentenceRecord, StatementRecord};
use crate::text::{Kind, Span, one_line};
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
/// What stands before all lines of a sentence but the first.
const INDENT: &str = "      ";
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
        let number = self.paint(DIM, &format!("{:>4}", sentence.index));
        match sentence.kind {
            Kind::Furniture => writeln!(out, "{number}  {}", self.paint(DIM, "furniture, not scored"))?,
            _ if sentence.labels.is_empty() => {
                writeln!(out, "{number}  {}", self.paint(DIM, &format!("none  {}", best(sentence))))?;
            }
            _ => self.tags(&number, sentence, out)?,
        }
        if sentence.labels.is_empty() {
            self.fold(out, INDENT, DIM, &sentence.text)?;
        } else {
            self.marked(sentence, out)?;
        }
        writeln!(out)
    }

    /// A line for each tag: its probability, who does it to whom; where the sentence stands behind the first.
    fn tags(&self, number: &str, sentence: &SentenceRecord, out: &mut impl Write) -> Result<()> {
        let column =
            sentence.statements.iter().map(|statement| tag(statement).chars().count()).max().unwrap_or(0);
        for (line, statement) in sentence.statements.iter().enumerate() {
            let style = Style::new().bold().fg_color(Some(colour(sentence, &statement.label)));
            let tag = tag(statement);
            let lead = if line == 0 { format!("{number}  ") } else { INDENT.into() };
            write!(out, "{lead}{}", self.paint(style, &tag))?;
            let place = if line == 0 { place(sentence) } else { "" };
            let gap = column - tag.chars().count();
            self.parties(out, (column, gap), &parties(statement), place)?;
        }
        if !self.colour {
            self.reasons(sentence, out)?;
        }
        Ok(())
    }

    /// The words that drove each tag, where they cannot be marked in the sentence.
    fn reasons(&self, sentence: &SentenceRecord, out: &mut impl Write) -> Result<()> {
        for statement in &sentence.statements {
            let because = sentence.because(statement);
            let lead =
                if sentence.statements.len() > 1 { format!("{} ", statement.label) } else { String::new() };
            if !because.is_empty() {
                self.fold(out, INDENT, Style::new(), &format!("{lead}because: {because}"))?;
            }
        }
        Ok(())
    }

    /// The parties behind a tag, in line with those of the other tags: `column` is the width of the longest, `gap` what this
    /// one lacks. Below the tag where the line would be too long.
    fn parties(
        &self,
        out: &mut impl Write,
        (column, gap): (usize, usize),
        parties: &str,
        place: &str,
    ) -> Result<()> {
        let behind = if place.is_empty() { 0 } else { place.len() + 2 };
        let fits = INDENT.len() + column + 2 + parties.chars().count() + behind <= self.width;
        if fits && !parties.is_empty() {
            write!(out, "{:gap$}  {parties}", "")?;
        }
        if !place.is_empty() {
            write!(out, "  {}", self.paint(DIM, place))?;
        }
        writeln!(out)?;
        if fits { Ok(()) } else { self.fold(out, INDENT, Style::new(), parties) }
    }

    /// Text folded to the width, each line behind `indent`.
    fn fold(&self, out: &mut impl Write, indent: &str, style: Style, text: &str) -> Result<()> {
        for line in self.folded(indent, text) {
            writeln!(out, "{indent}{}", self.paint(style, line.of(text)))?;
        }
        Ok(())
    }

    /// The sentence folded, with the words that drove its tags in the colour of the tag that they did most for.
    fn marked(&self, sentence: &SentenceRecord, out: &mut impl Write) -> Result<()> {
        let words = sentence.telling_words();
        for line in self.folded(INDENT, &sentence.text) {
            write!(out, "{INDENT}")?;
            let mut at = line.start;
            for (word, labels) in
                words.iter().filter(|(word, _)| line.start <= word.start && word.end <= line.end)
            {
                let style = BOLD.underline().fg_color(Some(colour(sentence, labels[0].0)));
                let before = &sentence.text[at..word.start];
                write!(out, "{before}{}", self.paint(style, word.of(&sentence.text)))?;
                at = word.end;
            }
            writeln!(out, "{}", &sentence.text[at..line.end])?;
        }
        Ok(())
    }

    /// Where the lines of a text stand when it is folded to the width less the indent.
    fn folded(&self, indent: &str, text: &str) -> Vec<Span> {
        let width = self.width.saturating_sub(indent.len()).max(LEAST_TEXT);
        let mut end = 0;
        let lines = textwrap::wrap(text, textwrap::Options::new(width).break_words(false));
        // Nothing is put in where a line is folded, so that each line is a part of the text behind the one before.
        let spans = lines.iter().map(|line| {
            let start = end + text[end..].find(&**line).unwrap_or_default();
            end = start + line.len();
            Span { start, end }
        });
        spans.collect()
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.into() }
    }
}

/// `accusation 97%`.
fn tag(statement: &StatementRecord) -> String {
    format!("{} {}", statement.label, percent(statement.probability))
}

/// `Tarar → the Afghan side`; only the one that is known; nothing where none is.
fn parties(statement: &StatementRecord) -> String {
    let target = statement.target.as_ref().map(|target| target.shown());
    let parties = match (statement.speaker(), target) {
        (Some(speaker), Some(target)) => format!("{speaker} → {target}"),
        (Some(speaker), None) => speaker.to_string(),
        (None, Some(target)) => format!("→ {target}"),
        (None, None) => String::new(),
    };
    one_line(&parties)
}

/// A word on where the sentence stands.
fn place(sentence: &SentenceRecord) -> &'static str {
    match (sentence.kind, sentence.quoted) {
        (Kind::Headline, _) => "headline",
        (_, true) => "quoted",
        _ => "",
    }
}

/// The colour of a label, by its place in the scheme.
fn colour(sentence: &SentenceRecord, label: &str) -> Color {
    let position = sentence.scores.0.iter().position(|(name, _)| name == label).unwrap_or(0);
    Color::Ansi(COLOURS[position % COLOURS.len()])
}

/// The likeliest label of an untagged sentence.
fn best(sentence: &SentenceRecord) -> String {
    let scored = sentence.scores.0.iter().filter_map(|(label, score)| score.map(|score| (label, score)));
    scored
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(label, p)| format!("({label} {})", percent(p)))
        .unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{AttributionRecord, MentionRecord, Scores, SpanRecord, TargetRecord, TextRecord};

    fn words(text: &str) -> TextRecord {
        TextRecord { span: SpanRecord { start: 0, end: 0 }, text: text.into() }
    }

    /// An article of one sentence that bears two labels.
    fn article() -> ArticleRecord {
        let name = Some("Orlan Dey".to_string());
        let speaker = MentionRecord { mention: words("he"), name, role: None, affiliation: None };
        let target = TargetRecord { mention: words("the harbour board of Korvane"), name: None };
        let statement = |label: &str, probability, target| StatementRecord {
            label: label.into(),
            probability,
            source: Some(0),
            speaker: Some(speaker.clone()),
            target,
            words: None,
        };
        let sentence = SentenceRecord {
            index: 3,
            paragraph: 0,
            kind: Kind::Body,
            start: 0,
            end: 20,
            text: "He denied it all and accused the harbour board of Korvane of theft.".into(),
            quoted: false,
            labels: vec!["accusation".into(), "denial".into()],
            scores: Scores(vec![("accusation".into(), Some(0.9)), ("denial".into(), Some(0.8))]),
            statements: vec![statement("accusation", 0.9, Some(target)), statement("denial", 0.8, None)],
        };
        ArticleRecord {
            schema: "rhetor.article/1",
            model: String::new(),
            source: "a.txt".into(),
            id: None,
            title: None,
            text: None,
            whole: String::new(),
            sentences: vec![sentence],
            attributions: vec![AttributionRecord {
                content: SpanRecord { start: 0, end: 0 },
                cue: None,
                direct: false,
                source: Some(speaker),
            }],
        }
    }

    fn listed(width: usize, colour: bool) -> String {
        let mut out = Vec::new();
        Listing { width, all: false, colour }.write(&article(), true, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn parties_stand_in_line_behind_the_tags() {
        let listed = listed(100, false);
        let lines: Vec<&str> = listed.lines().skip(3).take(2).collect();
        assert_eq!(
            lines,
            [
                "   3  accusation 90%  Orlan Dey → the harbour board of Korvane",
                "      denial 80%      Orlan Dey"
            ]
        );
    }

    #[test]
    fn a_narrow_terminal_has_them_below() {
        let listed = listed(44, false);
        let lines: Vec<&str> = listed.lines().skip(3).take(4).collect();
        assert_eq!(
            lines,
            [
                "   3  accusation 90%",
                "      Orlan Dey → the harbour board of",
                "      Korvane",
                "      denial 80%      Orlan Dey"
            ]
        );
        assert!(listed.lines().all(|line| line.chars().count() <= 44), "{listed}");
    }

    #[test]
    fn colours_are_only_there_when_asked_for() {
        assert!(listed(80, true).contains('\u{1b}'));
        assert!(!listed(80, false).contains('\u{1b}'));
    }
}
