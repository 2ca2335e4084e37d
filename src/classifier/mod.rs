//! Placeholder.

pub mod calibrate;
pub mod threshold;
