//! Files that are there whole or not at all.

use crate::error::{Error, Result};
use std::io::{BufWriter, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes `path` through a temporary file in the same folder, renamed when `write` has succeeded. On any error the old
/// file, if there was one, stays as it was.
///
/// # Errors
/// What `write` returns, or the system's refusal to create, write or rename.
pub fn write(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder).map_err(|e| Error::io(path, "create", e))?;
    let mut buffer = BufWriter::new(file.as_file_mut());
    write(&mut buffer)?;
    buffer.flush().map_err(|e| Error::io(path, "write", e))?;
    drop(buffer);
    keep_readable(&file).map_err(|e| Error::io(path, "set the permissions of", e))?;
    file.persist(path).map_err(|e| Error::io(path, "replace", e.error))?;
    Ok(())
}

/// Temporary files are readable by their owner only; results are for everybody that the umask would allow.
#[cfg(unix)]
fn keep_readable(file: &NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn keep_readable(_: &NamedTempFile) -> std::io::Result<()> {
    Ok(())
}
