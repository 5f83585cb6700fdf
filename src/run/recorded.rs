//! What the journal says of how a run began, and of how it was last gone on with: its routers, its terms, the plan that was approved.
//!
//! It reads the run's own records, and changes nothing.

use std::collections::{BTreeSet, HashMap};

use crate::journal::{Journal, JournalError};
use crate::playbook::Rollout;
use crate::playbook::rollout::Budget;
use crate::record::{Kind, Policy};

/// Sites at once, in a run whose record does not say it: that of version 0.1.0.
const UNKNOWN_CONCURRENCY: usize = 4;

/// How a run was begun.
#[derive(Debug, Clone, Default)]
pub(super) struct RecordedRun {
    /// Every router that was to be changed.
    pub(super) routers: BTreeSet<String>,
    /// The site of each router that was asked for; of those alone in what earlier versions wrote that came as far as an intent.
    pub(super) sites: HashMap<String, String>,
    /// The hash of the plan file that it was given.
    pub(super) plan_sha256: Option<String>,
    /// The hash of the plan that was kept under its name.
    pub(super) kept_sha256: Option<String>,
    /// Its terms, as they held last; nothing in what version 0.1.0 wrote.
    pub(super) policy: Option<Policy>,
}

impl RecordedRun {
    /// That of a run.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub(super) fn of(journal: &Journal, run: &str) -> Result<Self, JournalError> {
        let mut recorded = Self::default();
        for stored in journal.own_records(run)? {
            match stored.record {
                Some(Kind::Begun { routers, places, plan_sha256, policy, .. }) => {
                    recorded.routers.extend(routers);
                    recorded.sites.extend(places.into_iter().map(|place| (place.router, place.site)));
                    recorded.plan_sha256 = plan_sha256;
                    recorded.kept_sha256 = policy.as_ref().and_then(|policy| policy.kept_sha256.clone());
                    recorded.policy = policy;
                }
                Some(Kind::Continued { routers, policy, .. }) => {
                    recorded.routers.extend(routers);
                    recorded.policy = policy.or(recorded.policy.take());
                }
                _ => {}
            }
        }
        Ok(recorded)
    }

    /// Its rollout, with what was typed for it. One that says no more than two numbers is recorded as these.
    pub(super) fn rollout(&self) -> Rollout {
        let Some(policy) = &self.policy else {
            return Rollout { concurrency: UNKNOWN_CONCURRENCY, ..Rollout::default() };
        };
        if let Some(rollout) = &policy.rollout {
            return (**rollout).clone();
        }
        let max_failures = Some(policy.max_failures.map_or(Budget::Unlimited, Budget::Routers));
        Rollout { concurrency: policy.concurrency, max_failures, ..Rollout::default() }
    }
}
