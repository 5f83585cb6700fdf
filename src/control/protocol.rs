//! What is asked of a run in progress and what it answers: one line of JSON each way, with a version that only grows.

use serde::{Deserialize, Serialize};

use crate::record::Order;

/// The version of both lines.
pub(super) const VERSION: u32 = 1;
/// Bytes that a question may have, its end included.
pub(super) const LONGEST_QUESTION: u64 = 4 * 1024;
/// Bytes that an answer may have, its end included.
pub(super) const LONGEST_ANSWER: u64 = 256 * 1024;

/// A question as it is sent.
#[derive(Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) version: u32,
    /// What the private file holds.
    pub(super) token: String,
    #[serde(flatten)]
    pub(super) ask: Ask,
}

/// What is asked of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Ask {
    /// How far has it come?
    Progress,
    /// It is given an order.
    Order {
        /// Which.
        order: Order,
        /// The user who gives it.
        by: String,
        /// The machine it was typed on.
        machine: String,
        /// The step that its question named and that may begin because of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<String>,
    },
}

impl Ask {
    /// The step that a person approved with it.
    pub fn step(&self) -> Option<&str> {
        match self {
            Self::Order { step, .. } => step.as_deref(),
            Self::Progress => None,
        }
    }
}

/// An answer as it is sent.
#[derive(Serialize, Deserialize)]
pub(super) struct Reply {
    pub(super) version: u32,
    pub(super) run: String,
    #[serde(flatten)]
    pub(super) answer: Answer,
}

/// What a run answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// Where it is; after an order, how it goes on because of it.
    Progress(Progress),
    /// The order could not be recorded, so it was not obeyed.
    NotRecorded {
        /// Why.
        cause: String,
    },
    /// It is over.
    Over,
}

/// How far a run has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Whether it begins more.
    pub pace: Pace,
    /// Routers that have not begun.
    pub waiting: usize,
    /// Routers that have ended.
    pub ended: usize,
    /// How many of those failed.
    pub failed: usize,
    /// Routers that are not begun in this run.
    pub skipped: usize,
    /// How many routers are in flight.
    pub in_flight: usize,
    /// Those that end last, each with the longest it can take.
    pub longest: Vec<InFlight>,
    /// What waits for a person's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
}

/// Whether a run begins more routers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// As its rules allow.
    #[default]
    Running,
    /// None until it is continued.
    Paused,
    /// None any more; what is in flight finishes.
    Finishing,
    /// None any more; what is in flight is undone.
    Undoing,
}

/// A router in flight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InFlight {
    /// The router.
    pub router: String,
    /// The longest it can take to its end, in seconds.
    pub seconds: u64,
}

/// A step that a person must let begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The step's name.
    pub step: String,
    /// How many routers it has.
    pub routers: usize,
    /// At how many sites.
    pub sites: usize,
}
