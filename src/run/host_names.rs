//! The host names that identify routers: a name counts only on a box that has it from one of our saved runs.
//!
//! A new box has the factory's name, or a dead one's. What our runs saved is in the journal; no router is asked here.

use std::collections::HashMap;

use crate::dialect::{ConfigWords, model};
use crate::inventory::Inventory;
use crate::journal::{Journal, JournalError};
use crate::transaction::{Desired, HostName, SavedPlan};

/// What is known, by router.
pub type HostNames = HashMap<String, HostName>;

/// The declared host names, each with the boxes that have it from one of our runs. A router that was renamed or undone
/// since, or whose declaration changed, has none.
///
/// # Errors
/// When the journal cannot be read.
pub fn host_names(journal: &Journal, inventory: &Inventory) -> Result<HostNames, JournalError> {
    let mut found = HostNames::new();
    for (_, router) in inventory.routers() {
        let Some(declared) = &router.identity.hostname else { continue };
        let Some(model) = model::find(&router.model.value) else { continue };
        let mut last: HashMap<String, Option<String>> = HashMap::new();
        // The newest run that says anything about a box's name is the one that counts.
        for part in journal.saved_router_runs(&router.name.value)? {
            let Some(number) = part.identity.serial_number.clone().filter(|number| !last.contains_key(number)) else {
                continue;
            };
            let kept = SavedPlan::read(&journal.plan_of(&part)?, model).ok();
            let Some(name) = kept.and_then(|kept| name_left(model.dialect().words(), &kept.intent.desired)) else {
                continue;
            };
            last.insert(number, name);
        }
        last.retain(|_, name| name.as_ref() == Some(&declared.value));
        if !last.is_empty() {
            let host_name = HostName { name: declared.value.clone(), boxes: last.into_keys().collect() };
            found.insert(router.name.value.clone(), host_name);
        }
    }
    Ok(found)
}

/// The name that a saved plan left the router with, where the plan says anything about it.
fn name_left(words: &ConfigWords, desired: &Desired) -> Option<Option<String>> {
    let shown = desired.shown();
    let said = shown.lines().filter_map(|line| words.renames(line)).next_back();
    match said {
        Some(name) => Some(name.map(str::to_owned)),
        None => desired.is_whole().then_some(None),
    }
}
