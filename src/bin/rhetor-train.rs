//! Trains models from labelled sentences, and checks such data.

use clap::Parser;
use rhetor::cli::{RhetorTrain, conclude, keep_to_own_threads};
use std::process::ExitCode;

#[allow(unsafe_code)]
fn main() -> ExitCode {
    // SAFETY: this is the first thing that the program does, on its only thread.
    unsafe { keep_to_own_threads() };
    conclude("rhetor-train", RhetorTrain::parse().run())
}
