//! From arguments as typed to a plan, from a plan to output and an exit code.

mod args;
mod classify;
mod dyads;
mod evaluate;
mod manual;
mod outputs;
mod progress;
mod review;
mod scoring;
mod terminal;
mod train_args;
mod training;

pub use args::Rhetor;
pub use train_args::RhetorTrain;

use crate::error::Error;
use std::process::ExitCode;

/// Keeps candle's own threads out of the way, unless `CANDLE_NUM_THREADS` says how many there shall be.
///
/// From 0.11 on candle shares out additions of large tensors to threads that wait by spinning, one addition at a time. The lanes
/// of the encoder, which each have a thread for themselves, then wait for each other: a step of fine-tuning takes 1.4
/// times as long (.643 s, .468 s without, on two cores), `rhetor classify` 1.06 times. What comes out is the same.
///
/// # Safety
/// No other thread may run yet: it might read the environment.
#[allow(unsafe_code)]
pub unsafe fn keep_to_own_threads() {
    const THREADS: &str = "CANDLE_NUM_THREADS";
    if std::env::var_os(THREADS).is_none() {
        // SAFETY: as this function's.
        unsafe { std::env::set_var(THREADS, "1") };
    }
}

/// How a run ended that did its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All of it: exit code 0.
    Done,
    /// Done, but some records were bad (each reported on stderr), or a stated floor was missed: exit code 1.
    Flawed,
}

impl Rhetor {
    /// Does what was asked for.
    ///
    /// # Errors
    /// Usage or input errors after which there is nothing to do.
    pub fn run(self) -> anyhow::Result<Outcome> {
        match self.command {
            args::Command::Classify(args) => classify::Plan::new(args)?.run(),
            args::Command::Dyads(args) => dyads::Plan::new(args)?.run(),
            args::Command::Evaluate(args) => evaluate::run(args),
            args::Command::Review(args) => review::run(&args),
            args::Command::Completions(args) => manual::completions::<Rhetor>(args.shell),
            args::Command::Man(args) => manual::pages(&args.folder),
        }
    }
}

impl RhetorTrain {
    /// Does what was asked for.
    ///
    /// # Errors
    /// Usage or input errors after which there is nothing to do.
    pub fn run(self) -> anyhow::Result<Outcome> {
        match self.command {
            None => training::train(self.train),
            Some(train_args::DataCommand::Check(args)) => training::check(&args),
            Some(train_args::DataCommand::Split(args)) => training::split(&args),
            Some(train_args::DataCommand::Convert(args)) => training::convert(&args),
            Some(train_args::DataCommand::Completions(args)) => {
                manual::completions::<RhetorTrain>(args.shell)
            }
        }
    }
}

/// The exit code of a run: 0 done, 1 done with flaws, 2 not done. Says on stderr what went wrong, unless it is only that
/// nobody reads the output any more.
pub fn conclude(program: &str, result: anyhow::Result<Outcome>) -> ExitCode {
    let error = match result {
        Ok(Outcome::Done) => return ExitCode::SUCCESS,
        Ok(Outcome::Flawed) => return ExitCode::from(1),
        Err(error) => error,
    };
    match error.downcast_ref::<Error>() {
        Some(own) if own.is_broken_pipe() => return ExitCode::SUCCESS,
        // Its message holds its cause already.
        Some(own) => terminal::complain(program, &own.to_string()),
        None => terminal::complain(program, &format!("{error:#}")),
    }
    ExitCode::from(2)
}
