//! One router's part in a run: where it is, by following its records.
//!
//! The same function follows records as they are written (the projection) and as they are read again (recovery), so that both agree.
//! It knows what the records say and not what they mean to a router.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ix::Identity;
use crate::record::{
    Account, CauseRecord, Ending, FailureClass, Kind, LoginRecord, Unverified, begins_attempt, failure_class,
};
use crate::state::State;

/// One router's part in a run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RouterRun {
    /// The run.
    #[serde(skip)]
    pub run: String,
    /// The router.
    #[serde(skip)]
    pub router: String,
    /// Its site.
    pub site: String,
    /// The plan as it is kept; nothing where only the projection was read.
    #[serde(skip)]
    pub kept: Value,
    /// The number of the record that holds the plan.
    pub intended: Option<i64>,
    /// How many lines the plan has.
    pub planned: usize,
    /// The number of the last record from which on the router may be another than before: lines are sent, a save is begun, or a
    /// restart is ordered.
    pub touched: Option<i64>,
    /// Which box it was when it was backed up.
    #[serde(flatten)]
    pub identity: Identity,
    /// When the router said that it had started.
    pub started_at: Option<String>,
    /// The last state written.
    pub state: Option<State>,
    /// Whether a line may have been sent.
    pub wrote: bool,
    /// The numbers of the plan's lines that were accepted.
    #[serde(with = "ranges")]
    pub accepted: BTreeSet<usize>,
    /// The numbers of those that were about to be sent and have no answer: at most one window.
    #[serde(with = "ranges")]
    pub in_doubt: BTreeSet<usize>,
    /// Whether lines of the inverse were sent.
    pub undo_begun: bool,
    /// Whether the change was being undone.
    #[serde(rename = "on_way_back")]
    pub during_undo: bool,
    /// Whether a save was begun.
    pub save_begun: bool,
    /// Whether a save of it was answered, with yes or no: what followed was decided with the session still open.
    pub save_answered: bool,
    /// Whether a save was begun whose end no one has seen or been told.
    pub saving: bool,
    /// Whether the operator ended the program in the middle of it.
    pub abandoned: bool,
    /// Whether lines take effect only after a restart.
    pub restart_pending: bool,
    /// It was saved although a required check failed: the operator's reason.
    pub unverified: Option<String>,
    /// Whether a restart was ordered.
    pub restarting: bool,
    /// The login that the router accepted before anything was sent.
    pub came_in: Option<LoginRecord>,
    /// The password that was saved for the user who logs in, where this part has set one.
    pub saved_login: Option<LoginRecord>,
    /// The prefix that its access line delegated, and when that was seen.
    pub line_prefix: Option<SeenPrefix>,
    /// How often it was resumed.
    pub comebacks: u64,
    /// How often another attempt at it began in the run.
    pub again: u64,
    /// Who resumed it last.
    pub resumed: Option<Resumption>,
    /// Whether its end was recorded.
    pub ended: bool,
    /// Why it counts as failed, where it ended and does.
    pub failure_class: Option<FailureClass>,
    /// What failed.
    pub causes: Vec<CauseRecord>,
    /// When the last record was written.
    pub last_ms: i64,
    /// The number of the last record: order in time, whatever the clock did.
    pub last_number: i64,
}

/// A prefix that an access line delegated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenPrefix {
    /// The prefix, with its length.
    pub prefix: String,
    /// When it was seen, in milliseconds since 1970.
    pub at_ms: i64,
}

/// Who took an open part up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumption {
    /// The user, and on which machine.
    #[serde(flatten)]
    pub account: Account,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}

impl RouterRun {
    /// Whether the router's state is not known: its part went as far as writing, or as a restart, and came to no proven end.
    pub fn is_unfinished(&self) -> bool {
        let ended = matches!(self.state, Some(State::Saved | State::Undone | State::UndoFailed | State::Mixed));
        (self.wrote || self.restarting) && !ended
    }

    /// Whether another look at the router makes sense: its end is not known, or it was left to a person, who may have worked on it
    /// since.
    pub fn can_be_resumed(&self) -> bool {
        self.is_unfinished() || matches!(self.state, Some(State::UndoFailed | State::Mixed))
    }

    /// Why not all of it is proven, of a router that is saved.
    pub fn unverified(&self) -> Option<Unverified> {
        let reason = self.unverified.as_deref().filter(|_| self.state == Some(State::Saved));
        reason.map(Unverified::recorded)
    }

    /// How many lines its plan has.
    pub fn planned(&self) -> usize {
        self.planned
    }

    /// How many claims on it its records tell of: attempts and resumes. What a run that went on adds to it says the run
    /// ([`Journal::next_fence`](super::Journal::next_fence)).
    pub(super) fn claims(&self) -> u64 {
        self.again + self.comebacks + 1
    }

    /// The login that the router takes since, as far as this part tells; nothing where it tells nothing.
    pub fn login(&self) -> Option<&LoginRecord> {
        let saved = self.saved_login.as_ref().filter(|_| self.state == Some(State::Saved));
        saved.or(self.came_in.as_ref())
    }

