//! Tags the sentences of news articles, and measures models that do.

#[path = "common/environment.rs"]
mod environment;

use clap::Parser;
use rhetor::cli::{Rhetor, conclude};
use std::process::ExitCode;

#[allow(unsafe_code)]
fn main() -> ExitCode {
    // SAFETY: this is the first thing that the program does, on its only thread.
    unsafe { environment::leave_candle_without_threads() };
    conclude("rhetor", Rhetor::parse().run())
}
