//! `backup`: both configurations of each router, into files that only their owner can read where the system has such a thing.

use std::io::Write;
use std::path::{Component, Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::plan::failed_line;
use crate::cli::args::{Reach, Routers};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::{self, count_sites};
use crate::cli::operator;
use crate::cli::recover;
use crate::cli::subcommand::{Group, Subcommand};
use crate::fleet::{self, BackUp, BackUpTask, BackingUp, Backup, Limits, Target};
use crate::ix::backup::masked_by_us;
use crate::ix::mask::mask_text;
use crate::message::{Lang, Text};
use crate::record::{Kind, Sink};
use crate::state::State;
use crate::transaction::{CauseRecord, Intent, Observed};

/// Routers read at once where no playbook says how many.
const CONCURRENCY: usize = 8;

/// Read running and startup configuration into a folder
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    /// The routers
    #[command(flatten)]
    pub routers: Routers,
    /// Write DIR/<router>/running.cfg and startup.cfg
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// Replace secrets by `***`; such a backup cannot be restored
    #[arg(long)]
    pub mask: bool,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
}

impl Subcommand for BackupArgs {
    const NAME: &'static str = "backup";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "running-config と startup-config をフォルダに読み出します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("output", "DIR/<ルータ>/running.cfg と startup.cfg に書き出します"),
        ("mask", "秘密情報を *** に置き換えます。復元には使えません"),
    ];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy backup -i inventories/sample-clinics.yaml -o ~/ix-backup"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Reads and writes.
///
/// # Errors
/// What is wrong in the inventory, or a folder that may not hold backups.
fn run(context: &Context, args: &BackupArgs) -> Result<Exit, Vec<Failure>> {
    let inventory = input::load_inventory(context, &args.routers.inventory)?;
    let choices = input::choices(context, &inventory, &args.reach);
    let targets = input::bare_targets(&inventory, args.routers.only.limit.as_deref(), &choices)?;
    if !args.mask {
        for dir in targets.iter().map(|target| args.output.join(&target.intent.router)).chain([args.output.clone()]) {
            refuse_git(&dir).map_err(|failure| vec![failure])?;
        }
    }
    warn_of_open_runs(context, &targets);
    let sites = count_sites(targets.iter().map(|target| target.intent.site.as_str()));
    context.readers().emit(Kind::RunStarted { action: "backup".to_owned(), routers: targets.len(), sites });
    let limits = Limits { concurrency: CONCURRENCY, max_failures: usize::MAX };
    let tasks: Vec<BackUpTask> = targets.iter().map(|target| target.task(BackUp)).collect();
    let backups = fleet::run(BackingUp(context.executor_env(&targets)), &tasks, limits, &context.cancel);
    let (mut exit, mut routers) = (Exit::Done, Vec::new());
    for Backup { intent, result } in backups {
        let (ended, document) = match result {
            Ok(observed) => write(context, args, &intent, &observed),
            Err((state, cause)) => unread(context, &intent, state, &cause),
        };
        // What was read of the other routers is worth its files all the same.
        exit = exit.max(ended);
        routers.push(document);
    }
    context.run_ended(exit);
    context.document("backup", exit, &json!({ "routers": routers }));
    Ok(exit)
}

/// A backup of a router that an earlier run left unknown may be read, and must not be taken for what was there before it. Without
/// a journal nothing is known, and reading needs none.
fn warn_of_open_runs(context: &Context, targets: &[Target]) {
    for (_, part) in recover::unfinished(context, targets).unwrap_or_default() {
        let (router, run) = (&part.router, &part.run);
        let others = context.journal().ok().and_then(|journal| operator::another(&journal, &part).ok().flatten());
        if let Some(others) = others {
            context.warn(&Text::new(
                format!(
                    "{router}: run {run} of {} did not end, so what is backed up may be half of its change; ask them",
                    others.name(Lang::En)
                ),
                format!(
                    "{router}: {} の実行 {run} が終了していないため、途中の変更をバックアップする可能性があります。本人に確認してください",
                    others.name(Lang::Ja)
                ),
            ));
            continue;
        }
        context.warn(&Text::new(
            format!(
                "{router}: run {run} did not end, so what is backed up may be half of its change; settle it first: `ixdeploy resume {run}`"
            ),
            format!(
                "{router}: 実行 {run} が終了していないため、途中の変更をバックアップする可能性があります。先に ixdeploy resume {run} を実行してください"
            ),
        ));
    }
}

