//! `backup`: both configurations of each router, into a folder that only its owner can read.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::args::{Backup as Args, Phase};
use super::context::Context;
use super::error::{Exit, Failure};
use super::input::{self, count_sites};
use super::plan::failed_line;
use crate::event::Event;
use crate::ix::mask::mask_text;
use crate::message::Text;
use crate::rollout::{self, BackingUp, Backup, Limits};
use crate::transaction::Observed;

/// Routers read at once where no playbook says how many.
const CONCURRENCY: usize = 8;
/// The first line of a masked backup: it must never be sent to a router.
const MASKED: &str = "! masked backup: secrets are replaced, this file cannot be restored\n";

/// Reads and writes.
///
/// # Errors
/// What is wrong in the inventory, or a folder that may not hold backups.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Vec<Failure>> {
    let inventory = input::load_inventory(context, &args.inventory)?;
    let choices = input::choices(context, &inventory, &args.reach, Phase::Clinic);
    let targets = input::bare_targets(&inventory, args.limit.as_deref(), &choices)?;
    if !args.mask {
        refuse_git(&args.output).map_err(|failure| vec![failure])?;
    }
    let sink = context.sink();
    let sites = count_sites(targets.iter().map(|target| target.job.site.as_str()));
    sink.emit(&Event::RunStarted { action: "backup", routers: targets.len(), sites });
    let limits = Limits { concurrency: CONCURRENCY, max_failures: usize::MAX };
    let backups = rollout::run(
        BackingUp { sink, state_dir: context.state_dir.clone(), cancel: context.cancel.clone() },
        targets,
        limits,
        &context.cancel,
    )
    .map_err(|cause| vec![Failure::machine("tokio", &cause)])?;
    let mut exit = Exit::Done;
    let mut routers: Vec<Value> = Vec::new();
    for Backup { job, result } in backups {
        match result {
            Ok(observed) => {
                let files =
                    keep(&args.output.join(&job.router), &observed, args.mask).map_err(|failure| vec![failure])?;
                for file in &files {
                    context.say(&format!("{}\n", file.display()));
                }
                routers.push(json!({
                    "router": job.router,
                    "site": job.site,
                    "seen": observed.fingerprint(),
                    "masked": args.mask,
                    "files": files,
                }));
            }
            Err((state, cause)) => {
                exit = Exit::NotDone;
                context.say(&failed_line(context.lang, &job.router, state, &cause));
                routers.push(json!({
                    "router": job.router,
                    "site": job.site,
                    "state": state,
                    "causes": [cause],
                }));
            }
        }
    }
    context.document("backup", exit, &json!({ "routers": routers }));
    Ok(exit)
}

/// A backup holds secrets in clear: it does not belong where the next commit would publish it.
fn refuse_git(dir: &Path) -> Result<(), Failure> {
    let absolute = std::path::absolute(dir).map_err(|cause| Failure::machine(&dir.display().to_string(), &cause))?;
    let Some(tree) = absolute.ancestors().find(|folder| folder.join(".git").exists()) else { return Ok(()) };
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

fn keep(dir: &Path, observed: &Observed, mask: bool) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    let texts = [("running.cfg", Some(&observed.running_text)), ("startup.cfg", observed.startup_text.as_ref())];
    for (name, text) in texts {
        let Some(text) = text else { continue };
        let path = dir.join(name);
        let text = if mask { format!("{MASKED}{}", mask_text(text)) } else { text.clone() };
        write_private(dir, &path, &text).map_err(|cause| Failure::machine(&path.display().to_string(), &cause))?;
        files.push(path);
    }
    Ok(files)
}

/// Writes a file that only its owner can read (temporary files are 0600 on Unix), complete or not at all.
fn write_private(dir: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Whether a file is a masked backup.
pub fn is_masked(bytes: &[u8]) -> bool {
    bytes.starts_with(MASKED.as_bytes())
}
