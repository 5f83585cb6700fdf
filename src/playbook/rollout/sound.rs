//! A rollout that was not read from a playbook but from a plan file, which may be a stranger's: whether a playbook could say it.

use super::matching::{MOST_SITES, Match};
use super::read::MOST_STEPS;
use super::shares::{MOST_AT_ONCE, Share};
use super::{Amount, Budget, Budgets, Rollout, Step, needs_a_number};
use crate::inventory::is_name;

impl Rollout {
    /// Whether every number and name in it is within the bounds of what is written.
    pub fn is_sound(&self) -> bool {
        at_once(Some(self.concurrency))
            && self.max_failures != Some(Budget::Unlimited)
            && budgets(&self.budgets)
            && self.hold.is_sound()
            && self.steps.len() <= MOST_STEPS
            && self.steps.iter().all(step)
            && self.groups.iter().all(|share| is_name(&share.of) && of_share(share))
            && self.jump_hosts.iter().all(|share| text(&share.of) && of_share(share))
            && self.logins_per_second.is_none_or(|logins| (1..=1000).contains(&logins))
    }
}

fn step(step: &Step) -> bool {
    is_name(&step.name)
        && at_once(step.concurrency)
        && step.max_failures != Some(Budget::Unlimited)
        && budgets(&step.budgets)
        && matching(&step.fits)
}

fn matching(fits: &Match) -> bool {
    let amount = match fits.amount {
        Amount::All => true,
        Amount::Count(count) => u64::try_from(count).is_ok_and(|count| (1..=MOST_SITES).contains(&count)),
        Amount::Percent(percent) => (1..=100).contains(&percent),
    };
    amount && fits.criteria.iter().flat_map(|criterion| &criterion.patterns).all(|pattern| text(pattern))
}

fn of_share(share: &Share) -> bool {
    at_once(share.concurrency) && share.max_failures != Some(Budget::Unlimited) && budgets(&share.budgets)
}

fn at_once(concurrency: Option<usize>) -> bool {
    concurrency.is_none_or(|most| u64::try_from(most).is_ok_and(|most| (1..=MOST_AT_ONCE).contains(&most)))
}

fn budgets(budgets: &Budgets) -> bool {
    budgets.iter().all(|(class, budget)| budget != Budget::Unlimited || !needs_a_number(class))
}

fn text(text: &str) -> bool {
    (1..=200).contains(&text.len()) && !text.chars().any(char::is_control)
}
