//! `backup`: both configurations of each router, into files that only their owner can read where the system has such a thing.

use std::io::Write;
use std::path::{Component, Path, PathBuf};

use super::choice::choose;
use super::env::RunEnv;
use super::error::RunError;
use super::exit::Exit;
use super::input::{bare_targets, count_sites, load_inventory};
use super::input_error::InputError;
use super::missing_passwords::expect_passwords;
use super::operator::Notice;
use super::options::{Reach, RunOptions};
use super::owner::owned_by_another;
use super::target::Target;
use super::unfinished::{OpenRun, unfinished};
use crate::fleet::{BackUp, BackUpTask, BackingUp, Backup, Fleet, Limits};
use crate::ix::backup::masked_by_us;
use crate::ix::line;
use crate::ix::mask::mask_text;
use crate::message::{Lang, Text};
use crate::record::{Kind, Sink};
use crate::transaction::{FailedEnd, Fingerprint, Observed};

/// Routers read at once where no playbook says how many.
const CONCURRENCY: usize = 8;

/// What is backed up, and to where.
#[derive(Debug, Clone)]
pub struct BackupRequest {
    /// The inventory.
    pub inventory: PathBuf,
    /// Which routers; nothing for all.
    pub limit: Option<String>,
    /// The folder that takes the files, below a folder for each router.
    pub output: PathBuf,
    /// Secrets are masked.
    pub mask: bool,
    /// How routers are reached.
    pub reach: Reach,
}

/// One router's backup.
#[derive(Debug)]
pub struct BackupResult {
    /// The router.
    pub router: String,
    /// Its site.
    pub site: String,
    /// Its files; or why it could not be read.
    pub result: Result<BackupFiles, FailedEnd>,
}

/// The files of a router that was read.
#[derive(Debug)]
pub struct BackupFiles {
    /// What was seen.
    pub seen: Fingerprint,
    /// Those that were written.
    pub files: Vec<PathBuf>,
    /// Why not all were.
    pub error: Option<InputError>,
}

impl BackupResult {
    fn exit(&self) -> Exit {
        match &self.result {
            Ok(BackupFiles { error: None, .. }) => Exit::Done,
            Ok(_) => Exit::Usage,
            Err(failed) => Exit::from(failed.state.verdict()),
        }
    }
}

/// All of them.
#[derive(Debug)]
pub struct BackupReport {
    /// Each router.
    pub routers: Vec<BackupResult>,
    /// How the program ends because of it.
    pub exit: Exit,
}

/// Reads and writes.
///
/// # Errors
/// What is wrong in the inventory, or a folder that may not hold backups.
pub fn backup(env: &RunEnv, request: &BackupRequest) -> Result<BackupReport, RunError> {
    let inventory = load_inventory(&*env.operator, &request.inventory)?;
    let options = RunOptions { reach: request.reach.clone(), only_reads: true, ..RunOptions::default() };
    let choices = options.choices(env, &inventory)?;
    let targets = bare_targets(&inventory, &choose(env, request.limit.as_deref())?, &choices)?;
    if !request.mask {
        let folders = targets.iter().map(|target| request.output.join(&target.intent.router));
        for dir in folders.chain([request.output.clone()]) {
            refuse_git(&dir)?;
        }
    }
    expect_passwords(&targets)?;
    warn_of_open_runs(env, &targets);
    let sites = count_sites(targets.iter().map(|target| target.intent.site.as_str()));
    env.readers.emit(Kind::RunStarted { action: "backup".to_owned(), routers: targets.len(), sites });
    let limits = Limits { concurrency: CONCURRENCY, max_failures: usize::MAX };
    let tasks: Vec<BackUpTask> = targets.iter().map(|target| target.task(|intent| BackUp { intent })).collect();
    let backups = Fleet::new(limits, &env.cancel).run(BackingUp(env.executor_env(&targets)), &tasks);
    // What was read of the other routers is worth its files all the same.
    let routers: Vec<BackupResult> = backups.into_iter().map(|backup| write(request, backup)).collect();
    let exit = routers.iter().map(BackupResult::exit).max().unwrap_or_default();
    env.run_ended(exit);
    Ok(BackupReport { routers, exit })
}

/// Writes the files of a router that was read.
fn write(request: &BackupRequest, Backup { intent, result }: Backup) -> BackupResult {
    let result = result.map(|observed: Observed| {
        let dir = request.output.join(&intent.router);
        let (files, kept) = keep(&dir, &observed.running_text, observed.startup_text.as_deref(), request.mask);
        BackupFiles { seen: observed.fingerprint(), files, error: kept.err() }
    });
    BackupResult { router: intent.router.clone(), site: intent.site.clone(), result }
}

