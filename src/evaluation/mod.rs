//! How good a model is: counts to metrics to intervals to [`Report`].
//!
//! ```text
//! Scored (probabilities, truth, thresholds, documents)
//!     --counts, metrics, interval--> Report      what one model achieves, beside two baselines
//!     --compare--------------------> Comparison  what another achieves on the same rows
//!     --errors---------------------> CSV         which rows it gets wrong, worst first
//!     --evidence-------------------> Evidence    what the figures rest on: curves, thresholds, errors, for drawing
//! ```
//!
//! Counts stay whole numbers to the last step, and a figure that is undefined is none, never 0.
//!
//! ```
//! use ndarray::array;
//! use rhetor::LabelSet;
//! use rhetor::evaluation::{Bootstrap, Report, Scored};
//!
//! let labels = LabelSet::new(["accusation", "threat"])?;
//! let probabilities = array![[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]];
//! let gold = array![[true, false], [false, true], [false, false]];
//! let scored = Scored::new(&labels, probabilities.view(), gold.view(), &[0.5, 0.5])?;
//! let report = Report::new(&scored, "example", Vec::new(), Bootstrap::default());
//! assert_eq!(report.labels["accusation"].precision, Some(0.5));
//! println!("{}", report.text(100, false));
//! # Ok::<(), rhetor::Error>(())
//! ```

mod compare;
mod confusion;
mod cooccurrence;
mod counts;
mod errors;
mod evidence;
mod interval;
mod metrics;
mod micro;
mod report;
mod scored;
mod slices;
pub(crate) mod table;

pub use self::{
    compare::{Comparison, Difference, LabelDifference, MicroDifference, Rival},
    confusion::Confusion,
    cooccurrence::Cooccurrence,
    counts::Counts,
    errors::{Row, Wrong, write_errors, wrong_rows},
    evidence::{Evidence, LabelEvidence, OperatingPoint, WrongRow},
    interval::{Bootstrap, Interval},
    metrics::{Bin, bins, brier, calibration_error},
    micro::MicroReport,
    report::{Baseline, Baselines, DataFile, LabelReport, MacroReport, Report, data_files},
    scored::Scored,
    slices::{Grouping, Slice, SliceLabel, groupings},
};
pub use crate::ranking::{average_precision, precision_recall};