/// A router that was read: its files, and its JSON.
fn write(context: &Context, args: &BackupArgs, intent: &Intent, observed: &Observed) -> (Exit, Value) {
    let texts = (observed.running_text.as_str(), observed.startup_text.as_deref());
    let (files, kept) = keep(&args.output.join(&intent.router), texts, args.mask);
    for file in &files {
        context.say(&format!("{}\n", file.display()));
    }
    let mut value = json!({
        "router": intent.router,
        "site": intent.site,
        "seen": observed.fingerprint(),
        "masked": args.mask,
        "files": files,
    });
    let Err(failure) = kept else { return (Exit::Done, value) };
    context.note(&format!("{}: {}", intent.router, failure.render(context.lang)));
    if let Some(fields) = value.as_object_mut() {
        let cause = CauseRecord { code: failure.code, text: failure.text, hints: failure.hints };
        fields.insert("causes".into(), json!([cause]));
    }
    (failure.exit, value)
}

/// A router that could not be read.
fn unread(context: &Context, intent: &Intent, state: State, cause: &CauseRecord) -> (Exit, Value) {
    context.say(&failed_line(context.lang, &intent.router, state, cause));
    let value = json!({ "router": intent.router, "site": intent.site, "state": state, "causes": [cause] });
    (Exit::from(state.verdict()), value)
}

/// A backup holds secrets in clear: it does not belong where the next commit would publish it.
fn refuse_git(dir: &Path) -> Result<(), Failure> {
    let real = resolve(dir).map_err(|cause| Failure::machine(&dir.display().to_string(), &cause))?;
    let Some(tree) = real.ancestors().find(|folder| folder.join(".git").exists()) else { return Ok(()) };
    Err(Failure::usage(
        "backup.git",
        Text::new(
            format!(
                "{} is inside the git work tree {}; an unmasked backup holds secrets",
                dir.display(),
                tree.display()
            ),
            format!(
                "{} は git の作業ツリー {} の中です。マスクしないバックアップには秘密情報が含まれます",
                dir.display(),
                tree.display()
            ),
        ),
        Text::new(
            "choose a folder outside, or --mask (which cannot be restored)",
            "外のフォルダを指定するか、--mask を付けてください(復元には使えません)",
        ),
    ))
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
fn keep(dir: &Path, (running, startup): (&str, Option<&str>), mask: bool) -> (Vec<PathBuf>, Result<(), Failure>) {
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
            return (files, Err(Failure::machine(&path.display().to_string(), &cause)));
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
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{keep, refuse_git};

    #[test]
    fn an_older_startup_configuration_does_not_stay_beside_a_newer_running_one() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("r1");
        let (files, kept) = keep(&dir, ("hostname a\n", Some("hostname a\n")), false);
        assert_eq!((files.len(), kept.is_ok()), (2, true));
        for _ in 0..2 {
            let (files, kept) = keep(&dir, ("hostname b\n", None), false);
            assert_eq!((files, kept.is_ok()), (vec![dir.join("running.cfg")], true));
            assert!(!dir.join("startup.cfg").exists());
        }
    }

    #[test]
    fn a_folder_that_cannot_be_is_a_failure_and_not_the_end() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("r1"), "a file").unwrap();
        let (files, kept) = keep(&folder.path().join("r1"), ("hostname a\n", None), false);
        assert!(files.is_empty());
        assert_eq!(kept.unwrap_err().code, "machine.io");
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
