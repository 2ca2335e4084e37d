//! Reports for a person at a terminal, and how figures are rounded for people anywhere.

use super::compare::{Comparison, Difference};
use super::confusion::Confusion;
use super::interval::Interval;
use super::report::{Baseline, LabelReport, Report};
use anstyle::Style;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent, presets};
use std::fmt::Display;

/// Rows with a label below which its figures are called uncertain.
const FEW: u64 = 30;
/// The columns of the label table that tell of tags; the others tell of probabilities.
const TAG_COLUMNS: usize = 8;
/// What stands for an undefined figure.
const UNDEFINED: &str = "–";
/// What the columns are.
const LEGEND: &str = "95%: interval of F1. AP: average precision. Gold: rows that bear the label. Tagged: rows given it, those \
    with a probability from the cutoff up. Brier, ECE: errors of the probabilities, 0 is best.";

impl Report {
    /// The report as text; `colour` allows ANSI styles.
    ///
    /// Sentences are folded at `width` columns. Tables are never folded, but where it makes them fit, the labels' figures
    /// stand in two.
    pub fn text(&self, width: usize, colour: bool) -> String {
        let page = Page { width, colour };
        let sections = [
            page.section(&format!("{} on {}", self.model, self.evaluated()), self.label_tables(width)),
            page.paragraphs(&[LEGEND.into()]),
            page.section("Baselines (F1)", self.baseline_table()),
            page.section("Taken for what (lines: gold; columns: tagged)", confusion_table(&self.confusion)),
            page.paragraphs(&self.sentences()),
        ];
        sections.join("\n")
    }

    /// `762 rows of 40 documents`.
    pub(crate) fn evaluated(&self) -> String {
        let documents = match self.documents {
            n if n == self.rows => String::new(),
            n => format!(" of {}", counted(n, "document")),
        };
        format!("{}{documents}", counted(self.rows, "row"))
    }

    /// All figures in one table if it fits, else those of the probabilities in a second one.
    fn label_tables(&self, width: usize) -> String {
        let lines = self.label_lines();
        let whole = numbers_table(&lines);
        if whole.lines().all(|line| line.chars().count() <= width) {
            return whole;
        }
        let tags: Vec<&[String]> = lines.iter().map(|line| &line[..TAG_COLUMNS]).collect();
        let probabilities =
            lines.iter().filter(|line| line[TAG_COLUMNS..].iter().any(|cell| !cell.is_empty()));
        let probabilities = probabilities.map(|line| [&line[..1], &line[TAG_COLUMNS..]].concat());
        format!("{}\n\n{}", numbers_table(&tags), numbers_table(&probabilities.collect::<Vec<_>>()))
    }

    fn label_lines(&self) -> Vec<Vec<String>> {
        let header = ["", "Prec.", "Recall", "F1", "95%", "AP", "Gold", "Tagged", "Cutoff", "Brier", "ECE"];
        let labels = self.labels.iter().map(|(name, label)| label_line(name, label));
        let lines = [header.map(String::from).to_vec()].into_iter().chain(labels);
        lines.chain([self.macro_line(), self.micro_line()]).collect()
    }

    fn macro_line(&self) -> Vec<String> {
        let all = &self.macro_average;
        let [precision, recall, f1, ap] =
            [all.precision, all.recall, all.f1, all.average_precision].map(share);
        let [brier, ece] = [all.brier, all.ece].map(fine);
        let [gold, tagged, cutoff] = [(); 3].map(|()| String::new());
        vec![
            "macro".into(),
            precision,
            recall,
            f1,
            range(all.f1_interval),
            ap,
            gold,
            tagged,
            cutoff,
            brier,
            ece,
        ]
    }

    fn micro_line(&self) -> Vec<String> {
        let all = &self.micro;
        let [precision, recall, f1] = [all.precision, all.recall, all.f1].map(share);
        let mut line = vec!["micro".into(), precision, recall, f1, range(all.f1_interval)];
        line.resize(11, String::new());
        line
    }

