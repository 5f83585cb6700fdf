//! Where a run without an end is now: whether a process carries it out, and what it waits for.
//!
//! Read from its own records and its lock, so that it is known also where the run cannot be asked: another user carries it out, or no one
//! any more. Nothing is changed, and no router is met.

use jiff::Timestamp;

use super::recorded::RecordedRun;
use super::rest::Parts;
use crate::journal::{InFlight, Journal, JournalError, RunListing, RunLock};
use crate::record::{HeldBecause, HeldRecord, Kind, Order, StepRecord};

/// Where a run without an end is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The run.
    pub run: String,
    /// A process of this machine carries it out.
    pub is_carried_out: bool,
    /// What it waits for, where it waits.
    pub waits_for: Option<WaitsFor>,
    /// Its routers that have begun and not ended; where no process carries it out, those that it left open.
    pub in_flight: InFlight,
    /// How many of the routers that are to be changed it has not begun; where no process carries it out, with how many it can go on.
    pub not_begun: usize,
}

/// What a run waits for before it begins more routers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitsFor {
    /// A person's word that a step begins.
    Approval(StepRecord),
    /// It was paused: a person's word that it goes on.
    Continue,
    /// The routers' clocks and this machine's are so many seconds apart: a person sets it and says so.
    Clock(String),
    /// The time at which it is to begin, RFC 3339.
    Time(String),
    /// A step proves itself.
    Bake(StepRecord),
    /// No window is open for what is left: the time at which one opens, RFC 3339.
    Window(String),
    /// It was ended by a person: what is in flight finishes.
    End,
}

impl WaitsFor {
    /// The word for it in documents.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Approval(_) => "approval",
            Self::Continue => "continue",
            Self::Clock(_) => "clock",
            Self::Time(_) => "time",
            Self::Bake(_) => "bake",
            Self::Window(_) => "window",
            Self::End => "end",
        }
    }

    /// Whether nothing begins until a person says so.
    pub fn is_for_person(&self) -> bool {
        matches!(self, Self::Approval(_) | Self::Continue | Self::Clock(_))
    }

    /// What these records of a run, in their order, leave it waiting for.
    fn after<'k>(records: impl IntoIterator<Item = &'k Kind>, now: Timestamp) -> Option<Self> {
        let (mut ended, mut paused) = (false, false);
        let (mut approval, mut clock, mut time, mut bake) = (None, None, None, None);
        let mut window = None;
        let later = |at: &String| at.parse().is_ok_and(|at: Timestamp| at > now).then(|| at.clone());
        for record in records {
            match record {
                Kind::Begun { .. } | Kind::Continued { .. } => {
                    (ended, paused) = (false, false);
                    (approval, clock, time, bake) = (None, None, None, None);
                }
                Kind::Scheduled { at } => time = later(at),
                Kind::WindowAwaited { opens } => window = later(opens),
                Kind::Ordered { order: Order::Pause, .. } => paused = true,
                Kind::Ordered { order: Order::Continue, .. } => (paused, clock) = (false, None),
                Kind::Ordered { order: Order::Abort, .. } => ended = true,
                Kind::StepAwaits(step) => approval = Some(step.clone()),
                Kind::StepBegun(_) => (approval, time, bake) = (None, None, None),
                Kind::StepBakes(step) => bake = Some(step.clone()),
                // A site takes a place in it: it goes on.
                Kind::StepEnded(_) | Kind::StepUnproven(_) | Kind::StepStandIn(_) => bake = None,
                Kind::Held(HeldRecord { because: HeldBecause::Clock, detail, .. }) => clock = Some(detail.clone()),
                _ => {}
            }
        }
        if ended {
            return Some(Self::End);
        }
        paused
            .then_some(Self::Continue)
            .or(approval.map(Self::Approval))
            .or(clock.map(Self::Clock))
            .or(time.map(Self::Time))
            .or(bake.map(Self::Bake))
            .or(window.map(Self::Window))
    }
}

impl Standing {
    /// Whether nothing goes on until a person says so: it waits for a word, or no process carries it out any more.
    pub fn needs_word(&self) -> bool {
        !self.is_carried_out || self.waits_for.as_ref().is_some_and(WaitsFor::is_for_person)
    }

