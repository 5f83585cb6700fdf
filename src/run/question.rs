//! What is asked before routers are changed: how many, where, to which roles, in which steps. Asks nothing itself.

use super::input::count_sites;
use super::operator::Approval;
use super::rollout::RolloutPlan;
use crate::transaction::PlanResult;

/// The question about the routers that have a plan.
pub(super) fn change_question(action: &str, ready: &[&PlanResult], rollout: &RolloutPlan) -> Approval {
    Approval::Change {
        changing: ready.iter().filter(|one| one.plan().is_some_and(|plan| !plan.is_empty())).count(),
        routers: ready.len(),
        sites: count_sites(ready.iter().map(|one| one.intent.site.as_str())),
        // A backup or an earlier run says by itself what a router becomes.
        roles: if action == "apply" { roles(ready) } else { Vec::new() },
        steps: rollout.sizes(),
        budgets: rollout.budgets.clone(),
    }
}

/// The roles that the routers get, each once.
fn roles(ready: &[&PlanResult]) -> Vec<String> {
    let mut roles: Vec<String> = Vec::new();
    for role in ready.iter().flat_map(|one| &one.intent.roles) {
        if !roles.contains(role) {
            roles.push(role.clone());
        }
    }
    roles
}