    fn baseline_table(&self) -> String {
        let header = self.labels.keys().map(String::as_str).chain(["macro"]).map(String::from);
        let of =
            |baseline: &Baseline| baseline.labels.values().copied().chain([baseline.f1]).map(share).collect();
        let own = self.labels.values().map(|label| label.f1).chain([self.macro_average.f1]).map(share);
        numbers_table(&[
            line("", header.collect()),
            line("majority", of(&self.baselines.majority)),
            line("keywords", of(&self.baselines.keyword)),
            line("this model", own.collect()),
        ])
    }

    /// What the figures mean, in plain words.
    pub(crate) fn sentences(&self) -> Vec<String> {
        [self.rightness(), self.advantage(), self.calibration(), self.caution()]
            .into_iter()
            .flatten()
            .collect()
    }

    fn rightness(&self) -> Option<String> {
        let (precision, recall) = (self.micro.precision?, self.micro.recall?);
        Some(format!(
            "Of 100 tags that it sets, {:.0} are right; of 100 that it should set, it sets {:.0}.",
            100.0 * precision,
            100.0 * recall
        ))
    }

    fn advantage(&self) -> Option<String> {
        let (f1, keyword) = (self.macro_average.f1?, self.baselines.keyword.f1?);
        let inside =
            self.macro_average.f1_interval.filter(|Interval(low, high)| (*low..=*high).contains(&keyword));
        let verdict = match inside {
            Some(_) => "which these rows cannot tell from it".to_string(),
            None if f1 > keyword => format!("{} below it", share(Some(f1 - keyword))),
            None => format!("{} above it: a list of words would do better", share(Some(keyword - f1))),
        };
        Some(format!(
            "Averaged over the labels F1 is {}; lists of keywords reach {}, {verdict}.",
            share(Some(f1)),
            share(Some(keyword))
        ))
    }

    fn calibration(&self) -> Option<String> {
        let points = 100.0 * self.macro_average.ece?;
        Some(format!("The probabilities are off by {points:.1} points of 100 on average."))
    }

    fn caution(&self) -> Option<String> {
        let few = self.labels.iter().filter(|(_, label)| label.support < FEW);
        let few: Vec<String> = few.map(|(name, label)| format!("{name} ({})", label.support)).collect();
        (!few.is_empty())
            .then(|| format!("Fewer than {FEW} rows bear {}: take its figures as rough.", few.join(", ")))
    }
}

impl Comparison {
    /// The comparison as text, sentences folded at `width` columns; `colour` allows ANSI styles.
    pub fn text(&self, width: usize, colour: bool) -> String {
        let page = Page { width, colour };
        let lines = || {
            self.labels
                .iter()
                .map(|(name, label)| (name.as_str(), label))
                .chain([("macro", &self.macro_average)])
        };
        let f1: Vec<_> =
            lines().map(|(name, both)| (name, &both.f1)).chain([("micro", &self.micro.f1)]).collect();
        let precision: Vec<_> = lines().map(|(name, both)| (name, &both.average_precision)).collect();
        let sections = [
            page.section(&format!("F1: {} and {}", self.model, self.other), difference_table(&f1)),
            page.section("Average precision", difference_table(&precision)),
            page.paragraphs(&[self.verdict()]),
        ];
        sections.join("\n")
    }

    /// Which of the two is better, if the rows tell.
    pub(crate) fn verdict(&self) -> String {
        let f1 = &self.macro_average.f1;
        let (Some(difference), Some(Interval(low, high)), Some(p)) = (f1.difference, f1.interval, f1.p)
        else {
            return "These rows do not suffice to compare the two.".into();
        };
        let verdict = match (low > 0.0, high < 0.0) {
            (true, _) => format!("{} is better than {}", self.model, self.other),
            (_, true) => format!("{} is better than {}", self.other, self.model),
            _ => "these rows do not tell the two apart".to_string(),
        };
        format!(
            "Averaged over the labels F1 differs by {} (95% between {} and {}, p = {}): {verdict}.",
            signed(difference),
            signed(low),
            signed(high),
            fine(Some(p))
        )
    }
}