    /// Where a listed run is; nothing where it has ended, or came from another journal.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn of(journal: &Journal, listing: &RunListing) -> Result<Option<Self>, JournalError> {
        if listing.run.exit.is_some() || listing.imported.is_some() {
            return Ok(None);
        }
        let run = listing.run.run.clone();
        let is_carried_out = RunLock::is_held(journal.state_dir(), &run);
        let records = journal.own_records(&run)?;
        let (in_flight, not_begun) = counted(journal, &run, is_carried_out)?;
        let waits_for = WaitsFor::after(records.iter().filter_map(|stored| stored.record.as_ref()), Timestamp::now());
        Ok(Some(Self { run, is_carried_out, waits_for, in_flight, not_begun }))
    }
}

/// How many routers of a run are in flight, and how many are not begun. They are counted by their names: a router that takes no part in the
/// run has a record, too.
fn counted(journal: &Journal, run: &str, is_carried_out: bool) -> Result<(InFlight, usize), JournalError> {
    let (in_flight, recorded) = (journal.in_flight(run)?, RecordedRun::of(journal, run)?);
    if is_carried_out {
        let met = journal.routers_with_record(run)?;
        return Ok((in_flight, recorded.routers.difference(&met).count()));
    }
    // One that was only read is begun anew.
    let not_begun = Parts::of(journal, &recorded, run)?.not_begun.len();
    Ok((InFlight { routers: in_flight.open, ..in_flight }, not_begun))
}

