//! Trains models from labelled sentences, and checks such data.

#[path = "common/environment.rs"]
mod environment;

use clap::Parser;
use rhetor::cli::{RhetorTrain, conclude};
use std::process::ExitCode;

#[allow(unsafe_code)]
fn main() -> ExitCode {
    // SAFETY: this is the first thing that the program does, on its only thread.
    unsafe { environment::leave_candle_without_threads() };
    conclude("rhetor-train", RhetorTrain::parse().run())
}
