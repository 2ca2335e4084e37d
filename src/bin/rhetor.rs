//! Tags the sentences of news articles, and measures models that do.

use clap::Parser;
use rhetor::cli::{Rhetor, conclude, keep_to_own_threads};
use std::process::ExitCode;

#[allow(unsafe_code)]
fn main() -> ExitCode {
    // SAFETY: this is the first thing that the program does, on its only thread.
    unsafe { keep_to_own_threads() };
    conclude("rhetor", Rhetor::parse().run())
}
