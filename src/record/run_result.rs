//! A run's whole result, put together from its records alone.

use std::collections::HashMap;

use serde::{Serialize, Serializer};

use super::detail::Place;
use super::envelope::Stored;
use super::kind::Kind;
use super::outcome::{Outcome, OutcomeDocument};
use super::router_result::RouterResult;

/// How a run ended: what its document says.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RunResult {
    /// How each router ended, in the order of the inventory or of the plan file.
    #[serde(serialize_with = "as_documents")]
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

fn as_documents<S: Serializer>(outcomes: &[Outcome], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(outcomes.iter().map(OutcomeDocument::from))
}

impl RunResult {
    /// The result that the records of one run say, in their order.
    pub fn of(records: &[Stored]) -> Self {
        let mut follower = RunFollower::default();
        records.iter().for_each(|stored| follower.take(stored));
        follower.into_result()
    }
}

/// Follows the records of one run; a record need not be kept once it was followed.
#[derive(Debug, Default)]
pub struct RunFollower {
    result: RunResult,
    /// Who was asked for, in order.
    places: Vec<Place>,
    /// Where each of them is in that order.
    order: HashMap<String, usize>,
    routers: Vec<RouterResult>,
    known: HashMap<String, usize>,
}

impl RunFollower {
    /// Follows one more record, in their order.
    pub fn take(&mut self, stored: &Stored) {
        let result = &mut self.result;
        if result.journalled.is_none() {
            result.journalled = Some(Journalled { run: stored.run.clone(), journal_head: None });
        }
        match &stored.record {
            Some(Kind::Begun { plan_sha256, places, .. }) => {
                result.plan_sha256.clone_from(plan_sha256);
                self.places.clone_from(places);
                // Of one that is named twice the first place counts.
                let places = places.iter().enumerate().rev();
                self.order = places.map(|(index, place)| (place.router.clone(), index)).collect();
            }
            Some(Kind::RunEnded { exit }) => {
                result.exit = Some(*exit);
                if let Some(journalled) = &mut result.journalled {
                    journalled.journal_head = Some(stored.hash.clone());
                }
            }
            Some(kind) if !stored.router.is_empty() => {
                self.router(&stored.router).into_iter().for_each(|one| one.take(kind))
            }
            _ => {}
        }
    }

    fn router(&mut self, name: &str) -> Option<&mut RouterResult> {
        let index = match self.known.get(name) {
            Some(index) => *index,
            None => {
                let place = self.order.get(name).and_then(|index| self.places.get(*index));
                let site = place.map(|place| place.site.as_str()).unwrap_or_default();
                self.routers.push(RouterResult::new(name, site));
                self.known.insert(name.to_owned(), self.routers.len() - 1);
                self.routers.len() - 1
            }
        };
        self.routers.get_mut(index)
    }

    /// What they say.
    pub fn into_result(self) -> RunResult {
        let Self { mut result, places, order, routers, .. } = self;
        let mut outcomes: Vec<Outcome> = routers.into_iter().map(RouterResult::into_outcome).collect();
        outcomes.sort_by_key(|outcome| order.get(outcome.router.as_str()).copied().unwrap_or(places.len()));
        result.routers = outcomes;
        result
    }
}

#[cfg(test)]
#[path = "run_result_tests.rs"]
mod tests;
