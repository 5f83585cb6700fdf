//! What goes into a kit: the part of the inventory, the files of the playbooks, and of each router its secrets, host keys and last state.
//! Reads; writes nothing that stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

use super::error::KitError;
use super::sound::is_path;
use crate::dialect::model;
use crate::inventory::{self, Connection, Inventory, Limit, Router, Site};
use crate::ix::ConfigText;
use crate::journal::Journal;
use crate::kit::{KitEnrolledKey, KitHostKey, KitSite, LastState};
use crate::plan::Swap;
use crate::playbook::{self, Desired, RenderedRouter};
use crate::run::asked_secrets::named;
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::input_error::InputError;
use crate::run::last_state::{SavedState, last_state};
use crate::secret::{CredentialName, Secret, SourceVault, Vault as _};
use crate::transport::ssh::{EnrolledKey, EnrolledKeys, FirstUse, KnownHosts, SshError, is_host_name};

/// Where the inventory is in a working folder, and where the playbooks are.
const INVENTORY: &str = "inventory";
const PLAYBOOKS: &str = "playbooks";

/// The files of a working folder.
pub(super) struct Files {
    /// By their paths.
    pub(super) files: BTreeMap<String, String>,
    /// The inventory among them, or its folder.
    pub(super) inventory: String,
    /// The playbooks among them.
    pub(super) playbooks: Vec<String>,
}

/// The sites that are chosen, whole.
pub(super) fn sites(inventory: &Inventory, limit: &Limit) -> Result<Vec<KitSite>, RunError> {
    let chosen: BTreeSet<&str> = limit.select(inventory)?.iter().map(|(site, _)| site.name.value.as_str()).collect();
    let sites = inventory.sites.iter().filter(|site| chosen.contains(site.name.value.as_str()));
    Ok(sites.map(of_site).collect())
}

fn of_site(site: &Site) -> KitSite {
    KitSite {
        site: site.name.value.clone(),
        title: site.title.clone(),
        routers: site.routers.iter().map(|router| router.name.value.clone()).collect(),
    }
}

/// The files of these sites and playbooks. What they render is compared with what the whole does, so that a kit says nothing else.
///
/// # Errors
/// What cannot be read, a part that says something else than the whole, or a file whose name another system does not take.
pub(super) fn files(inventory: &Path, playbooks: &[&Path], sites: &[KitSite]) -> Result<Files, RunError> {
    let part = inventory::part(inventory, &sites.iter().map(|site| site.site.clone()).collect())?;
    if !part.outside.is_empty() {
        return Err(KitError::Outside { files: part.outside }.into());
    }
    let in_folder = |folder: &str, path: &str| format!("{folder}/{path}");
    let main = part.main.map_or_else(|| INVENTORY.to_owned(), |main| in_folder(INVENTORY, &main));
    let mut files: BTreeMap<String, String> =
        part.files.into_iter().map(|(path, text)| (in_folder(INVENTORY, &path), text)).collect();
    let mut named = Vec::new();
    for playbook in playbooks {
        for (path, file) in playbook::files(playbook)? {
            files.insert(in_folder(PLAYBOOKS, &path), file.text().to_owned());
        }
        let name = playbook.file_name().and_then(|name| name.to_str()).unwrap_or("playbook.yaml");
        named.push(in_folder(PLAYBOOKS, name));
    }
    if let Some(path) = files.keys().find(|path| !is_path(path)) {
        return Err(KitError::FileName { path: path.clone() }.into());
    }
    Ok(Files { files, inventory: main, playbooks: named })
}

