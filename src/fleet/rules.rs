//! The rules of a run, as data: how far it goes at once, in which order, when, and how far it may go wrong.
//!
//! Every name and percentage is resolved in them: routers are tasks by their number, budgets are counts, windows are
//! instants. The dispatcher holds them; nothing here decides.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::clock::Moment;
use super::needs::Trait;
use crate::record::NeededBy;
use crate::state::{DefaultBudget, FailureClass, lost_in_later_steps};

/// What a run without a rollout of its own declares: how far it may go at once, and how far it may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Sites in flight at the same time.
    pub concurrency: usize,
    /// After this many failed routers no more are begun; those in flight finish.
    pub max_failures: usize,
}

impl Rules {
    /// The same limits without steps, and so without their approvals and bake times: for a run that writes nothing.
    #[must_use]
    pub fn of_one_step(self) -> Self {
        let HoldRules { wrong_passwords, unproven_at_once, .. } = self.holds;
        let holds = HoldRules { wrong_passwords, unproven_at_once, ..HoldRules::of_one_step() };
        Self { steps: Vec::new(), holds, ..self }
    }
}

impl From<Limits> for Rules {
    fn from(limits: Limits) -> Self {
        Self::simple(limits.concurrency, limits.max_failures)
    }
}

/// The rules of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Sites in flight at the same time.
    pub concurrency: usize,
    /// How fast logins may follow each other.
    pub logins: Option<LoginRate>,
    /// Steps in their order; without any, the run is one step. Tasks in none of them come after the last.
    pub steps: Vec<StepRules>,
    /// Named sets of tasks with limits of their own.
    pub groups: Vec<GroupRules>,
    /// Budgets of the whole run.
    pub budgets: Vec<Budget>,
    /// When tasks may begin; one in no set may begin at any time, one in several only where all of them allow it.
    pub windows: Vec<WindowRules>,
    /// How long one site takes, where it was declared; otherwise it is measured.
    pub needed: Option<Duration>,
    /// Whether routers that are occupied or cannot be reached are tried again.
    pub come_back: Option<ComeBack>,
    /// When a group of routers is held.
    pub holds: HoldRules,
    /// Failures from before the run begins: they count in its budgets.
    pub earlier: Vec<Earlier>,
}

/// A failure from before a run begins, of a router that is none of its tasks: read for it, or left unfinished by an earlier run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    /// How it failed.
    pub class: FailureClass,
    /// The step that its site would be in; nothing where it is in none.
    pub step: Option<usize>,
    /// The groups of the rules that it is of.
    pub groups: Vec<Trait>,
}

/// So many logins in each stretch of this length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginRate {
    /// Logins, at least one.
    pub logins: u32,
    /// The stretch.
    pub per: Duration,
}

impl LoginRate {
    /// The time between two logins.
    pub fn interval(self) -> Duration {
        self.per / self.logins.max(1)
    }
}

/// One step of a rollout. It begins when the one before has ended within its budgets and baked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRules {
    /// Its name, for people.
    pub name: String,
    /// Its tasks. A site is whole in the step of its first router.
    pub members: Vec<usize>,
    /// Its sites in flight at the same time; the run's limit holds as well.
    pub concurrency: Option<usize>,
    /// Its failure tolerance: a budget that is used up lets nothing more begin, in this step and after it.
    pub budgets: Vec<Budget>,
    /// Time to prove itself before the next step.
    pub bake: Option<Bake>,
    /// A person lets it begin.
    pub approval: bool,
    /// Sites of it take no part in the run, so that it may have none to prove itself on.
    pub is_short: bool,
}

/// How long a step proves itself, and how often its checks are repeated meanwhile; they are in any case at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bake {
    /// From its last end to the next step.
    pub time: Duration,
    /// Between two repetitions of the checks.
    pub every: Option<Duration>,
}

