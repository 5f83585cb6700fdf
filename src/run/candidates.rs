//! The routers that the box at the end of a cable may be: what the inventory and the journal know of each. No router is met.
//!
//! Which of them it is, is judged elsewhere, and confirmed by a person.

use std::collections::HashMap;

use jiff::Timestamp;

use super::choice::choose;
use super::env::RunEnv;
use super::error::RunError;
use super::needs_person::Clinic;
use crate::inventory::{Inventory, Router, Site};
use crate::ix::Identity;
use crate::window::Zone;

/// A router of the inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its name.
    pub router: String,
    /// The name for people.
    pub title: Option<String>,
    /// Its roles.
    pub roles: Vec<String>,
    /// Its clinic, as a person looks for it.
    pub clinic: Clinic,
    /// What the clinic is called in another system.
    pub code: Option<String>,
    /// Which box the inventory says it is.
    pub declared: Identity,
    /// Which box it was when a run of ours last saved it.
    pub recorded: Option<Identity>,
    /// A run of ours has saved it today.
    pub is_done: bool,
}

/// The routers that a limit means, in the order of the inventory.
///
/// # Errors
/// A limit that names nothing, or a journal that cannot be read.
pub fn candidates(env: &RunEnv, inventory: &Inventory, limit: Option<&str>) -> Result<Vec<Candidate>, RunError> {
    let chosen = choose(env, limit)?.select(inventory)?;
    let mut clinics: HashMap<&str, Clinic> = HashMap::new();
    let mut found = Vec::with_capacity(chosen.len());
    for (site, router) in chosen {
        let name = site.name.value.as_str();
        let clinic = clinics.entry(name).or_insert_with(|| Clinic::of_site(site)).clone();
        found.push(candidate(env, site, router, clinic)?);
    }
    Ok(found)
}

fn candidate(env: &RunEnv, site: &Site, router: &Router, clinic: Clinic) -> Result<Candidate, RunError> {
    let name = &router.name.value;
    // Only what was saved is known to be this router.
    let last = if env.has_journal() { env.journal()?.last_saved(name)? } else { None };
    let is_done = last.as_ref().is_some_and(|part| same_day(part.last_ms, env.now(), &site.schedule.zone));
    Ok(Candidate {
        router: name.clone(),
        title: router.title.clone(),
        roles: router.roles.iter().map(|role| role.value.clone()).collect(),
        clinic,
        code: site.code.as_ref().map(|code| code.value.clone()),
        declared: router.expected_identity(),
        recorded: last.map(|part| part.identity),
        is_done,
    })
}

/// Whether both are on one day by the clocks of a site.
fn same_day(millis: i64, now: Timestamp, zone: &Zone) -> bool {
    let then = Timestamp::from_millisecond(millis).ok();
    then.is_some_and(|then| zone.at(then).date() == zone.at(now).date())
}