impl Files {
    /// Insists that the files say of the routers what the whole inventory does. They are read as they will be: from a folder, which is
    /// gone afterwards, and holds no secret.
    ///
    /// # Errors
    /// [`KitError::Part`] for a router of which they say something else.
    pub(super) fn compare(&self, whole: &[Desired], limit: &Limit) -> Result<(), RunError> {
        let dir = tempfile::tempdir().map_err(|cause| InputError::machine(Path::new(INVENTORY), cause))?;
        for (path, text) in &self.files {
            let path = dir.path().join(path);
            let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
            written.map_err(|cause| InputError::machine(&path, cause))?;
        }
        let at = |path: &str| dir.path().join(path);
        for (playbook, whole) in self.playbooks.iter().zip(whole) {
            let part = playbook::desired(&at(playbook), &at(&self.inventory), limit)?;
            let differs = whole.rendered.iter().find(|router| !is_same(router, whole, &part));
            if let Some(router) = differs {
                return Err(KitError::Part { router: router.router.clone() }.into());
            }
        }
        Ok(())
    }
}

/// Whether a router is the same in both: what it should have, how it is reached, and which box it is.
fn is_same(router: &RenderedRouter, whole: &Desired, part: &Desired) -> bool {
    let name = &router.router;
    let Some(other) = part.rendered.iter().find(|other| other.router == *name) else { return false };
    let (Some((_, here)), Some((_, there))) = (whole.inventory.router(name), part.inventory.router(name)) else {
        return false;
    };
    let way = |router: &Router| {
        let credentials = router.connection.credentials();
        let credentials: Vec<String> = credentials.into_iter().map(|name| name.value.to_string()).collect();
        let dialled = router.connection.dialled().map(|(host, port)| (host.value.clone(), port));
        (router.connection.kind(), dialled, credentials)
    };
    router.config == other.config
        && router.model == other.model
        && router.roles == other.roles
        && here.expected_identity() == there.expected_identity()
        && way(here) == way(there)
}

/// Every credential that these routers need, resolved: those of their ways, those that their lines name, and those that another box would
/// need in the place of one.
///
/// # Errors
/// The first one that has no value.
pub(super) fn secrets(
    env: &RunEnv,
    inventory: &Inventory,
    routers: &[(&Site, &Router)],
    rendered: &[Desired],
    states: &BTreeMap<String, LastState>,
) -> Result<BTreeMap<CredentialName, Secret>, RunError> {
    let lines = rendered.iter().flat_map(|desired| &desired.rendered);
    let mut names = named(routers.iter().map(|(_, router)| *router), lines);
    names.extend(of_swaps(routers, rendered, states).into_iter().filter(|name| inventory.declares(name.as_str())));
    let vault = SourceVault::new(inventory.sources(), Arc::clone(&env.operator));
    let resolve = |name: CredentialName| {
        // One that is typed is typed twice: in the clinic no one can mend a slip.
        let value = vault.get_to_set(&name)?;
        Ok((name, Secret::new(value.expose().to_owned())))
    };
    names.into_iter().map(resolve).collect()
}

/// What a new box in the place of one of these routers would need: with any of the playbooks, and with none.
fn of_swaps(
    routers: &[(&Site, &Router)],
    rendered: &[Desired],
    states: &BTreeMap<String, LastState>,
) -> BTreeSet<CredentialName> {
    let mut names = BTreeSet::new();
    for (_, router) in routers {
        let name = router.name.value.as_str();
        let (Some(state), Some(model)) = (states.get(name), model::find(&router.model.value)) else { continue };
        let old = ConfigText::new(state.configuration.expose());
        let old = old.tree(model.dialect());
        let by_roles = rendered.iter().flat_map(|desired| &desired.rendered).filter(|one| one.router == name);
        let by_roles = by_roles.map(|one| one.config.tree(model.dialect()));
        for rendered in std::iter::once(None).chain(by_roles.map(Some)) {
            let swap = Swap { router: name, old, rendered, login: None, model, renamed: &BTreeMap::new() };
            names.extend(swap.credentials());
        }
    }
    names
}

