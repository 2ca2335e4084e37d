//! Trains models from labelled sentences, and checks such data.

use clap::Parser;
use rhetor::cli::{RhetorTrain, conclude};
use std::process::ExitCode;

fn main() -> ExitCode {
    conclude("rhetor-train", RhetorTrain::parse().run())
}
