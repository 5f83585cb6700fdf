//! Where a run without an end is now: whether a process carries it out, and what it waits for.
//!
//! Read from its own records and its lock, so that it is known also where the run cannot be asked: another user carries it out, or no one
//! any more. Nothing is changed, and no router is met.

use jiff::Timestamp;

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
    /// Its routers that have begun and not ended.
    pub in_flight: InFlight,
    /// How many it has not met.
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
        for record in records {
            match record {
                Kind::Begun { .. } | Kind::Continued { .. } => {
                    (ended, paused) = (false, false);
                    (approval, clock, time, bake) = (None, None, None, None);
                }
                Kind::Scheduled { at } => time = at.parse().is_ok_and(|at: Timestamp| at > now).then(|| at.clone()),
                Kind::Ordered { order: Order::Pause, .. } => paused = true,
                Kind::Ordered { order: Order::Continue, .. } => (paused, clock) = (false, None),
                Kind::Ordered { order: Order::Abort, .. } => ended = true,
                Kind::StepAwaits(step) => approval = Some(step.clone()),
                Kind::StepBegun(_) => (approval, time, bake) = (None, None, None),
                Kind::StepBakes(step) => bake = Some(step.clone()),
                Kind::StepEnded(_) | Kind::StepUnproven(_) => bake = None,
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
    }
}

impl Standing {
    /// Where a listed run is; nothing where it has ended, or came from another journal.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn of(journal: &Journal, listing: &RunListing) -> Result<Option<Self>, JournalError> {
        if listing.run.exit.is_some() || listing.imported.is_some() {
            return Ok(None);
        }
        let run = listing.run.run.clone();
        let records = journal.own_records(&run)?;
        let known: usize = listing.ends.iter().map(|end| end.routers).sum();
        Ok(Some(Self {
            is_carried_out: RunLock::is_held(journal.state_dir(), &run),
            waits_for: WaitsFor::after(records.iter().filter_map(|stored| stored.record.as_ref()), Timestamp::now()),
            in_flight: journal.in_flight(&run)?,
            not_begun: listing.run.routers.saturating_sub(known),
            run,
        }))
    }
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
    use crate::record::{HeldBecause, HeldRecord, Kind, Order, Readers, StepRecord};

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
        assert_eq!(before(&[scheduled(), ordered(Order::Pause)]), Some("continue"));
        assert_eq!(before(&[ordered(Order::Pause), ordered(Order::Continue)]), None);
        assert_eq!(before(&[Kind::StepAwaits(step())]), Some("approval"));
        assert_eq!(before(&[Kind::StepAwaits(step()), Kind::StepBegun(step())]), None);
        assert_eq!(before(&[clock()]), Some("clock"));
        assert_eq!(before(&[clock(), ordered(Order::Continue)]), None);
        assert_eq!(before(&[Kind::StepBakes(step())]), Some("bake"));
        assert_eq!(before(&[Kind::StepBakes(step()), Kind::StepEnded(step())]), None);
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
            let begun = Kind::Begun {
                action: "apply".to_owned(),
                by: "sato".to_owned(),
                machine: "noc".to_owned(),
                version: "0".to_owned(),
                inventory: "clinics.yaml".to_owned(),
                source: "book.yaml".to_owned(),
                plan_sha256: None,
                routers: vec!["r1".to_owned(), "r2".to_owned()],
                places: Vec::new(),
                policy: None,
            };
            log.recorder(&Readers::default()).record(begun).unwrap();
            log
        };
        let log = begin();
        assert_eq!(found(), [(true, 2)]);
        drop(log);
        assert_eq!(found(), [(false, 2)], "its process is gone");
        let log = begin();
        log.recorder(&Readers::default()).record(Kind::RunEnded { exit: 0 }).unwrap();
        assert!(found().is_empty(), "it has ended, and its process has not gone yet");
    }
}
