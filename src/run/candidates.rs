//! The routers that the box at the end of a cable may be: what the inventory and the journal know of each. No router is met.
//!
//! Which of them it is, is judged elsewhere, and confirmed by a person.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::choice::choose;
use super::env::RunEnv;
use super::error::RunError;
use super::needs_person::Clinic;
use crate::dialect::model;
use crate::inventory::{Inventory, Router, Site};
use crate::ix::Identity;
use crate::journal::{Journal, RouterRun};
use crate::playbook::RenderedRouter;
use crate::transaction::{Desired, SavedPlan};
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
    /// What is wanted of it now is what our last run that changed it has saved today, on its box, all of it proven.
    pub is_done_today: bool,
}

/// The routers that a limit means, in the order of the inventory; what is wanted of them was rendered before.
///
/// # Errors
/// A limit that names nothing, or a journal that cannot be read.
pub fn candidates(
    env: &RunEnv,
    inventory: &Inventory,
    rendered: &[RenderedRouter],
    limit: Option<&str>,
) -> Result<Vec<Candidate>, RunError> {
    let chosen = choose(env, limit)?.select(inventory)?;
    let wanted: HashMap<&str, &RenderedRouter> = rendered.iter().map(|one| (one.router.as_str(), one)).collect();
    let history = if env.has_journal() { Some(env.journal()?) } else { None };
    // Of these it is not known what they hold, whatever was saved on them before.
    let open: BTreeSet<String> = match &history {
        Some(journal) => journal.open_router_runs()?.into_iter().map(|part| part.router).collect(),
        None => BTreeSet::new(),
    };
    let mut clinics: HashMap<&str, Clinic> = HashMap::new();
    let mut found = Vec::with_capacity(chosen.len());
    for (site, router) in chosen {
        let name = router.name.value.as_str();
        // Only what was saved is known to be this router.
        let last = history.as_ref().map(|journal| journal.last_saved(name)).transpose()?.flatten();
        let is_done_today = match (&history, &last, wanted.get(name)) {
            (Some(journal), Some(last), Some(wanted)) if !open.contains(name) => {
                is_of_today(last, env.now(), &site.schedule.zone)
                    && is_proven_on(last, router)
                    && has_saved(journal, last, wanted)?
            }
            _ => false,
        };
        let clinic = clinics.entry(&site.name.value).or_insert_with(|| Clinic::of_site(site)).clone();
        let recorded = last.map(|part| part.identity);
        found.push(Candidate { clinic, recorded, is_done_today, ..declared(site, router) });
    }
    Ok(found)
}

/// What the inventory alone knows of a router.
fn declared(site: &Site, router: &Router) -> Candidate {
    Candidate {
        router: router.name.value.clone(),
        title: router.title.clone(),
        roles: router.roles.iter().map(|role| role.value.clone()).collect(),
        clinic: Clinic::default(),
        code: site.code.as_ref().map(|code| code.value.clone()),
        declared: router.expected_identity(),
        recorded: None,
        is_done_today: false,
    }
}

/// Whether a part ended on the day that it is by the clocks of its site.
fn is_of_today(part: &RouterRun, now: Timestamp, zone: &Zone) -> bool {
    let then = Timestamp::from_millisecond(part.last_ms).ok();
    then.is_some_and(|then| zone.at(then).date() == zone.at(now).date())
}

/// Whether all that a part has saved is proven, and on a box that the router may be.
fn is_proven_on(part: &RouterRun, router: &Router) -> bool {
    part.unverified.is_none() && router.expected_identity().may_be(&part.identity)
}

/// Whether a part has saved just what is wanted now. What an undo or a restore wanted is no playbook's text.
fn has_saved(journal: &Journal, part: &RouterRun, wanted: &RenderedRouter) -> Result<bool, RunError> {
    let Some(model) = model::find(&wanted.model) else { return Ok(false) };
    let Ok(kept) = SavedPlan::read(&journal.plan_of(part)?, model) else { return Ok(false) };
    let is_text = matches!(&kept.intent.desired, Desired::Rendered(text) if text.as_str() == wanted.config.as_str());
    Ok(is_text && kept.intent.terms.owns == wanted.ownership)
}
