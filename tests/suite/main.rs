//! The integration tests: one binary of modules.

mod dataset;
mod evaluation;
mod sentences;
