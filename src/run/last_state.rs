//! What a router ran when the journal saw it saved last: for a kit, and for a box that takes its place. Reads the journal alone.

use super::error::RunError;
use crate::journal::{Journal, RouterRun};
use crate::secret::Secret;

/// Under which name the journal seals what a router ran at the end of a run.
const AFTER: &str = "after";

/// A router at the end of a run that saved it.
pub(super) struct SavedState {
    /// The router's part in that run.
    pub(super) part: RouterRun,
    /// What it ran, secrets included.
    pub(super) configuration: Secret,
}

/// A router's last saved state of which the configuration is kept, a verified one before any other; nothing where there is none.
///
/// # Errors
/// When the journal cannot be read, or was edited.
pub(super) fn last_state(journal: &Journal, router: &str) -> Result<Option<SavedState>, RunError> {
    let (verified, others): (Vec<_>, Vec<_>) =
        journal.saved_router_runs(router)?.into_iter().partition(|part| part.unverified.is_none());
    for part in verified.into_iter().chain(others) {
        let is_kept = journal.sealed_names(&part.run, router)?.iter().any(|name| name == AFTER);
        if !is_kept {
            continue;
        }
        journal.trust(&part.run)?;
        let bytes = journal.unseal(&part.run, router, AFTER)?;
        let configuration = Secret::new(String::from_utf8_lossy(&bytes).into_owned());
        return Ok(Some(SavedState { part, configuration }));
    }
    Ok(None)
}
