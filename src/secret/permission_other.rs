//! Who may read files that hold secrets, where permission bits do not exist: the folder's access list decides, and is not judged.

use std::fs::{Metadata, create_dir_all};
use std::io;
use std::path::Path;

/// Never: nothing is known about other readers.
pub(super) fn exposed(_: &Metadata) -> Option<u32> {
    None
}

/// Makes a folder; its parent's access list decides who can look into it.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    create_dir_all(path)
}
