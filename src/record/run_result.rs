//! A run's whole result, put together from its records alone.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use super::detail::{Ending, Place};
use super::envelope::Stored;
use super::kind::Kind;
use super::outcome::{CheckResult, Outcome, Unverified, settle_hints};
use crate::state::State;

/// How a run ended: what its document says.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RunResult {
    /// How each router ended, in the order of the inventory or of the plan file.
    pub routers: Vec<Outcome>,
    /// Where it is journalled; nothing where nothing was begun.
    #[serde(flatten)]
    pub journalled: Option<Journalled>,
    /// The hash of the saved plan, where it rested on one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_sha256: Option<String>,
    /// The exit status; nothing where the run did not end.
    #[serde(skip)]
    pub exit: Option<u8>,
}

/// A run in the journal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Journalled {
    /// Its name.
    pub run: String,
    /// The hash of the record that ended it; nothing where that could not be written.
    pub journal_head: Option<String>,
}

impl RunResult {
    /// The result that the records of one run say, in their order.
    pub fn of(records: &[Stored]) -> Self {
        let mut result = Self::default();
        let mut places: Vec<Place> = Vec::new();
        let mut routers: Vec<RouterResult> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        for stored in records {
            if result.journalled.is_none() {
                result.journalled = Some(Journalled { run: stored.run.clone(), journal_head: None });
            }
            match &stored.record {
                Some(Kind::Begun { plan_sha256, places: asked, .. }) => {
                    result.plan_sha256.clone_from(plan_sha256);
                    places.clone_from(asked);
                }
                Some(Kind::RunEnded { exit }) => {
                    result.exit = Some(*exit);
                    if let Some(journalled) = &mut result.journalled {
                        journalled.journal_head = Some(stored.hash.clone());
                    }
                }
                Some(kind) if !stored.router.is_empty() => {
                    let index = *known.entry(stored.router.as_str()).or_insert_with(|| {
                        routers.push(RouterResult::new(&stored.router, &places));
                        routers.len() - 1
                    });
                    routers.get_mut(index).into_iter().for_each(|one| one.take(kind));
                }
                _ => {}
            }
        }
        let order: HashMap<&str, usize> =
            places.iter().enumerate().rev().map(|(index, place)| (place.router.as_str(), index)).collect();
        let mut outcomes: Vec<Outcome> = routers.into_iter().map(|one| one.outcome).collect();
        outcomes.sort_by_key(|outcome| order.get(outcome.router.as_str()).copied().unwrap_or(places.len()));
        result.routers = outcomes;
        result
    }
}

/// One router's result as far as its records have been read.
struct RouterResult {
    outcome: Outcome,
    /// The causes that a person must act on, unless it ends where none is needed.
    for_person: Vec<usize>,
}

impl RouterResult {
    fn new(router: &str, places: &[Place]) -> Self {
        let site = places.iter().find(|place| place.router == router).map(|place| place.site.clone());
        Self { outcome: Outcome::new(router, &site.unwrap_or_default(), State::Planned), for_person: Vec::new() }
    }

    fn take(&mut self, kind: &Kind) {
        let outcome = &mut self.outcome;
        match kind {
            Kind::Intended { site, kept, .. } => {
                outcome.site.clone_from(site);
                outcome.planned = kept.get("commands").and_then(Value::as_array).map_or(0, Vec::len);
            }
            Kind::BackedUp { serial_number, .. } => outcome.serial_number = Some(serial_number.clone()),
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
                outcome.unverified.get_or_insert_with(|| Unverified::recorded(reason));
            }
            Kind::ForeignStays { lines } => outcome.foreign.clone_from(lines),
            // A resume begins to judge again.
            Kind::Resumed { .. } => {
                let known = Outcome::new(&outcome.router, &outcome.site, outcome.state);
                *outcome = Outcome { planned: outcome.planned, ..known };
                self.for_person.clear();
            }
            Kind::Ended(ending) => self.end(ending),
            _ => {}
        }
    }

    fn end(&mut self, ending: &Ending) {
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
        outcome.advice.clone_from(&ending.advice);
        outcome.causes.extend(ending.causes.iter().cloned());
        settle_hints(ending.state, &mut outcome.causes, std::mem::take(&mut self.for_person));
    }
}

/// The result of a check.
fn check(kind: &Kind) -> Option<CheckResult> {
    let Kind::Checked { number: _, check, role, title, passed, recorded, required, command, unmet, answer } =
        kind.clone()
    else {
        return None;
    };
    let result = CheckResult { name: check, role, title, passed, required, command, unmet, recorded, answer };
    Some(result.without_a_good_answer())
}

#[cfg(test)]
#[path = "run_result_tests.rs"]
mod tests;
