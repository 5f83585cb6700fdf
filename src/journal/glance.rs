//! The names of the last runs at a glance, for a command line that is being typed.
//!
//! Nothing is made, migrated, rebuilt or waited for here: what cannot be read at once is not there.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, params};

use super::store::{FILE, Journal, check_files};
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
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    connection
        .prepare("SELECT run FROM run_state WHERE begun IS NOT NULL ORDER BY begun DESC LIMIT ?1")?
        .query_map(params![most], |row| row.get(0))?
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use crate::journal::Journal;
    use crate::journal::projection_tests::three_runs;
    use crate::journal::tests::open;

    #[test]
    fn the_last_runs_are_named_while_another_process_has_the_journal_open_and_after_it() {
        let dir = tempfile::tempdir().unwrap();
        let journal = open(&dir);
        let mut runs = three_runs(&journal);
        runs.reverse();
        assert_eq!(Journal::names_of_runs(dir.path(), 20), runs);
        drop(journal);
        assert_eq!(Journal::names_of_runs(dir.path(), 2), runs[..2]);
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
