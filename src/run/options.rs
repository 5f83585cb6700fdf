//! What the operator chose for a run: how far it may go, and how routers are reached.

use std::path::PathBuf;
use std::sync::Arc;

use super::begin::Beginning;
use super::declared_boxes::DeclaredBoxes;
use super::detached::Detached;
use super::env::RunEnv;
use super::error::RunError;
use super::host_names::{self, HostNames};
#[cfg(feature = "kit")]
use super::kit::states_of_kit;
use super::known_logins::{self, KnownLogins};
use super::known_states::KnownStates;
use super::operator::Notice;
use super::owner::account_name;
use super::prepare::Choices;
use super::rollout::Overrides;
use super::saves::Saves;
use crate::connect::{ConnectOptions, ConsoleLocks, Recordings};
use crate::inventory::{ConsoleHere, Inventory};
use crate::message::Explain;
use crate::secret::{KnownSecrets, SourceVault};
use crate::transport::ssh::FirstUse;

/// How routers are reached.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// An SSH host key that is seen for the first time is recorded rather than refused.
    pub record_host_keys: bool,
    /// The folder that takes a recording of each conversation.
    pub recordings: Option<PathBuf>,
    /// The console of this machine at whose end the router is, whatever the inventory says of its connection.
    pub console: Option<ConsoleHere>,
    /// The kit that the secrets are taken from.
    #[cfg(feature = "kit")]
    pub kit: Option<PathBuf>,
}

/// What the operator chose. By default nothing that other people did is touched, and nothing is left unchecked.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Every question that asks for approval was answered yes beforehand.
    pub assume_yes: bool,
    /// Config mode may be taken from its holder.
    pub take_over: bool,
    /// Unsaved changes of others may become permanent.
    pub adopt: bool,
    /// Secrets that cannot be compared are entered.
    pub set_secrets: bool,
    /// Plan and undo are rehearsed on a mock router too.
    pub rehearse_on_mock: bool,
    /// The routers are on a bench: checks that need the clinic are left out.
    pub on_bench: bool,
    /// Why the lines of the clinics are not open yet: required checks that need them may fail.
    pub line_pending: Option<String>,
    /// Why sites are touched although their windows and opening hours say no.
    pub outside_windows: Option<String>,
    /// How routers are reached.
    pub reach: Reach,
    /// What holds otherwise than the playbook's rollout says.
    pub rollout: Overrides,
    /// Secrets that were found before this run.
    pub secrets: KnownSecrets,
    /// What is known of routers from a kit that was opened before this run.
    pub states: KnownStates,
    /// Nothing is written, and no earlier run is recovered or left out before a session is opened.
    pub only_reads: bool,
    /// What was decided before this process was left alone with the run.
    pub detached: Option<Detached>,
}

impl RunOptions {
    /// Under which name a run begins, and when.
    pub(super) fn beginning(&self) -> Beginning {
        self.detached.clone().map(Beginning::Detached).unwrap_or_default()
    }

    /// The same for the routers of an inventory.
    ///
    /// # Errors
    /// A kit that cannot be opened.
    pub(super) fn choices(&self, env: &RunEnv, inventory: &Inventory) -> Result<Choices, RunError> {
        let states = self.known_states(env)?;
        Ok(Choices {
            states,
            replaces: None,
            take_over: self.take_over,
            adopt: self.adopt,
            set_secrets: self.set_secrets,
            rehearse_on_mock: self.rehearse_on_mock,
            at_clinic: !self.on_bench,
            line_pending: self.line_pending.clone(),
            outside_windows: self.outside_windows.clone(),
            console: self.reach.console.clone(),
            facts: inventory.facts.clone(),
            declared_boxes: DeclaredBoxes::of(inventory),
            host_names: host_names(env, inventory),
            logins: known_logins(env, inventory),
            connect_options: ConnectOptions {
                known_hosts: env.state_file("known_hosts"),
                first_use: if self.reach.record_host_keys { FirstUse::Record } else { FirstUse::Refuse },
                learned_by: account_name(),
                new_keys: None,
                vault: Arc::new(
                    SourceVault::new(inventory.sources(), Arc::clone(&env.operator)).with_known(self.secrets.clone()),
                ),
                jump_hosts: Arc::default(),
                console_locks: ConsoleLocks::default(),
                save_watch: Some(Arc::new(self.minded_saves(env, inventory))),
                recordings: self.reach.recordings.as_deref().map(Recordings::below),
                mock_routers: env.state_file("mock-routers"),
            },
        })
    }

    /// The saves that the sessions mind.
    fn minded_saves(&self, env: &RunEnv, inventory: &Inventory) -> Saves {
        let saves = Saves::watched(env, inventory, self.reach.console.is_some());
        if self.only_reads { saves.with_own() } else { saves }
    }

    /// What is known of the routers from the kit. A process that was left alone with the run was handed its secrets.
    #[cfg(feature = "kit")]
    fn known_states(&self, env: &RunEnv) -> Result<KnownStates, RunError> {
        match &self.reach.kit {
            Some(kit) => states_of_kit(env, kit, self),
            None => Ok(self.states.clone()),
        }
    }

    /// Without kits nothing is known.
    #[cfg(not(feature = "kit"))]
    fn known_states(&self, _: &RunEnv) -> Result<KnownStates, RunError> {
        Ok(KnownStates::default())
    }
}

/// The logins that this machine's journal tells. Without a journal the inventory alone does.
fn known_logins(env: &RunEnv, inventory: &Inventory) -> KnownLogins {
    if !env.has_journal() {
        return KnownLogins::default();
    }
    let known = env.journal().and_then(|journal| known_logins::known_logins(&journal, inventory));
    known.unwrap_or_else(|error| {
        env.operator.tell(&Notice::Warning(&error.text()));
        KnownLogins::default()
    })
}

/// The host names that this machine's journal can vouch for. Without a journal there is nothing to compare a router with.
fn host_names(env: &RunEnv, inventory: &Inventory) -> HostNames {
    if inventory.routers().all(|(_, router)| router.identity.hostname.is_none()) {
        return HostNames::default();
    }
    let known = env.journal().and_then(|journal| host_names::host_names(&journal, inventory));
    known.unwrap_or_else(|error| {
        env.operator.tell(&Notice::Warning(&error.text()));
        HostNames::default()
    })
}
