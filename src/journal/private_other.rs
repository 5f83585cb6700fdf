//! Files that their owner alone may read, where permission bits do not exist: the folder's access list decides.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a file that was not there.
pub(super) fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Opens a file for writing without changing what it holds; makes it where it is missing.
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Nothing is known about other readers.
#[expect(clippy::unnecessary_wraps, reason = "the other platform can fail here")]
pub(super) fn exposed(_: &File) -> io::Result<Option<String>> {
    Ok(None)
}
