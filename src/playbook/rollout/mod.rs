//! How a change goes out to many routers: `rollout:` of a playbook. Steps, each for some of the sites; how many at once; how
//! many failures; what must have happened before the next step.
//!
//! What is written is read, bounded and checked for contradictions here, and sites are assigned to steps (`select`). What a run
//! makes of it, and what really begins when, is `run`'s and `fleet`'s.

mod amount;
mod bake;
mod budget;
mod cover;
mod defaults;
mod hold;
mod judge;
mod matching;
mod millis;
mod read;
mod retry;
mod select;
mod shares;
mod sound;
mod step;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::inventory::Located;

pub use super::finding::ClassError;
pub use amount::Amount;
pub use bake::Bake;
pub use budget::{Budget, Budgets, NoBudget, named_class, needs_a_number};
pub use defaults::{CONCURRENCY, MAX_FAILURES, SITES_WITHOUT_BUDGET};
pub use hold::{Hold, HoldKey, NoHold};
pub use matching::{Criterion, Match, Mention, Property, SiteTraits};
pub(super) use read::read_rollout;
pub use retry::Retry;
pub use select::{REST, select};
pub use shares::Share;
pub use step::{CANARY, Step};

/// How far a run may go at once, how far it may go wrong, and in which steps it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    /// Sites under way at once.
    pub concurrency: usize,
    /// Failures of the whole run, in every class without a budget of its own together, after which nothing more begins; nothing where
    /// none was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_failures: Option<Budget>,
    /// Budgets of single classes, of the whole run.
    #[serde(default, skip_serializing_if = "Budgets::is_empty")]
    pub budgets: Budgets,
    /// What the routers of a group may take together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Share>,
    /// What the routers behind a jump host may take together; of several that match, the first one holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jump_hosts: Vec<Share>,
    /// How many logins may begin in a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logins_per_second: Option<u32>,
    /// How long a site takes at most, where it must end before its window closes.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "millis")]
    pub needed_time: Option<Duration>,
    /// Sites that are occupied or cannot be reached are tried again in the same run; nothing: they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// When routers are held that have something in common; what is not written there is as usual.
    #[serde(default, skip_serializing_if = "Hold::is_empty")]
    pub hold: Hold,
    /// The steps, in their order. What none of them takes forms a last step; without any, there is one step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Where it is written.
    #[serde(skip)]
    pub(crate) place: Option<Located<()>>,
    /// What it names of an inventory.
    #[serde(skip)]
    pub(crate) mentions: Vec<Mention>,
    /// The jump hosts that it names.
    #[serde(skip)]
    pub(crate) named_hosts: Vec<Located<String>>,
}

impl Default for Rollout {
    fn default() -> Self {
        Self {
            concurrency: CONCURRENCY,
            max_failures: None,
            budgets: Budgets::default(),
            groups: Vec::new(),
            jump_hosts: Vec::new(),
            logins_per_second: None,
            needed_time: None,
            retry: None,
            hold: Hold::default(),
            steps: Vec::new(),
            place: None,
            mentions: Vec::new(),
            named_hosts: Vec::new(),
        }
    }
}

impl Rollout {
    /// One step, so many sites at once, and nothing more after so many failures.
    pub fn simple(concurrency: usize, max_failures: usize) -> Self {
        Self { concurrency, max_failures: Some(Budget::Routers(max_failures)), ..Self::default() }
    }

    /// Whether it says no more than how many at once and how many failures.
    pub fn is_simple(&self) -> bool {
        let simple = Self { concurrency: self.concurrency, max_failures: self.max_failures, ..Self::default() };
        let as_written = Self { place: None, mentions: Vec::new(), named_hosts: Vec::new(), ..self.clone() };
        simple == as_written
    }

    /// Whether a person said how many failures the run may have.
    pub fn has_budget(&self) -> bool {
        let of_steps = || self.steps.iter().any(|step| step.max_failures.is_some() || !step.budgets.is_empty());
        self.max_failures.is_some() || !self.budgets.is_empty() || of_steps()
    }

    /// The failures of the whole run that are allowed in classes without a budget of their own. Where only steps say a number, the
    /// run as a whole has none.
    pub fn failures_of_run(&self) -> Budget {
        let of_steps = self.steps.iter().any(|step| step.max_failures.is_some());
        let default = if of_steps { Budget::Unlimited } else { Budget::Routers(MAX_FAILURES) };
        self.max_failures.unwrap_or(default)
    }

    /// Lets each step prove itself for so long, but not the last one: nothing comes after it. What no step takes comes after all of
    /// them, unless one of them takes the rest.
    pub fn bake_all_but_the_last(&mut self, bake: Option<Bake>) {
        let takes_rest = |step: &Step| step.fits.is_rest();
        let last = self.steps.iter().position(takes_rest).unwrap_or(self.steps.len());
        for (number, step) in self.steps.iter_mut().enumerate() {
            step.bake = bake.filter(|_| number < last);
        }
    }

    /// The same of one of its steps, or of what no step takes.
    pub fn failures_of_step(&self, step: Option<&Step>) -> Budget {
        let of_run = self.failures_of_run() != Budget::Unlimited;
        let default = if of_run { Budget::Unlimited } else { Budget::Routers(MAX_FAILURES) };
        step.and_then(|step| step.max_failures).unwrap_or(default)
    }
}

#[cfg(test)]
#[path = "rollout_tests.rs"]
mod tests;
