//! What an undo knows of the run that it undoes, besides what that changed: whether it was an undo itself, and which checks its routers
//! passed before it. It reads the journal, and asks no one.

use std::collections::{BTreeSet, HashMap};

use super::target::Target;
use crate::journal::{Journal, JournalError, RouterRun, RunSummary};
use crate::playbook::Check;
use crate::record::Kind;
use crate::transaction::SavedPlan;

/// A run that is undone.
#[derive(Debug, Clone, Default)]
pub(super) struct UndoneRun {
    /// It is an undo itself: what it undid comes back.
    pub(super) is_undo: bool,
    /// The required checks that a router passed before it was changed, by router: undone, it must pass them again.
    pub(super) checks: HashMap<String, Vec<Check>>,
}

impl UndoneRun {
    /// Whether this run is an undo.
    pub(super) fn of(run: &RunSummary) -> Self {
        Self { is_undo: run.action == "undo", checks: HashMap::new() }
    }

    /// The same with the checks of these routers, each with its part of the run. A check that looks at what was changed, or was made on a
    /// box from the factory, was not made before, and is left out: undone, it may fail.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub(super) fn with_checks(
        self,
        journal: &Journal,
        run: &str,
        parts: &HashMap<String, RouterRun>,
        targets: &[Target],
    ) -> Result<Self, JournalError> {
        let passed = passed_before(journal, run)?;
        let mut checks = HashMap::new();
        for Target { intent, .. } in targets {
            let (Some(passed), Some(part)) = (passed.get(&intent.router), parts.get(&intent.router)) else { continue };
            // What an earlier version kept in a form that is not known any more says nothing about checks.
            let Ok(plan) = SavedPlan::read(&journal.plan_of(part)?, intent.device.model) else { continue };
            let has_passed = |check: &&Check| passed.contains(&Named::of(check));
            let known: Vec<Check> = plan.intent.terms.checks.iter().filter(has_passed).cloned().collect();
            if !known.is_empty() {
                checks.insert(intent.router.clone(), known);
            }
        }
        Ok(Self { checks, ..self })
    }
}

/// A check by its name, which only its role knows.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    role: String,
    check: String,
}

impl Named {
    fn of(check: &Check) -> Self {
        Self { role: check.role.clone(), check: check.name.clone() }
    }
}

/// The checks that passed before the first line was sent, by router. Of several attempts the last one counts.
fn passed_before(journal: &Journal, run: &str) -> Result<HashMap<String, BTreeSet<Named>>, JournalError> {
    let mut passed: HashMap<String, BTreeSet<Named>> = HashMap::new();
    for stored in journal.checks_before(run)? {
        let Some(Kind::CheckedBefore { check, role, passed: Some(has_passed), .. }) = stored.record else { continue };
        let (of_router, named) = (passed.entry(stored.router).or_default(), Named { role, check });
        if has_passed {
            of_router.insert(named);
        } else {
            of_router.remove(&named);
        }
    }
    Ok(passed)
}
