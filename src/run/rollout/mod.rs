//! The rollout of a run: what the playbook and the command line say, for the routers at hand, as the rules that the dispatcher keeps and as
//! a table that people read before they agree.
//!
//! It begins nothing and asks no one.

mod approval;
mod earlier;
mod overrides;
mod planned;

use std::collections::{BTreeSet, HashMap};

use super::reviewed_router::ReviewedRouter;
use super::target::Target;
use crate::inventory::{Diagnostics, Inventory, Router, Site};
use crate::playbook::Rollout;
use crate::playbook::rollout::SiteTraits;

pub(super) use approval::asking;
pub(super) use earlier::FailedBefore;
pub use overrides::{OverrideError, Overrides};
pub use planned::{GroupPlan, Member, RolloutPlan, StepPlan, StepSize};

/// A rollout, and what the inventory says about the sites that it is for.
#[derive(Debug, Clone)]
pub struct RunRollout {
    /// What playbook and command line say.
    pub rollout: Rollout,
    sites: HashMap<String, SiteTraits>,
}

impl RunRollout {
    /// A rollout for the sites of an inventory.
    pub fn new(rollout: Rollout, inventory: &Inventory) -> Self {
        // Without steps and groups no one asks what a site is.
        let needed = !rollout.steps.is_empty() || !rollout.groups.is_empty();
        let sites = inventory.sites.iter().filter(|_| needed).map(|site| {
            let traits = SiteTraits {
                name: site.name.value.clone(),
                groups: site.groups.iter().map(|group| group.value.clone()).collect(),
                region: site.region().map(str::to_owned),
                carrier: site.carrier().map(str::to_owned),
                ..SiteTraits::default()
            };
            (site.name.value.clone(), traits)
        });
        Self { sites: sites.collect(), rollout }
    }

    /// Chooses these sites last: routers like theirs were held before.
    pub(super) fn put_off(&mut self, sites: &BTreeSet<String>) {
        for site in sites {
            if let Some(traits) = self.sites.get_mut(site) {
                traits.held = true;
            }
        }
    }

    /// The same, where so many sites need no budget that a person wrote, or have one.
    ///
    /// # Errors
    /// When they need one.
    pub fn with_budget_for(self, sites: usize) -> Result<Self, Diagnostics> {
        match self.rollout.missing_budget(sites) {
            Some(finding) => Err(finding.into()),
            None => Ok(self),
        }
    }

    /// Whether one of its steps proves itself before the next begins.
    pub(super) fn bakes(&self) -> bool {
        self.rollout.steps.iter().any(|step| step.bake.is_some())
    }

    /// Whether it matters which firmware routers have before they are read: its steps may depend on it, and in a run of steps failures
    /// that gather on one hold it.
    pub(super) fn asks_for_firmware(&self) -> bool {
        !self.rollout.steps.is_empty() || self.rollout.hold.is_asked_for()
    }

    /// The rollout for these routers, in the order of their tasks.
    pub fn plan(&self, members: &[Member]) -> RolloutPlan {
        RolloutPlan::new(&self.rollout, members, &self.sites)
    }
}

impl Member {
    /// A router as the inventory declares it.
    pub(super) fn declared(site: &Site, router: &Router) -> Self {
        Self {
            router: router.name.value.clone(),
            site: site.name.value.clone(),
            model: router.model.value.clone(),
            firmware: None,
            jump_hosts: router.connection.jump().iter().map(|hop| hop.host.clone()).collect(),
        }
    }

    /// A router as it was prepared.
    pub(super) fn of(target: &Target) -> Self {
        Self {
            router: target.intent.router.clone(),
            site: target.intent.site.clone(),
            model: target.intent.device.model.name.to_owned(),
            firmware: None,
            jump_hosts: target.connector.jump_hosts().map(str::to_owned).collect(),
        }
    }

    /// Those of some routers that were read, in the order in which they are named, each with the firmware that was seen.
    pub(super) fn seen<'a>(known: Vec<Self>, seen: impl Iterator<Item = SeenRouter<'a>>) -> Vec<Self> {
        let mut known: HashMap<String, Self> = known.into_iter().map(|one| (one.router.clone(), one)).collect();
        let member = |SeenRouter { router, firmware }: SeenRouter<'_>| {
            let firmware = Some(firmware.to_owned()).filter(|firmware| !firmware.is_empty());
            Some(Self { firmware, ..known.remove(router)? })
        };
        seen.filter_map(member).collect()
    }
}

/// What a router that was read says of itself.
pub(super) struct SeenRouter<'a> {
    /// Its name.
    pub router: &'a str,
    /// Its firmware; empty where it does not say.
    pub firmware: &'a str,
}

impl<'a> SeenRouter<'a> {
    /// A router that has a plan.
    pub(super) fn of(one: &'a ReviewedRouter) -> Option<Self> {
        Some(Self { router: &one.intent.router, firmware: one.plan()?.identity.firmware() })
    }
}
