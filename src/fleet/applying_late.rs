//! Changes routers that are read when their turn comes, each in one session.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::applying::Applying;
use super::changing::Changing;
use super::task::{ApplyLate, ApplyLateTask, Task};
use super::turn::Turn;
use crate::journal::RouterRun;
use crate::transaction::{BoxClaims, LateEnv, LatePlan, LatePlans, Outcome, execute_late};

/// Reads and changes routers, each in one session.
pub struct ApplyingLate {
    applying: Applying,
    /// Which box is which router.
    boxes: BoxClaims,
    /// Who is shown the plans that no one has reviewed.
    shown_to: Arc<dyn LatePlans>,
    /// What earlier runs left to a person, by router.
    left: BTreeMap<String, RouterRun>,
    /// The lines of the plans of routers in flight.
    lines: Mutex<BTreeMap<String, usize>>,
}

impl ApplyingLate {
    /// Tasks that go into one run; `boxes` are those that are named before any router is read.
    pub fn new(applying: Applying, boxes: BoxClaims, shown_to: Arc<dyn LatePlans>) -> Self {
        Self { applying, boxes, shown_to, left: BTreeMap::new(), lines: Mutex::default() }
    }

    /// The same where earlier runs left these routers to a person.
    #[must_use]
    pub fn after(self, left: impl IntoIterator<Item = RouterRun>) -> Self {
        Self { left: left.into_iter().map(|part| (part.router.clone(), part)).collect(), ..self }
    }

    fn lines(&self) -> MutexGuard<'_, BTreeMap<String, usize>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Its length is noted. It is shown where no one has reviewed it, or where nothing of what was reviewed is left to do.
impl LatePlans for ApplyingLate {
    fn planned(&self, plan: LatePlan<'_>) {
        self.lines().insert(plan.intent.router.clone(), plan.plan.commands.len());
        if !plan.is_reviewed || plan.plan.is_empty() {
            self.shown_to.planned(plan);
        }
    }
}

impl Changing for ApplyingLate {
    type Action = ApplyLate;

    fn applying(&self) -> &Applying {
        &self.applying
    }
    fn change(&self, task: &ApplyLateTask, turn: &Turn) -> Outcome {
        let late = LateEnv { boxes: &self.boxes, plans: self, left: self.left.get(task.router()) };
        // The task itself waits for the end of the run.
        let change = task.action.change.for_one_use();
        let end = self.applying.begin_locked(task, turn, |env| execute_late(&change, late, env));
        self.lines().remove(task.router());
        end
    }
    fn stops_in(&self, task: &ApplyLateTask) -> Duration {
        let bounds = &task.intent().bounds;
        // Without a plan it is still being read, and nothing was sent.
        self.lines().get(task.router()).map_or_else(|| bounds.reading(), |lines| bounds.stop(*lines))
    }
    fn ends_in(&self, task: &ApplyLateTask) -> Duration {
        let (change, intent) = (&task.action.change, task.intent());
        let lines = self.lines().get(task.router()).copied().unwrap_or_else(|| change.most_lines());
        intent.bounds.whole(lines, intent.looks())
    }
}
