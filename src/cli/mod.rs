//! From arguments as typed to a plan, from a plan to output and an exit code.

mod args;
mod classify;
mod dyads;
mod evaluate;
mod inputs;
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
use clap::CommandFactory;
use std::process::ExitCode;

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
            args::Command::Man(args) => {
                manual::pages([Rhetor::command(), RhetorTrain::command()], &args.folder)
            }
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
