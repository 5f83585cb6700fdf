//! A kit opened for a visit: its secrets and last states in memory, its other files in a folder of this machine's own, and what was done
//! as one sealed file beside the kit.
//!
//! The folder stays: a run that is recovered later needs the inventory that it began with. No secret is in it.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::KitError;
use super::folder::{self, Folder, Opened};
use super::for_run::known_states;
use super::open;
use super::visit::{SealedVisit, VisitRequest, runs_since, seal_visit};
use crate::journal::Journal;
use crate::kit::Kit;
use crate::message::Text;
use crate::private;
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::evidence::Evidence;
use crate::run::input::Source;
use crate::run::input_error::InputError;
use crate::run::operator::Notice;
use crate::run::options::RunOptions;
use crate::run::owner::who;
use crate::run::plan_file;

/// The folder below the state folder that has a folder for each kit.
const KITS: &str = "kits";
/// Digits of a kit's SHA-256 that name its folder.
const DIGITS: usize = 16;
/// What the file of a visit's records ends with.
const RECORDS: &str = "visit";
/// Names that are tried for that file.
const MOST_NAMES: usize = 1_000;

/// What a visit takes from a kit.
#[derive(Debug, Clone)]
pub struct VisitFromKit {
    /// The kit.
    pub file: PathBuf,
    /// One of its playbooks, by its path there or its name; nothing for the first.
    pub playbook: Option<PathBuf>,
    /// Which of its routers; nothing for all.
    pub limit: Option<String>,
}

/// A kit that was opened for a visit.
#[derive(Debug)]
pub struct VisitKit {
    /// Its playbook and its inventory.
    pub source: Source,
    /// What was warned of when it was opened: it holds for the whole visit.
    pub warned: Vec<Text>,
    file: PathBuf,
    folder: PathBuf,
    began: Opened,
}

/// Opens a kit for a visit; what it knows becomes part of `options`, and its host keys become known to this machine.
///
/// # Errors
/// A file that is no kit, another passphrase, a playbook that it does not have, or a state folder that cannot be written.
pub fn open_for_visit(env: &RunEnv, wanted: &VisitFromKit, options: &mut RunOptions) -> Result<VisitKit, RunError> {
    let bytes = open::bytes(&wanted.file)?;
    let kit = open::unsealed(env, &wanted.file, &bytes)?;
    let mut warned: Vec<Text> = open::remind(env, &kit.about).into_iter().collect();
    let playbook = playbook(&kit, wanted)?;
    let began = Opened::now(env)?;
    let name: String = plan_file::sha256(&bytes).chars().take(DIGITS).collect();
    let folder = place(env, &kit, &name, began.clone())?;
    let (_, others) = open::learn_host_keys(env, &kit, &wanted.file)?;
    for host in others {
        let warning = open::other_host_key(&host);
        env.operator.tell(&Notice::Warning(&warning));
        warned.push(warning);
    }
    let source = Source {
        playbook: folder::below(&folder, &playbook),
        inventory: folder::below(&folder, &kit.about.inventory),
        limit: wanted.limit.clone(),
    };
    options.states = known_states(&kit.about.day, kit.states, !options.assume_yes);
    options.secrets.learn(kit.secrets);
    Ok(VisitKit { source, warned, file: wanted.file.clone(), folder, began })
}

/// The playbook that is meant, by its path in the kit.
fn playbook(kit: &Kit, wanted: &VisitFromKit) -> Result<String, KitError> {
    let has = &kit.about.playbooks;
    let Some(named) = &wanted.playbook else {
        return has.first().cloned().ok_or_else(|| KitError::Damaged { file: wanted.file.clone() });
    };
    let is_meant = |path: &&String| Path::new(path) == named || Path::new(path).file_name() == Some(named.as_os_str());
    let missing = || KitError::NoPlaybook { file: wanted.file.clone(), named: named.clone(), has: has.clone() };
    has.iter().find(is_meant).cloned().ok_or_else(missing)
}

/// The folder of a kit on this machine, whole before it has its name. What the kit says counts there, whatever became of a file.
///
/// In a state folder that a group shares each user has their own: who could change a kit's inventory there would decide whom its secrets are
/// typed to, and a colleague may know no passphrase of it.
fn place(env: &RunEnv, kit: &Kit, name: &str, opened: Opened) -> Result<PathBuf, RunError> {
    let kits = env.state_file(KITS);
    let refused = |cause| InputError::machine(&kits, cause);
    private::folder(&env.state_dir).map_err(refused)?;
    let access = fs::metadata(&env.state_dir).map(|found| private::access_of(&found)).map_err(refused)?;
    private::subfolder(&kits, access).map_err(refused)?;
    let folder = kits.join(if access.is_a_groups() { format!("{name}-{}", own_name()) } else { name.to_owned() });
    if folder.symlink_metadata().is_ok() {
        folder::expect_ours(&folder)?;
    }
    if Folder::read(&folder).is_err() {
        let fresh = tempfile::tempdir_in(&kits).map_err(refused)?;
        folder::write(kit, fresh.path(), opened)?;
        fs::rename(fresh.path(), &folder).map_err(|cause| InputError::machine(&folder, cause))?;
    }
    folder::renew(kit, &folder)?;
    Ok(folder)
}

/// Who we are, as a part of a folder's name.
fn own_name() -> String {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    who().by.chars().filter(is_plain).take(DIGITS).collect()
}

impl VisitKit {
    /// The folder on this machine that has what is no secret of it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Seals what was done since it was opened to the office, in a new file beside the kit. Nothing where no run of this visit touched its
    /// routers, or where the kit has no office key, which was said when it was opened.
    ///
    /// # Errors
    /// When the journal cannot be read, or the file not be written.
    pub fn bring_back(
        &self,
        journal: &Journal,
        page: &dyn Fn(&Evidence) -> String,
    ) -> Result<Option<SealedVisit>, RunError> {
        let folder = Folder::read(&self.folder)?;
        if folder.about.office.is_none() || runs_since(journal, &folder, &self.began)?.is_empty() {
            return Ok(None);
        }
        let request = VisitRequest { folder: self.folder.clone(), runs: Vec::new(), file: self.new_file()?, page };
        seal_visit(journal, &request).map(Some)
    }

    /// `sato.visit` beside `sato.kit`; where it is there already, `sato-2.visit`, and so on.
    fn new_file(&self) -> Result<PathBuf, KitError> {
        let named = |number: usize| {
            let mut name = self.file.file_stem().unwrap_or_default().to_owned();
            if number > 1 {
                name.push(format!("-{number}"));
            }
            name.push(".");
            name.push(RECORDS);
            self.file.with_file_name(name)
        };
        let is_free = |file: &PathBuf| file.symlink_metadata().is_err();
        (1..=MOST_NAMES).map(named).find(is_free).ok_or_else(|| KitError::Exists { path: named(1) })
    }
}
