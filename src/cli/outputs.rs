//! Where a program will write: asked before the work.

use crate::atomic;
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};

/// Each output that is given can be written, and none over another or over one of the `inputs`. Devices and pipes may be
/// named as often as one likes.
pub(super) fn check<'a>(
    outputs: &[(&'static str, Option<&PathBuf>)],
    inputs: impl IntoIterator<Item = &'a Path>,
) -> Result<()> {
    let input = |path: &Path| Some((format!("the input {}", path.display()), atomic::place(path)?));
    let mut taken: Vec<(String, PathBuf)> = inputs.into_iter().filter_map(input).collect();
    for (option, path) in outputs.iter().filter_map(|(option, path)| Some((*option, (*path)?))) {
        atomic::check(path)?;
        let Some(place) = atomic::place(path) else { continue };
        if let Some((other, _)) = taken.iter().find(|(_, known)| *known == place) {
            return Err(Error::parameter(option, path.display(), format!("another file than {other}")));
        }
        taken.push((option.into(), place));
    }
    Ok(())
}
