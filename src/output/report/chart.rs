//! Small charts as inline SVG.

use crate::evaluation::table::{share, signed};
use crate::evaluation::{Bin, Difference, Interval};
use maud::{Markup, html};
use std::fmt::Write;

/// The plot inside the picture: left, top, width, height.
const PLOT: [f64; 4] = [44.0, 10.0, 250.0, 230.0];
const PICTURE: &str = "0 0 306 284";
const TICKS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// Precision over recall, drawn in the steps whose area is the average precision, with the point of the threshold in use,
/// and the share of rows with the label, which is what tagging at random gives.
pub(super) fn precision_recall(
    label: usize,
    name: &str,
    curve: &[(f64, f64)],
    used: Option<(f64, f64)>,
    chance: f64,
) -> Markup {
    let description = format!("Precision over recall for {name}");
    let inside = html! {
        path.faint d=(format!("M{} {}H{}", x(0.0), y(chance), x(1.0))) {}
        path.line d=(steps(curve)) {}
        @let (cx, cy) = used.map_or((x(0.0), y(0.0)), |(recall, precision)| (x(recall), y(precision)));
        circle.dot id=(format!("dot{label}")) cx=(cx) cy=(cy) r="6" visibility=[used.is_none().then_some("hidden")] {}
    };
    chart(&description, ("recall", "precision"), inside)
}

/// Observed frequency over mean probability of each bin; on the diagonal the probabilities mean what they say.
pub(super) fn reliability(name: &str, bins: &[Bin]) -> Markup {
    let mut path = String::new();
    for bin in bins {
        let _ =
            write!(path, "{}{} {}", if path.is_empty() { 'M' } else { 'L' }, x(bin.mean), y(bin.frequency()));
    }
    let inside = html! {
        path.faint d=(format!("M{} {}L{} {}", x(0.0), y(0.0), x(1.0), y(1.0))) {}
        path.line d=(path) {}
        @for bin in bins {
            circle.dot cx=(x(bin.mean)) cy=(y(bin.frequency())) r="4.5" {
                title {
                    (bin.rows) " rows: mean probability " (share(Some(bin.mean))) ", observed " (share(Some(bin.frequency())))
                }
            }
        }
    };
    chart(&format!("Observed frequency over probability for {name}"), ("probability", "observed"), inside)
}

/// Differences with their intervals, one below the other, around zero.
pub(super) fn differences(lines: &[(&str, &Difference)]) -> Markup {
    const LINE: f64 = 30.0;
    let ends = lines.iter().flat_map(|(_, d)| {
        let Interval(low, high) = d.interval.unwrap_or(Interval(0.0, 0.0));
        [low.abs(), high.abs(), d.difference.unwrap_or(0.0).abs()]
    });
    let widest = ends.fold(0.05, f64::max) * 1.05;
    let at = |d: f64| pixel(330.0 + 210.0 * d / widest);
    let height = LINE * lines.len() as f64 + 30.0;
    html! {
        svg.wide viewBox=(format!("0 0 640 {height}")) role="img" aria-label="Differences with 95% intervals; the table has the figures" {
            path.faint d=(format!("M{} 0V{}", at(0.0), height - 24.0)) {}
            @for end in [-widest / 1.05, 0.0, widest / 1.05] {
                text x=(at(end)) y=(height - 8.0) text-anchor="middle" { (signed(end)) }
            }
            @for (i, (name, difference)) in lines.iter().enumerate() {
                @let middle = LINE * (i as f64 + 0.5);
                text.name x="0" y=(middle + 4.0) { (name) }
                @if let Some(Interval(low, high)) = difference.interval {
                    path.whisker d=(format!("M{} {middle}H{}", at(low), at(high))) {}
                }
                @if let Some(difference) = difference.difference {
                    circle.dot cx=(at(difference)) cy=(middle) r="5" {}
                }
            }
        }
    }
}

/// The unit square with axes.
fn chart(description: &str, (across, up): (&str, &str), inside: Markup) -> Markup {
    let [left, top, width, height] = PLOT;
    html! {
        svg viewBox=(PICTURE) role="img" aria-label=(description) data-plot=(format!("{left} {top} {width} {height}")) {
            @for tick in TICKS {
                path.grid d=(format!("M{} {}H{}M{} {}V{}", x(0.0), y(tick), x(1.0), x(tick), y(0.0), y(1.0))) {}
                text x=(x(tick)) y=(top + height + 16.0) text-anchor="middle" { (share(Some(tick))) }
                text x=(left - 6.0) y=(y(tick) + 4.0) text-anchor="end" { (share(Some(tick))) }
            }
            text x=(left + width / 2.0) y=(top + height + 36.0) text-anchor="middle" { (across) }
            text transform=(format!("translate(11 {}) rotate(-90)", top + height / 2.0)) text-anchor="middle" { (up) }
            (inside)
        }
    }
}

/// The path of a step curve through (recall, precision), points closer than half a pixel left out.
fn steps(curve: &[(f64, f64)]) -> String {
    let (mut path, mut recall) = (String::new(), 0.0);
    for (i, &(to, precision)) in curve.iter().enumerate() {
        let next = curve.get(i + 1).map_or(2.0, |point| point.0);
        let rises = to > recall;
        // A following point so near that this one would not be seen.
        let hidden = !path.is_empty() && next > to && (next - recall) * PLOT[2] < 0.5;
        if rises && !hidden {
            let start = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{start}{} {}H{}", x(recall), y(precision), x(to));
            recall = to;
        }
    }
    path
}

fn x(share: f64) -> f64 {
    pixel(PLOT[0] + PLOT[2] * share)
}

fn y(share: f64) -> f64 {
    pixel(PLOT[1] + PLOT[3] * (1.0 - share))
}

/// To a tenth of a pixel.
fn pixel(position: f64) -> f64 {
    (position * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_steps_where_recall_rises() {
        let curve = [(0.5, 1.0), (0.5, 0.5), (1.0, 0.66)];
        assert_eq!(
            steps(&curve),
            format!("M{} {}H{}L{} {}H{}", x(0.0), y(1.0), x(0.5), x(0.5), y(0.66), x(1.0))
        );
        assert_eq!(steps(&[]), "");
    }

    #[test]
    fn a_long_curve_stays_short_and_ends_at_its_end() {
        let curve: Vec<(f64, f64)> = (1..=50_000).map(|i| (f64::from(i) / 50_000.0, 0.5)).collect();
        let path = steps(&curve);
        assert!(path.len() < 20_000 && path.ends_with(&format!("H{}", x(1.0))), "{}", path.len());
    }
}
