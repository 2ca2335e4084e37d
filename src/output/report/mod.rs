//! Accuracy reports and comparisons as self-contained web pages.

mod chart;
mod tables;

use super::page::{counted, label_name, page, palette::class, percent};
use crate::evaluation::{
    Comparison, Difference, Evidence, LabelDifference, LabelEvidence, LabelReport, OperatingPoint, Report,
    WrongRow,
};
use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};
use tables::{figure, interval};

/// More errors than this nobody reads; `--errors` writes them all.
const MOST_ERRORS: usize = 100;

/// An accuracy report to read in a browser: figures with intervals, precision-recall curves with a slider to try other
/// thresholds, reliability diagrams, which labels are taken for which and come together, results by domain, form and
/// length, and the worst errors. The page needs nothing but itself.
pub fn report_page(report: &Report, evidence: &Evidence) -> String {
    let title = format!("{} on {}", report.model, report.evaluated());
    let body = html! {
        header.top { h1 { (title) } p.soft { (files(report)) } }
        main #main tabindex="-1" {
            (tiles(report))
            section { @for sentence in report.sentences() { p.plain { (sentence) } } }
            section { h2 { "Figures" } (tables::figures(report)) p.soft { (LEGEND) } }
            section { h2 { "Beside simpler means: F1" } (tables::baselines(report)) }
            section {
                h2 { "Label by label" }
                p.soft { (CHARTS) }
                @for (i, ((name, label), (_, evidence))) in report.labels.iter().zip(&evidence.labels).enumerate() {
                    (panel(i, name, label, evidence, report.rows))
                }
            }
            section { h2 { "Taken for what" } (tables::confusion(&report.confusion)) }
            section { h2 { "Labels that come together" } div.pair { @for table in tables::cooccurrence(&report.cooccurrence) { (table) } } }
            @for (by, slices) in &report.slices { section { h2 { "By " (by) } (tables::slices(by, slices)) } }
            (worst(&evidence.wrong))
        }
        footer.about { (about(report.replicates, report.seed)) }
        script type="application/json" id="points" { (embedded(&points(report, evidence))) }
    };
    page(&format!("{title} – rhetor"), report.labels.len(), STYLE_AND_SCRIPT, body)
}

/// Two models, or a model and another tool, side by side.
pub fn comparison_page(comparison: &Comparison) -> String {
    let (model, other) = (comparison.model.as_str(), comparison.other.as_str());
    let title = format!("{model} and {other}");
    let lines = |pick: fn(&LabelDifference) -> &Difference| {
        let labels = comparison.labels.iter().map(|(name, label)| (name.as_str(), label));
        let all: Vec<(&str, &Difference)> = labels
            .chain([("mean", &comparison.macro_average)])
            .map(|(name, label)| (name, pick(label)))
            .collect();
        all
    };
    let mut f1 = lines(|label| &label.f1);
    f1.push(("all tags together", &comparison.micro.f1));
    let rows = format!(
        "{} of {}",
        counted(comparison.rows as usize, "row"),
        counted(comparison.documents as usize, "document")
    );
    let sections = [
        ("F1", f1),
        ("Average precision", lines(|label| &label.average_precision)),
        ("Precision", lines(|label| &label.precision)),
        ("Recall", lines(|label| &label.recall)),
    ];
    let body = html! {
        header.top { h1 { (title) } p.soft { (rows) } }
        main #main tabindex="-1" {
            section { p.plain { (comparison.verdict()) } p.soft { (DIFFERENCES) } }
            @for (name, lines) in &sections {
                section.comparison {
                    h2 { (name) }
                    figure { (chart::differences(lines)) figcaption { "← " (other) " is better · " (model) " is better →" } }
                    (tables::differences(name, [model, other], lines))
                }
            }
        }
        footer.about { (about(comparison.replicates, comparison.seed)) }
    };
    page(&format!("{title} – rhetor"), comparison.labels.len(), (STYLE_AND_SCRIPT.0, ""), body)
}

const STYLE_AND_SCRIPT: (&str, &str) = (include_str!("style.css"), include_str!("script.js"));
const LEGEND: &str = "Small: 95% intervals. Average precision: the quality of the ranking, whatever the threshold. Brier, ECE \
    (expected calibration error): errors of the probabilities, 0 is best.";
const CHARTS: &str = "Left: precision over recall as the threshold falls; the dot is the threshold in use, the dashed line \
    what tagging at random gives. Right: how often sentences bear the label for which the model gives such a probability, ten \
    bins of equal size; on the dashed line the probabilities mean what they say.";
