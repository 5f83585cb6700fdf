//! Whether a restart would bring up what runs: judged from what was read, before anything is sent.
//!
//! Reads nothing itself.

use super::factory::{is_factory, not_factory};
use super::observed::Observed;
use super::{Intent, PreconditionError, TransactionError};
use crate::ix::Config;
use crate::plan;

/// Whether a restart would bring back what runs now; the order of what has none does not count, as in the proof of an undo. A
/// factory-default router counts although its startup configuration is empty or not shown (the form is not attested, so both are
/// taken).
pub(super) fn is_saved(intent: &Intent, running: &Config, startup: &Config) -> bool {
    if startup.is_empty() { is_factory(intent, running) } else { plan::same(startup, running) }
}

/// Whether a restart would bring back what ran when a router was read.
pub(super) fn was_saved(intent: &Intent, observed: &Observed) -> bool {
    is_saved(intent, &observed.running, &observed.startup())
}

/// What is wrong with a router's startup configuration before anything is sent, and what our save would make permanent with ours,
/// masked, empty where it is not known. Nothing where a restart would bring back what runs.
pub(super) fn unsaved(intent: &Intent, observed: &Observed) -> Option<(TransactionError, String)> {
    let startup = observed.startup();
    if is_saved(intent, &observed.running, &startup) {
        return None;
    }
    let router = intent.router.clone();
    let diff = match observed.startup_text {
        Some(_) => plan::unified(&startup, &observed.running, "startup", "running"),
        None => String::new(),
    };
    let cause = not_factory(intent, observed).unwrap_or_else(|| match observed.startup_text {
        Some(_) => TransactionError::Precondition(PreconditionError::Unsaved { router, diff: diff.clone() }),
        None => TransactionError::Precondition(PreconditionError::StartupUnread { router }),
    });
    Some((cause, diff))
}
