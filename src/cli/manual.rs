//! What the programs say of themselves, beside their help: shell completions, manual pages, versions.

use super::Outcome;
use crate::error::{Error, Result};
use crate::model::Model;
use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};
use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;

/// The version with the identities of the built-in models.
pub(super) fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let models = Model::built_in_identities().unwrap_or_default();
        let lines = models.iter().map(|identity| format!("\nbuilt-in model: {identity}"));
        [env!("CARGO_PKG_VERSION").to_string()].into_iter().chain(lines).collect()
    })
}

/// Prints the completions of a program.
pub(super) fn completions<Program: CommandFactory>(shell: Shell) -> anyhow::Result<Outcome> {
    let mut command = Program::command();
    let name = command.get_name().to_string();
    let mut script = Vec::new();
    generate(shell, &mut command, name, &mut script);
    std::io::stdout().write_all(&script).map_err(|e| Error::io("standard output", "write", e))?;
    Ok(Outcome::Done)
}

/// Writes a manual page for each of the programs and each of their commands.
pub(super) fn pages(programs: [Command; 2], folder: &Path) -> anyhow::Result<Outcome> {
    std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, "create", e))?;
    for program in programs {
        write_pages(program, folder)?;
    }
    Ok(Outcome::Done)
}

fn write_pages(program: Command, folder: &Path) -> Result<()> {
    // A page is of the short version: the models are not the manual's matter.
    let program = program.disable_help_subcommand(true).long_version(env!("CARGO_PKG_VERSION"));
    clap_mangen::generate_to(program, folder).map_err(|e| Error::io(folder, "write", e))
}
