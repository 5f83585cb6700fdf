//! New passwords of the very users who log in, before the first router gets one: each has a value that is not empty, different from the one
//! before, and sealed in the journal. A run that dies in the middle must not be the only one that knew them. So is what only the operator
//! of a run knows.
//!
//! Opens no session.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::env::RunEnv;
use super::error::RunError;
use super::open_run::OpenRun;
use super::target::Target;
use crate::connect::Connect;
use crate::ix::ConfigText;
use crate::journal::{Journal, JournalError, RouterRun, RunLog};
use crate::record::LoginRecord;
use crate::secret::{CredentialName, Secret, SecretError, Vault, fill, placeholder, placeholders};
use crate::state::State;

/// What the name of a sealed password begins with.
const SEALED: &str = "password ";

/// The new passwords of a run.
pub(super) struct NewPasswords {
    values: BTreeMap<CredentialName, Arc<Secret>>,
}

/// What a run is to set.
pub(super) struct ToSet<'r> {
    /// Its routers.
    pub(super) targets: &'r [Target],
    /// What its operator alone knows.
    pub(super) asked: &'r [CredentialName],
    /// The run that goes on, where it is one that had stopped.
    pub(super) going_on: Option<&'r OpenRun>,
    /// Where values come from.
    pub(super) vault: &'r dyn Vault,
}

