//! What later runs have done of one that stopped: a router that the same work has brought to its end since is not left any more.
//!
//! It reads the journal, and changes nothing. The same work is the same command with the same playbook, plan, backup or run. Where that
//! is not certain, the router counts as left: to be told of it once more costs a look, not to be told costs a clinic.

use std::collections::BTreeSet;

use super::plan_file::kept_path;
use super::recorded::RecordedRun;
use crate::journal::{Journal, JournalError, RunSummary};

/// The routers that later runs with the same work have saved, all of it proven.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn done_since(
    journal: &Journal,
    earlier: &RunSummary,
    recorded: &RecordedRun,
) -> Result<BTreeSet<String>, JournalError> {
    // A run again rests on the copy of a plan that was kept for the run before it.
    let copy = kept_path(journal.state_dir(), &earlier.run).display().to_string();
    let mut done = BTreeSet::new();
    for later in journal.later_runs(earlier)? {
        let same_plan = || -> Result<bool, JournalError> {
            let own = recorded.plan_sha256.as_ref();
            Ok(own.is_some() && RecordedRun::of(journal, &later.run)?.plan_sha256.as_ref() == own)
        };
        if later.source == earlier.source || later.source == copy || same_plan()? {
            done.extend(journal.proven_routers(&later.run)?);
        }
    }
    Ok(done)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::sync::Arc;

    use super::{RecordedRun, done_since};
    use crate::journal::{Journal, RunLog};
    use crate::record::fixtures::begun;
    use crate::record::{Kind, Outcome, Readers, Unverified};
    use crate::state::State;

    /// A run of this source and plan that ended with `r1` so.
    fn run(journal: &Arc<Journal>, source: &str, plan: Option<&str>, end: &Outcome) {
        let mut record = begun(["r1"]);
        if let Kind::Begun { source: own, plan_sha256, .. } = &mut record {
            (*own, *plan_sha256) = (source.to_owned(), plan.map(str::to_owned));
        }
        let log = RunLog::begin(Arc::clone(journal), &Readers::default(), record).unwrap();
        if let Some(unverified) = &end.unverified {
            let record = Kind::Unverified { checks: Vec::new(), reason: unverified.to_string() };
            log.router_journal(&Readers::default(), "r1", "s", 1).record(record).unwrap();
        }
        log.end(&Readers::default(), std::slice::from_ref(end), 0).unwrap();
    }

    /// Whether `r1`, which a run of `book.yaml` by the plan `1f` had not begun, is done since, after what happened later.
    fn done(later: impl FnOnce(&Arc<Journal>)) -> bool {
        let dir = tempfile::tempdir().unwrap();
        let journal = Arc::new(Journal::open(dir.path(), Arc::new(())).unwrap());
        run(&journal, "book.yaml", Some("1f"), &Outcome::new("r1", "s", State::NotStarted));
        let first = journal.named("last").unwrap();
        later(&journal);
        let recorded = RecordedRun::of(&journal, &first.run).unwrap();
        done_since(&journal, &first, &recorded).unwrap().contains("r1")
    }

    #[test]
    fn a_router_is_done_since_where_a_later_run_with_the_same_work_has_saved_and_proven_it() {
        let saved = Outcome::new("r1", "s", State::Saved);
        let undone = Outcome::new("r1", "s", State::Undone);
        let pending = Unverified::LinePending("opens on Monday".to_owned());
        let unproven = Outcome { unverified: Some(pending), ..saved.clone() };
        assert!(!done(|_| {}));
        assert!(done(|journal| run(journal, "book.yaml", None, &saved)));
        assert!(done(|journal| run(journal, "copy.json", Some("1f"), &saved)), "the same plan from another place");
        let twice =
            |journal: &Arc<Journal>| [&saved, &undone].into_iter().for_each(|end| run(journal, "book.yaml", None, end));
        assert!(done(twice), "it was done once");
        assert!(!done(|journal| run(journal, "book.yaml", None, &undone)));
        assert!(!done(|journal| run(journal, "book.yaml", None, &unproven)), "saved, line not proven, is not done");
        assert!(!done(|journal| run(journal, "other.yaml", None, &saved)), "another playbook is other work");
        assert!(!done(|journal| run(journal, "other.json", Some("2e"), &saved)));
    }
}
