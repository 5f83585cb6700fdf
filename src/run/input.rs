//! What most runs begin with: reading playbook and inventory, and choosing routers. Everything wrong in them is found at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::choice::choose;
use super::env::RunEnv;
use super::error::RunError;
use super::operator::{Notice, Operator};
use super::prepare::{Choices, PrepareError, bare, prepare};
use super::rollout::{Member, Overrides, RunRollout};
use super::target::Target;
use super::windows::SiteTimes;
use crate::fleet::Limits;
use crate::inventory::{self, Diagnostics, Inventory, Limit, Router, Site, suggestion};
use crate::playbook::{self, Desired, Playbook, RenderedRouter, Rollout};

/// A playbook, the inventory that it is for, and the choice among its routers.
#[derive(Debug, Clone)]
pub struct Source {
    /// The playbook.
    pub playbook: PathBuf,
    /// The inventory.
    pub inventory: PathBuf,
    /// Which routers; nothing for all.
    pub limit: Option<String>,
}

/// A playbook, its inventory, and what the one wants of the other.
pub struct Loaded {
    /// The inventory.
    pub inventory: Inventory,
    /// The playbook.
    pub playbook: Playbook,
    /// What each chosen router should have.
    pub rendered: Vec<RenderedRouter>,
}

impl Loaded {
    /// The chosen routers, as the inventory declares them.
    pub fn routers(&self) -> impl Iterator<Item = &Router> {
        self.rendered.iter().filter_map(|one| self.inventory.router(&one.router)).map(|(_, router)| router)
    }

    /// When the sites of the chosen routers may be touched.
    pub fn times(&self) -> impl Iterator<Item = SiteTimes<'_>> {
        let sites = self.rendered.iter().filter_map(|one| self.inventory.router(&one.router));
        sites.map(|(site, _)| SiteTimes { site: &site.name.value, schedule: &site.schedule })
    }

    /// At how many sites the chosen routers are.
    pub fn sites(&self) -> usize {
        count_sites(self.rendered.iter().map(|one| one.site.as_str()))
    }

    /// In which steps a run goes, how far at once, and how far it may go wrong.
    ///
    /// # Errors
    /// What was typed and means nothing, or too many sites without a budget that a person wrote.
    pub fn rollout(&self, overrides: &Overrides) -> Result<RunRollout, RunError> {
        typed_rollout(self.playbook.rollout.clone(), overrides, &self.inventory, self.sites())
    }

    /// The chosen routers, as far as the inventory alone says what they are.
    pub fn members(&self) -> Vec<Member> {
        let chosen = self.rendered.iter().filter_map(|one| self.inventory.router(&one.router));
        chosen.map(|(site, router)| Member::declared(site, router)).collect()
    }

    /// How far a run that only reads goes at once: one router that cannot be read is no reason not to look at the others.
    pub(super) fn limits_to_read(&self) -> Limits {
        Limits { concurrency: self.playbook.rollout.concurrency, max_failures: usize::MAX }
    }

    /// The routers, ready to be read or changed.
    ///
    /// # Errors
    /// Everything that is in the way, for all routers together.
    pub(super) fn targets(&self, choices: &Choices) -> Result<Vec<Target>, RunError> {
        gather(self.rendered.iter().map(|one| prepare(&self.inventory, one, choices)))
    }

    /// Those of them that a limit means.
    ///
    /// # Errors
    /// As [`Self::targets`], or a limit that names nothing.
    pub(super) fn targets_among(&self, limit: &Limit, choices: &Choices) -> Result<Vec<Target>, RunError> {
        let chosen = limit.select(&self.inventory)?;
        let chosen: BTreeSet<&str> = chosen.iter().map(|(_, router)| router.name.value.as_str()).collect();
        let among = self.rendered.iter().filter(|one| chosen.contains(one.router.as_str()));
        gather(among.map(|one| prepare(&self.inventory, one, choices)))
    }
}

/// The rollout that was written, changed to what was typed, for so many sites of an inventory.
///
/// # Errors
/// What was typed and means nothing, or too many sites without a budget that a person wrote.
pub(super) fn typed_rollout(
    mut written: Rollout,
    typed: &Overrides,
    inventory: &Inventory,
    sites: usize,
) -> Result<RunRollout, RunError> {
    typed.change(&mut written)?;
    Ok(RunRollout::new(written, inventory).with_budget_for(sites)?)
}

fn gather(targets: impl Iterator<Item = Result<Target, PrepareError>>) -> Result<Vec<Target>, RunError> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for target in targets {
        match target {
            Ok(target) => good.push(target),
            Err(error) => bad.push(RunError::from(error)),
        }
    }
    let mut bad = bad.into_iter();
    bad.next().map_or(Ok(good), |first| Err(RunError::several(first, bad.collect())))
}

/// Counts different names.
pub(super) fn count_sites<'a>(sites: impl Iterator<Item = &'a str>) -> usize {
    sites.collect::<BTreeSet<_>>().len()
}

/// Reads a playbook and its inventory and renders every chosen router; the operator is told the warnings.
///
/// # Errors
/// Every finding in both, together.
pub fn load(env: &RunEnv, source: &Source) -> Result<Loaded, RunError> {
    load_chosen(env, source, &choose(env, source.limit.as_deref())?)
}

/// The same where the choice was looked up before.
///
/// # Errors
/// As [`load`].
pub(super) fn load_chosen(env: &RunEnv, source: &Source, limit: &Limit) -> Result<Loaded, RunError> {
    let Desired { inventory, playbook, rendered, warnings } =
        playbook::desired(&source.playbook, &source.inventory, limit)?;
    tell(&*env.operator, &warnings);
    Ok(Loaded { inventory, playbook, rendered })
}

/// Reads an inventory alone; the operator is told the warnings.
///
/// # Errors
/// Every finding in it.
pub fn load_inventory(operator: &dyn Operator, path: &Path) -> Result<Inventory, RunError> {
    let (inventory, warnings) = inventory::load(path)?;
    tell(operator, &warnings);
    Ok(inventory)
}

/// The routers that a limit means, ready to be read.
///
/// # Errors
/// A limit that names nothing, or what is in the way of a router.
pub(super) fn bare_targets(inventory: &Inventory, limit: &Limit, choices: &Choices) -> Result<Vec<Target>, RunError> {
    let chosen: Vec<(&Site, &Router)> = limit.select(inventory)?;
    gather(chosen.into_iter().map(|(site, router)| bare(site, router, choices)))
}

/// A router that the operator named and the inventory does not have.
pub(super) fn misnamed(inventory: &Inventory, router: &str) -> PrepareError {
    let names = inventory.routers().map(|(_, router)| router.name.value.as_str());
    let hint = suggestion(router, names.collect::<Vec<_>>());
    PrepareError::Misnamed { router: router.to_owned(), hint }
}

fn tell(operator: &dyn Operator, found: &Diagnostics) {
    for finding in found.iter() {
        operator.tell(&Notice::Finding(finding));
    }
}
