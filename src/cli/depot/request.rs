//! What a depot is for: as the command line says it.

use std::path::PathBuf;

use crate::run::{Overrides, RunOptions, Source};
use crate::secret::KnownSecrets;

/// What a depot is for.
#[derive(Debug, Clone)]
pub struct DepotRequest {
    /// The playbook, the inventory and the routers of the day.
    pub source: Source,
    /// The ports; none for every USB cable.
    pub ports: Vec<String>,
    /// The folder that takes the labels.
    pub labels: Option<PathBuf>,
    /// The clinics' names are printed on them.
    pub contacts: bool,
    /// The one question was answered beforehand.
    pub is_approved: bool,
    /// Unsaved changes of others may become permanent.
    pub adopt: bool,
    /// Secrets that were typed before the first box.
    pub secrets: KnownSecrets,
}

impl DepotRequest {
    /// The same with what was typed before the first box.
    #[must_use]
    pub fn with(self, secrets: KnownSecrets) -> Self {
        Self { secrets, ..self }
    }

    /// As each router is deployed: on a bench, in one step, in one session, and no one is asked in between. A box that is swapped for another one
    /// meanwhile has another session.
    pub fn options(&self) -> RunOptions {
        RunOptions {
            assume_yes: true,
            adopt: self.adopt,
            on_bench: true,
            rollout: Overrides { steps_off: true, ..Overrides::default() },
            secrets: self.secrets.clone(),
            ..RunOptions::default()
        }
    }
}
