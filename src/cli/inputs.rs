//! What the programs read: models, articles, labelled data.

use super::args::ArticleArgs;
use super::{Outcome, terminal};
use crate::atomic;
use crate::dataset::Dataset;
use crate::error::{Complaint, Error, Place, Result};
use crate::model::Model;
use crate::text::{Article, InputOptions, articles};
use std::path::{Path, PathBuf};

/// The model that is named, a built-in one or a file; the shipped one if none is.
pub(super) fn open(model: Option<&Path>) -> Result<Model> {
    let Some(path) = model else { return Model::shipped() };
    path.to_str().and_then(Model::built_in).unwrap_or_else(|| Model::load(path))
}

impl ArticleArgs {
    /// What `--model` names, or `--fast` stands for.
    pub(super) fn model(&self) -> Option<&Path> {
        self.model.as_deref().or(self.fast.then_some(Path::new("lexical")))
    }

    /// All that the command reads.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.inputs.iter().map(PathBuf::as_path).chain(self.model.as_deref())
    }

    /// Articles to be read, where `output` is what will be written, if a file.
    pub(super) fn reading(&self, output: Option<&PathBuf>) -> Reading {
        let options = InputOptions {
            text_column: self.text_column.clone(),
            format: self.input_format.map(Into::into),
            output: output.and_then(|path| atomic::place(path)),
        };
        Reading { inputs: self.inputs.clone(), options }
    }
}

/// Articles to be read, and how.
pub(super) struct Reading {
    inputs: Vec<PathBuf>,
    options: InputOptions,
}

impl Reading {
    /// Gives each article to `take`. A bad one is complained of and passed over, after a call of `interrupt`.
    ///
    /// # Errors
    /// If all are bad, and what `take` returns.
    pub(super) fn each(
        &self,
        interrupt: impl Fn(),
        mut take: impl FnMut(Article) -> Result<()>,
    ) -> Result<Outcome> {
        let (mut read, mut outcome) = (0usize, Outcome::Done);
        for article in articles(&self.inputs, &self.options) {
            match article {
                Ok(article) => {
                    read += 1;
                    take(article)?;
                }
                Err(error) => {
                    interrupt();
                    terminal::complain("rhetor", &error.to_string());
                    outcome = Outcome::Flawed;
                }
            }
        }
        if read == 0 && outcome == Outcome::Flawed {
            return Err(self.complaint("nothing to read", "see the lines above"));
        }
        Ok(outcome)
    }

    /// That the inputs as a whole are of no use.
    pub(super) fn complaint(&self, found: &str, remedy: &str) -> Error {
        let place = Place::file(self.inputs.first().map_or(Path::new("-"), PathBuf::as_path));
        Error::input(Complaint::new(place, found, "at least one readable article", remedy))
    }
}

/// Says which files have texts that nobody has labelled yet.
pub(super) fn tell_unanswered(program: &str, dataset: &Dataset) {
    for file in dataset.files.iter().filter(|file| file.unanswered > 0) {
        let (path, count) = (file.path.display(), file.unanswered);
        terminal::complain(program, &format!("{path}: {count} text(s) not labelled yet are passed over"));
    }
}
