//! Who said what to whom, counted.

use crate::label::LabelSet;
use crate::output::Dyads;
use crate::output::dyads::DyadRow;
use crate::output::page::{label_in, label_name, percent, scrolling};
use maud::{Markup, html};
use std::cmp::Reverse;
use std::collections::BTreeMap;

const UNKNOWN: &str = "not named";

/// Tables by speaker and label, and of dyads, at most `most` lines each; nothing if there is nothing.
pub(super) fn summary(dyads: &Dyads, labels: &LabelSet, most: usize) -> Markup {
    let rows = dyads.rows();
    html! {
        @if !rows.is_empty() {
            section.summary {
                h3 { "Who says it" }
                (scrolling("Tags by speaker and label", by_speaker(&rows, labels, most)))
                h3 { "Who to whom" }
                (scrolling("Tags by speaker, target and label", by_dyad(&rows, labels, most)))
                @if rows.len() > most {
                    p.soft { "and " (rows.len() - most) " more: " code { "rhetor dyads" } " counts them all." }
                }
            }
        }
    }
}

/// One line a speaker, the most heard first.
fn by_speaker(rows: &[DyadRow], labels: &LabelSet, most: usize) -> Markup {
    let mut counts: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for row in rows {
        if let Some(label) = labels.index(row.label) {
            counts.entry(row.source).or_insert_with(|| vec![0; labels.len()])[label] += row.count;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(name, counts)| (Reverse(counts.iter().sum::<usize>()), *name));
    html! {
        table {
            caption.vh { "Tags by speaker and label" }
            thead {
                tr {
                    th scope="col" { "Speaker" }
                    @for (i, name) in labels.names().enumerate() { th.num scope="col" { (label_name(i, name)) } }
                }
            }
            tbody {
                @for (name, counts) in counts.into_iter().take(most) {
                    tr {
                        th scope="row" { (party(name)) }
                        @for n in counts { td.num { @if n > 0 { (n) } @else { span.soft { "·" } } } }
                    }
                }
            }
        }
    }
}

/// One line a speaker, target and label.
fn by_dyad(rows: &[DyadRow], labels: &LabelSet, most: usize) -> Markup {
    html! {
        table {
            caption.vh { "Tags by speaker, target and label" }
            thead {
                tr {
                    th scope="col" { "Speaker" }
                    th scope="col" { "Target" }
                    th scope="col" { "Label" }
                    th.num scope="col" { "Tags" }
                    th.num scope="col" { "Mean probability" }
                }
            }
            tbody {
                @for row in rows.iter().take(most) {
                    tr {
                        td { (party(row.source)) }
                        td { (party(row.target)) }
                        td { (label_in(labels, row.label)) }
                        td.num { (row.count) }
                        td.num { (percent(row.probability as f32)) }
                    }
                }
            }
        }
    }
}

fn party(name: Option<&str>) -> Markup {
    html! { @match name { Some(name) => (name), None => span.soft { (UNKNOWN) } } }
}
