//! Tags the sentences of news articles, and measures models that do.

use clap::Parser;
use rhetor::cli::{Rhetor, conclude};
use std::process::ExitCode;

fn main() -> ExitCode {
    conclude("rhetor", Rhetor::parse().run())
}
