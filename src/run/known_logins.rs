//! The logins that routers take, as this machine's journal says. Each is tried before what the inventory names: in the middle of a
//! rotation some routers have the new password and others the old one.
//!
//! Reads the journal; no router is asked here.

use std::collections::HashMap;

use crate::connect::PasswordLogin;
use crate::inventory::Inventory;
use crate::journal::{Journal, JournalError};

/// What is known, by router.
pub type KnownLogins = HashMap<String, PasswordLogin>;

/// The login of each router whose journal tells one that this inventory can resolve.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn known_logins(journal: &Journal, inventory: &Inventory) -> Result<KnownLogins, JournalError> {
    let mut known = KnownLogins::new();
    for (_, router) in inventory.routers() {
        let name = &router.name.value;
        let login = journal.last_login(name)?.and_then(|part| PasswordLogin::recorded(part.login()?));
        let login = login.filter(|login| inventory.declares(login.credential.as_str()));
        known.extend(login.map(|login| (name.clone(), login)));
    }
    Ok(known)
}
