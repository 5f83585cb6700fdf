//! The secrets that a person types, asked for before anything begins: where several routers are worked on at once, no one can be asked in between.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::env::RunEnv;
use super::error::RunError;
use super::input::Loaded;
use crate::inventory::{Connection, Router};
use crate::playbook::RenderedRouter;
use crate::secret::{CredentialName, KnownSecrets, Source, SourceVault, Vault as _};

/// Asks for every secret of the chosen routers that the inventory says is typed, each twice, since it may be set on a router; what is known
/// already is not asked for.
///
/// # Errors
/// When one is not typed, or its two entries never agree.
pub fn ask_secrets(env: &RunEnv, loaded: &Loaded, known: &KnownSecrets) -> Result<(), RunError> {
    let vault = SourceVault::new(loaded.inventory.sources(), Arc::clone(&env.operator)).with_known(known.clone());
    let named = named(loaded.routers(), &loaded.rendered);
    for (name, source) in loaded.inventory.sources() {
        if matches!(source, Source::Prompt(_)) && named.contains(&name) {
            vault.get_to_set(&name)?;
        }
    }
    Ok(())
}

/// The credentials of the ways to these routers, and those that their lines name.
pub(super) fn named<'a>(
    routers: impl IntoIterator<Item = &'a Router>,
    rendered: impl IntoIterator<Item = &'a RenderedRouter>,
) -> BTreeSet<CredentialName> {
    let mut names: BTreeSet<CredentialName> = BTreeSet::new();
    for router in routers {
        let second = router.second_way.iter().flat_map(Connection::credentials);
        names.extend(router.connection.credentials().into_iter().chain(second).map(|name| name.value.clone()));
    }
    names.extend(rendered.into_iter().flat_map(|one| one.credentials.iter().cloned()));
    names
}
