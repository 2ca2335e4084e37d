//! The integration tests: one binary of modules.

mod articles;
mod dataset;
mod encoder;
mod evaluation;
mod sentences;
