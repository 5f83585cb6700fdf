//! A saved plan compared with the routers as they are now: it is carried out only where both are still what was reviewed.
//! Drift is not reconciled automatically: the operator plans again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::input_error::InputError;
use super::plan_file::{self, PlanFile};
use crate::state::State;
use crate::transaction::{CauseRecord, FailedEnd, PlanResult, Planned, PreconditionError, SavedPlan, TransactionError};

/// A plan file as it was read, without the plans that this run does not use.
pub struct ApprovedPlan {
    /// Where it was read from.
    pub path: PathBuf,
    /// The hash of its bytes.
    pub sha256: String,
    /// What it says.
    pub file: PlanFile,
    /// Its bytes, for the run that rests on it to keep.
    pub(super) bytes: Arc<[u8]>,
}

impl ApprovedPlan {
    /// The plan in these bytes of a file.
    ///
    /// # Errors
    /// When they are not plans, or have an unknown version.
    pub(super) fn of(path: &Path, bytes: Vec<u8>) -> Result<Self, InputError> {
        let file = plan_file::read(path, &bytes)?;
        Ok(Self { path: path.to_owned(), sha256: plan_file::sha256(&bytes), file, bytes: bytes.into() })
    }

    /// Each router with its plan, or why the saved one does not hold for it any more. One that already is as the plan wants it is
    /// done, so that an interrupted run goes on with the others.
    pub(super) fn check_saved_plan_drift(&self, seen: Vec<PlanResult>) -> Vec<PlanResult> {
        let entries: HashMap<&str, &SavedPlan> =
            self.file.routers.iter().map(|entry| (entry.intent.router.as_str(), entry)).collect();
        seen.into_iter()
            .map(|seen| match entries.get(seen.intent.router.as_str()) {
                Some(entry) => check(seen, entry),
                None => unplanned(seen),
            })
            .collect()
    }
}

fn drifted(error: PreconditionError) -> FailedEnd {
    FailedEnd { state: State::Drifted, cause: CauseRecord::of(&TransactionError::Precondition(error)) }
}

/// A router that the saved plan does not name: nothing was agreed to for it.
fn unplanned(seen: PlanResult) -> PlanResult {
    let router = seen.intent.router.clone();
    let error = PreconditionError::Drifted { router, what: "commands", diff: String::new() };
    PlanResult { result: seen.result.and(Err(drifted(error))), ..seen }
}

fn check(seen: PlanResult, entry: &SavedPlan) -> PlanResult {
    let router = seen.intent.router.clone();
    let result = seen.result.and_then(|planned| {
        let Planned { observed, plan } = &planned;
        if entry.is_done(observed, plan) {
            return Ok(planned);
        }
        match entry.first_difference(observed).or_else(|| (!entry.agrees_with(plan)).then_some("commands")) {
            None => Ok(planned),
            Some(what) => {
                let diff = entry.moved_on(observed, plan);
                Err(drifted(PreconditionError::Drifted { router, what, diff }))
            }
        }
    });
    PlanResult { result, ..seen }
}
