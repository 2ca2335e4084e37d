//! The report of a check as plain text.

use super::overlap::Overlap;
use super::tally::{Tallies, Tally};
use super::{CheckReport, Finding, Severity};
use comfy_table::{CellAlignment, Table, presets};
use std::fmt;

/// How many findings of one rule are listed; the rest is counted.
const LISTED: usize = 20;

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tallies { labels, files, domains, forms } = &self.tallies;
        for (title, tallies) in [("file", files), ("domain", domains), ("form", forms)] {
            if !tallies.is_empty() {
                writeln!(f, "{}\n", counts(title, labels, tallies).trim_fmt())?;
            }
        }
        writeln!(f, "{}\n", overlaps(&self.overlaps).trim_fmt())?;
        for findings in self.findings.chunk_by(|a, b| (a.severity, a.rule) == (b.severity, b.rule)) {
            list(f, findings)?;
        }
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        write!(f, "errors: {errors}, warnings: {}", self.findings.len() - errors)
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

fn list(f: &mut fmt::Formatter<'_>, findings: &[Finding]) -> fmt::Result {
    let Finding { severity, rule, .. } = &findings[0];
    for finding in findings.iter().take(LISTED) {
        writeln!(f, "{severity} ({rule}): {}", finding.complaint)?;
    }
    if findings.len() > LISTED {
        writeln!(f, "{severity} ({rule}): and {} more of the kind", findings.len() - LISTED)?;
    }
    writeln!(f)
}

fn counts(title: &str, labels: &[String], tallies: &[(String, Tally)]) -> Table {
    let header = [title, "rows"].into_iter().chain(labels.iter().map(String::as_str));
    let mut table =
        table(header.chain(["none", "none %", "words ¼", "½", "¾"]).map(str::to_string).collect());
    for (name, tally) in tallies {
        let counts =
            [&tally.rows].into_iter().chain(&tally.labels).chain([&tally.none]).map(usize::to_string);
        let share = [percent(tally.none, tally.rows)];
        let quartiles =
            tally.quartiles().map_or(vec!["-".to_string(); 3], |q| q.map(|n| n.to_string()).to_vec());
        table.add_row([name.clone()].into_iter().chain(counts).chain(share).chain(quartiles));
    }
    right_aligned(table)
}

fn overlaps(overlaps: &[Overlap]) -> Table {
    let mut table = table(["duplicates", "exact", "near"].map(str::to_string).to_vec());
    for Overlap { name, exact, near } in overlaps {
        table.add_row([name.clone(), exact.to_string(), near.to_string()]);
    }
    right_aligned(table)
}

fn table(header: Vec<String>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(header);
    table
}

/// The table with all columns but the first set right.
fn right_aligned(mut table: Table) -> Table {
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for column in table.column_iter_mut().take(1) {
        column.set_padding((0, 1));
    }
    table
}

fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { "-".into() } else { format!("{:.1}", 100.0 * part as f64 / whole as f64) }
}
