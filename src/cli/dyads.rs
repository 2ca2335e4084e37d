//! `rhetor dyads`: articles in, counts of source, target and label out.

use super::args::{DyadShape, DyadsArgs};
use super::scoring::Scoring;
use super::{Outcome, outputs, terminal};
use crate::atomic;
use crate::error::Result;
use crate::output::{DyadFormat, Dyads};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What the extensions of outputs say.
const SHAPES: [(&str, DyadShape); 3] =
    [("txt", DyadShape::Table), ("csv", DyadShape::Csv), ("json", DyadShape::Json)];

/// What to do, resolved.
pub(super) struct Plan {
    scoring: Scoring,
    least: f32,
    format: DyadFormat,
    output: Option<PathBuf>,
}

impl Plan {
    /// Resolves arguments.
    pub(super) fn new(args: DyadsArgs) -> anyhow::Result<Self> {
        let format = format(&args)?;
        Ok(Plan {
            scoring: Scoring::new(args.scoring, args.output.as_ref())?,
            least: args.min_probability,
            format,
            output: args.output,
        })
    }

    /// Does it.
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let mut dyads = Dyads::default();
        let outcome = self.scoring.each(true, |article| {
            dyads.add(&article, self.least);
            Ok(())
        })?;
        self.write(&dyads)?;
        Ok(outcome)
    }

    fn write(&self, dyads: &Dyads) -> Result<()> {
        let model = self.scoring.model.identity();
        let write = |out: &mut dyn Write, name: &Path| dyads.write(self.format, &model, out, name);
        match &self.output {
            None => {
                let mut out = terminal::stdout(matches!(self.format, DyadFormat::Table(_)));
                write(&mut out, Path::new("standard output"))
            }
            Some(path) => atomic::write(path, |out| write(out, path)),
        }
    }
}

/// The format asked for, else the one that the output's name says, else a table for a person and CSV for a pipe.
fn format(args: &DyadsArgs) -> Result<DyadFormat> {
    let usual = match args.output {
        None if terminal::stdout_is_read() => DyadShape::Table,
        _ => DyadShape::Csv,
    };
    Ok(match outputs::format(args.format, args.output.as_ref(), &SHAPES, usual)? {
        DyadShape::Table => DyadFormat::Table(terminal::width()),
        DyadShape::Csv => DyadFormat::Csv,
        DyadShape::Json => DyadFormat::Json,
    })
}
