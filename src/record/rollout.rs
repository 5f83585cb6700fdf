//! What was decided about a run while it went on: its steps, what is held, and which budget is spent.

use serde::{Deserialize, Serialize};

use crate::message::Text;
use crate::state::FailureClass;

/// A step of a rollout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    /// Its place, from 1.
    pub step: usize,
    /// Its name; empty where it has none.
    pub step_name: String,
    /// How long it proves itself, where it begins to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bake_seconds: Option<u64>,
    /// The router that takes a place in it with its site, where nothing was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stand_in: Option<String>,
}

/// How it is known how long a site needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeededBy {
    /// `needed_time` says so.
    Declared,
    /// By the slowest comparable site of the run.
    Measured,
    /// None of the run has ended, and nothing was declared.
    Estimate,
}

impl NeededBy {
    /// In words.
    pub fn text(self) -> Text {
        match self {
            Self::Declared => Text::new("`needed_time`", "needed_time の値"),
            Self::Measured => {
                Text::new("measured in this run; `needed_time` sets it", "この実行での実測から。needed_time で指定可")
            }
            Self::Estimate => {
                Text::new("first estimate; `needed_time` sets it", "最初の見積もり。needed_time で指定可")
            }
        }
    }
}

/// A window that is open, and closes before what would begin in it may end: its sites wait for another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortWindowRecord {
    /// One of the routers that wait.
    pub waiting: String,
    /// How long a site is taken to need.
    pub needed_seconds: u64,
    /// How that is known.
    pub needed_by: NeededBy,
    /// How long the window is still open.
    pub closes_in_seconds: u64,
    /// How long it is until one opens that is long enough.
    pub opens_in_seconds: u64,
}

/// Why routers are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeldBecause {
    /// The same unexplained line appeared on several of them.
    Line,
    /// Their password was refused by several, one after the other.
    WrongPassword,
    /// Several of them were lost.
    Lost,
    /// Failures gather among them.
    Gathered,
    /// A budget of theirs is used up.
    BudgetSpent,
    /// The routers' clocks and this machine's are too far apart.
    Clock,
}

/// Routers that are held from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRecord {
    /// What they have in common: `kind`, `model`, `firmware`, `jump-host`, `credential`, `group`; `run` for all that are left.
    pub what: String,
    /// Its name; empty for the run.
    pub held: String,
    /// Why.
    pub because: HeldBecause,
    /// The line, the cause's code, the class of failure, or the seconds between the clocks; masked.
    pub detail: String,
    /// Routers on which that was seen, at most eight.
    pub seen_on: Vec<String>,
}

/// A budget that is used up: nothing more begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpentRecord {
    /// The place of the step, from 1; nothing where it is the run's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_step: Option<usize>,
    /// The class of the failure that used it up.
    pub class: FailureClass,
    /// How many failures use it up.
    pub failures: usize,
}
