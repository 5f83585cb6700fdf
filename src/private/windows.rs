//! Private files on Windows: the access list of the folder decides, and is not judged. Below the user's own folders that means the
//! user, administrators and the system; elsewhere it may mean everyone.

use std::fs::{self, File, Metadata, OpenOptions, create_dir_all};
use std::io;
use std::path::Path;

use super::Refusal;

/// The part of our environment that a program needs when we start it: to be found, to start at all, to reach its settings and
/// a key store.
pub(super) const LEFT: [&str; 28] = [
    "PATH",
    "PATHEXT",
    "ComSpec",
    "SystemRoot",
    "SystemDrive",
    "windir",
    "TEMP",
    "TMP",
    "USERNAME",
    "USERDOMAIN",
    "USERPROFILE",
    "HOMEDRIVE",
    "HOMEPATH",
    "HOME",
    "APPDATA",
    "LOCALAPPDATA",
    "ProgramData",
    "ProgramFiles",
    "ProgramFiles(x86)",
    "ProgramW6432",
    "CommonProgramFiles",
    "NUMBER_OF_PROCESSORS",
    "PROCESSOR_ARCHITECTURE",
    "LANG",
    "TZ",
    "TERM",
    "SSH_AUTH_SOCK",
    "GNUPGHOME",
];

/// Whether two names of variables are the same.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Who may use a state folder: those on its access list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Its owner, and whom else the list names.
    Owner,
}

impl Access {
    /// Whether it is shared by several users: nothing declares that here.
    pub(crate) fn is_a_groups(self) -> bool {
        match self {
            Self::Owner => false,
        }
    }
}

/// Makes a file that was not there.
///
/// # Errors
/// When it cannot be made, or is there.
pub(crate) fn create_new(path: &Path, _: Access) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Nothing: the folder's access list decides.
///
/// # Errors
/// None.
pub(crate) fn give(_: &File, _: Access) -> io::Result<()> {
    Ok(())
}

/// Opens a file for writing without changing what it holds; makes it where it is missing.
///
/// # Errors
/// When it cannot be opened.
pub(crate) fn open(path: &Path, _: Access) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Refuses what is a link, or no plain file.
pub(crate) fn state_file(path: &Path, _: Access) -> Result<(), Refusal> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
        Ok(found) if found.is_symlink() => Err(Refusal::Link),
        Ok(found) if !found.is_file() => Err(Refusal::Kind),
        Ok(_) => Ok(()),
    }
}

/// Makes a folder; its parent's access list decides who can look into it.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    create_dir_all(path)
}

/// Makes a state folder; its parent's access list decides who can look into it.
pub(crate) fn state_folder(path: &Path) -> Result<Access, Refusal> {
    folder(path)?;
    let found = fs::symlink_metadata(path)?;
    if found.is_symlink() { Err(Refusal::Link) } else { Ok(access_of(&found)) }
}

/// Always its owner's.
pub(crate) fn access_of(_: &Metadata) -> Access {
    Access::Owner
}

/// Whether a file or folder is this user's: access lists are not judged here, so that everything is.
#[expect(clippy::unnecessary_wraps, reason = "other systems look it up, and may fail")]
pub(crate) fn is_own(_: &Path) -> io::Result<bool> {
    Ok(true)
}

/// Makes a folder in a state folder.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn subfolder(path: &Path, _: Access) -> io::Result<()> {
    folder(path)
}

/// Never: nothing is known about other readers.
pub(crate) fn exposed(_: &Metadata, _: Access) -> Option<u32> {
    None
}

/// Nothing: the system's own settings decide about dumps.
pub(crate) fn protect_process() {}
