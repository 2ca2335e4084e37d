//! The integration tests: one binary of modules.

mod articles;
mod cli;
mod dataset;
mod encoder;
mod evaluation;
mod exports;
mod golden;
mod layering;
mod lexical;
mod model;
mod readme;
mod sentences;
mod support;
