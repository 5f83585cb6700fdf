//! Questions that only a person can answer, asked in the middle of a transaction.
//!
//! Without a person (no terminal, or `--yes`) every answer is nothing, and nothing is what is then done.

use crate::message::Text;

/// What becomes of a router that was lost and has been read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryChoice {
    /// What is missing is sent; then it is verified and saved.
    Finish,
    /// Everything is taken back.
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

/// Who answers.
pub trait Counsel: Send + Sync {
    /// What becomes of a lost router; nothing where nobody decides.
    fn choose_recovery(&self, lost: &LostRouter) -> Option<RecoveryChoice>;
    /// Why a router is saved although checks failed; nothing where it is not.
    fn save_unverified(&self, failed: &FailedChecks) -> Option<String>;
}

/// Nobody.
impl Counsel for () {
    fn choose_recovery(&self, _: &LostRouter) -> Option<RecoveryChoice> {
        None
    }
    fn save_unverified(&self, _: &FailedChecks) -> Option<String> {
        None
    }
}
