//! Which routers change together or not at all: those of one site.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::task::{Action, RouterTask};
use crate::cancel::Cancel;
use crate::connect::Connectors;
use crate::transaction::{BarrierMember, Partner, SiteBarrier};

/// The part of a router that decides which others it changes together with.
#[derive(Debug, Clone)]
pub struct SiteMember {
    /// Its site.
    pub site: String,
    /// The console that it goes over, where routers share one.
    pub console: Option<String>,
}

/// The places of those that change together: the routers of one site, where there are several, each on a console of its own or on
/// none. Those that share a console come one after the other, so each of them is a transaction of its own.
pub fn site_groups(routers: &[SiteMember]) -> Vec<Vec<usize>> {
    let mut sites: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, router) in routers.iter().enumerate() {
        sites.entry(&router.site).or_default().push(place);
    }
    let console = |place: &usize| routers.get(*place).and_then(|router| router.console.as_ref());
    let own_console = |site: &Vec<usize>| {
        let users = |one: &usize| site.iter().filter(|other| console(other) == console(one)).count();
        site.iter().copied().filter(|one| console(one).is_none() || users(one) == 1).collect::<Vec<_>>()
    };
    sites.values().map(own_console).filter(|site| site.len() > 1).collect()
}

/// Lets the routers of each site be in flight together.
pub fn group_by_site<A: Action>(tasks: &mut [RouterTask<A>]) {
    let member = |task: &RouterTask<A>| SiteMember { site: task.intent().site.clone(), console: task.console.clone() };
    let routers: Vec<SiteMember> = tasks.iter().map(member).collect();
    for place in site_groups(&routers).into_iter().flatten() {
        if let Some(task) = tasks.get_mut(place) {
            task.group = Some(task.intent().site.clone());
        }
    }
}

/// The barrier of each group of tasks, by the group's name, and the attempt that it is for.
#[derive(Default)]
pub(super) struct Barriers(Mutex<BTreeMap<String, (u32, Arc<SiteBarrier>)>>);

impl Barriers {
    /// Those of these tasks.
    pub(super) fn new<A: Action>(tasks: &[RouterTask<A>], connectors: &Connectors, cancel: &Cancel) -> Self {
        let barriers = barriers(tasks, connectors, cancel).into_iter();
        Self(Mutex::new(barriers.map(|(group, barrier)| (group, (0, barrier))).collect()))
    }

    /// A task's part in its group. Another attempt begins with a barrier of its own: the one before has seen a router fail.
    pub(super) fn member<A: Action>(&self, task: &RouterTask<A>, attempt: u32) -> Option<BarrierMember> {
        let mut barriers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, barrier) = barriers.get_mut(task.group.as_ref()?)?;
        if attempt > (*last).max(1) {
            *barrier = barrier.again();
        }
        *last = attempt.max(*last);
        Some(barrier.member(&task.intent().router))
    }
}

/// The barrier of each group of tasks, by the group's name.
fn barriers<A: Action>(
    tasks: &[RouterTask<A>],
    connectors: &Connectors,
    cancel: &Cancel,
) -> BTreeMap<String, Arc<SiteBarrier>> {
    let mut groups: BTreeMap<&String, Vec<&RouterTask<A>>> = BTreeMap::new();
    for task in tasks {
        if let Some(group) = &task.group {
            groups.entry(group).or_default().push(task);
        }
    }
    let partner = |task: &&RouterTask<A>, group: &[&RouterTask<A>]| Partner {
        router: task.intent().router.clone(),
        through: carriers(task, group, connectors),
        bound: task.intent().bounds.forward(task.action.lines(), task.intent().looks()),
    };
    let barrier = |group: Vec<&RouterTask<A>>| {
        let partners: Vec<Partner> = group.iter().map(|task| partner(task, &group)).collect();
        SiteBarrier::new(&partners, cancel)
    };
    groups.into_iter().map(|(name, group)| (name.clone(), barrier(group))).collect()
}

/// The routers of a site that carry our path to one of them: as declared, or as its jump hosts.
fn carriers<A: Action>(task: &RouterTask<A>, group: &[&RouterTask<A>], connectors: &Connectors) -> Vec<String> {
    let intent = task.intent();
    let others = group.iter().map(|other| other.intent()).filter(|other| other.router != intent.router);
    let jumps: Vec<&str> =
        connectors.of(&intent.router).into_iter().flat_map(|connector| connector.jump_hosts()).collect();
    let carries = |dialled: &Option<String>| dialled.as_deref().is_some_and(|host| jumps.contains(&host));
    others
        .filter(|other| intent.path.through.contains(&other.router) || carries(&other.path.dialled))
        .map(|other| other.router.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{SiteMember, site_groups};

    #[test]
    fn a_site_changes_together_but_for_those_that_share_a_console() {
        let on = |console: &str| Some(console.to_owned());
        let routers = [
            ("a", None),
            ("b", on("COM3")),
            ("a", on("COM3")),
            ("b", on("COM4")),
            ("b", on("COM4")),
            ("b", None),
            ("c", None),
        ]
        .map(|(site, console)| SiteMember { site: site.to_owned(), console });
        assert_eq!(site_groups(&routers), [vec![0, 2], vec![1, 5]], "one router alone is no group");
    }
}
