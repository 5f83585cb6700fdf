//! How one router ended, put together from its records: while they are made, for the run itself, and when they are read again.
//!
//! It is the only assembly of an [`Outcome`] of a router that was begun: what a run says about it is what its record
//! says.

use serde_json::Value;

use super::detail::Ending;
use super::kind::Kind;
use super::outcome::{CheckResult, Outcome, Unverified, settle_hints};
use crate::state::State;

/// One router's result as far as its records have been read.
#[derive(Debug)]
pub(super) struct RouterResult {
    outcome: Outcome,
    /// The causes that a person must act on, unless it ends where none is needed.
    for_person: Vec<usize>,
    /// Its end was recorded: a second one says nothing new.
    is_over: bool,
}

impl RouterResult {
    /// A router without any record yet.
    pub(super) fn new(router: &str, site: &str) -> Self {
        Self { outcome: Outcome::new(router, site, State::Planned), for_person: Vec::new(), is_over: false }
    }

    /// How it ended, as far as that is known.
    pub(super) fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The same, where nothing more is read.
    pub(super) fn into_outcome(self) -> Outcome {
        self.outcome
    }

    /// Follows one more record of the router, in their order.
    pub(super) fn take(&mut self, kind: &Kind) {
        // It is tried once more; or a run that goes on begins one that had ended as not begun.
        let again = self.outcome.state.is_end_without_change() && begins_attempt(kind);
        if self.is_over && (again || matches!(kind, Kind::Intended { .. })) {
            self.begin_again(State::Planned);
        }
        let outcome = &mut self.outcome;
        match kind {
            Kind::Intended { site, kept, .. } => {
                outcome.site.clone_from(site);
                outcome.planned = kept.get("commands").and_then(Value::as_array).map_or(0, Vec::len);
            }
            Kind::Connected(connection) => outcome.connection = Some(connection.clone()),
            Kind::Identified { identity } => outcome.identity.clone_from(identity),
            Kind::BackedUp { identity, clock_offset, .. } => {
                outcome.serial_number.clone_from(&identity.serial_number);
                outcome.identity.clone_from(identity);
                outcome.clock_offset = *clock_offset;
            }
            Kind::Moved { state } => outcome.state = *state,
            Kind::Failed { cause, for_person } => {
                if *for_person {
                    self.for_person.push(outcome.causes.len());
                }
                outcome.causes.push(cause.clone());
            }
            Kind::Checked { number, .. } => {
                if *number == 1 {
                    outcome.checks.clear();
                }
                outcome.checks.extend(check(kind));
            }
            Kind::Unverified { reason, .. } => {
                let recorded = Unverified::recorded(reason);
                outcome.unverified = Some(match outcome.unverified.take() {
                    Some(earlier) => earlier.and(recorded),
                    None => recorded,
                });
            }
            Kind::Tested(test) => test.clone().note_in(&mut outcome.tests),
            Kind::HostKeyEnrolled(enrolled) => outcome.enrolled = Some(enrolled.clone()),
            Kind::Probed(line) => outcome.probed = Some(line.clone()),
            Kind::ForeignStays { lines } => outcome.foreign.clone_from(lines),
            // A resume begins to judge again.
            Kind::Resumed { .. } => self.begin_again(self.outcome.state),
            Kind::Ended(ending) if ending.attempts.is_some() => {
                // Of several attempts the last one counts, whole.
                self.outcome.causes.clear();
                self.for_person.clear();
                self.end(ending);
            }
            // A run that goes on met it, and opened no session.
            Kind::Ended(ending) if self.outcome.state == State::NotStarted && ending.state != State::NotStarted => {
                self.begin_again(State::Planned);
                self.end(ending);
            }
            Kind::Ended(ending) if !self.is_over => self.end(ending),
            _ => {}
        }
    }

    /// What was said of how it ended holds no longer.
    fn begin_again(&mut self, state: State) {
        let outcome = &self.outcome;
        let known = Outcome::new(&outcome.router, &outcome.site, state);
        self.outcome = Outcome { planned: outcome.planned, ..known };
        self.for_person.clear();
        self.is_over = false;
    }

    fn end(&mut self, ending: &Ending) {
        self.is_over = true;
        let outcome = &mut self.outcome;
        outcome.state = ending.state;
        outcome.sent = ending.sent;
        outcome.restart_pending = ending.restart_pending;
        // What earlier versions wrote says no more than these.
        if let Some(planned) = ending.planned {
            outcome.planned = planned;
            outcome.serial_number.clone_from(&ending.serial_number);
            outcome.foreign.clone_from(&ending.foreign);
        }
        outcome.new_login.clone_from(&ending.new_login);
        outcome.login.clone_from(&ending.login);
        outcome.advice.clone_from(&ending.advice);
        outcome.attempts.clone_from(&ending.attempts);
        outcome.causes.extend(ending.causes.iter().cloned());
        settle_hints(ending.state, &mut outcome.causes, std::mem::take(&mut self.for_person));
    }
}

/// Whether this record of a router that had ended is the first of another attempt.
pub fn begins_attempt(kind: &Kind) -> bool {
    /// What could not be written down is said behind the end.
    const GAP: &str = "journal.";
    match kind {
        Kind::Intended { .. } | Kind::Connected(_) | Kind::Moved { .. } => true,
        Kind::Failed { cause, .. } => !cause.code.starts_with(GAP),
        _ => false,
    }
}

/// The result of a check.
fn check(kind: &Kind) -> Option<CheckResult> {
    let Kind::Checked { number: _, check, role, title, passed, recorded, required, command, unmet, answer, host_key } =
        kind.clone()
    else {
        return None;
    };
    let result = CheckResult { name: check, role, title, passed, required, command, unmet, recorded, answer, host_key };
    Some(result.without_a_good_answer())
}