/// Where and how text is set.
struct Page {
    width: usize,
    colour: bool,
}

impl Page {
    fn section(&self, heading: &str, table: String) -> String {
        let bold = if self.colour { Style::new().bold() } else { Style::new() };
        format!("{bold}{}{bold:#}\n{table}\n", self.fold(heading))
    }

    fn paragraphs(&self, sentences: &[String]) -> String {
        sentences.iter().map(|sentence| self.fold(sentence) + "\n").collect()
    }

    fn fold(&self, text: &str) -> String {
        textwrap::fill(text, self.width.max(20))
    }
}

fn label_line(name: &str, label: &LabelReport) -> Vec<String> {
    let [precision, recall, f1, ap] =
        [label.precision, label.recall, label.f1, label.average_precision].map(share);
    let [brier, ece] = [label.brier, label.ece].map(fine);
    let (gold, tagged) = (label.support.to_string(), label.predicted.to_string());
    let cutoff = share(Some(label.threshold.into()));
    vec![name.into(), precision, recall, f1, range(label.f1_interval), ap, gold, tagged, cutoff, brier, ece]
}

fn confusion_table(confusion: &Confusion) -> String {
    let counts = confusion.labels.iter().zip(&confusion.counts);
    let counts = counts.map(|(name, counts)| line(name, counts.iter().map(u64::to_string).collect()));
    numbers_table(&[line("", confusion.labels.clone())].into_iter().chain(counts).collect::<Vec<_>>())
}

fn difference_table(lines: &[(&str, &Difference)]) -> String {
    let header = ["This", "Other", "Difference", "95%", "p"].map(String::from).to_vec();
    let lines = lines.iter().map(|(name, d)| {
        let difference = d.difference.map_or_else(undefined, signed);
        let between = |Interval(low, high)| format!("{} to {}", signed(low), signed(high));
        let interval = d.interval.map_or_else(undefined, between);
        line(name, vec![share(d.model), share(d.other), difference, interval, fine(d.p)])
    });
    numbers_table(&[line("", header)].into_iter().chain(lines).collect::<Vec<_>>())
}

fn line(name: impl Display, mut cells: Vec<String>) -> Vec<String> {
    cells.insert(0, name.to_string());
    cells
}

/// A table of which the first line is the header, and all columns but the first are set to the right.
fn numbers_table(lines: &[impl AsRef<[String]>]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table
        .set_style(TableComponent::HeaderLines, '─')
        .set_style(TableComponent::MiddleHeaderIntersections, '─');
    for (i, line) in lines.iter().map(AsRef::as_ref).enumerate() {
        if i == 0 {
            table.set_header(line)
        } else {
            table.add_row(line)
        };
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table.trim_fmt()
}

/// `.79`, `1.00`, `-.03`.
pub(crate) fn share(figure: Option<f64>) -> String {
    figure.map_or_else(undefined, |x| without_zero(format!("{x:.2}")))
}

/// `.031`.
pub(crate) fn fine(figure: Option<f64>) -> String {
    figure.map_or_else(undefined, |x| without_zero(format!("{x:.3}")))
}

/// `+.031`, `-.005`.
pub(crate) fn signed(x: f64) -> String {
    let digits = without_zero(format!("{:.3}", x.abs()));
    format!("{}{digits}", if x < 0.0 { '-' } else { '+' })
}

/// `.73–.84`.
pub(crate) fn range(interval: Option<Interval>) -> String {
    interval
        .map_or_else(undefined, |Interval(low, high)| format!("{}–{}", share(Some(low)), share(Some(high))))
}

fn without_zero(digits: String) -> String {
    digits.strip_prefix('0').map(String::from).unwrap_or(digits)
}

fn undefined() -> String {
    UNDEFINED.into()
}

fn counted(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
