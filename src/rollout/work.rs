//! What can be done with each router of a run: read it, read it and check it, change it.

use std::sync::Arc;

use super::{Cable, Work};
use crate::cancel::Cancel;
use crate::event::{Event, Sink};
use crate::message::Text;
use crate::plan::Plan;
use crate::secret::Vault;
use crate::state::{State, Verdict};
use crate::transaction::{
    self, Approved, Cause, CauseRecord, CheckResult, Connect, Job, Observed, Outcome, draft, execute, observe,
};

/// One router of a run, and the way to it.
#[derive(Clone)]
pub struct Target {
    /// What is wanted of it.
    pub job: Arc<Job>,
    /// The way in.
    pub cable: Arc<Cable>,
}

/// A router that was read, with its plan; or why not.
#[derive(Debug)]
pub struct Seen {
    /// The router.
    pub job: Arc<Job>,
    /// The state a failure leaves it in, and the cause.
    pub result: Result<(Observed, Plan), (State, CauseRecord)>,
}

/// A router that was read and checked; or why not.
#[derive(Debug)]
pub struct Verified {
    /// The router, with its plan.
    pub seen: Seen,
    /// The results of the checks.
    pub checks: Vec<CheckResult>,
}

/// A router's two configurations; or why not.
#[derive(Debug)]
pub struct Backup {
    /// The router.
    pub job: Arc<Job>,
    /// The state a failure leaves it in, and the cause.
    pub result: Result<Observed, (State, CauseRecord)>,
}

/// Reads routers and plans.
pub struct Reading {
    /// Who is told.
    pub sink: Arc<dyn Sink>,
}

/// Reads routers, plans, and runs the checks.
pub struct Verifying {
    /// Who is told.
    pub sink: Arc<dyn Sink>,
}

/// Reads routers for a backup: no plan, and unsaved changes are no hindrance.
pub struct BackingUp {
    /// Who is told.
    pub sink: Arc<dyn Sink>,
}

/// Changes routers as a person agreed.
pub struct Applying {
    /// Who is told.
    pub sink: Arc<dyn Sink>,
    /// Where secrets come from.
    pub vault: Arc<dyn Vault>,
    /// The wish to stop.
    pub cancel: Cancel,
}

fn failed(job: &Job, cause: &Cause, sink: &dyn Sink) -> (State, CauseRecord) {
    let record = CauseRecord::of(cause);
    sink.emit(&Event::Failed { router: job.router.clone(), code: record.code.clone(), cause: record.text.clone() });
    (cause.before_write(), record)
}

fn not_started() -> (State, CauseRecord) {
    let record = CauseRecord {
        code: "run.not-started".to_owned(),
        text: Text::new("the run stopped before this router's turn", "このルータの順番の前に実行が止まりました"),
        hints: Vec::new(),
    };
    (State::NotStarted, record)
}

fn broken() -> (State, CauseRecord) {
    let record = CauseRecord {
        code: "internal.thread".to_owned(),
        text: Text::new(
            "this router's thread ended without a result: a defect of ixdeploy, or a machine out of threads",
            "このルータの処理が結果なしに終わりました(ixdeploy の不具合、または資源不足)",
        ),
        hints: vec![Text::new(
            "read the router again with `ixdeploy plan` before anything else",
            "まず ixdeploy plan でルータの状態を確認してください",
        )],
    };
    (State::Lost, record)
}

impl Work for Reading {
    type Item = Target;
    type End = Seen;

    fn cable(&self, item: &Target) -> Option<String> {
        item.cable.shared()
    }
    fn perform(&self, item: Target) -> Seen {
        let result = observe(&item.job, &*item.cable, false, &*self.sink)
            .and_then(|(observed, _)| draft(&item.job, &observed).map(|plan| (observed, plan)))
            .map_err(|cause| failed(&item.job, &cause, &*self.sink));
        Seen { job: item.job, result }
    }
    fn skip(&self, item: Target) -> Seen {
        Seen { job: item.job, result: Err(not_started()) }
    }
    fn broken(&self, item: Target) -> Seen {
        Seen { job: item.job, result: Err(broken()) }
    }
    fn failed(&self, end: &Seen) -> bool {
        end.result.is_err()
    }
}

impl Work for Verifying {
    type Item = Target;
    type End = Verified;

    fn cable(&self, item: &Target) -> Option<String> {
        item.cable.shared()
    }
    fn perform(&self, item: Target) -> Verified {
        let read = observe(&item.job, &*item.cable, true, &*self.sink)
            .and_then(|(observed, checks)| draft(&item.job, &observed).map(|plan| ((observed, plan), checks)));
        match read {
            Ok((seen, checks)) => Verified { seen: Seen { job: item.job, result: Ok(seen) }, checks },
            Err(cause) => {
                let result = Err(failed(&item.job, &cause, &*self.sink));
                Verified { seen: Seen { job: item.job, result }, checks: Vec::new() }
            }
        }
    }
    fn skip(&self, item: Target) -> Verified {
        Verified { seen: Seen { job: item.job, result: Err(not_started()) }, checks: Vec::new() }
    }
    fn broken(&self, item: Target) -> Verified {
        Verified { seen: Seen { job: item.job, result: Err(broken()) }, checks: Vec::new() }
    }
    fn failed(&self, end: &Verified) -> bool {
        end.seen.result.is_err()
    }
}

impl Work for BackingUp {
    type Item = Target;
    type End = Backup;

    fn cable(&self, item: &Target) -> Option<String> {
        item.cable.shared()
    }
    fn perform(&self, item: Target) -> Backup {
        let result = transaction::back_up(&item.job, &*item.cable, &*self.sink)
            .map_err(|cause| failed(&item.job, &cause, &*self.sink));
        Backup { job: item.job, result }
    }
    fn skip(&self, item: Target) -> Backup {
        Backup { job: item.job, result: Err(not_started()) }
    }
    fn broken(&self, item: Target) -> Backup {
        Backup { job: item.job, result: Err(broken()) }
    }
    fn failed(&self, end: &Backup) -> bool {
        end.result.is_err()
    }
}

impl Work for Applying {
    type Item = (Target, Approved);
    type End = Outcome;

    fn cable(&self, (target, _): &Self::Item) -> Option<String> {
        target.cable.shared()
    }
    fn perform(&self, (target, approved): Self::Item) -> Outcome {
        let connect: &dyn Connect = &*target.cable;
        execute(&target.job, &approved, connect, &*self.vault, &self.cancel, &*self.sink)
    }
    fn skip(&self, (target, approved): Self::Item) -> Outcome {
        Outcome::without_a_session(&target.job, approved.plan.commands.len(), not_started())
    }
    fn broken(&self, (target, approved): Self::Item) -> Outcome {
        Outcome::without_a_session(&target.job, approved.plan.commands.len(), broken())
    }
    fn failed(&self, end: &Outcome) -> bool {
        end.state.verdict() != Verdict::Done
    }
}
