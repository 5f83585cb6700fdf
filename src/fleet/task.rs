//! One router's part of a run, as data: what to do, what is wanted of the router, and its name.
//!
//! A task holds no connection, no open file and nothing of this process: the executor finds the way to the router by its
//! name. So it costs no more than its data while it waits.

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::needs::{Needs, Trait};
use crate::ix::access_line::Probes;
use crate::transaction::{Agreement, Intent, LateChange, Purpose, RecoveryChoice};

/// What the dispatcher and the executors must know about a task.
pub trait Task: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The router.
    fn router(&self) -> &str;
    /// What it shares with others.
    fn needs(&self) -> Needs;
    /// The longest it can take from a stop request to its end.
    fn stops_within(&self) -> Duration;
    /// The longest it can take to its end where it is not stopped.
    fn ends_within(&self) -> Duration;
}

/// One router's part of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouterTask<A> {
    /// The console that it goes over, where routers share one.
    pub console: Option<String>,
    /// The site that it changes together with; nothing where it is a transaction of its own.
    pub group: Option<String>,
    /// What its way has in common with that of others: a jump host, a credential.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traits: Vec<Trait>,
    /// What to do, and what is wanted of the router.
    pub action: A,
}

impl<A: Action> RouterTask<A> {
    /// What is wanted of the router.
    pub fn intent(&self) -> &Arc<Intent> {
        self.action.intent()
    }
}

/// What can be done with a router.
pub trait Action: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What is wanted of the router.
    fn intent(&self) -> &Arc<Intent>;
    /// Lines of its plan.
    fn lines(&self) -> usize {
        0
    }
    /// What its router has in common with others, which may already have shown what it would meet.
    fn traits(&self) -> Vec<Trait> {
        Vec::new()
    }
    /// Whether it writes to the router.
    const CHANGES: bool;
}

impl<A: Action> Task for RouterTask<A> {
    fn router(&self) -> &str {
        &self.intent().router
    }
    fn needs(&self) -> Needs {
        let traits = self.traits.iter().cloned().chain(self.action.traits()).collect();
        // Without lines its plan is not known yet, nor how long it takes.
        let longest = (self.action.lines() > 0).then(|| self.ends_within());
        Needs { group: self.group.clone(), console: self.console.clone(), traits, longest }
    }
    fn stops_within(&self) -> Duration {
        let bounds = &self.intent().bounds;
        if A::CHANGES { bounds.stop(self.action.lines()) } else { bounds.reading() }
    }
    fn ends_within(&self) -> Duration {
        let (bounds, looks) = (&self.intent().bounds, self.intent().looks());
        if A::CHANGES { bounds.whole(self.action.lines(), looks) } else { bounds.reading() }
    }
}

/// Read it and plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// What is wanted of the router.
    pub intent: Arc<Intent>,
    /// What for.
    pub purpose: Purpose,
}

/// Read it, plan, and run its checks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// What is wanted of the router.
    pub intent: Arc<Intent>,
}

/// Read it for a backup: no plan, and unsaved changes are no hindrance.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackUp {
    /// What is wanted of the router.
    pub intent: Arc<Intent>,
}

/// Look at its access line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookAtLine {
    /// What is wanted of the router.
    pub intent: Arc<Intent>,
    /// The addresses that are asked for an answer.
    pub probes: Probes,
}

/// Change it as the operator approved.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Apply {
    /// What was agreed to, with what is wanted of the router.
    pub agreement: Arc<Agreement>,
}

/// Read it when its turn comes, plan, and change it in the same session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplyLate {
    /// What is wanted of the router, and what was approved.
    pub change: Arc<LateChange>,
}

/// Finish what an earlier run left of it, or undo that.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recover {
    /// What is wanted of the router.
    pub intent: Arc<Intent>,
    /// The run.
    pub run: String,
    /// The claim under which it is recovered: what an older one says is outdated.
    pub fence: u64,
    /// Lines of that run's plan that the router accepted.
    pub sent: usize,
    /// Lines of that run's plan.
    pub planned: usize,
    /// The operator's decision; without it the playbook's policy holds.
    pub decision: Option<RecoveryChoice>,
    /// Its site cannot become whole any more: another router of it has ended without the change.
    pub in_half_changed_site: bool,
}

/// Restart it: lines that are saved wait for that.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restart {
    /// What is wanted of the router.
    pub intent: Arc<Intent>,
}

impl Action for Read {
    const CHANGES: bool = false;

    fn intent(&self) -> &Arc<Intent> {
        &self.intent
    }
}

impl Action for Verify {
    const CHANGES: bool = false;

    fn intent(&self) -> &Arc<Intent> {
        &self.intent
    }
}

impl Action for BackUp {
    const CHANGES: bool = false;

    fn intent(&self) -> &Arc<Intent> {
        &self.intent
    }
}

impl Action for LookAtLine {
    const CHANGES: bool = false;

    fn intent(&self) -> &Arc<Intent> {
        &self.intent
    }
}

impl Action for Apply {
    const CHANGES: bool = true;

    fn intent(&self) -> &Arc<Intent> {
        self.agreement.intent()
    }
    fn lines(&self) -> usize {
        self.agreement.lines()
    }
    fn traits(&self) -> Vec<Trait> {
        let (model, firmware) = (self.intent().device.model.name, self.agreement.plan.seen.identity.firmware());
        Trait::of_router(model, firmware)
    }
}

impl Action for ApplyLate {
    const CHANGES: bool = true;

    fn intent(&self) -> &Arc<Intent> {
        &self.change.intent
    }
    fn lines(&self) -> usize {
        self.change.lines()
    }
    fn traits(&self) -> Vec<Trait> {
        Trait::of_router(self.intent().device.model.name, self.change.known_firmware())
    }
}

impl Action for Recover {
    const CHANGES: bool = true;

    fn intent(&self) -> &Arc<Intent> {
        &self.intent
    }
    fn lines(&self) -> usize {
        self.planned
    }
}

impl Action for Restart {
    const CHANGES: bool = true;

    fn intent(&self) -> &Arc<Intent> {
        &self.intent
    }
}

/// A router to be read.
pub type ReadTask = RouterTask<Read>;
/// A router to be verified.
pub type VerifyTask = RouterTask<Verify>;
/// A router to be backed up.
pub type BackUpTask = RouterTask<BackUp>;
/// A router whose access line is looked at.
pub type LineTask = RouterTask<LookAtLine>;
/// A router to be changed.
pub type ApplyTask = RouterTask<Apply>;
/// A router to be read and changed in one session.
pub type ApplyLateTask = RouterTask<ApplyLate>;
/// A router to be recovered.
pub type RecoverTask = RouterTask<Recover>;
/// A router to be restarted.
pub type RestartTask = RouterTask<Restart>;