/// A named set of tasks: those behind a jump host, in a region, of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRules {
    /// What they have in common: a group and a jump host of one name are two.
    pub of: Trait,
    /// Its tasks.
    pub members: Vec<usize>,
    /// Its sites in flight at the same time.
    pub concurrency: Option<usize>,
    /// Budgets of the group: one that is used up holds the group, and the rest goes on.
    pub budgets: Vec<Budget>,
}

/// How many failures of these classes, together, are too many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// The classes that it counts.
    pub classes: BTreeSet<FailureClass>,
    /// It is used up by this many failed routers, at least one.
    pub failures: usize,
}

/// When some tasks may begin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowRules {
    /// The tasks.
    pub members: Vec<usize>,
    /// Their windows, in order and apart from each other.
    pub windows: Vec<Window>,
}

/// A stretch of time in which changes may be under way: nothing begins that may not end in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// It opens.
    pub from: Moment,
    /// It closes.
    pub until: Moment,
}

/// How long a site is taken to need, where windows close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed {
    /// So long at most.
    pub time: Duration,
    /// How that is known.
    pub by: NeededBy,
}

impl Needed {
    /// While no site of the run has ended and nothing was declared.
    pub const ESTIMATE: Self = Self { time: Duration::from_secs(600), by: NeededBy::Estimate };

    /// What is known before a run begins: what was declared, else the estimate.
    pub fn before_a_run(declared: Option<Duration>) -> Self {
        declared.map_or(Self::ESTIMATE, |time| Self { time, by: NeededBy::Declared })
    }
}

/// How routers that are occupied or cannot be reached are tried again: until their window closes, or the limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComeBack {
    /// The first pause; each is twice the one before.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// How long after its first attempt a router is tried at most.
    pub limit: Duration,
}

impl Default for ComeBack {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Self { first: minutes(1), longest: minutes(15), limit: minutes(120) }
    }
}

/// When a group of routers is held while the rest goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldRules {
    /// So many refusals of one password in a row hold the routers that use it.
    pub wrong_passwords: usize,
    /// So many routers at most are tried at once with a password that has let no one in yet; nothing for no such limit.
    pub unproven_at_once: Option<usize>,
    /// So many failures hold that in which they gather.
    pub gathered: Gathered,
    /// ... where at least so many in a thousand of its ends failed.
    pub share: usize,
    /// So many lost routers of one model, firmware or jump host hold that group; nothing for no such hold.
    pub lost: Option<usize>,
    /// A clock that differs so much from the routers' holds the run.
    pub clock: Duration,
}

impl Default for HoldRules {
    fn default() -> Self {
        Self {
            wrong_passwords: 3,
            unproven_at_once: Some(3),
            gathered: Gathered::after(3),
            share: 100,
            lost: Some(2),
            clock: Duration::from_secs(60),
        }
    }
}

/// How many failures hold that in which they gather; nothing for no such hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathered {
    /// One model.
    pub model: Option<usize>,
    /// One firmware.
    pub firmware: Option<usize>,
    /// One jump host.
    pub jump_host: Option<usize>,
    /// One group of the rules.
    pub group: Option<usize>,
    /// One cause: the whole run.
    pub cause: Option<usize>,
}

impl Gathered {
    /// No such hold.
    pub const NEVER: Self = Self { model: None, firmware: None, jump_host: None, group: None, cause: None };

    /// The same number for everything.
    pub const fn after(failures: usize) -> Self {
        let most = Some(failures);
        Self { model: most, firmware: most, jump_host: most, group: most, cause: most }
    }

    /// That of what routers have in common.
    pub fn of(self, what: &Trait) -> Option<usize> {
        match what {
            Trait::Model(_) => self.model,
            Trait::Firmware(_) => self.firmware,
            Trait::JumpHost(_) => self.jump_host,
            Trait::Group(_) => self.group,
            // The same line and the same password have rules of their own.
            Trait::Kind(_) | Trait::Credential(_) => None,
        }
    }
}

