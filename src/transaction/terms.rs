//! Under which terms a router is changed: what is looked at before the change is kept, and what the run may do that it refuses by default.
//!
//! It is what a person agrees to beside the commands, so it is shown with them. Holds no secret.

use serde::Serialize;

use super::{CheckEntry, Intent};
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
    pub fn of(intent: &Intent) -> Self {
        Self {
            lost: intent.on_loss,
            allow_reload: intent.allow_reload,
            allow_lifeline_change: intent.allow_lifeline_change,
            allow_unrecognised: intent.options.allow_unrecognised,
            set_secrets: intent.options.set_secrets,
            adopt: intent.adopt,
            take_over: intent.take_over,
            at_clinic: intent.at_clinic,
            min_firmware: intent.min_firmware.as_ref().map(ToString::to_string),
            owns: intent.owns.clone(),
            checks: intent.checks.iter().map(CheckEntry::of).collect(),
        }
    }
}
