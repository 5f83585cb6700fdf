//! Under which terms a router is changed: what is looked at before the change is kept, and what the run may do that it refuses by default.
//!
//! It is what a person agrees to beside the commands, so it is shown with them. Holds no secret.

use serde::Serialize;

use super::{CheckEntry, Job};
use crate::playbook::OnLoss;

/// The terms of one router.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Terms {
    /// What becomes of it when it was lost.
    pub lost: OnLoss,
    /// It may be restarted without saving where the way back fails.
    pub allow_reload: bool,
    /// The path of our own session may be changed.
    pub allow_lifeline_change: bool,
    /// Lines that the grammar does not know may be removed.
    pub allow_unrecognised: bool,
    /// Secrets that cannot be compared are entered.
    pub set_secrets: bool,
    /// Unsaved changes of others become permanent with our save.
    pub adopt: bool,
    /// Config mode may be taken from its holder.
    pub take_over: bool,
    /// Checks of phase `clinic` run.
    pub at_clinic: bool,
    /// The oldest firmware allowed.
    pub min_firmware: Option<String>,
    /// What of the configuration is the playbook's.
    pub owns: Vec<String>,
    /// The checks, in their order.
    pub checks: Vec<CheckEntry>,
}

impl Terms {
    /// The terms of a job.
    pub fn of(job: &Job) -> Self {
        Self {
            lost: job.on_loss,
            allow_reload: job.allow_reload,
            allow_lifeline_change: job.allow_lifeline_change,
            allow_unrecognised: job.options.allow_unrecognised,
            set_secrets: job.options.set_secrets,
            adopt: job.adopt,
            take_over: job.take_over,
            at_clinic: job.at_clinic,
            min_firmware: job.min_firmware.as_ref().map(ToString::to_string),
            owns: job.owns.clone(),
            checks: job.checks.iter().map(CheckEntry::of).collect(),
        }
    }
}
