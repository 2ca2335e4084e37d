//! rhetor finds the verbal acts in news: accusations, threats, denials, appeals, or whatever a label scheme names.
//!
//! ```text
//! bytes --text--> Article --> Sentences --features--> Array2<f32> (n_sentences, n_features)
//!       --classifier--> probabilities (n_sentences, n_labels) --> tags
//!       --attribution--> Statements (who does it, to whom, in which words) --output--> listing, JSON, CSV, web page, exports
//!
//! train     Dataset --> same features --> logistic regression a label --> calibration, thresholds --> Model
//! evaluate  probabilities + gold labels --> counts --> metrics, intervals --> Report
//! ```
//!
//! A module uses only those before it in this order: error, atomic, separated, grid, ranking, label, text, features, classifier, model,
//! explanation, attribution, dataset, evaluation, train, review, output, cli.
//!
//! ```
//! use rhetor::{Article, Model, sentences};
//!
//! let model = Model::shipped()?;
//! let article = Article::from_text("talks.txt", None, None, "Kabul denied the charge. Talks go on.".into());
//! let sentences = sentences(&article);
//! let texts: Vec<&str> = sentences.iter().map(|sentence| sentence.span.of(&article.text)).collect();
//! let scores = model.score(&texts, &|_| {})?;
//! assert_eq!(scores.dim(), (2, model.labels().len()));
//! # Ok::<(), rhetor::Error>(())
//! ```

#![forbid(unsafe_code)]
#![warn(rustdoc::broken_intra_doc_links)]

pub mod error;

mod atomic;

mod separated;

mod grid;

mod ranking;

pub mod label;

pub mod text;

pub mod features;

pub mod classifier;

pub mod model;

pub mod explanation;

pub mod attribution;

pub mod dataset;

pub mod evaluation;

pub mod train;

pub mod review;

pub mod output;

pub mod cli;

pub use self::{
    atomic::write as write_atomically,
    dataset::{Dataset, ReadOptions},
    error::{Complaint, Error, Place, Result},
    features::Features,
    label::LabelSet,
    model::Model,
    text::{Article, Block, Kind, Sentence, Span, sentences},
    train::{TrainParameters, train},
};
