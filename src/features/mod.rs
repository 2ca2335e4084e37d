//! Sentences to numbers.

pub mod encoder;
