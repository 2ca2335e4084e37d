//! The figures in tables. Each carries its exact value, too: `<data value="0.7931…">.79</data>`.

use crate::evaluation::table::{fine, range, share, signed};
use crate::evaluation::{Confusion, Cooccurrence, Difference, Interval, LabelReport, Report, Slice};
use crate::output::page::{label_name, scrolling};
use indexmap::IndexMap;
use maud::{Markup, html};

/// A table: its caption, its column heads, its lines.
pub(super) fn table(caption: &str, head: &[Markup], lines: Markup) -> Markup {
    let table = html! {
        table {
            caption.vh { (caption) }
            thead {
                tr {
                    @for (i, name) in head.iter().enumerate() { th.num[i > 0] scope="col" { (name) } }
                }
            }
            tbody { (lines) }
        }
    };
    scrolling(caption, table)
}

/// A figure with two decimals.
pub(super) fn figure(value: Option<f64>) -> Markup {
    exact(value, share(value))
}

/// A figure with three decimals.
pub(super) fn fine_figure(value: Option<f64>) -> Markup {
    exact(value, fine(value))
}

fn exact(value: Option<f64>, shown: String) -> Markup {
    html! { @match value { Some(value) => data value=(value) { (shown) }, None => (shown) } }
}

/// An interval, or nothing.
pub(super) fn interval(interval: Option<Interval>) -> Markup {
    html! {
        @if let Some(Interval(low, high)) = interval {
            data.interval value=(format!("{low} {high}")) { (range(interval)) }
        }
    }
}

fn with_interval(value: Option<f64>, range: Option<Interval>) -> Markup {
    html! { td.num { (figure(value)) (interval(range)) } }
}

fn words(names: &[&str]) -> Vec<Markup> {
    names.iter().map(|name| html! { (name) }).collect()
}

/// Every label's figures, their means, and those of all tags together.
pub(super) fn figures(report: &Report) -> Markup {
    let head = [
        "Label",
        "Precision",
        "Recall",
        "F1",
        "Average precision",
        "Rows with it",
        "Tagged",
        "Threshold",
        "Brier",
        "ECE",
    ];
    let (all, micro) = (&report.macro_average, &report.micro);
    let lines = html! {
        @for (i, (name, label)) in report.labels.iter().enumerate() { (label_line(i, name, label)) }
        tr.mean data-row="macro" {
            th scope="row" { "mean of the labels" }
            (with_interval(all.precision, all.precision_interval))
            (with_interval(all.recall, all.recall_interval))
            (with_interval(all.f1, all.f1_interval))
            (with_interval(all.average_precision, all.average_precision_interval))
            td {} td {} td {}
            td.num { (fine_figure(all.brier)) }
            td.num { (fine_figure(all.ece)) }
        }
        tr.mean data-row="micro" {
            th scope="row" { "all tags together" }
            td.num { (figure(micro.precision)) }
            td.num { (figure(micro.recall)) }
            (with_interval(micro.f1, micro.f1_interval))
            td {} td {} td {} td {} td {} td {}
        }
    };
    table("Figures of each label, with 95% intervals", &words(&head), lines)
}

fn label_line(index: usize, name: &str, label: &LabelReport) -> Markup {
    html! {
        tr data-row=(name) {
            th scope="row" { (label_name(index, name)) }
            (with_interval(label.precision, label.precision_interval))
            (with_interval(label.recall, label.recall_interval))
            (with_interval(label.f1, label.f1_interval))
            (with_interval(label.average_precision, label.average_precision_interval))
            td.num { (label.support) }
            td.num { (label.predicted) }
            td.num { (figure(Some(label.threshold.into()))) }
            td.num { (fine_figure(label.brier)) }
            td.num { (fine_figure(label.ece)) }
        }
    }
}

/// F1 of simpler means beside the model's own.
pub(super) fn baselines(report: &Report) -> Markup {
    let labels = report.labels.keys().enumerate().map(|(i, name)| label_name(i, name));
    let head: Vec<Markup> = [html! { "Means" }].into_iter().chain(labels).chain([html! { "mean" }]).collect();
    let line = |name: &str, f1: Vec<Option<f64>>| {
        html! { tr { th scope="row" { (name) } @for f1 in f1 { td.num { (figure(f1)) } } } }
    };
    let of = |baseline: &crate::evaluation::Baseline| {
        baseline.labels.values().copied().chain([baseline.f1]).collect()
    };
    let own = report.labels.values().map(|label| label.f1).chain([report.macro_average.f1]).collect();
    let lines = html! {
        (line("nothing, or what most rows bear", of(&report.baselines.majority)))
        (line("lists of keywords", of(&report.baselines.keyword)))
        (line("this model", own))
    };
    table("F1 of simpler means", &head, lines)
}