/// The runs that a process carries out now, the oldest first; after them the newest run of all, where it stopped before all of it was begun.
///
/// # Errors
/// When the journal cannot be read.
pub fn not_ended(journal: &Journal) -> Result<Vec<Standing>, JournalError> {
    let newest = journal.runs(1)?.into_iter().next().map(|listing| listing.run.run);
    let mut found = Vec::new();
    for run in journal.runs_without_end()? {
        let is_newest = newest.as_ref() == Some(&run);
        // The others stopped long ago: what they left open is listed by its routers.
        if !is_newest && !RunLock::is_held(journal.state_dir(), &run) {
            continue;
        }
        let standing = Standing::of(journal, &journal.listing(&run)?)?;
        found.extend(standing.filter(|one| one.is_carried_out || one.not_begun > 0));
    }
    Ok(found)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::{WaitsFor, not_ended};
    use crate::journal::{Journal, RunLog};
    use crate::record::fixtures::begun;
    use crate::record::{HeldBecause, HeldRecord, Kind, Order, Outcome, Readers, StepRecord};
    use crate::state::State;

    const LATER: &str = "2026-11-29T22:00:00+09:00";

    fn word_after(records: &[Kind], now: &str) -> Option<&'static str> {
        WaitsFor::after(records, now.parse().unwrap()).map(|waits| waits.word())
    }

    fn ordered(order: Order) -> Kind {
        Kind::Ordered { order, by: "sato".to_owned(), machine: "noc".to_owned() }
    }

    fn step() -> StepRecord {
        StepRecord { step: 2, step_name: "tenth".to_owned(), bake_seconds: None, stand_in: None }
    }

    #[test]
    fn what_a_run_waits_for_follows_from_its_records() {
        let before = |records: &[Kind]| word_after(records, "2026-11-29T12:00:00Z");
        let scheduled = || Kind::Scheduled { at: LATER.to_owned() };
        let clock = || {
            let (what, held, detail) = ("run".to_owned(), String::new(), "89".to_owned());
            Kind::Held(HeldRecord { what, held, because: HeldBecause::Clock, detail, seen_on: Vec::new() })
        };
        assert_eq!(before(&[]), None);
        assert_eq!(before(&[scheduled()]), Some("time"));
        assert_eq!(word_after(&[scheduled()], "2026-11-29T14:00:00Z"), None, "its time has come");
        let closed = || Kind::WindowAwaited { opens: LATER.to_owned() };
        assert_eq!(before(&[closed()]), Some("window"));
        assert_eq!(word_after(&[closed()], "2026-11-29T14:00:00Z"), None, "it is open");
        assert_eq!(before(&[scheduled(), ordered(Order::Pause)]), Some("continue"));
        assert_eq!(before(&[ordered(Order::Pause), ordered(Order::Continue)]), None);
        assert_eq!(before(&[Kind::StepAwaits(step())]), Some("approval"));
        assert_eq!(before(&[Kind::StepAwaits(step()), Kind::StepBegun(step())]), None);
        assert_eq!(before(&[clock()]), Some("clock"));
        assert_eq!(before(&[clock(), ordered(Order::Continue)]), None);
        assert_eq!(before(&[Kind::StepBakes(step())]), Some("bake"));
        assert_eq!(before(&[Kind::StepBakes(step()), Kind::StepEnded(step())]), None);
        assert_eq!(before(&[Kind::StepBakes(step()), Kind::StepStandIn(step())]), None);
        assert_eq!(before(&[Kind::StepAwaits(step()), ordered(Order::Abort)]), Some("end"));
        let again = Kind::Continued { by: String::new(), machine: String::new(), routers: Vec::new(), policy: None };
        assert_eq!(before(&[ordered(Order::Abort), again]), None);
        assert!(WaitsFor::after(&[clock()], Timestamp::UNIX_EPOCH).unwrap().is_for_person());
        assert!(!WaitsFor::after(&[scheduled()], Timestamp::UNIX_EPOCH).unwrap().is_for_person());
    }

    #[test]
    fn a_run_is_carried_out_as_long_as_its_process_holds_it_and_the_newest_that_stopped_is_told_too() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Arc::new(Journal::open(dir.path(), Arc::new(())).unwrap());
        let found = || -> Vec<(bool, usize)> {
            not_ended(&journal).unwrap().iter().map(|one| (one.is_carried_out, one.not_begun)).collect()
        };
        assert!(found().is_empty());
        let begin = || {
            let log = RunLog::again(Arc::clone(&journal), "20261129-010203-aaaa").unwrap();
            log.recorder(&Readers::default()).record(begun(["r1", "r2"])).unwrap();
            log
        };
        let needs_word = || not_ended(&journal).unwrap()[0].needs_word();
        let log = begin();
        assert_eq!((found(), needs_word()), (vec![(true, 2)], false), "it goes on by itself");
        log.recorder(&Readers::default()).record(ordered(Order::Pause)).unwrap();
        assert!(needs_word());
        drop(log);
        assert_eq!((found(), needs_word()), (vec![(false, 2)], true), "its process is gone");
        let log = begin();
        log.recorder(&Readers::default()).record(Kind::RunEnded { exit: 0 }).unwrap();
        assert!(found().is_empty(), "it has ended, and its process has not gone yet");
    }

    #[test]
    fn a_router_that_takes_no_part_is_not_counted_for_one_that_is_not_begun_and_a_stopped_run_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Arc::new(Journal::open(dir.path(), Arc::new(())).unwrap());
        let log = RunLog::again(Arc::clone(&journal), "20261129-010203-aaaa").unwrap();
        log.recorder(&Readers::default()).record(begun(["r1", "r2"])).unwrap();
        // Their site is not to be touched: they are not among the routers that are to be changed.
        let barred = ["barred-1", "barred-2"].map(|router| Outcome::new(router, "s", State::NotStarted));
        log.leave_out(&Readers::default(), &barred).unwrap();
        let found = || -> Vec<(usize, usize)> {
            not_ended(&journal).unwrap().iter().map(|one| (one.in_flight.routers, one.not_begun)).collect()
        };
        assert_eq!(found(), [(0, 2)]);
        let kept = serde_json::Value::Null;
        let intended = Kind::Intended { site: "s".to_owned(), kept, adopt: false, take_over: false };
        log.router_journal(&Readers::default(), "r1", "s", 1).record(intended).unwrap();
        assert_eq!(found(), [(1, 1)]);
        drop(log);
        assert_eq!(found(), [(0, 2)], "nothing was sent to r1: the run goes on with both");
    }
}
