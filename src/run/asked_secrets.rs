//! The secrets that a person types, asked for before anything begins: where several routers are worked on at once, no one can be asked in between.

use std::sync::Arc;

use super::env::RunEnv;
use super::error::RunError;
use crate::inventory::Inventory;
use crate::secret::{KnownSecrets, Source, SourceVault, Vault as _};

/// Asks for every secret that an inventory says is typed, each twice, since it may be set on a router; what is known already is not asked for.
///
/// # Errors
/// When one is not typed, or its two entries never agree.
pub fn ask_secrets(env: &RunEnv, inventory: &Inventory, known: &KnownSecrets) -> Result<(), RunError> {
    let vault = SourceVault::new(inventory.sources(), Arc::clone(&env.operator)).with_known(known.clone());
    for (name, _) in inventory.sources().filter(|(_, source)| matches!(source, Source::Prompt(_))) {
        vault.get_to_set(&name)?;
    }
    Ok(())
}