    /// A part about which nothing is known yet.
    pub(super) fn new(run: &str, router: &str) -> Self {
        Self { run: run.to_owned(), router: router.to_owned(), ..Self::default() }
    }

    /// The class of an end that an earlier version wrote without it.
    fn class_of(&self, ending: &Ending) -> Option<FailureClass> {
        if ending.state == State::Saved {
            return self.unverified.as_deref().and_then(|reason| Unverified::recorded(reason).failure_class());
        }
        let first = self.causes.first().or(ending.causes.first());
        failure_class(ending.state, first.map(|cause| cause.code.as_str()))
    }

    /// Follows one more record of the part, in the order of their numbers; nothing where this version does not know its kind.
    ///
    /// What this makes of records is stored: `projection::VERSION` counts its changes.
    pub(super) fn take(&mut self, number: i64, at_ms: i64, record: Option<&Kind>) {
        let is_over = self.ended && self.state.is_some_and(State::is_end_without_change);
        if is_over && record.is_some_and(begins_attempt) {
            self.begin_again();
        }
        self.last_ms = at_ms;
        self.last_number = number;
        if record.is_some_and(touches) {
            self.touched = Some(number);
        }
        match record {
            Some(Kind::Intended { site, kept, .. }) => {
                self.site.clone_from(site);
                self.kept = kept.clone();
                self.intended = Some(number);
                self.planned = kept.get("commands").and_then(Value::as_array).map_or(0, Vec::len);
            }
            Some(Kind::BackedUp { identity, started_at, .. }) => {
                self.identity.clone_from(identity);
                self.started_at.clone_from(started_at);
            }
            Some(Kind::Moved { state }) => {
                self.save_answered |=
                    self.state == Some(State::Saving) && matches!(state, State::Saved | State::Undoing);
                self.state = Some(*state);
                self.saving &= self.abandoned;
                self.abandoned = false;
                self.wrote |= *state == State::Applying;
                self.during_undo |= *state == State::Undoing;
            }
            Some(Kind::Sending { number: line, undo: false, .. }) => {
                self.in_doubt.insert(*line);
            }
            Some(Kind::Answered { number: line, undo: false, accepted, .. }) => {
                self.in_doubt.remove(line);
                if *accepted {
                    self.accepted.insert(*line);
                }
            }
            Some(Kind::Sending { undo: true, .. }) => self.undo_begun = true,
            Some(Kind::Saving) => {
                self.save_begun = true;
                self.saving = true;
                self.wrote = true;
            }
            Some(Kind::Abandoned) => self.abandoned = true,
            Some(Kind::Resumed { by, machine }) => {
                self.saving = false;
                self.ended = false;
                self.comebacks += 1;
                let account = Account { by: by.clone(), machine: machine.clone() };
                self.resumed = Some(Resumption { account, at_ms });
            }
            // Of another attempt it is the newer one.
            Some(Kind::Connected(connection)) if !self.wrote => {
                self.came_in = connection.login.clone().or(self.came_in.take());
            }
            Some(Kind::LineSeen(line) | Kind::Probed(line)) => {
                let prefix = line.prefix.clone().map(|prefix| SeenPrefix { prefix, at_ms });
                self.line_prefix = prefix.or(self.line_prefix.take());
            }
            Some(Kind::Restarting) => self.restarting = true,
            Some(Kind::Restarted { .. }) => self.restart_pending = false,
            Some(Kind::Unverified { reason, .. }) => self.unverified = Some(reason.clone()),
            Some(Kind::Failed { cause, .. }) => self.causes.push(cause.clone()),
            Some(Kind::Ended(ending)) => {
                self.ended = true;
                self.failure_class = ending.failure_class.or_else(|| self.class_of(ending));
                self.restart_pending = ending.restart_pending;
                self.saved_login.clone_from(&ending.login);
                // One that was never begun has no other, and one that a run left so may be met when that goes on.
                if self.state.is_none_or(|state| state == State::NotStarted) {
                    self.state = Some(ending.state);
                }
            }
            _ => {}
        }
    }

    /// Another attempt begins on a router that holds what it held before: what the one before did to it is over.
    fn begin_again(&mut self) {
        let before = std::mem::take(self);
        *self = Self {
            run: before.run,
            router: before.router,
            site: before.site,
            kept: before.kept,
            intended: before.intended,
            planned: before.planned,
            touched: before.touched,
            identity: before.identity,
            started_at: before.started_at,
            came_in: before.came_in,
            line_prefix: before.line_prefix,
            comebacks: before.comebacks,
            again: before.again + 1,
            resumed: before.resumed,
            ..Self::default()
        };
    }
}

/// Whether the router may be another than before from this record on.
fn touches(record: &Kind) -> bool {
    matches!(record, Kind::Restarting | Kind::Saving | Kind::Moved { state: State::Applying })
}

