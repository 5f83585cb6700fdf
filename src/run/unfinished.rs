//! Routers that earlier runs left unfinished or to a person.

use std::sync::Arc;

use super::env::RunEnv;
use super::error::RunError;
use super::owner::open_cause;
use super::target::Target;
use crate::journal::RouterRun;
use crate::state::State;
use crate::transaction::{CauseRecord, FailedEnd, Intent, PlanResult, hint_unfinished_run};

/// A router, and what an earlier run left of it.
#[derive(Clone)]
pub(super) struct OpenRun {
    /// The router, as today's inventory names it.
    pub(super) target: Target,
    /// The run's part.
    pub(super) part: RouterRun,
}

/// What earlier runs left of these routers: under their names, or of the same box under the name that another inventory gives it.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn unfinished(env: &RunEnv, targets: &[Target]) -> Result<Vec<OpenRun>, RunError> {
    let open: Vec<RouterRun> = open_router_runs(env)?.into_iter().filter(RouterRun::is_unfinished).collect();
    let mut found = Vec::new();
    for target in targets {
        let intent = &target.intent;
        let expected = intent.device.identity();
        let is_the_box = |part: &&RouterRun| expected.is_certainly(&part.identity);
        let own = open.iter().find(|part| part.router == intent.router);
        found.extend(
            own.or_else(|| open.iter().find(is_the_box))
                .map(|part| OpenRun { target: target.clone(), part: part.clone() }),
        );
    }
    Ok(found)
}

/// A router about which nothing is done, and why.
pub(super) struct Excluded {
    /// The router.
    pub(super) intent: Arc<Intent>,
    /// Lines that the unfinished run sent to it.
    pub(super) sent: usize,
    /// Why.
    pub(super) cause: CauseRecord,
}

impl From<Excluded> for PlanResult {
    fn from(one: Excluded) -> Self {
        Self::of(one.intent, Err(FailedEnd { state: State::Lost, cause: one.cause }))
    }
}

/// Takes out the routers that an earlier run left unfinished: that run is recovered first, since what such a router runs may be half of
/// a change.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn exclude_unfinished(env: &RunEnv, targets: &mut Vec<Target>) -> Result<Vec<Excluded>, RunError> {
    let open = unfinished(env, targets)?;
    targets.retain(|target| !open.iter().any(|other| other.target.intent.router == target.intent.router));
    let journal = env.journal()?;
    let excluded = |OpenRun { target, part }: &OpenRun| {
        let cause = open_cause(&journal, part)?;
        Ok(Excluded { intent: Arc::clone(&target.intent), sent: part.accepted.len(), cause })
    };
    open.iter().map(excluded).collect()
}

/// What earlier runs left open, by router: unfinished, or left to a person.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn open_router_runs(env: &RunEnv) -> Result<Vec<RouterRun>, RunError> {
    Ok(env.journal()?.open_router_runs()?)
}

/// What earlier runs left open, for the report on routers that cannot be planned for.
pub(super) struct OpenRuns(Vec<RouterRun>);

impl OpenRuns {
    /// What is open now.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub(super) fn now(env: &RunEnv) -> Result<Self, RunError> {
        open_router_runs(env).map(Self)
    }

    /// Why there is no plan considers what was left on the router.
    pub(super) fn hint(&self, plan: &mut PlanResult) {
        let Err(failed) = &mut plan.result else { return };
        for part in self.0.iter().filter(|part| part.router == plan.intent.router) {
            hint_unfinished_run(part, &mut failed.cause);
        }
    }
}

/// The same for some plans at once.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn hint_unfinished_runs<'a>(
    env: &RunEnv,
    plans: impl Iterator<Item = &'a mut PlanResult>,
) -> Result<(), RunError> {
    let mut failed = plans.filter(|one| one.result.is_err()).peekable();
    if failed.peek().is_some() {
        let open = OpenRuns::now(env)?;
        failed.for_each(|one| open.hint(one));
    }
    Ok(())
}
