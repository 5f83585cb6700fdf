//! What was decided about a run while it went on: its steps, what is held, and which budget is spent.

use serde::{Deserialize, Serialize};

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

impl HeldBecause {
    /// The word for it, as it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::WrongPassword => "wrong-password",
            Self::Lost => "lost",
            Self::Gathered => "gathered",
            Self::BudgetSpent => "budget-spent",
            Self::Clock => "clock",
        }
    }
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
