//! Where a run without an end is now: whether a process carries it out, and what it waits for.
//!
//! Read from its own records and its lock, so that it is known also where the run cannot be asked: another user carries it out, or no one
//! any more. Nothing is changed, and no router is met.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::done_since::done_since;
use super::needs_person::left_open;
use super::recorded::RecordedRun;
use super::rest::Parts;
use crate::journal::{Journal, JournalError, RouterRun, RunListing, RunLock, RunSummary};
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
    /// Where its routers are that are not done.
    pub left: RoutersLeft,
}

/// How many routers of a run without an end are not done, by where they are. Of a run that no process carries out, what later runs have
/// done since is not among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RoutersLeft {
    /// Begun and not ended; where no process carries the run out, left open.
    pub in_flight: usize,
    /// Those of them that could be resumed if no process worked on them.
    pub open: usize,
    /// Among those that are to be changed, and not begun; where no process carries the run out, it can go on with them.
    pub not_begun: usize,
    /// Ended and not done. They are counted where no process carries the run out: until it has an end, its result was told to no one.
    pub failed: usize,
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
                    (approval, clock, time, bake, window) = (None, None, None, None, None);
                }
                Kind::Scheduled { at } => time = later(at),
                Kind::TimeReached => time = None,
                Kind::WindowAwaited { opens } => window = later(opens),
                Kind::Ordered { order: Order::Pause, .. } => paused = true,
                Kind::Ordered { order: Order::Continue, .. } => (paused, clock) = (false, None),
                Kind::Ordered { order: Order::Abort, .. } => ended = true,
                Kind::StepAwaits(step) => approval = Some(step.clone()),
                Kind::StepBegun(_) => (approval, time, bake, window) = (None, None, None, None),
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
        let recorded = RecordedRun::of(journal, &run)?;
        let left = match is_carried_out {
            true => RoutersLeft::of_living(journal, &run, &recorded)?,
            false => RoutersLeft::of_stopped(journal, &listing.run, &recorded)?,
        };
        let waits_for = WaitsFor::after(records.iter().filter_map(|stored| stored.record.as_ref()), Timestamp::now());
        Ok(Some(Self { run, is_carried_out, waits_for, left }))
    }
}

impl RoutersLeft {
    /// Whether anything of a run that stopped is not done.
    pub fn is_any(&self) -> bool {
        self.in_flight + self.not_begun + self.failed > 0
    }

    /// They are counted by their names: a router that takes no part in the run has a record, too.
    fn of_living(journal: &Journal, run: &str, recorded: &RecordedRun) -> Result<Self, JournalError> {
        let (in_flight, met) = (journal.in_flight(run)?, journal.routers_with_record(run)?);
        let not_begun = recorded.routers.difference(&met).count();
        Ok(Self { in_flight: in_flight.routers, open: in_flight.open, not_begun, failed: 0 })
    }

    /// One that was only read is begun anew, and so is not begun.
    fn of_stopped(journal: &Journal, run: &RunSummary, recorded: &RecordedRun) -> Result<Self, JournalError> {
        let open = left_open(journal)?.parts.into_iter().filter(|part| part.run == run.run);
        let open: BTreeSet<String> = open.filter(RouterRun::is_unfinished).map(|part| part.router).collect();
        let parts = Parts::of(journal, recorded, &run.run)?;
        let done = done_since(journal, run, recorded)?;
        let failed = parts.settled.intersection(&parts.ended).filter(|router| !open.contains(*router));
        Ok(Self {
            in_flight: open.len(),
            open: open.len(),
            not_begun: parts.not_begun.difference(&done).count(),
            failed: failed.filter(|router| !done.contains(*router)).count(),
        })
    }
}

