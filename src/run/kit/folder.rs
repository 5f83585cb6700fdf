//! The working folder that a kit was opened into: its files, and `kit.json`, which says what it was without a secret in it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::KitError;
use super::sound::{ABOUT, WORKING};
use crate::file;
use crate::journal::{Journal, Mark, RunSummary};
use crate::kit::{About, Kit, KitSite};
use crate::message::Text;
use crate::private::{self, Access, Refusal};
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::input_error::InputError;
use crate::run::whole_file::write_whole;

const SCHEMA: &str = "ixdeploy-kit-folder/1";
/// The largest `kit.json`.
const LARGEST_ABOUT: u64 = 16 * 1024 * 1024;

/// What a working folder says of its kit.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Folder {
    schema: String,
    /// The kit.
    pub(super) about: About,
    /// Its sites.
    pub(super) sites: Vec<KitSite>,
    /// When it was opened here.
    #[serde(flatten)]
    pub(super) opened: Opened,
}

/// When a kit was opened here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Opened {
    /// By this machine's clock, in milliseconds since 1970.
    opened_ms: i64,
    /// By this machine's journal, which no clock turns back; nothing in folders of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    journal: Option<Mark>,
}

impl Opened {
    /// Now.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub(super) fn now(env: &RunEnv) -> Result<Self, RunError> {
        let journal = env.has_journal().then(|| env.journal()?.mark().map_err(RunError::from)).transpose()?;
        let journal = journal.unwrap_or_else(Mark::start);
        Ok(Self { opened_ms: env.now().as_millisecond(), journal: Some(journal) })
    }

    /// The runs of a journal that began later, the first one first: by its records, else by the clock.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub(super) fn runs_since(&self, journal: &Journal) -> Result<Vec<RunSummary>, RunError> {
        let after = match &self.journal {
            Some(mark) if journal.has(mark)? => return Ok(journal.runs_after(mark.record)?),
            _ => journal.runs_after(0)?,
        };
        Ok(after.into_iter().filter(|run| run.begun_ms >= self.opened_ms).collect())
    }
}

impl Folder {
    /// The routers of the kit.
    pub(super) fn routers(&self) -> BTreeSet<&str> {
        self.sites.iter().flat_map(|site| &site.routers).map(String::as_str).collect()
    }

    /// Reads what a working folder says.
    ///
    /// # Errors
    /// [`KitError::NoFolder`] where no kit was opened into it.
    pub(super) fn read(folder: &Path) -> Result<Self, KitError> {
        let none = || KitError::NoFolder { folder: folder.to_owned() };
        let bytes = file::read(&folder.join(ABOUT), LARGEST_ABOUT).map_err(|_| none())?;
        let read: Self = serde_json::from_slice(&bytes).map_err(|_| none())?;
        if read.schema == SCHEMA { Ok(read) } else { Err(none()) }
    }
}

/// Writes the files of a kit, which was found sound, into a new folder, which its owner alone may use. No secret is among them.
///
/// # Errors
/// When something is there already, others may use an empty folder that is there, or the disk refuses.
pub(super) fn write(kit: &Kit, folder: &Path, opened: Opened) -> Result<Vec<String>, KitError> {
    if fs::read_dir(folder).map_or(folder.symlink_metadata().is_ok(), |mut entries| entries.next().is_some()) {
        return Err(KitError::Exists { path: folder.to_owned() });
    }
    expect_ours(folder)?;
    let about = Folder { schema: SCHEMA.to_owned(), about: kit.about.clone(), sites: kit.sites.clone(), opened };
    let about = serde_json::to_string_pretty(&about).map_err(|_| KitError::Machine)? + "\n";
    let own = [(ABOUT, about), (WORKING, working(&kit.about))];
    let files = kit.files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let files: Vec<(&str, &str)> = files.chain(own.iter().map(|(path, text)| (*path, text.as_str()))).collect();
    for (path, text) in &files {
        let path = below(folder, path);
        let made = path.parent().map_or(Ok(()), private::folder);
        let written = made
            .and_then(|()| private::create_new(&path, Access::Owner))
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.map_err(|cause| InputError::machine(&path, cause))?;
    }
    Ok(files.into_iter().map(|(path, _)| path.to_owned()).collect())
}

/// Refuses a folder that others may use, or makes the one that is missing: another user of it could exchange the inventory later, and with it
/// whom the kit's secrets go to.
///
/// # Errors
/// [`KitError::NotOurs`], or when the disk refuses.
pub(super) fn expect_ours(folder: &Path) -> Result<(), KitError> {
    let refused = |why: Text| KitError::NotOurs { folder: folder.to_owned(), why };
    match private::state_folder(folder) {
        Ok(access) if access.is_a_groups() => Err(refused(Text::new("its group may use it", "グループが使用できます"))),
        Ok(_) => Ok(()),
        Err(Refusal::Io(cause)) => Err(InputError::machine(folder, cause).into()),
        Err(refusal) => Err(refused(refusal.text())),
    }
}

/// Makes the files of a kit in its folder what the kit says, where they are something else by now. What else is there stays.
///
/// # Errors
/// When the disk refuses.
pub(super) fn renew(kit: &Kit, folder: &Path) -> Result<(), KitError> {
    for (path, text) in &kit.files {
        let path = below(folder, path);
        if file::read(&path, text.len() as u64).is_ok_and(|there| there == text.as_bytes()) {
            continue;
        }
        path.parent().map_or(Ok(()), private::folder).map_err(|cause| InputError::machine(&path, cause))?;
        write_whole(&path, text.as_bytes())?;
    }
    Ok(())
}

/// Where a file of a kit is in a folder.
pub(super) fn below(folder: &Path, path: &str) -> PathBuf {
    path.split('/').fold(folder.to_owned(), |folder, name| folder.join(name))
}

/// Quoted as JSON quotes it, which is YAML for any text.
fn working(about: &About) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let playbook = about.playbooks.first().map(|path| format!("playbook: {}\n", quoted(path))).unwrap_or_default();
    format!("version: 1\ninventory: {}\n{playbook}", quoted(&about.inventory))
}
