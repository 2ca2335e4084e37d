//! rhetor.

pub mod error;
pub mod label;
pub mod text;

pub mod features;

pub mod classifier;

pub mod model;

pub mod dataset;

pub mod evaluation;

pub mod train;

pub mod output;

pub mod cli;

pub use error::{Complaint, Error, Place, Result};
pub use label::LabelSet;
pub use features::*;
pub use text::{Article, Block, Kind, Sentence, Span};
