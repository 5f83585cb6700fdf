//! Routers that were read, sorted: those ready to be changed, and those that are not, each with the cause.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::plan_result::PlanResult;
use super::target::{self, Target};
use crate::fleet::Seen;
use crate::plan::Plan;
use crate::state::State;
use crate::transaction::{CauseRecord, ChangeError, IdentityError, Intent, Observed, Outcome, TransactionError};

/// A router that was read and planned.
pub(super) struct Ready {
    pub(super) target: Target,
    pub(super) observed: Observed,
    pub(super) plan: Plan,
}

impl Ready {
    pub(super) fn plan_result(&self) -> PlanResult {
        let result = Ok((self.observed.fingerprint(), self.plan.clone()));
        PlanResult { intent: Arc::clone(&self.target.intent), read: None, base: None, result }
    }

    pub(super) fn not_begun(&self, end: (State, CauseRecord)) -> Outcome {
        Outcome::without_a_session(&self.target.intent, self.plan.commands.len(), end)
    }
}

/// A router that could not be read, or has changed since its plan was saved.
pub(super) struct Failed {
    pub(super) intent: Arc<Intent>,
    state: State,
    pub(super) cause: CauseRecord,
}

impl Failed {
    pub(super) fn plan_result(&self) -> PlanResult {
        let result = Err((self.state, self.cause.clone()));
        PlanResult { intent: Arc::clone(&self.intent), read: None, base: None, result }
    }

    pub(super) fn outcome(self) -> Outcome {
        Outcome::without_a_session(&self.intent, 0, (self.state, self.cause))
    }
}

/// All routers of a run, sorted.
#[derive(Default)]
pub(super) struct Partition {
    /// They can be changed.
    pub(super) ready: Vec<Ready>,
    /// They cannot.
    pub(super) failed: Vec<Failed>,
}

/// Sorts routers that were read. One box reached under two names is changed under neither but the first.
pub(super) fn partition_ready(targets: &[Target], seen: Vec<Seen>) -> Partition {
    let mut sorted = Partition::default();
    for (target, seen) in targets.iter().zip(seen) {
        let same_box = seen.result.as_ref().ok().and_then(|(observed, _)| {
            sorted.ready.iter().find(|other| other.observed.device.serial_number == observed.device.serial_number)
        });
        if let Some(other) = same_box {
            let cause = CauseRecord::of(&TransactionError::Identity(IdentityError::SameBox {
                router: target.intent.router.clone(),
                other: other.target.intent.router.clone(),
                serial_number: other.observed.device.serial_number.clone(),
            }));
            sorted.failed.push(Failed { intent: Arc::clone(&target.intent), state: State::Refused, cause });
            continue;
        }
        match seen.result {
            Ok((observed, plan)) => {
                // What depends on the running configuration was completed when the router was read.
                let target = Target { intent: seen.intent, connector: Arc::clone(&target.connector) };
                sorted.ready.push(Ready { target, observed, plan });
            }
            Err((state, cause)) => sorted.failed.push(Failed { intent: Arc::clone(&target.intent), state, cause }),
        }
    }
    sorted
}

/// Excludes the routers of a site where another router failed, or is unfinished: a site changes together or not at all.
pub(super) fn exclude_incomplete_sites(
    targets: &[Target],
    Partition { ready, mut failed }: Partition,
    unfinished: &[Outcome],
) -> Partition {
    let troubled: HashSet<&str> = failed.iter().map(|failed| failed.intent.router.as_str()).collect();
    let mut because: HashMap<String, String> = HashMap::new();
    for site in target::by_site(targets) {
        let Some(other) = site.iter().find(|target| troubled.contains(target.intent.router.as_str())) else { continue };
        because.extend(site.iter().map(|target| (target.intent.router.clone(), other.intent.router.clone())));
    }
    // A router that an earlier run left unfinished takes no part in this run, and excludes its site all the same.
    let open: HashMap<&str, &str> =
        unfinished.iter().map(|outcome| (outcome.site.as_str(), outcome.router.as_str())).collect();
    let mut complete = Vec::new();
    for one in ready {
        let intent = &one.target.intent;
        let open = || open.get(intent.site.as_str()).map(|router| (*router).to_owned());
        match because.remove(&intent.router).or_else(open) {
            Some(other) => {
                let cause = CauseRecord::of(&TransactionError::Change(ChangeError::Site {
                    router: intent.router.clone(),
                    other,
                }));
                failed.push(Failed { intent: Arc::clone(intent), state: State::NotStarted, cause });
            }
            None => complete.push(one),
        }
    }
    Partition { ready: complete, failed }
}
