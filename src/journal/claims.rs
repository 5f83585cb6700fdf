//! The claims on a router within a run: each attempt, each resume, and what a run does that goes on. A newer one is higher than all before,
//! also where one was cut off: what an older one still says is outdated.
//!
//! It reads records, and makes none.

use std::collections::BTreeMap;

use super::error::JournalError;
use super::router_run::RouterRun;
use super::store::Journal;

impl Journal {
    /// The claim ([`Scope::fence`](crate::record::Scope::fence)) of a resume of this part now: higher than every claim on the router in its
    /// run before.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_fence(&self, part: &RouterRun) -> Result<u64, JournalError> {
        Ok(part.claims() + self.run_alone(&part.run)?.continued + 1)
    }

    /// What was claimed of each router of a run until now, where it is about to go on: the attempts that follow count from there.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn claimed_before(&self, run: &str) -> Result<BTreeMap<String, u64>, JournalError> {
        // An attempt that was cut off is not told from the one that follows it; that the run went on is.
        let earlier = self.run_alone(run)?.continued;
        let claimed = |part: RouterRun| {
            let claims = part.claims() + earlier;
            (part.router, claims)
        };
        Ok(self.router_runs(run)?.into_iter().map(claimed).collect())
    }
}
