//! `kit build`: what a visit needs, in one encrypted file.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Serialize;

use super::content::{self, HostWithoutProof};
use super::error::KitError;
use super::office;
use super::open::RouterInKit;
use super::passphrase;
use super::sound::MOST_HOST_KEYS;
use crate::inventory::{Limit, Router, Site};
use crate::kit::{About, Cost, Kit, KitSite};
use crate::playbook::{self, Desired};
use crate::record::Account;
use crate::run::choice::choose;
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::input::load_inventory;
use crate::run::owner::who;
use crate::run::whole_file::write_whole;

/// What is packed.
#[derive(Debug, Clone)]
pub struct KitRequest {
    /// The playbooks; the first one is meant where none is named later.
    pub playbooks: Vec<PathBuf>,
    /// The inventory.
    pub inventory: PathBuf,
    /// Which sites, in the words of `--limit`.
    pub sites: String,
    /// The day of the visit.
    pub day: Date,
    /// The new file.
    pub file: PathBuf,
    /// What a guess of the passphrase costs.
    pub cost: Cost,
}

/// A kit that was written.
#[derive(Debug, Serialize)]
pub struct BuiltKit {
    /// The file.
    pub file: PathBuf,
    /// Its size in bytes.
    pub bytes: usize,
    /// The day of the visit.
    pub day: String,
    /// The sites.
    pub sites: Vec<KitSite>,
    /// What is known of each router.
    pub routers: Vec<RouterInKit>,
    /// The names of the credentials in it.
    pub credentials: Vec<String>,
    /// How many host keys.
    pub host_keys: usize,
    /// The hosts that cannot be logged in to with the kit alone.
    pub without_proof: Vec<HostWithoutProof>,
    /// Whether the records of the visit can be sealed to the office.
    pub office: bool,
}

/// Packs a kit.
///
/// # Errors
/// What is wrong in the input, a secret without a value, or a file that cannot be written. Nothing was written then.
pub fn build_kit(env: &RunEnv, request: &KitRequest) -> Result<BuiltKit, RunError> {
    if request.file.symlink_metadata().is_ok() {
        return Err(KitError::Exists { path: request.file.clone() }.into());
    }
    let inventory = load_inventory(&*env.operator, &request.inventory)?;
    let sites = content::sites(&inventory, &choose(env, Some(&request.sites))?)?;
    let mut limit = Limit::all();
    limit.add_recorded(false, sites.iter().flat_map(|site| site.routers.iter().cloned()));
    let routers: Vec<(&Site, &Router)> = limit.select(&inventory)?;
    let desired = request.playbooks.iter().map(|playbook| playbook::desired(playbook, &request.inventory, &limit));
    let desired: Vec<Desired> = desired.collect::<Result<_, _>>()?;
    let playbooks: Vec<&Path> = request.playbooks.iter().map(PathBuf::as_path).collect();
    let files = content::files(&request.inventory, &playbooks, &sites)?;
    files.compare(&desired, &limit)?;
    let passphrase = passphrase::to_seal(env, &request.file)?;
    let journal = env.has_journal().then(|| env.journal()).transpose()?;
    let states = journal.as_ref().map(|journal| content::states(journal, &routers)).transpose()?.unwrap_or_default();
    let secrets = content::secrets(env, &inventory, &routers, &desired, &states)?;
    let Account { by, machine } = who();
    let office = office::public_key(&env.state_dir)?;
    let about = About {
        day: request.day.to_string(),
        built_ms: env.now().as_millisecond(),
        by,
        machine,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        journal_head: journal.map(|journal| journal.head()).transpose()?,
        office: office.map(|key| key.to_string()),
        inventory: files.inventory,
        playbooks: files.playbooks,
    };
    let host_keys = content::host_keys(env, &routers)?;
    if host_keys.known.len().max(host_keys.enrolled.len()) > MOST_HOST_KEYS {
        return Err(KitError::TooLarge { file: request.file.clone() }.into());
    }
    let content::HostKeys { known, enrolled } = host_keys;
    let kit = Kit { about, sites, files: files.files, host_keys: known, enrolled, secrets, states };
    let sealed = kit.seal(&passphrase, request.cost).map_err(|flaw| KitError::of_kit(&request.file, flaw))?;
    write_whole(&request.file, &sealed)?;
    Ok(BuiltKit {
        file: request.file.clone(),
        bytes: sealed.len(),
        day: kit.about.day.clone(),
        routers: RouterInKit::all(&kit),
        credentials: kit.secrets.keys().map(ToString::to_string).collect(),
        host_keys: kit.host_keys.len(),
        without_proof: content::without_proof(&routers),
        office: kit.about.office.is_some(),
        sites: kit.sites,
    })
}