/// Numbers of lines as first and last of what is without a gap: a plan of any length is a few numbers.
mod ranges {
    use std::collections::BTreeSet;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// More lines than any plan has: what a damaged file says is not made into memory.
    const MOST: usize = 10_000_000;

    pub(super) fn serialize<S: Serializer>(numbers: &BTreeSet<usize>, serializer: S) -> Result<S::Ok, S::Error> {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for number in numbers {
            match ranges.last_mut() {
                Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
                _ => ranges.push((*number, *number)),
            }
        }
        ranges.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<usize>, D::Error> {
        let ranges = Vec::<(usize, usize)>::deserialize(deserializer)?;
        let count = ranges.iter().map(|(first, last)| last.saturating_sub(*first)).fold(0, usize::saturating_add);
        if count > MOST {
            return Err(D::Error::custom("more lines than a plan can have"));
        }
        Ok(ranges.into_iter().flat_map(|(first, last)| first..=last).collect())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::collections::BTreeSet;

    use super::{RouterRun, SeenPrefix};
    use crate::message::Text;
    use crate::record::{Ending, Kind, LineRecord, Outcome};
    use crate::state::State;

    #[test]
    fn the_stored_form_is_the_one_that_the_projections_version_names() {
        let mut part = RouterRun::new("run", "r1");
        let lines = serde_json::json!({ "commands": ["a", "b", "c"] });
        let records = [
            Kind::Intended { site: "s".to_owned(), kept: lines, adopt: false, take_over: false },
            Kind::Moved { state: State::Applying },
            Kind::Sending { number: 1, total: 3, line: "a".to_owned(), undo: false },
            Kind::Answered { number: 1, undo: false, accepted: true, text: String::new() },
            Kind::Sending { number: 2, total: 3, line: "b".to_owned(), undo: false },
            Kind::Resumed { by: "sato".to_owned(), machine: "desk".to_owned() },
        ];
        for (number, record) in (1..).zip(&records) {
            part.take(number, 7, Some(record));
        }
        let stored = serde_json::to_string(&part).unwrap();
        let expected = r#"{"site":"s","intended":1,"planned":3,"touched":2,"started_at":null,"state":"applying","wrote":true,"accepted":[[1,1]],"in_doubt":[[2,2]],"undo_begun":false,"on_way_back":false,"save_begun":false,"save_answered":false,"saving":false,"abandoned":false,"restart_pending":false,"unverified":null,"restarting":false,"came_in":null,"saved_login":null,"line_prefix":null,"comebacks":1,"again":0,"resumed":{"by":"sato","machine":"desk","at_ms":7},"ended":false,"failure_class":null,"causes":[],"last_ms":7,"last_number":6}"#;
        assert_eq!(stored, expected, "another form is another version: add one to `projection::VERSION`");
    }

    #[test]
    fn the_prefix_that_a_line_delegated_last_stays_known_where_none_is_seen_later() {
        let mut part = RouterRun::new("run", "r1");
        for (number, prefix) in (1..).zip([Some("2001:db8:1::/56"), Some("2001:db8:2::/56"), None]) {
            let (interface, prefix) = ("GigaEthernet0.0".to_owned(), prefix.map(str::to_owned));
            let line = LineRecord { interface, prefix, seems: Text::default(), misfits: Vec::new() };
            part.take(number, 10 * number, Some(&Kind::LineSeen(line)));
        }
        let prefix = "2001:db8:2::/56".to_owned();
        assert_eq!(part.line_prefix, Some(SeenPrefix { prefix, at_ms: 20 }));
    }

    #[test]
    fn every_attempt_and_every_resume_is_a_claim() {
        let mut part = RouterRun::new("run", "r1");
        assert_eq!(part.claims(), 1, "the first attempt has 1");
        for attempt in 1..=4 {
            let ended = Kind::Ended(Box::new(Ending::of(&Outcome::new("r1", "s", State::Occupied))));
            for record in [Kind::Moved { state: State::Planned }, Kind::Moved { state: State::Occupied }, ended] {
                part.take(attempt, 7, Some(&record));
            }
        }
        assert_eq!(part.claims(), 4);
        part.take(9, 7, Some(&Kind::Resumed { by: "sato".to_owned(), machine: "desk".to_owned() }));
        assert_eq!(part.claims(), 5);
    }

    #[test]
    fn numbers_of_lines_are_stored_as_ranges_and_read_back() {
        let mut part = RouterRun { accepted: (1..=2000).chain([2002]).collect(), ..RouterRun::default() };
        part.in_doubt = BTreeSet::from([usize::MAX]);
        let stored = serde_json::to_string(&part).unwrap();
        assert!(stored.contains("[[1,2000],[2002,2002]]"), "{stored}");
        let read: RouterRun = serde_json::from_str(&stored).unwrap();
        assert_eq!((read.accepted, read.in_doubt), (part.accepted, part.in_doubt));
        let damaged = stored.replace("[1,2000]", "[1,20000000000]");
        assert!(serde_json::from_str::<RouterRun>(&damaged).is_err());
    }
}
