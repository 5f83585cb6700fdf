//! The files of a journal in a state folder: which they are, that they are ours alone, and how they are made.
//!
//! What is in them is not read here.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::error::{JournalError, WriteFailure};
use super::hooks::JournalHooks;
use crate::private::{self, Access};

/// The file's name in a state folder.
pub(super) const FILE: &str = "journal.sqlite";

/// The name of the key with which secrets are sealed.
pub(super) const KEY: &str = "journal.key";

/// Bytes that are written to see whether a disk has room: those of the file that SQLite shares between processes.
const PROBE: usize = 32 * 1024;

/// Refuses a journal that others may use, with what SQLite has put beside it.
pub(super) fn check_files(path: &Path, access: Access) -> Result<(), JournalError> {
    for file in [path.to_owned(), log_of(path)] {
        private::state_file(&file, access).map_err(|refusal| JournalError::refused(&file, refusal))?;
    }
    Ok(())
}

/// What the system says where the disk of a folder has no room: SQLite says only that something is wrong with it.
pub(super) fn full(dir: &Path, disk: &dyn JournalHooks) -> Option<io::Error> {
    let write = || {
        disk.before_write()?;
        let mut probe = tempfile::tempfile_in(dir)?;
        probe.write_all(&[0; PROBE])?;
        probe.sync_all()
    };
    write().err().filter(|error| WriteFailure::of_disk(error).full)
}

/// SQLite's log of a file: what was committed and is not yet in the file itself.
pub(super) fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// Copies what a file holds and not its mode: the copy can be written.
pub(super) fn copy_to(from: &Path, to: &Path) -> io::Result<()> {
    let mut copy = private::create_new(to, Access::Owner)?;
    io::copy(&mut std::fs::File::open(from)?, &mut copy).map(drop)
}

/// Makes the file where it is missing, so that its mode is ours; the files that SQLite puts beside it get the same.
///
/// One that is there is not opened: on Unix, closing it again would free the locks that this process has on it through SQLite.
pub(super) fn make(path: &Path, access: Access) -> io::Result<()> {
    match private::create_new(path, access) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}
