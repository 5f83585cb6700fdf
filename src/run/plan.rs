//! `plan`: the dry run. What would change, as exact commands with their inverse; from routers, or from a backup with no device.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::backup_ages::BackupAges;
use super::barred::tell_barred;
use super::clear_text::warn_of_clear_text;
use super::env::RunEnv;
use super::error::RunError;
use super::exit::Exit;
use super::input::{Loaded, Source, load};
use super::missing_passwords::expect_passwords;
use super::offline;
use super::operator::{Notice, Operator};
use super::options::RunOptions;
use super::plan_file::{self, Entries, Entry, Made, PlanFile};
use super::rollout::{Member, RolloutPlan, SeenRouter};
use super::target::{FEW, Target};
use super::unfinished::{OpenRuns, exclude_unfinished};
use super::windows::{LookFrom, tell_windows};
use crate::fleet::{Fleet, Read, ReadTask, ReadingInto};
use crate::message::Text;
use crate::record::{Kind, Sink};
use crate::transaction::{BaseRecord, PlanResult, Purpose, SavedPlan};

/// What is planned.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// What should be, and where.
    pub source: Source,
    /// A backup to plan from, a file or a folder; nothing to read the routers.
    pub from_backup: Option<PathBuf>,
    /// Why, in the words of who plans.
    pub reason: Option<String>,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// What would change.
pub struct PlanReport {
    /// Each router as it was planned, where they are few.
    pub few: Vec<PlanResult>,
    /// The plan as it is kept: every router.
    pub file: PlanFile,
    /// The backups that it was made from, by router.
    pub backups: HashMap<String, BaseRecord>,
    /// In which steps the routers that have a plan would be changed.
    pub rollout: RolloutPlan,
    /// How the program ends because of it.
    pub exit: Exit,
}

/// Plans.
///
/// # Errors
/// What is wrong in the input, or a backup that cannot be read.
pub fn plan(env: &RunEnv, request: &PlanRequest) -> Result<PlanReport, RunError> {
    let operator = &*env.operator;
    let loaded = load(env, &request.source)?;
    let rollout = loaded.rollout(&request.options.rollout)?;
    let targets = loaded.targets(&request.options.choices(env, &loaded.inventory)?)?;
    let begins_at = request.options.beginning().begins_at(env);
    tell_barred(operator, &targets, begins_at);
    tell_windows(operator, &targets, LookFrom::new(begins_at, rollout.rollout.needed_time));
    let whole = targets.len() <= FEW;
    let tests: Vec<_> =
        targets.iter().map(|target| (target.intent.router.clone(), Arc::clone(&target.laptop))).collect();
    let mut gathered = Gathered::default();
    match &request.from_backup {
        Some(path) => {
            let take = |one| gathered.add(Reviewed::of(one, whole));
            offline::plan(operator, &loaded.inventory, targets, path, take)?;
        }
        None => {
            warn_of_clear_text(operator, loaded.routers());
            from_routers(env, &loaded, targets, whole)?.into_iter().for_each(|one| gathered.add(one));
        }
    }
    let Gathered { few, entries: all, backups, exit } = gathered;
    if request.from_backup.is_none() {
        env.run_ended(exit);
    }
    let Source { playbook, inventory, limit } = &request.source;
    let made = Made {
        reason: request.reason.clone(),
        limit: limit.clone(),
        backups: BackupAges::of(&backups),
        title: loaded.playbook.title(),
        ..Made::here(playbook, inventory)
    };
    let Entries { planned: routers, unplanned } = all.into_iter().collect();
    let seen =
        routers.iter().map(|one| SeenRouter { router: &one.intent.router, firmware: one.seen.identity.firmware() });
    let members = Member::seen(loaded.members(), seen);
    let planned = rollout.plan(&members);
    let tests = tests.iter().map(|(router, tests)| (router.as_str(), &**tests));
    let file = PlanFile::new(made, &loaded.playbook.name, rollout.rollout, routers);
    let file = file.with_tests(tests).with_unplanned(unplanned);
    Ok(PlanReport { few, file, backups, rollout: planned, exit })
}

