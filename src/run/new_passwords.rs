//! New passwords of the very users who log in, before the first router gets one: each is had, not empty, different from the one
//! before, and sealed in the journal. A run that dies in the middle must not be the only one that knew them.
//!
//! Opens no session.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::env::RunEnv;
use super::error::RunError;
use super::known_logins::password_login;
use super::target::Target;
use crate::connect::Connect;
use crate::journal::{Journal, RouterRun, RunLog};
use crate::secret::{CredentialName, Secret, Vault, fill, placeholder};

/// What the name of a sealed password begins with.
const SEALED: &str = "password ";

/// The new passwords of a run.
pub(super) struct NewPasswords {
    values: BTreeMap<CredentialName, Arc<Secret>>,
}

impl NewPasswords {
    /// Resolves the new password of every router that is to get one.
    ///
    /// # Errors
    /// [`RunError`] when one cannot be had or typed, is the old one, is not the one that an earlier run gave to other routers, or
    /// cannot be sealed.
    pub(super) fn resolve(env: &RunEnv, targets: &[Target], vault: &dyn Vault) -> Result<Self, RunError> {
        let mut values = BTreeMap::new();
        let mut same: BTreeMap<(CredentialName, CredentialName), Vec<&str>> = BTreeMap::new();
        for target in targets {
            let Some(Change { old, new }) = Change::of(target) else { continue };
            let value = match values.get(&new) {
                Some(value) => Arc::clone(value),
                None => {
                    // Held to what a line of a router can have.
                    fill(&placeholder(&new), vault)?;
                    let value = vault.get_to_set(&new)?;
                    values.insert(new.clone(), Arc::clone(&value));
                    value
                }
            };
            // Of one that cannot be resolved the login says so.
            let is_same = |old: &CredentialName| vault.get(old).is_ok_and(|old| old.expose() == value.expose());
            if let Some(old) = old.filter(is_same) {
                same.entry((new, old)).or_default().push(&target.intent.router);
            }
        }
        if let Some(((new, old), routers)) = same.into_iter().next() {
            return Err(RunError::SamePassword { new, old, routers: routers.join(", ") });
        }
        if values.is_empty() {
            return Ok(Self { values });
        }
        let journal = env.journal()?;
        journal.can_seal()?;
        let passwords = Self { values };
        targets.iter().try_for_each(|target| passwords.expect_as_set_before(&journal, target))?;
        Ok(passwords)
    }

    /// A router that has the new password from an earlier run has the value that this run is to set.
    fn expect_as_set_before(&self, journal: &Journal, target: &Target) -> Result<(), RunError> {
        let router = &target.intent.router;
        let Some(part) = journal.last_login(router)? else { return Ok(()) };
        let login = part.saved_login.as_ref().and_then(password_login);
        let Some((credential, value)) = login.and_then(|login| self.values.get_key_value(&login.credential)) else {
            return Ok(());
        };
        match unsealed(journal, &part, credential) {
            Some(before) if before.expose() != value.expose() => Err(RunError::PasswordChanged {
                credential: credential.clone(),
                router: router.clone(),
                run: part.run.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// Seals them for a run that has begun.
    ///
    /// # Errors
    /// When they cannot be written: no router may be changed then.
    pub(super) fn seal(&self, env: &RunEnv, log: &RunLog) -> Result<(), RunError> {
        let recorder = log.recorder(&env.readers);
        for (credential, value) in &self.values {
            if let Some(error) = recorder.seal(&format!("{SEALED}{credential}"), value.expose().as_bytes())? {
                return Err(error.into());
            }
        }
        Ok(())
    }
}

/// The change of one router's password.
struct Change {
    /// The one that its login has now.
    old: Option<CredentialName>,
    new: CredentialName,
}

impl Change {
    fn of(target: &Target) -> Option<Self> {
        let account = target.connector.account()?;
        let new = target.intent.password_for(&account.user)?;
        (account.password.as_ref() != Some(&new)).then_some(Self { old: account.password, new })
    }
}

/// Gives the vault what the run of this part sealed before it changed anything.
pub(super) fn recall(journal: &Journal, part: &RouterRun, vault: &dyn Vault) -> Result<(), RunError> {
    for name in journal.sealed_names(&part.run, "")? {
        let credential = name.strip_prefix(SEALED).and_then(|name| CredentialName::new(name).ok());
        if let Some(credential) = credential
            && let Some(value) = unsealed(journal, part, &credential)
        {
            vault.remember(&credential, value);
        }
    }
    Ok(())
}

/// What a run sealed of a credential; nothing where it sealed none, or that cannot be opened any more.
fn unsealed(journal: &Journal, part: &RouterRun, credential: &CredentialName) -> Option<Secret> {
    let bytes = journal.unseal(&part.run, "", &format!("{SEALED}{credential}")).ok()?;
    std::str::from_utf8(&bytes).ok().map(|value| Secret::new(value.to_owned()))
}
