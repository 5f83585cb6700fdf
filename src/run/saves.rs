//! Saves that may still be running, as the last record of each router says: a byte on the console could disturb one.
//!
//! One may run from the record of its begin until a record says that it has ended, or until the longest time that its router may take. It is
//! waited for no longer: what a run does after its save, or a later look at a lost router, adds nothing.

use std::collections::HashMap;
use std::time::Duration;

use super::env::RunEnv;
use crate::connect::{self, RunningSave, SaveWatch, console_of};
use crate::inventory::{Connection, Inventory, Router, Site};
use crate::journal::{JournalError, RouterRun};
use crate::message::Explain as _;
use crate::record::{ComparedWith, Kind, Stored};
use crate::session::Exchange;
use crate::state::State;

/// The saves of an inventory's routers.
pub(super) struct Saves {
    env: RunEnv,
    routers: HashMap<String, Declared>,
    /// Any of its routers may be at the end of a cable: it goes where a person puts it.
    is_visit: bool,
    /// A router's own save counts, too.
    with_own: bool,
}

/// What is declared of a router.
struct Declared {
    site: String,
    /// The consoles that lead to it.
    consoles: Vec<String>,
    /// One of them is of this machine: its cable is moved by hand.
    is_cabled: bool,
    /// How long a save of it may take.
    longest: Duration,
}

impl Saves {
    /// Those that may run when a box of this inventory is looked at.
    pub(super) fn of(env: &RunEnv, inventory: &Inventory) -> Self {
        Self::watched(env, inventory, true)
    }

    /// Those that the sessions of a run mind; on a visit all of them. A router's own save is the matter of its run, or of who recovers that first.
    pub(super) fn watched(env: &RunEnv, inventory: &Inventory, is_visit: bool) -> Self {
        let declared = |(site, router): (&Site, &Router)| (router.name.value.clone(), Declared::of(site, router));
        Self { env: env.clone(), routers: inventory.routers().map(declared).collect(), is_visit, with_own: false }
    }

    /// The same for who only reads, and neither recovers nor leaves out what a run that died has left.
    pub(super) fn with_own(self) -> Self {
        Self { with_own: true, ..self }
    }

    /// The first of these routers that may still be saving.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub(super) fn first(&self, concerns: impl Fn(&str) -> bool) -> Result<Option<RunningSave>, JournalError> {
        if !self.env.has_journal() {
            return Ok(None);
        }
        let journal = self.env.journal()?;
        for part in journal.open_router_runs()?.into_iter().filter(a_save_may_run) {
            let Some(declared) = self.routers.get(&part.router).filter(|_| concerns(&part.router)) else { continue };
            let records = journal.records_of(&part.run, &part.router, i64::MAX)?;
            let Some(begun) = begin_of_save(&records) else { continue };
            if let Some(seconds) = left(declared.longest, self.env.since(begun.number, begun.at_ms)) {
                return Ok(Some(RunningSave { router: part.router, seconds }));
            }
        }
        Ok(None)
    }

    /// Whether a save of `other` is minded on the console of `router`: it may be that router which is at the end.
    fn may_be_there(&self, router: &str, other: &str, console: &str, again: bool) -> bool {
        let Some(found) = self.routers.get(other).filter(|_| other != router || self.with_own) else { return false };
        let is_neighbour = || self.routers.get(router).is_some_and(|own| own.site == found.site);
        found.consoles.iter().any(|one| one == console) || again && (self.is_visit || found.is_cabled || is_neighbour())
    }
}

impl Declared {
    fn of(site: &Site, router: &Router) -> Self {
        let ways = || std::iter::once(&router.connection).chain(&router.second_way);
        Self {
            site: site.name.value.clone(),
            consoles: ways().filter_map(console_of).collect(),
            is_cabled: ways().any(|way| matches!(way, Connection::Serial(_))),
            longest: connect::bounds(router).bound(Exchange::Save).total,
        }
    }
}

impl SaveWatch for Saves {
    fn running(&self, router: &str, console: &str, again: bool) -> Option<RunningSave> {
        self.first(|other| self.may_be_there(router, other, console, again)).unwrap_or_else(|error| {
            // Nothing is changed without a journal: the change itself ends by it.
            tracing::warn!(error = %error.text().en, "which saves may be running is not known");
            None
        })
    }
}