/// What is kept of one router's plan: it is put into the form of a file as it comes, since what was read for it takes many times the room.
struct Reviewed {
    entry: Entry,
    backup: Option<(String, BaseRecord)>,
    exit: Exit,
    whole: Option<PlanResult>,
}

impl Reviewed {
    /// Of a plan, which is kept `whole` too where it is shown by itself.
    fn of(one: PlanResult, whole: bool) -> Self {
        Self {
            entry: Entry::from(&one),
            backup: one.base.clone().map(|base| (one.intent.router.clone(), base)),
            exit: Exit::from(&one),
            whole: whole.then_some(one),
        }
    }
}

/// What is planned, in the order of the routers.
#[derive(Default)]
struct Gathered {
    few: Vec<PlanResult>,
    entries: Vec<Entry>,
    backups: HashMap<String, BaseRecord>,
    exit: Exit,
}

impl Gathered {
    fn add(&mut self, Reviewed { entry, backup, exit, whole }: Reviewed) {
        self.exit = self.exit.max(exit);
        self.entries.push(entry);
        self.backups.extend(backup);
        self.few.extend(whole);
    }
}

/// Reads the routers and plans.
fn from_routers(
    env: &RunEnv,
    loaded: &Loaded,
    mut targets: Vec<Target>,
    whole: bool,
) -> Result<Vec<Reviewed>, RunError> {
    // Recovering an unfinished run may write, so it is not planned for here.
    let excluded = exclude_unfinished(env, &mut targets)?;
    expect_passwords(&targets)?;
    let open = OpenRuns::now(env)?;
    env.readers.emit(Kind::RunStarted { action: "plan".to_owned(), routers: targets.len(), sites: loaded.sites() });
    let look = |target: &Target| target.task(|intent| Read { intent, purpose: Purpose::Look });
    let tasks: Vec<ReadTask> = targets.iter().map(look).collect();
    let reading = ReadingInto::new(env.executor_env(&targets), move |mut one| {
        open.hint(&mut one);
        Reviewed::of(one, whole)
    });
    let read = Fleet::new(loaded.limits_to_read(), &env.cancel).run(reading, &tasks);
    let excluded = excluded.into_iter().map(|one| Reviewed::of(one.into(), whole));
    Ok(read.into_iter().map(|one| one.kept).chain(excluded).collect())
}

impl PlanReport {
    /// Writes the plan file and returns its SHA-256, which names what is reviewed from now on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, operator: &dyn Operator, path: &Path) -> Result<String, RunError> {
        let clear: usize = self.file.routers.iter().map(SavedPlan::plain_secrets).sum();
        if clear > 0 {
            operator.tell(&Notice::Warning(&Text::new(
                format!(
                    "{clear} rendered line(s) may hold a secret in plain text, and the plan file keeps them so: use credentials, or keep the file to yourself"
                ),
                format!(
                    "平文の秘密情報を含む可能性のある行が {clear} 行あり、計画ファイルにもそのまま残ります。credential を使うか、ファイルを共有しないでください"
                ),
            )));
        }
        let sha256 = plan_file::write(path, &self.file)?;
        operator.tell(&Notice::Note(&Text::new(
            format!("plan kept in {}, SHA-256 {sha256}", path.display()),
            format!("計画を {} に保存しました。SHA-256 {sha256}", path.display()),
        )));
        let masked = self.file.routers.iter().filter(|one| one.masked_base).count();
        if masked > 0 {
            operator.tell(&Notice::Warning(&Text::new(
                format!("{masked} of its routers were planned from masked backups: `apply` reads and plans them again first, and goes on only where all that can be compared is the same"),
                format!("このうち {masked} 台はマスク済みのバックアップによる計画です。apply は先にルータを読み出して計画し直し、比較できる内容がすべて同じ場合だけ続行します"),
            )));
        }
        Ok(sha256)
    }
}
