//! Our own locks on this machine: two processes must not talk to one router at once, nor carry out one run.
//!
//! A lock of the operating system on an empty file: it goes when its process goes, however that ends.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::error::JournalError;
use crate::private;

/// Who else may hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Other readers.
    Reading,
    /// No one.
    Changing,
}

/// A router that is ours on this machine until this is dropped.
#[derive(Debug)]
pub struct RouterLock {
    _file: File,
}

impl RouterLock {
    /// Takes the lock, without waiting.
    ///
    /// # Errors
    /// [`JournalError::Locked`] when another process has it; [`JournalError::LockFile`] when there is no file to lock.
    pub fn take(state_dir: &Path, router: &str, sharing: Sharing) -> Result<Self, JournalError> {
        match lock(state_dir, &format!("{router}.lock"), sharing)? {
            Ok(file) => Ok(Self { _file: file }),
            Err(Held) => Err(JournalError::Locked { router: router.to_owned() }),
        }
    }

    /// Whether a process is changing the router now. One that cannot be asked about is not.
    pub fn is_being_changed(state_dir: &Path, router: &str) -> bool {
        is_held(state_dir, &format!("{router}.lock"))
    }
}

/// Whether another process alone has the lock of this name.
fn is_held(state_dir: &Path, name: &str) -> bool {
    // Without a file no process has ever had it, and none is made by asking.
    state_dir.join("locks").join(name).is_file() && matches!(lock(state_dir, name, Sharing::Reading), Ok(Err(Held)))
}

/// Another process has the lock.
struct Held;

/// Locks a file of this name, made where it is missing.
fn lock(state_dir: &Path, name: &str, sharing: Sharing) -> Result<Result<File, Held>, JournalError> {
    let dir = state_dir.join("locks");
    let path = dir.join(name);
    let io = |cause| JournalError::LockFile { path: path.clone(), cause };
    private::folder(state_dir).map_err(io)?;
    let access = private::access_of(&std::fs::metadata(state_dir).map_err(io)?);
    private::subfolder(&dir, access).map_err(io)?;
    let file = private::open(&path, access).map_err(io)?;
    let taken = match sharing {
        Sharing::Reading => file.try_lock_shared(),
        Sharing::Changing => file.try_lock(),
    };
    match taken {
        Ok(()) => Ok(Ok(file)),
        Err(TryLockError::WouldBlock) => Ok(Err(Held)),
        Err(TryLockError::Error(cause)) => Err(io(cause)),
    }
}

/// A run that this process alone carries out until this is dropped: who continues it takes it first.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

impl RunLock {
    /// Takes the lock of a run, without waiting.
    ///
    /// # Errors
    /// [`JournalError::RunHeld`] when another process carries the run out; [`JournalError::LockFile`] when there is no file to lock.
    pub fn take(state_dir: &Path, run: &str) -> Result<Self, JournalError> {
        // No router's name begins with a dot.
        match lock(state_dir, &format!(".run.{run}.lock"), Sharing::Changing)? {
            Ok(file) => Ok(Self { _file: file }),
            Err(Held) => Err(JournalError::RunHeld { run: run.to_owned() }),
        }
    }

    /// Whether a process carries the run out now. One that cannot be asked about is not.
    pub fn is_held(state_dir: &Path, run: &str) -> bool {
        is_held(state_dir, &format!(".run.{run}.lock"))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{RouterLock, Sharing};

    #[test]
    fn a_writer_excludes_others_and_readers_share() {
        let dir = tempfile::tempdir().unwrap();
        let take = |sharing| RouterLock::take(dir.path(), "r1", sharing);
        let reader = take(Sharing::Reading).unwrap();
        let another = take(Sharing::Reading).unwrap();
        assert!(take(Sharing::Changing).unwrap_err().to_string().ends_with(" r1"), "the router is named");
        drop((reader, another));
        assert!(!RouterLock::is_being_changed(dir.path(), "r1"));
        let writer = take(Sharing::Changing).unwrap();
        assert!(RouterLock::is_being_changed(dir.path(), "r1") && !RouterLock::is_being_changed(dir.path(), "r2"));
        assert!(take(Sharing::Reading).is_err());
        assert!(RouterLock::take(dir.path(), "r2", Sharing::Changing).is_ok());
        drop(writer);
        assert!(take(Sharing::Changing).is_ok());
    }
}
