//! What is asked before routers are changed: how many, where, to which roles, in which steps. Asks nothing itself.

use super::input::count_sites;
use super::operator::{Approval, UndoneInQuestion};
use super::probe;
use super::reviewed_router::ReviewedRouter;
use super::rollout::RolloutPlan;
use super::undone_run::UndoneRun;

/// The question about the routers that have a plan; `undone` is the run that is undone, where one is.
pub(super) fn change_question(
    action: &str,
    undone: Option<&UndoneRun>,
    ready: &[&ReviewedRouter],
    rollout: &RolloutPlan,
) -> Approval {
    let undone =
        undone.map(|undone| UndoneInQuestion { is_undo: undone.is_undo, unchecked: unchecked(undone, ready, rollout) });
    Approval::Change {
        changing: ready.iter().filter(|one| one.changes()).count(),
        routers: ready.len(),
        sites: count_sites(ready.iter().map(|one| one.intent.site.as_str())),
        // A backup or an earlier run says by itself what a router becomes.
        roles: if action == "apply" { roles(ready) } else { Vec::new() },
        steps: rollout.sizes(),
        budgets: rollout.budgets.clone(),
        undone,
        probe: action == probe::ACTION,
    }
}

/// The routers that change in a step which proves itself, and that have no check for it to repeat.
fn unchecked(undone: &UndoneRun, ready: &[&ReviewedRouter], rollout: &RolloutPlan) -> usize {
    let proving = rollout.steps.iter().filter(|step| step.bake.is_some()).flat_map(|step| &step.members);
    let routers = proving.filter_map(|number| ready.get(*number));
    routers.filter(|one| one.changes() && !undone.checks.contains_key(&one.intent.router)).count()
}

/// The roles that the routers get, each once.
fn roles(ready: &[&ReviewedRouter]) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    for role in ready.iter().flat_map(|one| &one.intent.roles) {
        if !roles.contains(role) {
            roles.push(role.clone());
        }
    }
    roles
}
