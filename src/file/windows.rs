//! Opening on Windows, where a pipe has a name of its own kind, a folder is refused as if a right were missing, and opening a file waits for nothing.

use std::fs::{File, FileType, OpenOptions};
use std::io;
use std::path::Path;

/// Opens for reading.
///
/// # Errors
/// When the system will not.
pub(super) fn open(path: &Path) -> io::Result<File> {
    File::open(path).map_err(|error| if path.is_dir() { io::ErrorKind::IsADirectory.into() } else { error })
}

/// Opens for appending.
///
/// # Errors
/// When the system will not.
pub(super) fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// Whether what is open is a pipe.
pub(super) fn is_pipe(_: FileType) -> bool {
    false
}
