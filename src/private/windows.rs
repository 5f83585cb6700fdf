//! Private files on Windows: the access list of the folder decides, and is not judged. Below the user's own folders that means the
//! user, administrators and the system; elsewhere it may mean everybody.

use std::fs::{File, Metadata, OpenOptions, create_dir_all};
use std::io;
use std::path::Path;

/// Makes a file that was not there.
///
/// # Errors
/// When it cannot be made, or is there.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Opens a file for writing without changing what it holds; makes it where it is missing.
///
/// # Errors
/// When it cannot be opened.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Makes a folder; its parent's access list decides who can look into it.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    create_dir_all(path)
}

/// Never: nothing is known about other readers.
pub(crate) fn exposed(_: &Metadata) -> Option<u32> {
    None
}
