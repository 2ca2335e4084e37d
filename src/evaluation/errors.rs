//! The rows that a model gets wrong.

use super::scored::Scored;
use std::io;
use std::path::Path;

/// Where a scored row comes from.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The labelled file.
    pub file: &'a Path,
    /// The line on which the record begins, from 1.
    pub line: u64,
    /// The record's id, if it has one.
    pub id: Option<&'a str>,
    /// The sentence.
    pub text: &'a str,
}

/// A wrongly tagged row.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrong {
    /// Its index among the scored rows.
    pub row: usize,
    /// One flag a label: missed or wrongly set.
    pub labels: Vec<bool>,
    /// The greatest distance of a wrong label's probability from its threshold: how sure the model was of its error.
    pub margin: f32,
}

/// The wrongly tagged rows, those first in which the model is surest (of equally sure ones the earlier).
pub fn wrong_rows(scored: &Scored) -> Vec<Wrong> {
    let predicted = scored.predicted();
    let wrong =
        predicted.outer_iter().zip(scored.gold.outer_iter()).enumerate().map(|(row, (tags, truth))| {
            let labels: Vec<bool> = tags.iter().zip(truth).map(|(tag, borne)| tag != borne).collect();
            let distance = |j: usize| (scored.probabilities[[row, j]] - scored.thresholds[j]).abs();
            let margin = (0..labels.len()).filter(|j| labels[*j]).map(distance).fold(0.0, f32::max);
            Wrong { row, labels, margin }
        });
    let mut wrong: Vec<Wrong> = wrong.filter(|wrong| wrong.labels.contains(&true)).collect();
    wrong.sort_by(|a, b| b.margin.total_cmp(&a.margin).then(a.row.cmp(&b.row)));
    wrong
}

/// Writes [`wrong_rows`] as CSV and says how many there are.
///
/// Columns: `file`, `line`, `id`, `gold`, `predicted`, `wrong` (the labels in which these two differ), `p_LABEL` for each
/// label, `text`. `rows` are the scored rows, in their order.
///
/// # Errors
/// What `out` reports, and fewer or more `rows` than were scored.
///
/// ```
/// use ndarray::array;
/// use rhetor::{LabelSet, evaluation::{Row, Scored, write_errors}};
/// let labels = LabelSet::new(["threat"])?;
/// let (probabilities, gold) = (array![[0.25]], array![[true]]);
/// let scored = Scored::new(&labels, probabilities.view(), gold.view(), &[0.5])?;
/// let row = Row { file: "talks.csv".as_ref(), line: 2, id: None, text: "Pay, or else." };
/// let mut out = Vec::new();
/// assert_eq!(write_errors(&mut out, &scored, &[row]).unwrap(), 1);
/// let expected = "file,line,id,gold,predicted,wrong,p_threat,text\ntalks.csv,2,,threat,none,threat,0.25,\"Pay, or else.\"\n";
/// assert_eq!(String::from_utf8(out).unwrap(), expected);
/// # Ok::<(), rhetor::Error>(())
/// ```
pub fn write_errors(out: impl io::Write, scored: &Scored, rows: &[Row]) -> io::Result<usize> {
    if rows.len() != scored.rows() {
        let problem = format!("{} rows described, {} scored", rows.len(), scored.rows());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
    }
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(header(scored))?;
    let wrong = wrong_rows(scored);
    let predicted = scored.predicted();
    for Wrong { row, labels, .. } in &wrong {
        let source = &rows[*row];
        csv.write_field(source.file.to_string_lossy().as_bytes())?;
        csv.write_field(source.line.to_string())?;
        csv.write_field(source.id.unwrap_or_default())?;
        csv.write_field(scored.labels.format(&scored.gold.row(*row).to_vec()))?;
        csv.write_field(scored.labels.format(&predicted.row(*row).to_vec()))?;
        csv.write_field(scored.labels.format(labels))?;
        for p in scored.probabilities.row(*row) {
            csv.write_field(p.to_string())?;
        }
        csv.write_field(source.text)?;
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(wrong.len())
}

fn header(scored: &Scored) -> Vec<String> {
    let before = ["file", "line", "id", "gold", "predicted", "wrong"].map(String::from);
    let probabilities = scored.labels.names().map(|name| format!("p_{name}"));
    before.into_iter().chain(probabilities).chain(["text".into()]).collect()
}
