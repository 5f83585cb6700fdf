//! What is kept of one router from its reading to the answer of the question about it: what is shown of it in a fleet, and what is approved.
//!
//! What was read to plan it, and the trees of its plan, take many times the room: they end with the thread that read it.

use std::sync::Arc;

use super::plan_file::{Entries, Entry, Unplanned};
use crate::ix::Identity;
use crate::plan::{Command, Lifeline, Risks};
use crate::transaction::{Agreement, FailedEnd, Intent, Outcome, PlanResult, Planned, SavedPlan};

/// One router as it was reviewed.
#[derive(Debug)]
pub struct ReviewedRouter {
    /// What is wanted of it, completed by what it runs.
    pub intent: Arc<Intent>,
    /// What it said of its firmware, also where there is no plan for it.
    pub firmware: Option<String>,
    /// Its plan; or why there is none.
    pub result: Result<ReviewedPlan, FailedEnd>,
}

/// A plan as far as it is needed until the question about it is answered.
#[derive(Debug)]
pub struct ReviewedPlan {
    /// The plan as a file keeps it: masked, with what a reviewer should know.
    pub entry: SavedPlan,
    /// Which box the router is.
    pub identity: Identity,
    /// How our own session reaches it, as far as that is declared or was seen.
    pub lifeline: Lifeline,
    /// What its plan risks.
    pub risks: Risks,
    /// Nothing is written: it has no command, and no changes of someone else would become permanent with our save.
    pub(super) writes_nothing: bool,
    /// What is typed once it is approved.
    commands: Vec<Command>,
}

impl ReviewedRouter {
    /// Of a router that was read, or could not be.
    pub(super) fn of(one: &PlanResult) -> Self {
        let reviewed = |planned: &Planned| ReviewedPlan {
            entry: Entry::planned(&one.intent, planned),
            identity: planned.observed.identity.clone(),
            lifeline: one.intent.lifeline(&planned.observed.running),
            risks: Risks::of(&planned.plan),
            writes_nothing: planned.plan.is_empty() && planned.observed.unsaved.is_none(),
            commands: planned.plan.commands.clone(),
        };
        let result = one.result.as_ref().map(reviewed).map_err(Clone::clone);
        let intent = result.as_ref().map_or(&one.intent, |plan| &plan.entry.intent);
        Self { intent: Arc::clone(intent), firmware: one.firmware.clone(), result }
    }

    /// Its plan, where there is one.
    pub fn plan(&self) -> Option<&ReviewedPlan> {
        self.result.as_ref().ok()
    }

    /// Whether it has a plan that changes it.
    pub fn changes(&self) -> bool {
        self.plan().is_some_and(|plan| !plan.entry.commands.is_empty())
    }

    /// Why it has no plan, as a plan file keeps that.
    pub fn unplanned(&self) -> Option<Unplanned> {
        self.result.as_ref().err().map(|failed| Entry::unplanned(&self.intent, failed))
    }

    /// The outcome where nothing is begun: it ends as it failed, or, where it has a plan, so.
    pub(super) fn not_begun(&self, end: &FailedEnd) -> Outcome {
        match &self.result {
            Ok(plan) => Outcome::without_a_session(&self.intent, plan.entry.commands.len(), end.clone()),
            Err(failed) => Outcome::without_a_session(&self.intent, 0, failed.clone()),
        }
    }

    /// What a plan file keeps of it.
    fn into_entry(self) -> Entry {
        match self.result {
            Ok(plan) => Entry::Planned(Box::new(plan.entry)),
            Err(failed) => Entry::Unplanned(Entry::unplanned(&self.intent, &failed)),
        }
    }
}

impl ReviewedPlan {
    /// What is approved of it, where the router is wanted so: which box it is may have been confirmed since.
    pub(super) fn agreement(&self, intent: &Arc<Intent>) -> Agreement {
        Agreement::of_reviewed(&self.entry, Arc::clone(intent), self.commands.clone())
    }
}

/// What a plan file keeps of these, which are needed no more.
pub(super) fn into_entries(routers: Vec<ReviewedRouter>) -> Entries {
    routers.into_iter().map(ReviewedRouter::into_entry).collect()
}

/// The same of some that are still needed.
pub(super) fn entries_of(routers: &[ReviewedRouter]) -> Entries {
    Entries {
        planned: routers.iter().filter_map(|one| Some(one.plan()?.entry.clone())).collect(),
        unplanned: routers.iter().filter_map(ReviewedRouter::unplanned).collect(),
    }
}
