//! The end of a run whose process is gone and of which nothing is left: no process will write it any more.

use std::sync::Arc;

use super::error::RunError;
use super::finish::status_of;
use super::recorded::RecordedRun;
use super::rest::Parts;
use crate::journal::{Journal, RouterRun, RunLock, RunLog};
use crate::record::{Readers, RunResult};

/// Records the end of a run whose process is gone, and of which nothing is left: no other command would.
///
/// # Errors
/// When the journal cannot be read or written.
pub(super) fn end_where_nothing_is_left(journal: &Arc<Journal>, run: &str) -> Result<(), RunError> {
    let has_ended = journal.run_alone(run)?.exit.is_some();
    if has_ended || RunLock::is_held(journal.state_dir(), run) {
        return Ok(());
    }
    let parts = journal.router_runs(run)?;
    let left = Parts::of(journal, &RecordedRun::of(journal, run)?, run)?.not_begun;
    if parts.iter().any(RouterRun::is_unfinished) || !left.is_empty() {
        return Ok(());
    }
    let log = RunLog::again(Arc::clone(journal), run)?;
    let exit = status_of(&RunResult::of(&journal.records(run)?).routers);
    // What came of its routers was shown already.
    Ok(log.end(&Readers::default(), &[], exit.status())?)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::sync::Arc;

    use super::end_where_nothing_is_left;
    use crate::journal::{Journal, RunLog};
    use crate::record::fixtures::begun;
    use crate::record::{Kind, Readers};
    use crate::state::State;

    #[test]
    fn a_run_whose_process_is_gone_has_its_end_once_nothing_of_it_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Arc::new(Journal::open(dir.path(), Arc::new(())).unwrap());
        let (run, readers) = ("20261129-010203-aaaa", Readers::default());
        let exit = || {
            end_where_nothing_is_left(&journal, run).unwrap();
            journal.run_alone(run).unwrap().exit
        };
        let log = RunLog::again(Arc::clone(&journal), run).unwrap();
        log.recorder(&readers).record(begun(["r1", "r2"])).unwrap();
        let record = |log: &RunLog, router: &str, kind: Kind| {
            log.router_journal(&readers, router, "s", 1).record(kind).unwrap();
        };
        let moved = |state| Kind::Moved { state };
        let line = || Kind::Sending { number: 1, total: 1, line: "hostname x".to_owned(), undo: false };
        record(&log, "r1", moved(State::Applying));
        record(&log, "r1", line());
        record(&log, "r1", moved(State::Undone));
        assert_eq!(exit(), None, "a process carries it out");
        record(&log, "r2", moved(State::Locked));
        drop(log);
        assert_eq!(exit(), None, "it goes on with r2");
        let later = RunLog::of(Arc::clone(&journal), run);
        record(&later, "r2", line());
        assert_eq!(exit(), None, "r2 is open");
        record(&later, "r2", moved(State::Saved));
        assert_eq!(exit(), Some(3), "one is undone");
    }
}