const DIFFERENCES: &str = "Dots: difference; bars: 95% interval, from drawing the documents anew and measuring both on the same \
    draw. A bar that crosses zero means that these rows do not tell the two apart.";

fn files(report: &Report) -> String {
    let names: Vec<&str> = report.data.iter().map(|file| file.path.as_str()).collect();
    match names.len() {
        0..=3 => names.join(", "),
        n => format!("{} and {} more files", names[..3].join(", "), n - 3),
    }
}

/// The few figures to look at first.
fn tiles(report: &Report) -> Markup {
    let all = &report.macro_average;
    html! {
        dl.tiles {
            div { dt { "F1" } dd { (figure(all.f1)) (interval(all.f1_interval)) } }
            div { dt { "Average precision" } dd { (figure(all.average_precision)) (interval(all.average_precision_interval)) } }
            div { dt { "Calibration error" } dd { (tables::fine_figure(all.ece)) } }
            div { dt { "Rows all right" } dd { (figure(report.exact_match)) } }
        }
    }
}

/// One label's charts, and the slider that moves its threshold.
fn panel(index: usize, name: &str, label: &LabelReport, evidence: &LabelEvidence, rows: u64) -> Markup {
    let used = label.recall.zip(label.precision);
    let chance = label.support as f64 / rows.max(1) as f64;
    html! {
        section.panel.(class(index)) {
            h3 { (label_name(index, name)) }
            div.pair {
                figure {
                    (chart::precision_recall(index, name, &evidence.curve, used, chance))
                    figcaption { "Average precision " (figure(label.average_precision)) }
                    (explorer(index, name, label, evidence))
                }
                figure {
                    (chart::reliability(name, &label.calibration))
                    figcaption { "Expected calibration error " (tables::fine_figure(label.ece)) ", Brier score " (tables::fine_figure(label.brier)) }
                    details { summary { "Bins of " (name) } (tables::bins(name, label)) }
                }
            }
        }
    }
}

/// Hidden until the script shows it.
fn explorer(index: usize, name: &str, label: &LabelReport, evidence: &LabelEvidence) -> Markup {
    html! {
        form.explorer.screen hidden data-label=(index) {
            label {
                "Threshold of " (name) " "
                input type="range" min="0" max=(evidence.points.len().saturating_sub(1)) value=(place(label, evidence)) step="1";
            }
            output {}
            button type="reset" { "As in use" }
        }
    }
}

/// The place of the threshold in use among the points.
fn place(label: &LabelReport, evidence: &LabelEvidence) -> usize {
    evidence.points.partition_point(|point| point.threshold < label.threshold)
}

/// What the slider needs: support, and (threshold, tagged, rightly tagged) by rising threshold.
fn points(report: &Report, evidence: &Evidence) -> Value {
    let labels = report.labels.values().zip(evidence.labels.values()).map(|(label, evidence)| {
        let triple = |point: &OperatingPoint| json!([point.threshold, point.predicted, point.right]);
        json!({ "support": label.support, "points": evidence.points.iter().map(triple).collect::<Vec<_>>() })
    });
    labels.collect()
}

/// JSON inside a script element, which ends at the first `</script`, wherever that stands.
fn embedded(value: &Value) -> Markup {
    PreEscaped(value.to_string().replace('<', "\\u003c"))
}

/// The errors of which the model was surest.
fn worst(wrong: &[WrongRow]) -> Markup {
    html! {
        section {
            h2 { "Worst errors" }
            p.soft {
                (counted(wrong.len(), "row")) " wrongly tagged, those first in which the model is surest"
                @if wrong.len() > MOST_ERRORS { "; the first " (MOST_ERRORS) " of them (" code { "--errors" } " writes all)" }
                "."
            }
            ol.errors {
                @for row in wrong.iter().take(MOST_ERRORS) {
                    li {
                        p.quoted { (row.text) }
                        p.soft {
                            "labelled " b { (row.gold) } ", tagged " b { (row.predicted) } " · "
                            @for (name, p) in &row.wrong { (name) " " (percent(*p)) " · " }
                            (row.place)
                        }
                    }
                }
            }
        }
    }
}

fn about(replicates: u64, seed: u64) -> Markup {
    html! {
        p {
            "Written by rhetor " (env!("CARGO_PKG_VERSION")) "."
            @if replicates > 0 {
                " Intervals: 95% bootstrap percentiles over documents, " (replicates) " replicates, seed " (seed) "."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_end_its_script() {
        let text = embedded(&json!({"</script><b>": 1})).into_string();
        assert!(!text.contains('<') && text.contains("\\u003c/script>"));
    }
}
