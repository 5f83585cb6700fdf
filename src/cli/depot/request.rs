//! What a depot is for: as the command line says it.

use std::path::PathBuf;

use crate::cli::field::FaceChoice;
use crate::run::{Overrides, RunOptions, Source};

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
    /// How it is shown.
    pub look: FaceChoice,
    /// As each router is deployed, with the secrets that were found before the first box.
    pub options: RunOptions,
}

impl DepotRequest {
    /// As each router is deployed: on a bench, in one step, in one session, and no one is asked in between. A box that is swapped for another one
    /// meanwhile has another session. With `adopt`, unsaved changes of others may become permanent.
    pub fn options(adopt: bool) -> RunOptions {
        RunOptions {
            assume_yes: true,
            adopt,
            on_bench: true,
            rollout: Overrides { steps_off: true, ..Overrides::default() },
            ..RunOptions::default()
        }
    }
}