/// Whether a save was begun whose end no one has seen: its process died, or lost the console and left it alone.
fn a_save_may_run(part: &RouterRun) -> bool {
    (part.saving && !part.ended) || (part.save_begun && part.state == Some(State::Lost))
}

/// The record of the save that was begun last, unless a later one says that it has ended: the router has shown what it saved, or the run
/// went on with it.
fn begin_of_save(records: &[Stored]) -> Option<&Stored> {
    let mut begun = None;
    for stored in records {
        match &stored.record {
            Some(Kind::Saving) => begun = Some(stored),
            Some(
                Kind::Compared { with: ComparedWith::Startup, .. }
                | Kind::Moved { state: State::Saved | State::Undoing },
            ) => {
                begun = None;
            }
            _ => {}
        }
    }
    begun
}

/// How many seconds a save may still take that was begun so long ago; nothing where it is over by now.
fn left(longest: Duration, since: Duration) -> Option<u64> {
    let left = longest.checked_sub(since).filter(|left| !left.is_zero())?;
    Some(left.as_secs() + 1)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::{Saves, a_save_may_run, begin_of_save, left};
    use crate::cancel::Cancel;
    use crate::connect::{RunningSave, SaveWatch as _};
    use crate::inventory;
    use crate::journal::{RouterRun, RunLog};
    use crate::record::fixtures::begun;
    use crate::record::{ComparedWith, Kind, Readers};
    use crate::run::{NoOperator, RunEnv};
    use crate::state::State;

    const INVENTORY: &str = "version: 1
credentials: { p: { env: P } }
sites:
  s:
    routers:
      r1: { model: IX2215, role: router1, connection: { serial: { port: /dev/a } } }
      r2: { model: IX2215, role: router1, connection: { serial: { port: /dev/a } } }
      r3: { model: IX2215, role: router1, connection: mock }
  t:
    routers:
      r4: { model: IX2215, role: router1, connection: mock, deadlines: { save: 5s } }
      r5: { model: IX2215, role: router1, connection: { serial: { port: /dev/b } } }
";

    /// A place with this inventory, and a run of all its routers.
    fn place() -> (tempfile::TempDir, RunEnv, inventory::Inventory, RunLog) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("clinics.yaml");
        std::fs::write(&path, INVENTORY).unwrap();
        let (inventory, _) = inventory::load(&path).unwrap();
        let env = RunEnv::new(dir.path().join("state"), Arc::new(NoOperator), Readers::default(), Cancel::default());
        let all = begun(["r1", "r2", "r3", "r4", "r5"]);
        let log = RunLog::begin(env.journal().unwrap(), &Readers::default(), all).unwrap();
        (dir, env, inventory, log)
    }

    fn record(log: &RunLog, router: &str, kinds: impl IntoIterator<Item = Kind>) {
        let part = log.router_journal(&Readers::default(), router, "s", 1);
        kinds.into_iter().for_each(|kind| part.record(kind).unwrap());
    }

    fn saving() -> [Kind; 3] {
        [Kind::Moved { state: State::Applying }, Kind::Moved { state: State::Saving }, Kind::Saving]
    }

    #[test]
    fn who_has_lost_a_session_on_a_console_waits_for_the_save_of_any_router_to_which_the_cable_may_lead_by_now() {
        let (_dir, env, inventory, log) = place();
        let visit = Saves::watched(&env, &inventory, true);
        let run = Saves::watched(&env, &inventory, false);
        let reader = Saves::watched(&env, &inventory, false).with_own();
        let waits =
            |saves: &Saves, own: &str, console: &str, again| saves.running(own, console, again).map(|one| one.router);
        assert_eq!(waits(&run, "r2", "/dev/a", true), None, "no save was begun");
        record(&log, "r1", saving());
        let r1 = Some("r1".to_owned());
        assert_eq!(waits(&run, "r2", "/dev/a", false), r1, "they share a console: also before the first byte");
        assert_eq!(waits(&run, "r5", "/dev/b", false), None, "another console, whose cable no one has touched");
        assert_eq!(waits(&run, "r5", "/dev/b", true), r1, "its cable was pulled, and is put where the other one was");
        assert_eq!(waits(&run, "r1", "/dev/a", true), None, "its own save is its own run's matter");
        assert_eq!(waits(&reader, "r1", "/dev/a", false), r1, "who only reads recovers no run before");
        assert_eq!(waits(&reader, "r2", "/dev/a", false), r1);
        record(&log, "r1", [Kind::Moved { state: State::Saved }]);
        assert_eq!(waits(&run, "r2", "/dev/a", true), None, "it is over");
        // A router that is reached otherwise: its neighbour's port may lead to it, and on a visit any cable.
        record(&log, "r4", saving());
        assert_eq!(waits(&run, "r5", "/dev/b", true).as_deref(), Some("r4"));
        assert_eq!(waits(&run, "r2", "/dev/a", true), None, "a router of another site, over the network");
        assert_eq!(waits(&visit, "r2", "/dev/a", true).as_deref(), Some("r4"));
    }

    #[test]
    fn a_save_is_waited_for_from_the_record_of_its_begin_and_no_longer_than_its_router_may_take() {
        let (_dir, env, inventory, log) = place();
        record(&log, "r4", saving());
        let saves = Saves::of(&env, &inventory);
        let Some(RunningSave { seconds, .. }) = saves.first(|_| true).unwrap() else { panic!("it may run") };
        assert!((1..=6).contains(&seconds), "{seconds} s are left of 5");
        // What is recorded later begins no other wait.
        record(&log, "r4", [Kind::Moved { state: State::Lost }]);
        let records = env.journal().unwrap().records_of(log.run().as_str(), "r4", i64::MAX).unwrap();
        let begun = begin_of_save(&records).unwrap();
        assert!(matches!(begun.record, Some(Kind::Saving)));
        assert_eq!(left(Duration::from_secs(5), Duration::from_millis(4_999)), Some(1));
        assert_eq!(left(Duration::from_secs(5), Duration::from_secs(5)), None);
    }

    #[test]
    fn a_save_that_was_seen_to_end_is_not_waited_for_although_its_router_was_lost_later() {
        let (_dir, env, inventory, log) = place();
        let saves = Saves::of(&env, &inventory);
        record(&log, "r1", saving());
        assert!(saves.first(|_| true).unwrap().is_some());
        let shown = Kind::Compared { with: ComparedWith::Startup, differences: 1, foreign: 0 };
        record(&log, "r1", [shown, Kind::Moved { state: State::Undoing }, Kind::Moved { state: State::Lost }]);
        assert_eq!(saves.first(|_| true).unwrap(), None, "startup was shown before it was lost");
        // One that is cut off in the second save, that of its undo, may be saving again.
        record(&log, "r2", saving().into_iter().chain([Kind::Moved { state: State::Undoing }, Kind::Saving]));
        record(&log, "r2", [Kind::Moved { state: State::Lost }]);
        assert_eq!(saves.first(|_| true).unwrap().map(|one| one.router).as_deref(), Some("r2"));
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_wait_longer_than_a_save_can_take() {
        let (_dir, env, ..) = place();
        let in_a_year = env.now().as_millisecond() + 31_536_000_000;
        let first = env.since(7, in_a_year);
        assert!(first < Duration::from_secs(60), "as if it had begun when it was first seen");
        assert!(
            env.since(7, in_a_year) >= first
                && env.since(7, env.now().as_millisecond() - 1_000) >= Duration::from_secs(1)
        );
    }

    #[test]
    fn a_save_whose_console_was_lost_may_still_run_although_the_run_has_ended() {
        let part =
            |save_begun, state| RouterRun { save_begun, state: Some(state), ended: true, ..RouterRun::default() };
        assert!(a_save_may_run(&part(true, State::Lost)));
        assert!(!a_save_may_run(&part(false, State::Lost)), "it was lost before the save");
        assert!(!a_save_may_run(&part(true, State::Saved)));
        let died = RouterRun { saving: true, save_begun: true, state: Some(State::Saving), ..RouterRun::default() };
        assert!(a_save_may_run(&died));
    }
}