/// A backup of a router that an earlier run left unknown may be read, and must not be taken for what was there before it. Without
/// a journal nothing is known, and reading needs none.
fn warn_of_open_runs(env: &RunEnv, targets: &[Target]) {
    for OpenRun { part, .. } in unfinished(env, targets).unwrap_or_default() {
        let (router, run) = (&part.router, &part.run);
        let others = env.journal().ok().and_then(|journal| owned_by_another(&journal, &part).ok().flatten());
        if let Some(others) = others {
            env.operator.tell(&Notice::Warning(&Text::new(
                format!(
                    "{router}: run {run} of {} did not end, so what is backed up may be half of its change; ask them",
                    others.name(Lang::En)
                ),
                format!(
                    "{router}: {} の実行 {run} が終了していないため、途中の変更をバックアップする可能性があります。本人に確認してください",
                    others.name(Lang::Ja)
                ),
            )));
            continue;
        }
        env.operator.tell(&Notice::Warning(&Text::new(
            format!(
                "{router}: run {run} did not end, so what is backed up may be half of its change; settle it first: `ixdeploy resume {run}`"
            ),
            format!(
                "{router}: 実行 {run} が終了していないため、途中の変更をバックアップする可能性があります。先に ixdeploy resume {run} を実行してください"
            ),
        )));
    }
}

/// A backup holds secrets in clear: it does not belong where the next commit would publish it.
fn refuse_git(dir: &Path) -> Result<(), InputError> {
    let real = resolve(dir).map_err(|cause| InputError::machine(dir, cause))?;
    let Some(tree) = real.ancestors().find(|folder| folder.join(".git").exists()) else { return Ok(()) };
    Err(InputError::InsideGit { folder: dir.to_owned(), tree: tree.to_owned() })
}

/// Where a folder really is, or would be: links are followed as far as there is something to follow.
fn resolve(dir: &Path) -> std::io::Result<PathBuf> {
    let absolute = std::path::absolute(dir)?;
    let there = absolute.ancestors().find(|folder| folder.exists()).unwrap_or(&absolute);
    let mut real = there.canonicalize()?;
    // What is not there yet is no link.
    for part in absolute.strip_prefix(there).unwrap_or(Path::new("")).components() {
        match part {
            Component::ParentDir => drop(real.pop()),
            part => real.push(part),
        }
    }
    Ok(real)
}

/// Writes one router's files and returns those that were written, up to the first failure.
fn keep(dir: &Path, running: &str, startup: Option<&str>, mask: bool) -> (Vec<PathBuf>, Result<(), InputError>) {
    let mut files = Vec::new();
    for (name, text) in [("running.cfg", Some(running)), ("startup.cfg", startup)] {
        let path = dir.join(name);
        let written = match text {
            Some(text) if mask => write_private(dir, &path, &masked_by_us(&mask_text(text))),
            Some(text) => write_private(dir, &path, text),
            // An older one beside the new running configuration would pass for its own.
            None => remove(&path),
        };
        if let Err(cause) = written {
            return (files, Err(InputError::machine(&path, cause)));
        }
        files.extend(text.map(|_| path));
    }
    (files, Ok(()))
}

fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}

/// Writes a file, complete or not at all. Only its owner can read it on Unix (temporary files are 0600 there); on Windows it
/// inherits the folder's permissions.
fn write_private(dir: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(&line::to_bytes(text))?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{keep, refuse_git};
    use crate::message::Explain;

    #[test]
    fn an_older_startup_configuration_does_not_stay_beside_a_newer_running_one() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("r1");
        let (files, kept) = keep(&dir, "hostname a\n", Some("hostname a\n"), false);
        assert_eq!((files.len(), kept.is_ok()), (2, true));
        for _ in 0..2 {
            let (files, kept) = keep(&dir, "hostname b\n", None, false);
            assert_eq!((files, kept.is_ok()), (vec![dir.join("running.cfg")], true));
            assert!(!dir.join("startup.cfg").exists());
        }
    }

    #[test]
    fn a_folder_that_cannot_be_is_a_failure_and_not_the_end() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("r1"), "a file").unwrap();
        let (files, kept) = keep(&folder.path().join("r1"), "hostname a\n", None, false);
        assert!(files.is_empty());
        assert_eq!(kept.unwrap_err().code(), "machine.io");
    }

    #[test]
    fn a_work_tree_is_found_past_folders_that_are_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        std::fs::create_dir_all(tree.join(".git")).unwrap();
        for inside in ["tree", "tree/a/b", "no-such/../tree/a"] {
            assert!(refuse_git(&folder.path().join(inside)).is_err(), "{inside}");
        }
        for outside in ["", "beside/a", "tree/a/../../b"] {
            assert!(refuse_git(&folder.path().join(outside)).is_ok(), "{outside}");
        }
    }
}
