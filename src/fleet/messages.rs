//! What is sent to the dispatcher and what it tells about itself, as data: reports of executors, orders of an operator, and how far a
//! run has come. Nothing here decides what they mean.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::needs::Trait;
use crate::state::FailureClass;

/// What one who carries out tasks reports, by the task's number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "report")]
pub enum Report {
    /// It has ended.
    Ended {
        /// The task.
        number: usize,
        /// How.
        facts: EndFacts,
    },
    /// A session was opened with its router.
    LoggedIn {
        /// The task.
        number: usize,
        /// The credential whose password let it in, where that is known.
        credential: Option<String>,
    },
    /// The checks of a router that is done were repeated.
    Inspected {
        /// The task.
        number: usize,
        /// Whether they passed.
        proof: Proof,
    },
    /// The console for which it was deferred is free.
    ConsoleFreed {
        /// The task.
        number: usize,
    },
}

/// How repeating the checks of a router that is done ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// All that are required passed.
    Passed,
    /// One failed, or they could not be made.
    Failed,
    /// Someone asked to stop before they were through.
    NotMade,
}

/// What the dispatcher must know of how a task ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndFacts {
    /// How it failed, if it failed by itself.
    pub class: Option<FailureClass>,
    /// The router is as wanted.
    pub done: bool,
    /// It is as wanted because of this run: it was not before. A router that was as declared proves nothing for those after it.
    pub changed: bool,
    /// The code of its first cause.
    pub cause: Option<String>,
    /// A session was opened with its router: its password let us in.
    pub logged_in: bool,
    /// Its router refused the password.
    pub wrong_password: bool,
    /// Lines that nothing explains and that appeared on its router, masked.
    pub unexplained: Vec<String>,
    /// What was learned of its router: the firmware that it runs, the credential that let us in. What was taken for its firmware before
    /// holds no longer.
    pub learned: Vec<Trait>,
    /// How far its clock and ours are apart, where that was read.
    pub clock_off: Option<Duration>,
}

impl EndFacts {
    /// A router that is as wanted, and was not before.
    pub fn done() -> Self {
        Self { done: true, changed: true, logged_in: true, ..Self::default() }
    }

    /// A router that failed so.
    pub fn failed(class: FailureClass) -> Self {
        Self { class: Some(class), ..Self::default() }
    }
}

/// The orders that an operator can give to a run in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Begin nothing new; what is in flight goes on.
    Pause,
    /// End a pause. A step that waits for a person's word still waits: no one named it.
    Continue,
    /// Let this step begin, by its place among the steps, if it waits for a person's word.
    Approve {
        /// Its place, from 0.
        step: usize,
    },
    /// Begin nothing new for good: the run is over when what is in flight has ended.
    Drain,
}

/// Whether a run begins more tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// As many as its limits allow.
    Running,
    /// None until it is continued.
    Paused,
    /// None any more; what has begun ends by itself.
    Draining,
    /// None any more; what has begun was asked to stop.
    Stopping,
}

/// A step that waits for a person's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitedApproval {
    /// Its place among the steps, from 0.
    pub step: usize,
    /// Sites that it has still to begin.
    pub sites: usize,
    /// Routers that it has still to begin.
    pub routers: usize,
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Whether it begins more.
    pub mode: Mode,
    /// Tasks that have not begun.
    pub waiting: usize,
    /// Tasks that have begun and not ended.
    pub in_flight: usize,
    /// Tasks that have ended.
    pub ended: usize,
    /// How many of those failed.
    pub failed: usize,
    /// Tasks that are not begun in this run.
    pub skipped: usize,
    /// Of those that have ended: tasks whose checks are being repeated.
    pub inspecting: usize,
    /// The step that waits for a person's word.
    pub approval: Option<AwaitedApproval>,
}
