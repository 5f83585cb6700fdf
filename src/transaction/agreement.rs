//! What the operator approved, as data: the plan as it was shown, and its commands.
//!
//! It is carried to wherever the router is changed. There the router is read and the plan made again, and only where both are what was
//! agreed to is anything sent. Serialised it holds no secret: commands that lead to a whole configuration, such as a backup with its
//! hashes, are left out, and the reader must get that configuration from where it is sealed.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::approved::Approved;
use super::intent::Intent;
use super::saved_plan::SavedPlan;
use crate::ix::Config;
use crate::plan::{Command, Plan};

/// A plan that the operator approved.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// The plan as it was shown; the journal keeps it before anything is sent.
    pub plan: Arc<SavedPlan>,
    commands: Commands,
}

/// The commands of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
enum Commands {
    /// Those to what roles render: secrets are placeholders.
    Rendered(Vec<Command>),
    /// Those to a whole configuration, secrets included.
    Whole(Vec<Command>),
    /// The same as they were serialised.
    Withheld,
}

/// The serialised form.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Stored {
    Rendered(Vec<Command>),
    Withheld,
}

impl From<Stored> for Commands {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Rendered(commands) => Self::Rendered(commands),
            Stored::Withheld => Self::Withheld,
        }
    }
}

impl From<Commands> for Stored {
    fn from(commands: Commands) -> Self {
        match commands {
            Commands::Rendered(commands) => Self::Rendered(commands),
            Commands::Whole(_) | Commands::Withheld => Self::Withheld,
        }
    }
}

impl Agreement {
    /// What was agreed to for a router that is wanted so, by the plan that was reviewed: what a reviewer alone needs is left out.
    pub fn of_reviewed(reviewed: &SavedPlan, intent: Arc<Intent>, commands: Vec<Command>) -> Self {
        let commands = if intent.desired.is_whole() { Commands::Whole(commands) } else { Commands::Rendered(commands) };
        Self { plan: Arc::new(reviewed.agreed_to(intent)), commands }
    }

    /// What is wanted of the router.
    pub fn intent(&self) -> &Arc<Intent> {
        &self.plan.intent
    }

    /// Lines of its plan.
    pub fn lines(&self) -> usize {
        self.plan.commands.len()
    }

    /// The plan as far as it is known before the router is read again.
    pub(super) fn approved(&self) -> Approved {
        let commands = match &self.commands {
            Commands::Rendered(commands) | Commands::Whole(commands) => commands.clone(),
            Commands::Withheld => Vec::new(),
        };
        let nothing = || Config::empty(self.intent().dialect());
        let plan = Plan::of_commands(commands, nothing(), nothing());
        Approved { plan, seen: Some(self.plan.seen.clone()), shown: Some(Arc::clone(&self.plan)) }
    }
}
