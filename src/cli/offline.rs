//! `plan --from-backup`: plans from files, with no device. What is wrong with a file is wrong input, and no router's fault.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::context::Context;
use super::error::Failure;
use super::input::read_configuration;
use super::plan::Planned;
use crate::inventory::Inventory;
use crate::ix::{Config, wire};
use crate::message::Text;
use crate::rollout::{self, Target};
use crate::state::State;
use crate::transaction::{CauseRecord, Job, draft_offline};

/// What a backup holds of one router.
struct Backup {
    file: PathBuf,
    running: Vec<u8>,
    startup: Option<Vec<u8>>,
}

/// Plans for every router from its backup.
///
/// # Errors
/// Every file that is missing or holds no configuration, or one file for more than one router.
pub fn plan(
    context: &Context,
    inventory: &Inventory,
    targets: &[Target],
    path: &Path,
) -> Result<Vec<Planned>, Vec<Failure>> {
    let backups = read(path, targets)?;
    let planned = targets.iter().zip(&backups).map(|(target, backup)| {
        if let Some(warning) = backup.of_another(inventory, &target.job.router) {
            context.warn(&warning);
        }
        backup.plan(&target.job)
    });
    Ok(planned.collect())
}

/// A folder as `backup` writes it, where the startup configuration may be missing, or one running configuration.
fn read(path: &Path, targets: &[Target]) -> Result<Vec<Backup>, Vec<Failure>> {
    if !path.is_dir() {
        let one = Backup::read(path.to_owned(), None).map_err(|failure| vec![failure])?;
        return match targets {
            [_] => Ok(vec![one]),
            targets => Err(vec![one_for_many(path, targets)]),
        };
    }
    let (mut backups, mut failures) = (Vec::new(), Vec::new());
    for target in targets {
        let folder = path.join(&target.job.router);
        let startup = Some(folder.join("startup.cfg")).filter(|startup| startup.exists());
        match Backup::read(folder.join("running.cfg"), startup) {
            Ok(backup) => backups.push(backup),
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() { Ok(backups) } else { Err(failures) }
}

impl Backup {
    fn read(file: PathBuf, startup: Option<PathBuf>) -> Result<Self, Failure> {
        let running = read_configuration(&file).map_err(|mut failure| {
            failure.hints.push(layout());
            failure
        })?;
        if Config::parse(&running).is_empty() {
            return Err(no_configuration(&file));
        }
        let startup = startup.map(|path| read_configuration(&path)).transpose()?;
        Ok(Self { file, running, startup })
    }

    /// A warning where the file calls itself otherwise than the inventory calls the router.
    fn of_another(&self, inventory: &Inventory, router: &str) -> Option<Text> {
        let (_, declared) = inventory.router(router)?;
        let declared = &declared.identity.hostname.as_ref()?.value;
        let text = String::from_utf8_lossy(&self.running);
        let found = text.lines().filter_map(wire::renames).next_back().flatten()?;
        let file = self.file.display();
        (found != declared).then(|| {
            Text::new(
                format!("{file}: this is the configuration of `{found}`; the inventory says that {router} is called `{declared}`"),
                format!("{file}: `{found}` のコンフィグです。インベントリでは {router} のホスト名は `{declared}` です"),
            )
        })
    }

    fn plan(&self, job: &Arc<Job>) -> Planned {
        let running = Config::parse_beside(&job.desired, &self.running);
        let startup = self.startup.as_ref().map(Config::parse);
        let drafted = draft_offline(job, &running, startup.as_ref()).and_then(|(seen, plan)| {
            rollout::rehearse_on_mock(job, &String::from_utf8_lossy(&self.running), &plan).map(|()| (seen, plan))
        });
        let result = drafted.map_err(|cause| (State::Refused, CauseRecord::of(&cause)));
        Planned { job: Arc::clone(job), read: Some((running, startup)), result }
    }
}

fn layout() -> Text {
    Text::new(
        "expected is DIR/<router>/running.cfg, as `ixdeploy backup -o DIR` writes it, or one running configuration as a file",
        "`ixdeploy backup -o DIR` が書き出す DIR/<ルータ>/running.cfg、または running-config のファイル 1 つを指定してください",
    )
}

fn no_configuration(file: &Path) -> Failure {
    let file = file.display();
    Failure::usage(
        "backup.empty",
        Text::new(format!("{file} holds no configuration"), format!("{file} にコンフィグがありません")),
        layout(),
    )
}

/// Another router's configuration would be planned away line by line, and the plan would look sound.
fn one_for_many(file: &Path, targets: &[Target]) -> Failure {
    let (file, count) = (file.display(), targets.len());
    let mut failure = Failure::usage(
        "backup.one-file",
        Text::new(
            format!("{file} is the configuration of one router, and {count} routers are chosen"),
            format!("{file} はルータ 1 台分のコンフィグですが、対象のルータが {count} 台あります"),
        ),
        Text::new("choose its router with --limit", "--limit でそのルータに絞ってください"),
    );
    failure.hints.push(layout());
    failure
}
