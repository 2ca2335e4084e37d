//! The integration tests: one binary of modules.

mod articles;
mod attribution;
mod cli;
mod dataset;
mod encoder;
mod evaluation;
mod explanation;
mod exports;
mod golden;
mod layering;
mod lexical;
mod model;
mod names;
mod pages;
mod readme;
mod sentences;
mod support;
mod targets;
