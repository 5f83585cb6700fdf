//! The names of the last runs at a glance, for a command line that is being typed.
//!
//! Nothing is made, migrated or rebuilt here, and a writer is waited for a moment only: what cannot be read then is not there.

use std::fmt::Write as _;
use std::path::{MAIN_SEPARATOR, Path};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, params};

use super::files::{FILE, check_files, log_of};
use super::store::Journal;
use crate::private;

/// How long a transaction of another process may keep the file from us: a person waits for the next key.
const BUSY: Duration = Duration::from_millis(200);

impl Journal {
    /// The names of the last runs of a state folder, the newest first. None where there is no journal, or one that others may use.
    pub fn names_of_runs(state_dir: &Path, most: usize) -> Vec<String> {
        let path = state_dir.join(FILE);
        let is_ours = std::fs::metadata(state_dir)
            .is_ok_and(|folder| path.is_file() && check_files(&path, private::access_of(&folder)).is_ok());
        if is_ours { read(&path, most).unwrap_or_default() } else { Vec::new() }
    }
}

fn read(path: &Path, most: usize) -> rusqlite::Result<Vec<String>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = if log_of(path).exists() {
        Connection::open_with_flags(path, flags)?
    } else {
        // No process has it open: as a file that does not change, it is read without files beside it.
        let Some(address) = immutable(path) else { return Ok(Vec::new()) };
        Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_URI)?
    };
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    connection
        .prepare("SELECT run FROM run_state WHERE begun IS NOT NULL ORDER BY begun DESC LIMIT ?1")?
        .query_map(params![most], |row| row.get(0))?
        .collect()
}

/// The address by which SQLite takes a file for one that does not change.
fn immutable(path: &Path) -> Option<String> {
    let path = std::path::absolute(path).ok()?;
    let path = path.to_str()?.replace(MAIN_SEPARATOR, "/");
    let mut address = "file://".to_owned();
    if !path.starts_with('/') {
        // A drive.
        address.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' | b':' => {
                address.push(char::from(byte))
            }
            _ => write!(address, "%{byte:02X}").ok()?,
        }
    }
    Some(address + "?immutable=1")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use crate::journal::Journal;
    use crate::journal::projection_tests::three_runs;
    use crate::journal::tests::open;

    #[test]
    fn the_last_runs_are_named_while_another_process_has_the_journal_open_and_after_it() {
        let dir = tempfile::Builder::new().prefix("a b#c%41").tempdir().unwrap();
        let journal = open(&dir);
        let mut runs = three_runs(&journal);
        runs.reverse();
        assert_eq!(Journal::names_of_runs(dir.path(), 20), runs);
        drop(journal);
        let files = || {
            let mut names: Vec<_> =
                std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let before = files();
        assert_eq!(Journal::names_of_runs(dir.path(), 2), runs[..2]);
        assert_eq!(files(), before, "a look leaves no file behind");
    }

    #[test]
    fn a_look_makes_no_journal_and_a_file_that_is_none_has_no_runs() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Journal::names_of_runs(dir.path(), 20).is_empty());
        assert!(!Journal::is_in(dir.path()));
        assert!(Journal::names_of_runs(&dir.path().join("nowhere"), 20).is_empty());
        crate::private::create_new(&dir.path().join("journal.sqlite"), crate::private::Access::Owner).unwrap();
        assert!(Journal::names_of_runs(dir.path(), 20).is_empty());
    }
}
