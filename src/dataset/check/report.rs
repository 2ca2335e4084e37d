//! The report of a check as plain text.

use super::overlap::Overlap;
use super::tally::{Tallies, Tally};
use super::{CheckReport, Finding, Severity};
use crate::grid::Grid;
use std::fmt;

/// How many findings of one rule are listed; the rest is counted.
const LISTED: usize = 20;

impl CheckReport {
    /// The report, its tables set for `width` columns.
    pub fn text(&self, width: usize) -> String {
        let Tallies { labels, files, domains, forms } = &self.tallies;
        let tallied = [("file", files), ("domain", domains), ("form", forms)];
        let tallied = tallied.into_iter().filter(|(_, tallies)| !tallies.is_empty());
        let tables =
            tallied.map(|(title, tallies)| counts(title, labels, tallies)).chain([overlaps(&self.overlaps)]);
        let tables = tables.map(|table| table.text(width) + "\n\n");
        let findings = self.findings.chunk_by(|a, b| (a.severity, a.rule) == (b.severity, b.rule)).map(list);
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let sum = format!("errors: {errors}, warnings: {}", self.findings.len() - errors);
        tables.chain(findings).chain([sum]).collect()
    }
}

/// As wide as it comes.
impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(usize::MAX))
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// The findings of one rule.
fn list(findings: &[Finding]) -> String {
    let Finding { severity, rule, .. } = &findings[0];
    let said = |finding: &Finding| format!("{severity} ({rule}): {}\n", finding.complaint);
    let more = (findings.len() > LISTED)
        .then(|| format!("{severity} ({rule}): and {} more of the kind\n", findings.len() - LISTED));
    findings.iter().take(LISTED).map(said).chain(more).chain(["\n".into()]).collect()
}

fn counts(title: &str, labels: &[String], tallies: &[(String, Tally)]) -> Grid {
    let heads = [title, "rows"].into_iter().chain(labels.iter().map(String::as_str));
    let mut table = Grid::new(heads.chain(["none", "none %", "words ¼", "½", "¾"]));
    for (name, tally) in tallies {
        let counts =
            [&tally.rows].into_iter().chain(&tally.labels).chain([&tally.none]).map(usize::to_string);
        let share = [percent(tally.none, tally.rows)];
        let quartiles =
            tally.quartiles().map_or(vec!["-".to_string(); 3], |q| q.map(|n| n.to_string()).to_vec());
        table.push([name.clone()].into_iter().chain(counts).chain(share).chain(quartiles));
    }
    table
}

fn overlaps(overlaps: &[Overlap]) -> Grid {
    let mut table = Grid::new(["duplicates", "exact", "near"]);
    for Overlap { name, exact, near } in overlaps {
        table.push([name.clone(), exact.to_string(), near.to_string()]);
    }
    table
}

fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { "-".into() } else { format!("{:.1}", 100.0 * part as f64 / whole as f64) }
}
