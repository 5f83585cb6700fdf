//! A kept plan held against the routers as they are now: it goes on only where both are still what was reviewed.

use std::path::PathBuf;

use super::plan_file::PlanFile;
use crate::fleet::Seen;
use crate::message::Lang;
use crate::state::State;
use crate::transaction::{CauseRecord, SavedPlan, TransactionError};

/// A plan file as it was read, without the plans that this run does not use.
pub struct ApprovedPlan {
    /// Where it was read from.
    pub path: PathBuf,
    /// The hash of its bytes.
    pub sha256: String,
    /// What it says.
    pub file: PlanFile,
}

impl ApprovedPlan {
    /// What it says of itself, for people.
    pub fn heading(&self, lang: Lang) -> String {
        self.file.heading(&self.path, &self.sha256, lang)
    }

    /// Each router with its plan, or why the kept one does not hold for it any more. One that already holds what the plan wants is
    /// done, so that an interrupted rollout goes on with the others.
    pub fn check_saved_plan_drift(&self, seen: Vec<Seen>) -> Vec<Seen> {
        seen.into_iter().zip(&self.file.routers).map(|(seen, entry)| held_against(seen, entry)).collect()
    }
}

fn held_against(seen: Seen, entry: &SavedPlan) -> Seen {
    let router = seen.intent.router.clone();
    let result = seen.result.and_then(|(observed, plan)| {
        if entry.is_done(&observed, &plan) {
            return Ok((observed, plan));
        }
        match entry.first_difference(&observed).or_else(|| (!entry.agrees_with(&plan)).then_some("commands")) {
            None => Ok((observed, plan)),
            Some(what) => {
                let diff = entry.moved_on(&observed, &plan);
                Err((State::Drifted, CauseRecord::of(&TransactionError::Drifted { router, what, diff })))
            }
        }
    });
    Seen { intent: seen.intent, result }
}
