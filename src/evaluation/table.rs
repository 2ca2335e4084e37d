//! Reports for a person at a terminal, and how figures are rounded for people anywhere.

use super::compare::{Comparison, Difference};
use super::confusion::Confusion;
use super::cooccurrence::Cooccurrence;
use super::interval::Interval;
use super::report::{Baseline, LabelReport, Report};
use super::slices::Slice;
use crate::grid::{Grid, fold};
use anstyle::Style;
use indexmap::IndexMap;
use std::cmp::Reverse;
use std::fmt::Display;

/// Rows with a label below which its figures are called uncertain.
const FEW: u64 = 30;
/// How many pairs of labels are shown.
const PAIRS: usize = 5;
/// What stands for an undefined figure.
const UNDEFINED: &str = "–";
/// What the columns are.
const LEGEND: &str = "95%: interval of F1. AP: average precision. Gold: rows that bear the label. Tagged: rows given it, those \
    with a probability from the cutoff up. Brier, ECE: errors of the probabilities, 0 is best.";

impl Report {
    /// The report as text; `colour` allows ANSI styles.
    ///
    /// Sentences are folded at `width` columns; of tables that are wider, some columns stand below the others.
    pub fn text(&self, width: usize, colour: bool) -> String {
        let page = Page { width, colour };
        let mut sections = vec![
            page.section(&format!("{} on {}", self.model, self.evaluated()), &self.label_table()),
            page.paragraphs(&[LEGEND.into()]),
        ];
        // One group alone is all rows again.
        let slices = self.slices.iter().filter(|(_, groups)| groups.len() > 1);
        sections.extend(
            slices.map(|(name, groups)| page.section(&format!("F1 by {name}"), &slice_table(groups))),
        );
        let pairs = self.pairs();
        if !pairs.is_empty() {
            sections.push(page.section("Most frequent pairs of labels", &pair_table(&pairs)));
        }
        sections.extend([
            page.section("Baselines (F1)", &self.baseline_table()),
            page.section("Taken for what (lines: gold; columns: tagged)", &confusion_table(&self.confusion)),
            page.paragraphs(&self.sentences()),
        ]);
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

    fn label_table(&self) -> Grid {
        let mut table = table(
            ["Prec.", "Recall", "F1", "95%", "AP", "Gold", "Tagged", "Cutoff", "Brier", "ECE"]
                .map(String::from),
        );
        self.labels.iter().for_each(|(name, label)| table.push(label_line(name, label)));
        table.push(self.macro_line());
        table.push(self.micro_line());
        table
    }

    /// The pairs of labels that most rows bear, with how many bear both and how many are tagged with both.
    fn pairs(&self) -> Vec<(String, u64, u64)> {
        let Cooccurrence { labels, gold, predicted } = &self.cooccurrence;
        let pairs = (0..labels.len()).flat_map(|i| (i + 1..labels.len()).map(move |j| (i, j)));
        let pairs = pairs.filter(|&(i, j)| gold[i][j] > 0);
        let pair =
            |(i, j): (usize, usize)| (format!("{} + {}", labels[i], labels[j]), gold[i][j], predicted[i][j]);
        let mut pairs: Vec<_> = pairs.map(pair).collect();
        pairs.sort_by_key(|(_, gold, _)| Reverse(*gold));
        pairs.truncate(PAIRS);
        pairs
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

    fn baseline_table(&self) -> Grid {
        let of =
            |baseline: &Baseline| baseline.labels.values().copied().chain([baseline.f1]).map(share).collect();
        let own = self.labels.values().map(|label| label.f1).chain([self.macro_average.f1]).map(share);
        let mut table = table(self.labels.keys().cloned().chain(["macro".into()]));
        table.push(line("majority", of(&self.baselines.majority)));
        table.push(line("keywords", of(&self.baselines.keyword)));
        table.push(line("this model", own.collect()));
        table
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

    /// The mean F1 beside that of the keywords; nothing if the two are means over different labels.
    fn advantage(&self) -> Option<String> {
        let defined = self.labels.values().map(|label| label.f1.is_some());
        if defined.ne(self.baselines.keyword.labels.values().map(Option::is_some)) {
            return None;
        }
        let (f1, keyword) = (self.macro_average.f1?, self.baselines.keyword.f1?);
        let inside =
            self.macro_average.f1_interval.filter(|Interval(low, high)| (*low..=*high).contains(&keyword));
        let verdict = match inside {
            Some(_) => "which these rows cannot tell from it".to_string(),
            None if f1 > keyword => format!("{} below it", share(Some(f1 - keyword))),
            None if f1 == keyword => "no less".to_string(),
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
    /// The comparison as text, set for `width` columns; `colour` allows ANSI styles.
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
            page.section(&format!("F1: {} and {}", self.model, self.other), &difference_table(&f1)),
            page.section("Average precision", &difference_table(&precision)),
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
    fn section(&self, heading: &str, table: &Grid) -> String {
        let bold = if self.colour { Style::new().bold() } else { Style::new() };
        format!("{bold}{}{bold:#}\n{}\n", self.fold(heading), table.text(self.width))
    }

    fn paragraphs(&self, sentences: &[String]) -> String {
        sentences.iter().map(|sentence| self.fold(sentence) + "\n").collect()
    }

    fn fold(&self, text: &str) -> String {
        fold(text, self.width.max(20))
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

/// F1 in each group: over all tags, and of each label.
fn slice_table(groups: &IndexMap<String, Slice>) -> Grid {
    let labels = groups.values().next().into_iter().flat_map(|slice| slice.labels.keys().cloned());
    let mut table = table(["Rows".into(), "micro".into()].into_iter().chain(labels));
    for (name, Slice { rows, micro, labels }) in groups {
        let f1 = [micro.f1].into_iter().chain(labels.values().map(|label| label.f1)).map(share);
        table.push(line(name, [rows.to_string()].into_iter().chain(f1).collect()));
    }
    table
}

fn pair_table(pairs: &[(String, u64, u64)]) -> Grid {
    let mut table = table(["Gold", "Tagged"].map(String::from));
    pairs
        .iter()
        .for_each(|(pair, gold, tagged)| table.push([pair.clone(), gold.to_string(), tagged.to_string()]));
    table
}

fn confusion_table(confusion: &Confusion) -> Grid {
    let mut table = table(confusion.labels.iter().cloned());
    for (name, counts) in confusion.labels.iter().zip(&confusion.counts) {
        table.push(line(name, counts.iter().map(u64::to_string).collect()));
    }
    table
}

fn difference_table(lines: &[(&str, &Difference)]) -> Grid {
    let mut table = table(["This", "Other", "Difference", "95%", "p"].map(String::from));
    for (name, d) in lines {
        let difference = d.difference.map_or_else(undefined, signed);
        let between = |Interval(low, high)| format!("{} to {}", signed(low), signed(high));
        let interval = d.interval.map_or_else(undefined, between);
        table.push(line(name, vec![share(d.model), share(d.other), difference, interval, fine(d.p)]));
    }
    table
}

/// A table with these heads above its figures, and none above the names of its lines.
fn table(heads: impl IntoIterator<Item = String>) -> Grid {
    Grid::new([String::new()].into_iter().chain(heads)).ruled()
}

fn line(name: impl Display, mut cells: Vec<String>) -> Vec<String> {
    cells.insert(0, name.to_string());
    cells
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
