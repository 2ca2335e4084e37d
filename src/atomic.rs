//! Files that are there whole or not at all.

use crate::error::{Error, Result};
use std::fs::{File, metadata};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// Writes `path` through a temporary file in the same folder, renamed when `write` has succeeded. On any error the old
/// file, if there was one, stays as it was.
///
/// A link is followed, not replaced. A device, a pipe or an open file of the process, such as `/dev/stdout`, is written to
/// as it is, behind what is there.
///
/// # Errors
/// What `write` returns, or the system's refusal to create, write or rename.
pub fn write(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    if is_special(path) {
        let file = File::options().append(true).open(path).map_err(|e| Error::io(path, "open", e))?;
        return fill(path, &file, write);
    }
    let (file, target) = begin(path)?;
    fill(path, file.as_file(), write)?;
    file.persist(target).map_err(|e| Error::io(path, "replace", e.error))?;
    Ok(())
}

/// Whether `path` could be written now: to be asked before long work, not after it.
///
/// # Errors
/// The system's refusal to create a file there.
pub fn check(path: &Path) -> Result<()> {
    if is_special(path) { Ok(()) } else { begin(path).map(|_| ()) }
}

/// The path without links and detours, by which two ways to one file can be told; also of a file that is not there yet.
/// None for a device, a pipe or an open file, to which several may be written.
pub fn place(path: &Path) -> Option<PathBuf> {
    (!is_special(path)).then(|| resolve(path))
}

/// The path without links and detours, as far as what it leads through is there.
fn resolve(path: &Path) -> PathBuf {
    let new = || Some(folder(path)?.join(path.file_name()?));
    path.canonicalize().ok().or_else(new).unwrap_or_else(|| path.into())
}

/// The folder that a path names something in, without links and detours.
fn folder(path: &Path) -> Option<PathBuf> {
    let folder = path.parent()?;
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }.canonicalize().ok()
}

/// Whether a path leads to something that is neither a file nor a folder, or to an open file of the process.
fn is_special(path: &Path) -> bool {
    metadata(path).is_ok_and(|known| (!known.is_file() && !known.is_dir()) || is_open_file(path))
}

/// Whether a path, which leads to something, leads there by the system's list of open files: then `>> file` in a shell has
/// opened it, and it must not be replaced.
fn is_open_file(path: &Path) -> bool {
    let Some(folder) = folder(path) else { return false };
    ["/proc", "/dev/fd"].iter().any(|list| folder.starts_with(list))
        || path.read_link().is_ok_and(|target| is_open_file(&folder.join(target)))
}

/// A temporary file, and beside it the path that it is to have in the end.
fn begin(path: &Path) -> Result<(NamedTempFile, PathBuf)> {
    let target = resolve(path);
    if target.is_dir() {
        return Err(Error::io(path, "write", io::ErrorKind::IsADirectory.into()));
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    // The kind alone: the error itself names the temporary file, which would only puzzle.
    let file = temporary().tempfile_in(folder).map_err(|e| Error::io(path, "create", e.kind().into()))?;
    Ok((file, target))
}

/// Writes all of the contents.
fn fill(path: &Path, file: &File, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let mut buffer = BufWriter::new(file);
    write(&mut buffer)?;
    buffer.flush().map_err(|e| Error::io(path, "write", e))
}

/// Hidden, and readable by everybody that the umask allows, as any new file is: it becomes the result.
fn temporary() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(<std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    builder.prefix(".rhetor-");
    builder
}
