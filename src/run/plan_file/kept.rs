//! The plan that a run rests on, kept in the state folder, so that the run can be continued and looked at without the file it came from.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::entries::Entries;
use super::file::{Made, PlanFile, Unplanned};
use crate::playbook::{LaptopCheck, Rollout};
use crate::private;
use crate::transaction::Outcome;

/// The folder of these plans, below the state folder.
const FOLDER: &str = "plans";

/// What a run rests on.
#[derive(Debug)]
pub enum KeptPlan {
    /// The file that was approved, byte for byte: its hash is its name.
    File(Arc<[u8]>),
    /// What was shown and approved in this very run.
    Shown(Box<PlanFile>),
}

impl KeptPlan {
    /// The plans that were shown, made so, with the tests of their routers.
    pub fn shown<'t>(
        made: Made,
        limit: Option<String>,
        rollout: Rollout,
        entries: Entries,
        tests: impl IntoIterator<Item = (&'t str, &'t [LaptopCheck])>,
    ) -> Self {
        let Entries { planned, unplanned } = entries;
        let playbook = made.playbook.clone();
        let made = Made { limit, ..made };
        let file = PlanFile::new(made, &playbook, rollout, planned).with_tests(tests).with_unplanned(unplanned);
        Self::Shown(Box::new(file))
    }

    /// The same, with the routers that take no part in the run.
    #[must_use]
    pub fn without(self, aside: &[Outcome]) -> Self {
        match self {
            Self::Shown(mut file) => {
                file.unplanned.extend(aside.iter().filter_map(Unplanned::of));
                Self::Shown(file)
            }
            file @ Self::File(_) => file,
        }
    }

    /// The bytes that are kept.
    ///
    /// # Errors
    /// When a plan does not hold what a reviewer should know.
    pub fn bytes(&self) -> io::Result<Arc<[u8]>> {
        match self {
            Self::File(bytes) => Ok(Arc::clone(bytes)),
            Self::Shown(file) => Ok(super::write::text(file)?.into_bytes().into()),
        }
    }
}

/// Where the plan of a run is kept. A run's name is its own, and no path.
pub fn kept_path(state_dir: &Path, run: &str) -> PathBuf {
    state_dir.join(FOLDER).join(format!("{run}.json"))
}

/// Keeps the bytes of a run's plan, for those alone who may use the state folder.
///
/// # Errors
/// When it cannot be written.
pub fn keep(state_dir: &Path, run: &str, bytes: &[u8]) -> io::Result<()> {
    let access = private::access_of(&std::fs::metadata(state_dir)?);
    private::subfolder(&state_dir.join(FOLDER), access)?;
    // The name is new with each run: whatever is there already is not ours.
    let mut file = private::create_new(&kept_path(state_dir, run), access)?;
    file.write_all(bytes)?;
    file.sync_all()
}