impl HoldRules {
    /// In a run without steps `max_failures` says when failures are too many, wherever they gather. A password proves itself on a few
    /// routers before it is used on many, as in every run.
    pub fn of_one_step() -> Self {
        Self { gathered: Gathered::NEVER, lost: None, ..Self::default() }
    }

    /// In a run of steps failures that gather hold what they gather in.
    pub fn of_steps() -> Self {
        Self::default()
    }
}

impl Rules {
    /// A run without steps: so many sites at once, and after so many failed routers nothing more is begun. Classes of failure with a
    /// default of their own keep it. `usize::MAX` failures stop nothing, as suits what only reads.
    pub fn simple(concurrency: usize, max_failures: usize) -> Self {
        let budgets = if max_failures == usize::MAX { Vec::new() } else { default_budgets(max_failures, None) };
        Self {
            concurrency,
            logins: None,
            steps: Vec::new(),
            groups: Vec::new(),
            budgets,
            windows: Vec::new(),
            needed: None,
            come_back: None,
            holds: HoldRules::of_one_step(),
            earlier: Vec::new(),
        }
    }

    /// The same rules where these failures came before the run begins; nothing where no task may begin for it.
    #[must_use]
    pub fn after(self, earlier: Vec<Earlier>) -> Option<Self> {
        let is_used_up = |budgets: &[Budget], count: &dyn Fn(&Earlier) -> bool| {
            let counted = |budget: &Budget| {
                earlier.iter().filter(|one| budget.classes.contains(&one.class) && count(one)).count()
            };
            budgets.iter().any(|budget| counted(budget) >= budget.failures.max(1))
        };
        // What is in no step comes last. Where every router of a step failed, it begins nothing, and nothing follows it.
        let first = self.steps.iter().position(|step| !step.members.is_empty()).unwrap_or(self.steps.len());
        let mut until_first = self.steps.iter().enumerate().take(first + 1);
        if is_used_up(&self.budgets, &|_| true)
            || until_first.any(|(place, step)| is_used_up(&step.budgets, &|one| one.step == Some(place)))
        {
            return None;
        }
        Some(Self { earlier, ..self })
    }
}

/// What is borne where no one says otherwise: each class with a default of its own has it, the others share `max_failures`. Beyond a
/// first step (`later_step_of` a run of so many routers) more routers may be lost.
pub fn default_budgets(max_failures: usize, later_step_of: Option<usize>) -> Vec<Budget> {
    let (mut shared, mut budgets) = (BTreeSet::new(), Vec::new());
    for class in FailureClass::ALL {
        let mut own = |failures| budgets.push(Budget { classes: BTreeSet::from([class]), failures });
        match class.default_budget() {
            DefaultBudget::MaxFailures => drop(shared.insert(class)),
            DefaultBudget::StopsAt(failures) => own(failures),
            DefaultBudget::Lost => own(later_step_of.map_or(1, |routers| lost_in_later_steps(routers) + 1)),
            DefaultBudget::StopsNothing => {}
        }
    }
    budgets.push(Budget { classes: shared, failures: max_failures.max(1) });
    budgets
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{ComeBack, Gathered, HoldRules, Needed};

    /// As docs/rollout.md and docs/waits.md say.
    #[test]
    fn what_holds_where_nothing_is_said() {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        let usual = HoldRules {
            wrong_passwords: 3,
            unproven_at_once: Some(3),
            gathered: Gathered::after(3),
            share: 100,
            lost: Some(2),
            clock: minutes(1),
        };
        assert_eq!(HoldRules::of_steps(), usual);
        assert_eq!(HoldRules::of_one_step(), HoldRules { gathered: Gathered::NEVER, lost: None, ..usual });
        assert_eq!(ComeBack::default(), ComeBack { first: minutes(1), longest: minutes(15), limit: minutes(120) });
        assert_eq!(Needed::before_a_run(None).time, minutes(10));
    }
}
