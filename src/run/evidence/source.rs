//! Where the evidence of a run is: in this journal and beside it, or in the file of an imported run.
//!
//! Both answer the same questions. Of an imported run nothing is asked of this machine: a router of the same name here is another one.

use std::path::Path;

use crate::journal::{Journal, JournalError, RouterLock, RouterRun};
use crate::message::{Explain, Text};
use crate::record::{Advice, Kind, Stored};
use crate::run::drift::ApprovedPlan;
use crate::run::kept_configurations::Configurations;
use crate::run::kept_plan::kept_plan;
use crate::run::portable::ImportedRun;

/// Where it is.
#[derive(Clone, Copy)]
pub(super) enum Source<'s> {
    /// In this journal.
    Own(&'s Journal),
    /// In the file of a run that this journal has imported.
    Imported { journal: &'s Journal, run: &'s ImportedRun },
}

impl<'s> Source<'s> {
    /// The file of the imported run, or else this journal.
    pub(super) fn of(journal: &'s Journal, imported: Option<&'s ImportedRun>) -> Self {
        imported.map_or(Self::Own(journal), |run| Self::Imported { journal, run })
    }

    /// Why the run's records cannot be relied on.
    pub(super) fn fault(&self, run: &str) -> Option<Text> {
        match self {
            Self::Own(journal) => journal.trust(run).err().map(|error| error.text()),
            // Its file was read whole; that it is the one which was imported is in a record of this journal.
            Self::Imported { journal, .. } => match journal.trust_own().err()? {
                JournalError::Edited { fault, .. } => {
                    let fault = fault.text();
                    Some(Text::new(
                        format!("this journal's record of the import cannot be relied on: {}", fault.en),
                        format!("このジャーナルの取り込み記録は信頼できません: {}", fault.ja),
                    ))
                }
                error => Some(error.text()),
            },
        }
    }

    /// A router's part in the run.
    pub(super) fn part(&self, run: &str, router: &str, records: &[Stored]) -> Result<RouterRun, JournalError> {
        match self {
            Self::Own(journal) => journal.router_run(run, router),
            Self::Imported { .. } => Ok(RouterRun::of_records(run, router, records)),
        }
    }

    /// Whether a process is changing the router now.
    pub(super) fn is_being_changed(&self, router: &str) -> bool {
        match self {
            Self::Own(journal) => RouterLock::is_being_changed(journal.state_dir(), router),
            Self::Imported { .. } => false,
        }
    }

    /// What was said last about a router that the run left to a person.
    pub(super) fn last_advice(&self, part: &RouterRun, records: &[Stored]) -> Result<Option<Advice>, JournalError> {
        match self {
            Self::Own(journal) => journal.last_advice(part),
            Self::Imported { .. } => {
                let ended = records.iter().rev().find_map(|stored| match &stored.record {
                    Some(Kind::Ended(ending)) if stored.router == part.router => Some(ending),
                    _ => None,
                });
                Ok(ended.and_then(|ending| ending.advice.clone()))
            }
        }
    }

    /// The plan that was kept with the run; nothing where none was.
    ///
    /// # Errors
    /// Why it is not used.
    pub(super) fn plan(&self, run: &str, records: &[Stored]) -> Result<Option<ApprovedPlan>, Text> {
        match self {
            Self::Own(journal) => kept_plan(journal, run, records),
            Self::Imported { run: imported, .. } => match imported.exported.plan() {
                None => Ok(None),
                Some(Err(why)) => Err(why),
                Some(Ok(bytes)) => {
                    ApprovedPlan::of(Path::new("plan.json"), bytes.to_vec()).map(Some).map_err(|error| error.text())
                }
            },
        }
    }

    /// The configurations of a router of this model.
    pub(super) fn configurations(&self, run: &str, router: &str, model: &str) -> Configurations {
        match self {
            Self::Own(journal) => Configurations::of(journal, run, router, model),
            Self::Imported { run: imported, .. } => imported.exported.configurations(router),
        }
    }
}
