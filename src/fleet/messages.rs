//! What is sent to the dispatcher and what it tells about itself, as data: reports of executors, orders of an operator, and how far a
//! run has come. Nothing here decides what they mean.

use serde::{Deserialize, Serialize};

/// What one who carries out tasks reports, by the task's number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "report")]
pub enum Report {
    /// It has ended.
    Ended {
        /// The task.
        number: usize,
        /// Whether it counts against the limit of failures.
        failed: bool,
        /// Lines that nothing explains and that appeared on its router, masked.
        unexplained: Vec<String>,
    },
    /// The console for which it was deferred is free.
    ConsoleFreed {
        /// The task.
        number: usize,
    },
}

/// The orders that an operator can give to a run in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Begin nothing new; what is in flight goes on.
    Pause,
    /// End a pause.
    Continue,
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
}