/// The runs that a process carries out now, and after them those that stopped and left something; in each case the oldest first.
///
/// # Errors
/// When the journal cannot be read.
pub fn not_ended(journal: &Journal) -> Result<Vec<Standing>, JournalError> {
    let (mut living, mut stopped) = (Vec::new(), Vec::new());
    for run in journal.runs_without_end()? {
        match Standing::of(journal, &journal.listing(&run)?)? {
            Some(one) if one.is_carried_out => living.push(one),
            Some(one) if one.left.is_any() => stopped.push(one),
            _ => {}
        }
    }
    living.append(&mut stopped);
    Ok(living)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::{Standing, WaitsFor, not_ended};
    use crate::journal::{Journal, RunLog};
    use crate::record::fixtures::begun;
    use crate::record::{Ending, HeldBecause, HeldRecord, Kind, Order, Outcome, Readers, StepRecord};
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
        assert_eq!(before(&[closed(), begun(["r1"])]), None, "it goes on, and that window is of before");
        assert_eq!(before(&[closed(), Kind::StepBegun(step())]), None);
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
    fn a_run_is_carried_out_as_long_as_its_process_holds_it_and_one_that_stopped_is_told_too() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Arc::new(Journal::open(dir.path(), Arc::new(())).unwrap());
        let found = || -> Vec<(bool, usize)> {
            not_ended(&journal).unwrap().iter().map(|one| (one.is_carried_out, one.left.not_begun)).collect()
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
            not_ended(&journal).unwrap().iter().map(|one| (one.left.in_flight, one.left.not_begun)).collect()
        };
        assert_eq!(found(), [(0, 2)]);
        let kept = serde_json::Value::Null;
        let intended = Kind::Intended { site: "s".to_owned(), kept, adopt: false, take_over: false };
        log.router_journal(&Readers::default(), "r1", "s", 1).record(intended).unwrap();
        assert_eq!(found(), [(1, 1)]);
        drop(log);
        assert_eq!(found(), [(0, 2)], "nothing was sent to r1: the run goes on with both");
    }

    /// A run over `r1` and `r2` whose program is gone: `r1` ended so, `r2` was not begun.
    fn stopped(journal: &Arc<Journal>, run: &str, r1: State) {
        let log = RunLog::again(Arc::clone(journal), run).unwrap();
        log.recorder(&Readers::default()).record(begun(["r1", "r2"])).unwrap();
        end_of(&log, "r1", r1);
    }

    fn end_of(log: &RunLog, router: &str, state: State) {
        let ledger = log.router_journal(&Readers::default(), router, "s", 1);
        let kept = serde_json::Value::Null;
        ledger.record(Kind::Intended { site: "s".to_owned(), kept, adopt: false, take_over: false }).unwrap();
        if matches!(state, State::Saved | State::Applying) {
            ledger.record(Kind::Moved { state: State::Applying }).unwrap();
        }
        if state != State::Applying {
            ledger.record(Kind::Moved { state }).unwrap();
            ledger.record(Kind::Ended(Box::new(Ending::of(&Outcome::new(router, "s", state))))).unwrap();
        }
    }

    #[test]
    fn every_run_that_stopped_is_told_until_a_later_one_has_done_what_it_left() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Arc::new(Journal::open(dir.path(), Arc::new(())).unwrap());
        let found = || -> Vec<(String, [usize; 3])> {
            let left = |one: &Standing| [one.left.in_flight, one.left.not_begun, one.left.failed];
            not_ended(&journal).unwrap().iter().map(|one| (one.run.clone(), left(one))).collect()
        };
        let [first, second, third] = ["20261129-010203-aaaa", "20261129-010204-aaaa", "20261129-010205-aaaa"];
        stopped(&journal, first, State::Applying);
        assert_eq!(found(), [(first.to_owned(), [1, 1, 0])], "r1 is left open, r2 is not begun");
        stopped(&journal, second, State::Unreachable);
        // What the newer run met is not open any more only once lines were sent there again.
        assert_eq!(found(), [(first.to_owned(), [1, 1, 0]), (second.to_owned(), [0, 1, 1])]);
        stopped(&journal, third, State::Saved);
        assert_eq!(found().len(), 3, "r2 is in none of them");
        let log = RunLog::again(Arc::clone(&journal), "20261129-010206-aaaa").unwrap();
        log.recorder(&Readers::default()).record(begun(["r2"])).unwrap();
        end_of(&log, "r2", State::Saved);
        log.recorder(&Readers::default()).record(Kind::RunEnded { exit: 0 }).unwrap();
        assert_eq!(found(), [], "all of it was done later");
    }
}
