//! Under which terms a router is changed: what is looked at before the change is kept, and what the run may do that it refuses by default.
//!
//! It is what the operator agrees to besides the commands, so it is shown with them. Holds no secret.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::KnownState;
use crate::ix::access_line::LineWish;
use crate::plan::{Options, Ownership};
use crate::playbook::{Check, Firmware, OnLoss, Phase};
use crate::record::CheckResult;

/// The terms of one router.
#[expect(clippy::struct_excessive_bools, reason = "each is a permission of its own, given by its own option")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// What to do with it when it was lost.
    pub lost: OnLoss,
    /// It may be restarted without saving where the undo fails.
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
    /// Checks of phase `clinic` run: not on a bench.
    pub at_clinic: bool,
    /// Why the clinic's line is not open yet: required checks of phase `clinic` may fail then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_pending: Option<String>,
    /// Its lines are entered for a look at the access line alone, and taken back: what the router is to ask of the line one day. Nothing is
    /// saved then, whatever is seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<LineWish>,
    /// The longest line in bytes.
    pub max_line: usize,
    /// The oldest firmware allowed.
    pub min_firmware: Option<Firmware>,
    /// Which part of the configuration is the playbook's.
    pub owns: Ownership,
    /// The checks, in their order.
    pub checks: Vec<Check>,
    /// What is known of it from elsewhere: what it has beyond that is not taken away without a person. It stays in memory.
    #[serde(skip)]
    pub known: Option<Arc<KnownState>>,
}

impl Terms {
    /// Why a check that failed is not judged: it needs the clinic's line, which is not open yet. Nothing where it is judged.
    pub fn line_pending_for(&self, failed: &CheckResult) -> Option<&str> {
        let is_it = |check: &&Check| check.name == failed.name && check.role == failed.role;
        let needs_line = self.checks.iter().find(is_it).is_some_and(|check| check.phase == Phase::Clinic);
        self.line_pending.as_deref().filter(|_| needs_line)
    }

    /// How a plan is made under these terms.
    pub fn options(&self) -> Options {
        Options {
            set_secrets: self.set_secrets,
            allow_unrecognised: self.allow_unrecognised,
            max_line: self.max_line,
            exact_order: false,
        }
    }
}

/// Nothing is allowed and nothing is checked; all of a router is its playbook's.
impl Default for Terms {
    fn default() -> Self {
        let Options { set_secrets, allow_unrecognised, max_line, .. } = Options::default();
        Self {
            lost: OnLoss::default(),
            allow_reload: false,
            allow_lifeline_change: false,
            allow_unrecognised,
            set_secrets,
            adopt: false,
            take_over: false,
            at_clinic: false,
            line_pending: None,
            probe: None,
            max_line,
            min_firmware: None,
            owns: Ownership::all(),
            checks: Vec::new(),
            known: None,
        }
    }
}
