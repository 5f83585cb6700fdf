//! A saved plan compared with the routers as they are now: it is carried out only where both are still what was reviewed.
//! Drift is not reconciled automatically: the operator plans again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::input_error::InputError;
use super::plan_file::{self, PlanFile};
use crate::inventory::suggestion;
use crate::state::State;
use crate::transaction::{
    CauseRecord, FailedEnd, PlanResult, PreconditionError, SavedPlan, TransactionError, drift_from_review,
};

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

    /// Leaves one router alone in it, to be shown.
    ///
    /// # Errors
    /// When it has none of this name.
    pub fn keep_router(&mut self, router: &str) -> Result<(), InputError> {
        let planned: Vec<String> = self.file.names().map(str::to_owned).collect();
        self.file.retain(|name, _| name == router);
        match self.file.names().next() {
            Some(_) => Ok(()),
            None => Err(InputError::NotOfThePlan {
                router: router.to_owned(),
                near: suggestion(router, planned.iter().map(String::as_str).collect::<Vec<_>>()),
            }),
        }
    }

    /// Its entries, for the threads that read the routers.
    pub(super) fn entries(&self) -> ApprovedEntries {
        let named = |entry: &SavedPlan| (entry.intent.router.clone(), entry.clone());
        ApprovedEntries(self.file.routers.iter().map(named).collect())
    }
}

/// The entries of a plan file, by router.
pub(super) struct ApprovedEntries(HashMap<String, SavedPlan>);

impl ApprovedEntries {
    /// A router with its plan, or why the saved one does not hold for it any more. One that already is as the plan wants it is done, so that
    /// an interrupted run goes on with the others.
    pub(super) fn check_saved_plan_drift(&self, seen: PlanResult) -> PlanResult {
        match self.0.get(&seen.intent.router) {
            Some(entry) => check(seen, entry),
            None => {
                let end = unplanned(&seen.intent.router);
                PlanResult { result: seen.result.and(Err(end)), ..seen }
            }
        }
    }
}

fn drifted(error: PreconditionError) -> FailedEnd {
    FailedEnd { state: State::Drifted, cause: CauseRecord::of(&TransactionError::Precondition(error)) }
}

/// How a router ends that the saved plan does not name: nothing was agreed to for it.
pub(super) fn unplanned(router: &str) -> FailedEnd {
    drifted(PreconditionError::Drifted { router: router.to_owned(), what: "commands", diff: String::new() })
}

fn check(seen: PlanResult, entry: &SavedPlan) -> PlanResult {
    let result = seen.result.and_then(|planned| match drift_from_review(entry, &planned.observed, &planned.plan) {
        None => Ok(planned),
        Some(error) => Err(drifted(error)),
    });
    PlanResult { result, ..seen }
}
