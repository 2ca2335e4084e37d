//! The integration tests: one binary of modules.

mod articles;
mod dataset;
mod evaluation;
mod sentences;
