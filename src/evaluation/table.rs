//! Reports for a person at a terminal. The only place where figures are rounded.

use super::compare::{Comparison, Difference};
use super::confusion::Confusion;
use super::interval::Interval;
use super::report::{LabelReport, Report};
use anstyle::Style;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent, presets};

/// Rows with a label below which its figures are called uncertain.
const FEW: u64 = 30;
/// What stands for an undefined figure.
const UNDEFINED: &str = "–";

impl Report {
    /// The report as text, at most `width` columns wide if the table can be folded so far; `colour` allows ANSI styles.
    pub fn text(&self, width: usize, colour: bool) -> String {
        let page = Page { width, colour };
        let sections = [
            page.section(&format!("{} on {}", self.model, self.evaluated()), self.label_table()),
            page.section("Baselines (F1)", self.baseline_table()),
            page.section(
                "What is taken for what (lines: label in the data; columns: tag set)",
                confusion_table(&self.confusion),
            ),
            page.paragraphs(&self.sentences()),
        ];
        sections.join("\n")
    }

    fn evaluated(&self) -> String {
        let documents = match self.documents {
            n if n == self.rows => String::new(),
            n => format!(" of {}", counted(n, "document")),
        };
        format!("{}{documents}", counted(self.rows, "row"))
    }

    fn label_table(&self) -> Table {
        let header = ["", "Prec.", "Recall", "F1", "95%", "AP", "Data", "Tagged", "From", "Brier", "ECE"];
        let mut table = numbers_table(&header);
        for (name, label) in &self.labels {
            table.add_row(label_cells(name, label));
        }
        let [average, micro] = [&self.macro_average.f1_interval, &self.micro.f1_interval].map(range);
        let all = &self.macro_average;
        let blank = String::new;
        let [p, r, f, ap] = [all.precision, all.recall, all.f1, all.average_precision].map(share);
        let [brier, ece] = [all.brier, all.ece].map(fine);
        table.add_row(["macro".into(), p, r, f, average, ap, blank(), blank(), blank(), brier, ece]);
        let [p, r, f] = [self.micro.precision, self.micro.recall, self.micro.f1].map(share);
        table.add_row(["micro".into(), p, r, f, micro]);
        table
    }

    fn baseline_table(&self) -> Table {
        let header: Vec<&str> =
            [""].into_iter().chain(self.labels.keys().map(String::as_str)).chain(["macro"]).collect();
        let mut table = numbers_table(&header);
        let lines = [("majority", &self.baselines.majority), ("keywords", &self.baselines.keyword)];
        for (name, baseline) in lines {
            let figures = baseline.labels.values().chain([&baseline.f1]).copied().map(share);
            table.add_row([name.to_string()].into_iter().chain(figures));
        }
        let figures = self.labels.values().map(|label| label.f1).chain([self.macro_average.f1]).map(share);
        table.add_row(["this model".to_string()].into_iter().chain(figures));
        table
    }

    /// What the figures mean, in plain words.
    fn sentences(&self) -> Vec<String> {
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
    /// The comparison as text, at most `width` columns wide if the tables can be folded so far; `colour` allows ANSI
    /// styles.
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

    fn verdict(&self) -> String {
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
            "Averaged over the labels F1 differs by {} (95% between {} and {}, p = {p:.3}): {verdict}.",
            signed(difference),
            signed(low),
            signed(high)
        )
    }
}

/// Where and how text is set.
struct Page {
    width: usize,
    colour: bool,
}

impl Page {
    fn section(&self, heading: &str, mut table: Table) -> String {
        table.set_width(self.width.clamp(20, 400) as u16);
        let bold = if self.colour { Style::new().bold() } else { Style::new() };
        let heading = self.fold(heading);
        format!("{bold}{heading}{bold:#}\n{}\n", table.trim_fmt())
    }

    fn paragraphs(&self, sentences: &[String]) -> String {
        sentences.iter().map(|sentence| self.fold(sentence) + "\n").collect()
    }

    fn fold(&self, text: &str) -> String {
        textwrap::fill(text, self.width.max(20))
    }
}

fn label_cells(name: &str, label: &LabelReport) -> [String; 11] {
    let [precision, recall, f1, ap] =
        [label.precision, label.recall, label.f1, label.average_precision].map(share);
    let [brier, ece] = [label.brier, label.ece].map(fine);
    let threshold = share(Some(label.threshold.into()));
    let (support, predicted) = (label.support.to_string(), label.predicted.to_string());
    [
        name.into(),
        precision,
        recall,
        f1,
        range(&label.f1_interval),
        ap,
        support,
        predicted,
        threshold,
        brier,
        ece,
    ]
}

fn confusion_table(confusion: &Confusion) -> Table {
    let header: Vec<&str> = [""].into_iter().chain(confusion.labels.iter().map(String::as_str)).collect();
    let mut table = numbers_table(&header);
    for (name, counts) in confusion.labels.iter().zip(&confusion.counts) {
        table.add_row([name.clone()].into_iter().chain(counts.iter().map(u64::to_string)));
    }
    table
}

fn difference_table(lines: &[(&str, &Difference)]) -> Table {
    let mut table = numbers_table(&["", "This", "Other", "Difference", "95%", "p"]);
    for (name, d) in lines {
        let difference = d.difference.map_or_else(undefined, signed);
        let interval = d
            .interval
            .map_or_else(undefined, |Interval(low, high)| format!("{} to {}", signed(low), signed(high)));
        table.add_row([name.to_string(), share(d.model), share(d.other), difference, interval, fine(d.p)]);
    }
    table
}

/// A table of which all columns but the first are set to the right.
fn numbers_table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    table
        .set_style(TableComponent::HeaderLines, '─')
        .set_style(TableComponent::MiddleHeaderIntersections, '─');
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// `.79`, `1.00`, `-.03`.
fn share(figure: Option<f64>) -> String {
    figure.map_or_else(undefined, |x| without_zero(format!("{x:.2}")))
}

/// `.031`.
fn fine(figure: Option<f64>) -> String {
    figure.map_or_else(undefined, |x| without_zero(format!("{x:.3}")))
}

/// `+.031`, `-.005`.
fn signed(x: f64) -> String {
    let digits = without_zero(format!("{:.3}", x.abs()));
    format!("{}{digits}", if x < 0.0 { '-' } else { '+' })
}

fn range(interval: &Option<Interval>) -> String {
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