/// The bins of a reliability diagram.
pub(super) fn bins(name: &str, label: &LabelReport) -> Markup {
    let lines = html! {
        @for bin in &label.calibration {
            tr {
                th scope="row" { (range(Some(Interval(bin.low, bin.high)))) }
                td.num { (figure(Some(bin.mean))) }
                td.num { (figure(Some(bin.frequency()))) }
                td.num { (bin.rows) }
                td.num { (bin.positive) }
            }
        }
    };
    table(
        &format!("Bins of {name}"),
        &words(&["Probability", "Mean", "Observed", "Rows", "With the label"]),
        lines,
    )
}

/// Which label is taken for which.
pub(super) fn confusion(confusion: &Confusion) -> Markup {
    matrix(
        "Lines: what rows bear. Columns: what they were tagged with.",
        &confusion.labels,
        &confusion.counts,
    )
}

/// Which labels come together, in the truth and in the tags.
pub(super) fn cooccurrence(together: &Cooccurrence) -> [Markup; 2] {
    [
        matrix("Rows that bear both labels", &together.labels, &together.gold),
        matrix("Rows tagged with both labels", &together.labels, &together.predicted),
    ]
}

/// Counts of label by label, the darker the more of their line; the diagonal is set apart.
fn matrix(caption: &str, names: &[String], counts: &[Vec<u64>]) -> Markup {
    let heat = |line: &[u64], i: usize, j: usize| {
        let most = (0..line.len()).filter(|j| *j != i).map(|j| line[j]).max().unwrap_or(0).max(1);
        if i == j { 0.0 } else { line[j] as f64 / most as f64 }
    };
    let table = html! {
        table.matrix {
            caption { (caption) }
            thead { tr { td {} @for (i, name) in names.iter().enumerate() { th.num scope="col" { (label_name(i, name)) } } } }
            tbody {
                @for (i, (name, line)) in names.iter().zip(counts).enumerate() {
                    tr {
                        th scope="row" { (label_name(i, name)) }
                        @for (j, count) in line.iter().enumerate() {
                            td.num.own[i == j] style=(format!("--heat:{:.2}", heat(line, i, j))) { (count) }
                        }
                    }
                }
            }
        }
    };
    scrolling(caption, table)
}

/// The figures of each group of rows.
pub(super) fn slices(by: &str, slices: &IndexMap<String, Slice>) -> Markup {
    let names = slices.values().next().into_iter().flat_map(|slice| slice.labels.keys());
    let labels = names.enumerate().map(|(i, name)| html! { (label_name(i, name)) " F1" });
    let before = words(&[by, "Rows", "Precision", "Recall", "F1"]);
    let head: Vec<Markup> = before.into_iter().chain(labels).collect();
    let lines = html! {
        @for (value, slice) in slices {
            tr data-slice=(format!("{by}={value}")) {
                th scope="row" { (value) }
                td.num { (slice.rows) }
                td.num { (figure(slice.micro.precision)) }
                td.num { (figure(slice.micro.recall)) }
                td.num { (figure(slice.micro.f1)) }
                @for label in slice.labels.values() {
                    td.num { (figure(label.f1)) " " span.soft title="rows that bear it" { "of " (label.support) } }
                }
            }
        }
    };
    table(&format!("Results by {by}"), &head, lines)
}

/// A figure of two models, line by line.
pub(super) fn differences(caption: &str, names: [&str; 2], lines: &[(&str, &Difference)]) -> Markup {
    let head = words(&["Label", names[0], names[1], "Difference", "95% interval", "p"]);
    let between = |interval: Option<Interval>| {
        interval.map_or(String::new(), |Interval(low, high)| format!("{} to {}", signed(low), signed(high)))
    };
    let lines = html! {
        @for (name, difference) in lines {
            tr data-row=(format!("{caption} {name}")) {
                th scope="row" { (name) }
                td.num { (figure(difference.model)) }
                td.num { (figure(difference.other)) }
                td.num { (exact(difference.difference, difference.difference.map_or("–".into(), signed))) }
                td.num { (between(difference.interval)) }
                td.num { (fine_figure(difference.p)) }
            }
        }
    };
    table(caption, &head, lines)
}
