//! Results by what rows have in common.

use super::counts::Counts;
use super::micro::MicroReport;
use super::scored::Scored;
use crate::dataset::{Dataset, Row};
use indexmap::IndexMap;
use ndarray::Axis;
use serde::{Deserialize, Serialize};

/// Words from which on a text falls into the next class of lengths.
const LENGTHS: [(usize, &str); 5] =
    [(0, "up to 10 words"), (11, "11 to 20"), (21, "21 to 30"), (31, "31 to 40"), (41, "41 and more")];

/// A value for each row, to group by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    /// By what.
    pub name: String,
    /// One a row; rows without one are in no group.
    pub values: Vec<Option<String>>,
    /// The values that occur, in the order to be shown.
    pub order: Vec<String>,
}

/// The figures of some of the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// How many there are.
    pub rows: u64,
    /// Over all labels' tags together; without interval.
    pub micro: MicroReport,
    /// Of each label.
    pub labels: IndexMap<String, SliceLabel>,
}

/// One label's figures in some of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SliceLabel {
    /// Share of the tagged rows that bear the label.
    pub precision: Option<f64>,
    /// Share of the rows with the label that are tagged.
    pub recall: Option<f64>,
    /// 2 tp / (2 tp + fp + fn).
    pub f1: Option<f64>,
    /// Rows that bear the label.
    pub support: u64,
    /// Rows tagged with it.
    pub predicted: u64,
}

/// How the rows of a data set can be grouped: by domain and by form if it has those columns, and by length.
pub fn groupings(dataset: &Dataset) -> Vec<Grouping> {
    let form = |row: &Row| row.extra.iter().find(|(name, _)| name == "form").map(|(_, value)| value.clone());
    let columns = [
        Grouping::new("domain", dataset.rows.iter().map(|row| row.domain.clone()).collect()),
        Grouping::new("form", dataset.rows.iter().map(form).collect()),
        Grouping::by_length(&dataset.texts()),
    ];
    columns.into_iter().filter(|grouping| !grouping.order.is_empty()).collect()
}

impl Grouping {
    /// A grouping of which the values are shown by name. A blank value is none.
    pub fn new(name: &str, values: Vec<Option<String>>) -> Self {
        let values: Vec<Option<String>> =
            values.into_iter().map(|value| value.filter(|value| !value.trim().is_empty())).collect();
        let mut order: Vec<String> = values.iter().flatten().cloned().collect();
        order.sort();
        order.dedup();
        Grouping { name: name.into(), values, order }
    }

    fn by_length(texts: &[&str]) -> Self {
        let class =
            |text: &&str| LENGTHS.partition_point(|(least, _)| *least <= text.split_whitespace().count()) - 1;
        let classes: Vec<usize> = texts.iter().map(class).collect();
        let occurring = (0..LENGTHS.len()).filter(|class| classes.contains(class));
        Grouping {
            name: "length".into(),
            order: occurring.map(|class| LENGTHS[class].1.to_string()).collect(),
            values: classes.iter().map(|class| Some(LENGTHS[*class].1.to_string())).collect(),
        }
    }

    /// The figures of each group.
    pub(super) fn slices(&self, scored: &Scored) -> IndexMap<String, Slice> {
        assert_eq!(self.values.len(), scored.rows(), "one value a row");
        self.order.iter().map(|value| (value.clone(), self.slice(value, scored))).collect()
    }

    fn slice(&self, value: &str, scored: &Scored) -> Slice {
        let rows: Vec<usize> =
            (0..scored.rows()).filter(|row| self.values[*row].as_deref() == Some(value)).collect();
        let predicted = scored.predicted().select(Axis(0), &rows);
        let counts = Counts::by_label(predicted.view(), scored.gold.select(Axis(0), &rows).view());
        Slice {
            rows: rows.len() as u64,
            micro: MicroReport::new(counts.iter().copied().sum(), &[]),
            labels: scored.labels.names().map(String::from).zip(counts.iter().map(SliceLabel::new)).collect(),
        }
    }
}

impl SliceLabel {
    fn new(counts: &Counts) -> Self {
        SliceLabel {
            precision: counts.precision(),
            recall: counts.recall(),
            f1: counts.f1(),
            support: counts.support(),
            predicted: counts.predicted(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_classed_in_their_order() {
        let (short, long) = ("one two three", "w ".repeat(41));
        let grouping = Grouping::by_length(&[&long, short, &"w ".repeat(11)]);
        assert_eq!(grouping.order, ["up to 10 words", "11 to 20", "41 and more"]);
        assert_eq!(grouping.values[0].as_deref(), Some("41 and more"));
    }

    #[test]
    fn blank_values_are_no_group() {
        let grouping = Grouping::new("form", vec![Some("quote".into()), Some(" ".into()), None]);
        assert_eq!(grouping.order, ["quote"]);
    }
}
