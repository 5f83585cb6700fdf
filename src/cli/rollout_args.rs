//! The limits of a rollout on the command line, and how a rollout is shown: `check`, `plan` and `apply` share them.

use clap::Args;
use serde_json::{Value, json};

use super::screen::Screen;
use crate::fleet::{self, Gathered, HoldRules};
use crate::report;
use crate::run::{GroupPlan, Overrides, RolloutPlan, StepPlan};

/// What is said otherwise than the playbook's `rollout:`.
#[derive(Debug, Clone, Default, Args)]
pub struct RolloutArgs {
    /// Sites under way at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10_000), help_heading = "Rollout")]
    pub concurrency: Option<u16>,
    /// Failures of the whole run after which nothing more begins: a number of routers, or a percentage
    #[arg(long, value_name = "N|P%", help_heading = "Rollout")]
    pub max_failures: Option<String>,
    /// The same for one class of failure, such as `unreachable=5%`; may be given several times
    #[arg(long, value_name = "CLASS=N|P%", help_heading = "Rollout")]
    pub budget: Vec<String>,
    /// Begin with so many sites, and go on only after them; 0 for no canary
    #[arg(long, value_name = "SITES", value_parser = clap::value_parser!(u32).range(0..=1_000_000), help_heading = "Rollout")]
    pub canary: Option<u32>,
    /// How long each step but the last proves itself, such as `10m`; `0s` for not at all
    #[arg(long, value_name = "TIME", help_heading = "Rollout")]
    pub bake: Option<String>,
    /// Logins that may begin in a second
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), help_heading = "Rollout")]
    pub logins_per_second: Option<u32>,
    /// Failures in one model, firmware, jump host, group or cause that hold it: a number for all, or one such as `firmware=5`; may be given several times
    #[arg(long, value_name = "N|WHAT=N", help_heading = "Rollout")]
    pub hold: Vec<String>,
    /// Everything in one step, without canary, bake time and approvals of steps
    #[arg(long, help_heading = "Rollout")]
    pub steps_off: bool,
}

impl RolloutArgs {
    /// As `run` takes them.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            concurrency: self.concurrency.map(usize::from),
            max_failures: self.max_failures.clone(),
            canary: self.canary.and_then(|sites| usize::try_from(sites).ok()),
            budgets: self.budget.clone(),
            logins_per_second: self.logins_per_second,
            bake: self.bake.clone(),
            holds: self.hold.clone(),
            steps_off: self.steps_off,
        }
    }
}

/// Shows a rollout for people, where it says more than two numbers: those would only hide what is planned for a few routers.
pub fn show(screen: &Screen, plan: &RolloutPlan) {
    if !plan.is_simple {
        screen.say_prose(&report::rollout(plan, screen.lang));
    }
}

/// A rollout in a JSON document.
pub fn document(plan: &RolloutPlan) -> Value {
    let step = |step: &StepPlan| {
        json!({
            "name": step.name,
            "sites": step.sites,
            "routers": step.members.len(),
            "concurrency": step.concurrency,
            "budgets": budgets(&step.budgets),
            "bake_seconds": step.bake.map_or(0, |bake| bake.time.as_secs()),
            "approval": step.approval,
        })
    };
    let group = |group: &GroupPlan| {
        json!({
            "name": group.name,
            "jump_host": group.is_jump_host,
            "sites": group.sites,
            "routers": group.members.len(),
            "concurrency": group.concurrency,
            "budgets": budgets(&group.budgets),
        })
    };
    json!({
        "sites": plan.sites,
        "routers": plan.routers,
        "concurrency": plan.concurrency,
        "logins_per_second": plan.logins_per_second,
        "budgets": budgets(&plan.budgets),
        "hold": holds(&plan.holds),
        "steps": plan.steps.iter().map(step).collect::<Vec<_>>(),
        "groups": plan.groups.iter().map(group).collect::<Vec<_>>(),
    })
}

/// When routers are held; null where failures of that kind hold nothing.
fn holds(holds: &HoldRules) -> Value {
    let Gathered { model, firmware, jump_host, group, cause } = holds.gathered;
    json!({
        "models": model,
        "firmware": firmware,
        "jump_hosts": jump_host,
        "groups": group,
        "causes": cause,
        "share_thousandths": holds.share,
        "lost": holds.lost,
        "passwords": holds.wrong_passwords,
    })
}

fn budgets(budgets: &[fleet::Budget]) -> Vec<Value> {
    let one = |budget: &fleet::Budget| {
        let classes: Vec<&str> = budget.classes.iter().map(|class| class.word()).collect();
        json!({ "classes": classes, "failures": budget.failures })
    };
    budgets.iter().map(one).collect()
}
