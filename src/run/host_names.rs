//! The host names that tell routers apart: a name counts only on a box that has it from a saved run of ours.
//!
//! A new box has the factory's name, or a dead one's. What our runs saved is in the journal; nothing is asked of a router here.

use std::collections::HashMap;

use crate::dialect::device_strings;
use crate::inventory::Inventory;
use crate::journal::{Journal, JournalError};
use crate::transaction::{HostName, SavedPlan};

/// What is known, by router.
pub type HostNames = HashMap<String, HostName>;

/// The declared host names, each with the boxes that have it from a run of ours. A router that was renamed or undone since,
/// or whose declaration changed, has none.
///
/// # Errors
/// When the journal cannot be read.
pub fn host_names(journal: &Journal, inventory: &Inventory) -> Result<HostNames, JournalError> {
    let mut found = HostNames::new();
    for (_, router) in inventory.routers() {
        let Some(declared) = &router.identity.hostname else { continue };
        let mut last: HashMap<String, Option<String>> = HashMap::new();
        // The newest run that says anything about a box's name is the one that counts.
        for part in journal.saved_parts(&router.name.value)? {
            let Some(name) = serde_json::from_value(part.kept).ok().as_ref().and_then(name_left) else { continue };
            last.entry(part.serial_number).or_insert(name);
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
fn name_left(kept: &SavedPlan) -> Option<Option<String>> {
    let said = kept.desired.lines().filter_map(device_strings::renames).next_back();
    match said {
        Some(name) => Some(name.map(str::to_owned)),
        None => kept.exact.then_some(None),
    }
}