/// The keys that this machine knows of the routers and of the hosts before them.
///
/// # Errors
/// When the file of known hosts cannot be read.
pub(super) fn host_keys(env: &RunEnv, routers: &[(&Site, &Router)]) -> Result<HostKeys, KitError> {
    let file = env.state_file("known_hosts");
    let (known, enrolled) = (KnownHosts::new(&file, FirstUse::Refuse), EnrolledKeys::beside(&file));
    let unread = |error: SshError| InputError::machine(&file, std::io::Error::other(error.to_string()));
    let mut hosts: BTreeSet<(String, u16)> = BTreeSet::new();
    for (_, router) in routers {
        for connection in std::iter::once(&router.connection).chain(&router.second_way) {
            if let Some((host, port)) = connection.dialled() {
                hosts.insert((host.value.clone(), port));
            }
            hosts.extend(connection.jump().iter().map(|hop| (hop.host.clone(), hop.port)));
        }
    }
    hosts.retain(|(host, _)| is_host_name(host));
    let mut keys = HostKeys::default();
    for (host, port) in hosts {
        keys.known.extend(known.keys_of(&host, port).map_err(unread)?.into_iter().map(|key| KitHostKey {
            host: host.clone(),
            port,
            key: BASE64_STANDARD.encode(key.blob()),
        }));
        let shown = enrolled.of(&host, port).map_err(unread)?;
        keys.enrolled.extend(shown.map(|EnrolledKey { fingerprint, at, run, serial_number }| KitEnrolledKey {
            host,
            port,
            fingerprint: fingerprint.to_string(),
            at,
            run,
            serial_number,
        }));
    }
    Ok(keys)
}

/// What this machine knows of the host keys of routers.
#[derive(Default)]
pub(super) struct HostKeys {
    /// The known ones, also of the hosts before them.
    pub(super) known: Vec<KitHostKey>,
    /// What they have shown on their consoles.
    pub(super) enrolled: Vec<KitEnrolledKey>,
}

/// A host that cannot be logged in to with a kit alone: no password proves its user, and private keys are never packed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostWithoutProof {
    /// The host, `host:port`.
    pub host: String,
    /// The private key that it takes; nothing where it takes one of an SSH agent.
    pub key_file: Option<PathBuf>,
    /// The routers that are reached through it, or that it is.
    pub routers: Vec<String>,
}

/// The hosts of these routers, and on the ways to them, that a kit cannot prove.
pub(super) fn without_proof(routers: &[(&Site, &Router)]) -> Vec<HostWithoutProof> {
    let mut found: BTreeMap<(String, Option<PathBuf>), Vec<String>> = BTreeMap::new();
    for (_, router) in routers {
        for connection in std::iter::once(&router.connection).chain(&router.second_way) {
            let Connection::Ssh(ssh) = connection else { continue };
            let before = ssh.jump.iter().map(|hop| (hop.host.as_str(), hop.port, &hop.proof));
            let hosts = before.chain([(ssh.host.value.as_str(), ssh.port, &ssh.proof)]);
            for (host, port, proof) in hosts.filter(|(.., proof)| proof.password.is_none()) {
                let key_file = proof.key.as_ref().map(|key| key.path.clone());
                found.entry((format!("{host}:{port}"), key_file)).or_default().push(router.name.value.clone());
            }
        }
    }
    let one = |((host, key_file), routers)| HostWithoutProof { host, key_file, routers };
    found.into_iter().map(one).collect()
}

/// What each router ran when the journal saw it saved last; those that it never did have none.
///
/// # Errors
/// When the journal cannot be read, or was edited.
pub(super) fn states(journal: &Journal, routers: &[(&Site, &Router)]) -> Result<BTreeMap<String, LastState>, RunError> {
    let mut states = BTreeMap::new();
    for (_, router) in routers {
        let name = &router.name.value;
        if let Some(state) = last_state(journal, name)? {
            states.insert(name.clone(), of_state(state));
        }
    }
    Ok(states)
}

fn of_state(SavedState { part, configuration }: SavedState) -> LastState {
    LastState {
        unverified: part.unverified,
        run: part.run,
        saved_ms: part.last_ms,
        model: part.identity.model,
        serial_number: part.identity.serial_number,
        firmware: part.identity.firmware,
        configuration,
    }
}
