//! Decisions that only the operator can make, asked for in the middle of a transaction.
//!
//! This is all that a transaction may ask; `run::Operator` answers it. Where no one is asked (no terminal, or `--yes`) every answer is
//! `None`, and the transaction does what the playbook's policy says.

use serde::{Deserialize, Serialize};

use crate::message::Text;

/// What to do with a router that was lost and has been read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecoveryChoice {
    /// What is missing is sent; then it is verified and saved.
    Finish,
    /// Everything is undone.
    Undo,
}

/// A lost router as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostRouter {
    /// The router.
    pub router: String,
    /// Lines of the plan that it runs.
    pub sent: usize,
    /// Lines of the plan.
    pub planned: usize,
}

/// Required checks that failed on a router that runs what was declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedChecks {
    /// The router.
    pub router: String,
    /// Each check, and what was expected of its answer.
    pub failed: Vec<(String, Text)>,
}

/// Who decides.
pub trait Decisions: Send + Sync {
    /// What to do with a lost router; `None` if no one decides.
    fn choose_recovery(&self, lost: &LostRouter) -> Option<RecoveryChoice>;
    /// Whether the checks are run once more, before it is decided what their failure means.
    fn repeat_checks(&self, _failed: &FailedChecks) -> bool {
        false
    }
    /// Why a router is saved although checks failed; nothing where it is not.
    fn save_unverified(&self, failed: &FailedChecks) -> Option<String>;
}

/// No one decides.
impl Decisions for () {
    fn choose_recovery(&self, _: &LostRouter) -> Option<RecoveryChoice> {
        None
    }
    fn save_unverified(&self, _: &FailedChecks) -> Option<String> {
        None
    }
}