impl NewPasswords {
    /// Resolves the new password of every router that is to get one, and what is asked for.
    ///
    /// # Errors
    /// [`RunError`] when one cannot be had or typed, is the old one, is not the one that an earlier run gave to other routers, or
    /// cannot be sealed.
    pub(super) fn resolve(env: &RunEnv, to_set: &ToSet<'_>) -> Result<Self, RunError> {
        let &ToSet { targets, asked, going_on, vault } = to_set;
        let own = going_on.map(|run| run.log().run().as_str());
        recall_asked(env, asked, own, vault)?;
        let mut values = BTreeMap::new();
        let mut same: BTreeMap<(CredentialName, CredentialName), Vec<&str>> = BTreeMap::new();
        for target in targets {
            let Some(Change { old, new }) = Change::of(target).filter(|change| !asked.contains(&change.new)) else {
                continue;
            };
            let value = match values.get(&new) {
                Some(value) => Arc::clone(value),
                None => {
                    let value = had(&new, vault).map_err(|cause| no_value(target, &new, cause))?;
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
            return Err(RunError::SamePassword { new, old, routers: some(&routers) });
        }
        // A whole configuration names all that its router is given: nothing of it is missing once the box is met.
        for target in targets.iter().filter(|target| target.intent.desired.is_whole()) {
            let lines = target.intent.desired.text().map(ConfigText::as_str).unwrap_or_default();
            placeholders(lines).try_for_each(|name| had(&name, vault).map(drop))?;
        }
        if values.is_empty() && asked.is_empty() {
            return Ok(Self { values });
        }
        let journal = env.journal()?;
        journal.can_seal()?;
        let mut passwords = Self { values };
        passwords.expect_as_set_before(&journal, own)?;
        for name in asked {
            passwords.values.insert(name.clone(), had(name, vault)?);
        }
        Ok(passwords)
    }

    /// Where any router has a new password from an earlier run, or this run (`own`) has sealed one before, it is the value that is to
    /// be set: not only of the routers that are chosen now, since the fleet must not be split over two values of one credential.
    fn expect_as_set_before(&self, journal: &Journal, own: Option<&str>) -> Result<(), RunError> {
        if self.values.is_empty() {
            return Ok(());
        }
        let open: BTreeSet<String> = journal.open_router_runs()?.into_iter().map(|part| part.run).collect();
        for (credential, value) in &self.values {
            for run in journal.runs_that_sealed(&sealed_name(credential))? {
                let is_own = own == Some(run.as_str());
                if !is_own && !open.contains(&run) && !gave(journal, &run, credential)? {
                    continue;
                }
                // What cannot be opened any more says nothing, but for the run that goes on: it would be the only one that knew it.
                let before = match unsealed(journal, &run, credential) {
                    Err(error) if is_own => return Err(error.into()),
                    before => before.ok().flatten(),
                };
                if before.is_some_and(|before| before.expose() != value.expose()) {
                    return Err(RunError::PasswordChanged { credential: credential.clone(), run });
                }
            }
        }
        Ok(())
    }

    /// Seals them for a run that has begun; what it sealed when it began first stays.
    ///
    /// # Errors
    /// When they cannot be written: no router may be changed then.
    pub(super) fn seal(&self, env: &RunEnv, log: &RunLog) -> Result<(), RunError> {
        let recorder = log.recorder(&env.readers);
        let sealed = log.journal().sealed_names(log.run().as_str(), "")?;
        for (credential, value) in &self.values {
            let name = sealed_name(credential);
            if sealed.contains(&name) {
                continue;
            }
            if let Some(error) = recorder.seal(&name, value.expose().as_bytes())? {
                return Err(error.into());
            }
        }
        Ok(())
    }
}

/// A value that is to be set: held to what a line of a router can have, typed twice where it is typed.
fn had(name: &CredentialName, vault: &dyn Vault) -> Result<Arc<Secret>, SecretError> {
    fill(&placeholder(name), vault)?;
    vault.get_to_set(name)
}

/// What the run sealed of these before it had stopped is not asked for once more: a router may have it already.
fn recall_asked(env: &RunEnv, asked: &[CredentialName], own: Option<&str>, vault: &dyn Vault) -> Result<(), RunError> {
    let Some(run) = own.filter(|_| !asked.is_empty()) else { return Ok(()) };
    let journal = env.journal()?;
    let sealed = journal.sealed_names(run, "")?;
    for name in asked.iter().filter(|name| sealed.contains(&sealed_name(name))) {
        if let Some(value) = unsealed(&journal, run, name)? {
            vault.remember(name, value);
        }
    }
    Ok(())
}

/// Why a router's new password has no value; where an undo gives it back, that is said.
fn no_value(target: &Target, new: &CredentialName, cause: SecretError) -> RunError {
    match &target.intent.path.gives_back {
        Some(login) => {
            let (user, credential) = (login.user.clone(), new.clone());
            RunError::NoOldPassword { user, credential, cause: Box::new(cause) }
        }
        None => cause.into(),
    }
}

/// Gives the vault what the last run that gave this password to routers sealed of it, where the inventory says nothing of it any more.
///
/// # Errors
/// When the journal cannot be read. What cannot be opened any more says nothing.
pub(super) fn recall_sealed(
    journal: &Journal,
    credential: &CredentialName,
    vault: &dyn Vault,
) -> Result<(), JournalError> {
    for run in journal.runs_that_sealed(&sealed_name(credential))? {
        if let Ok(Some(value)) = unsealed(journal, &run, credential) {
            vault.remember(credential, value);
            break;
        }
    }
    Ok(())
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
            && let Ok(Some(value)) = unsealed(journal, &part.run, &credential)
        {
            vault.remember(&credential, value);
        }
    }
    Ok(())
}

/// Under which name a new password is sealed.
fn sealed_name(credential: &CredentialName) -> String {
    format!("{SEALED}{credential}")
}

/// Whether a router has its password from this run still, as far as the journal knows.
fn gave(journal: &Journal, run: &str, credential: &CredentialName) -> Result<bool, JournalError> {
    let names =
        |login: Option<&LoginRecord>| login.and_then(|login| login.credential.as_deref()) == Some(credential.as_str());
    for part in journal.router_runs(run)? {
        if part.state == Some(State::Saved)
            && names(part.saved_login.as_ref())
            && names(journal.last_login(&part.router)?.as_ref().and_then(RouterRun::login))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a run sealed of a credential; nothing where it is no text.
fn unsealed(journal: &Journal, run: &str, credential: &CredentialName) -> Result<Option<Secret>, JournalError> {
    let bytes = journal.unseal(run, "", &sealed_name(credential))?;
    Ok(std::str::from_utf8(&bytes).ok().map(|value| Secret::new(value.to_owned())))
}

/// Some of these names, and how many more there are.
fn some(routers: &[&str]) -> String {
    const NAMED: usize = 8;
    let named = routers.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match routers.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named}, ... (+{more})"),
    }
}

#[cfg(test)]
mod tests {
    use super::some;

    #[test]
    fn a_fleet_is_named_by_its_first_routers_and_a_number() {
        assert_eq!(some(&["r1", "r2"]), "r1, r2");
        assert_eq!(some(&["c"; 200]), "c, c, c, c, c, c, c, c, ... (+192)");
    }
}
