//! `plan`: the dry run. What would change, as exact commands with their inverse; from routers, or from a backup with no device.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::clear_text::warn_of_clear_text;
use super::env::RunEnv;
use super::error::RunError;
use super::exit::Exit;
use super::input::{Loaded, Source, load};
use super::offline::{self, BaseRecord};
use super::operator::{Notice, Operator};
use super::options::RunOptions;
use super::plan_file::{self, Made, PlanFile};
use super::target::Target;
use super::unfinished::{Excluded, exclude_unfinished, hint_unfinished_run, open_router_runs};
use crate::fleet::{self, Read, ReadTask, Reading, Seen};
use crate::ix::Config;
use crate::message::Text;
use crate::plan::Plan;
use crate::record::{Kind, Sink};
use crate::state::State;
use crate::transaction::{CauseRecord, Fingerprint, Intent, Purpose, SavedPlan};

/// What is planned.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// What should be, and where.
    pub source: Source,
    /// A backup to plan from, a file or a folder; nothing to read the routers.
    pub from_backup: Option<PathBuf>,
    /// What else the person chose.
    pub options: RunOptions,
}

/// One router and its plan, or why there is none.
pub struct PlanResult {
    /// The router.
    pub intent: Arc<Intent>,
    /// What it runs and would start with, where the plan may be saved.
    pub read: Option<(Config, Option<Config>)>,
    /// The backup that it was read from; nothing where it was the router itself.
    pub base: Option<BaseRecord>,
    /// What was seen, and the plan.
    pub result: Result<(Fingerprint, Plan), (State, CauseRecord)>,
}

impl From<Seen> for PlanResult {
    fn from(seen: Seen) -> Self {
        let read = seen.result.as_ref().ok().map(|(observed, _)| {
            let startup = observed.startup_text.as_deref().map(|text| observed.parse(text));
            (observed.running.clone(), startup)
        });
        Self {
            intent: seen.intent,
            read,
            base: None,
            result: seen.result.map(|(observed, plan)| (observed.fingerprint(), plan)),
        }
    }
}

impl PlanResult {
    /// A router that is not planned for, because an earlier run left it unfinished.
    pub(super) fn excluded(one: Excluded) -> Self {
        Self { intent: one.intent, read: None, base: None, result: Err((State::Lost, one.cause)) }
    }

    /// Its plan, where there is one.
    pub fn plan(&self) -> Option<&Plan> {
        self.result.as_ref().ok().map(|(_, plan)| plan)
    }

    fn exit(&self) -> Exit {
        match &self.result {
            Ok((_, plan)) if plan.is_empty() => Exit::Done,
            Ok(_) => Exit::Differs,
            Err((state, _)) => Exit::from(state.verdict()),
        }
    }
}

/// What would change.
pub struct PlanReport {
    /// Each router.
    pub plans: Vec<PlanResult>,
    /// How the program ends because of it.
    pub exit: Exit,
    loaded: Loaded,
    source: Source,
}

/// Plans.
///
/// # Errors
/// What is wrong in the input, or a backup that cannot be read.
pub fn plan(env: &RunEnv, request: &PlanRequest) -> Result<PlanReport, RunError> {
    let operator = &*env.operator;
    let loaded = load(operator, &request.source)?;
    let targets = loaded.targets(&request.options.choices(env, &loaded.inventory))?;
    let plans = match &request.from_backup {
        Some(path) => offline::plan(operator, &loaded.inventory, &targets, path)?,
        None => {
            warn_of_clear_text(operator, loaded.routers());
            from_routers(env, &loaded, targets)?
        }
    };
    let exit = plans.iter().map(PlanResult::exit).max().unwrap_or_default();
    if request.from_backup.is_none() {
        env.run_ended(exit);
    }
    Ok(PlanReport { plans, exit, loaded, source: request.source.clone() })
}

/// Reads the routers and plans.
fn from_routers(env: &RunEnv, loaded: &Loaded, mut targets: Vec<Target>) -> Result<Vec<PlanResult>, RunError> {
    // Recovering an unfinished run may write, so it is not planned for here.
    let excluded = exclude_unfinished(env, &mut targets)?;
    env.readers.emit(Kind::RunStarted { action: "plan".to_owned(), routers: targets.len(), sites: loaded.sites() });
    let look = |target: &Target| target.task(Read { purpose: Purpose::Look });
    let tasks: Vec<ReadTask> = targets.iter().map(look).collect();
    let seen = fleet::run(Reading(env.executor_env(&targets)), &tasks, loaded.limits_to_read(), &env.cancel);
    let mut plans: Vec<PlanResult> = seen.into_iter().map(PlanResult::from).collect();
    hint_unfinished_runs(env, plans.iter_mut())?;
    plans.extend(excluded.into_iter().map(PlanResult::excluded));
    Ok(plans)
}

/// What is said of routers that cannot be planned for minds what earlier runs left of them.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn hint_unfinished_runs<'a>(
    env: &RunEnv,
    plans: impl Iterator<Item = &'a mut PlanResult>,
) -> Result<(), RunError> {
    let mut failed =
        plans.filter_map(|one| Some((one.intent.router.clone(), &mut one.result.as_mut().err()?.1))).peekable();
    if failed.peek().is_none() {
        return Ok(());
    }
    let open = open_router_runs(env)?;
    failed.for_each(|(router, cause)| hint_unfinished_run(&open, &router, cause));
    Ok(())
}

impl PlanReport {
    /// Writes the plan file and returns its SHA-256, which names what is reviewed from now on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, operator: &dyn Operator, path: &Path) -> Result<String, RunError> {
        let routers: Vec<SavedPlan> = self.plans.iter().filter_map(saved).collect();
        let clear: usize = routers.iter().map(SavedPlan::plain_secrets).sum();
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
        let limits = self.loaded.limits();
        let made = Made::here(&self.source.playbook, &self.source.inventory);
        let limits = (limits.concurrency, limits.max_failures);
        let file = PlanFile::new(made, &self.loaded.playbook.name, limits, routers);
        let sha256 = plan_file::write(path, &file)?;
        operator.tell(&Notice::Note(&Text::new(
            format!("plan kept in {}, SHA-256 {sha256}", path.display()),
            format!("計画を {} に保存しました。SHA-256 {sha256}", path.display()),
        )));
        let masked = self.plans.iter().filter(|one| one.base.as_ref().is_some_and(|base| base.masked)).count();
        if masked > 0 {
            operator.tell(&Notice::Warning(&Text::new(
                format!("{masked} of its routers were planned from masked backups: `apply` reads and plans them anew first, and goes on only where all that can be compared is the same"),
                format!("このうち {masked} 台はマスク済みのバックアップによる計画です。apply は先にルータを読み出して計画し直し、比較できる内容がすべて同じ場合だけ続行します"),
            )));
        }
        Ok(sha256)
    }
}

/// One router's entry in a plan file; nothing where it has no plan.
fn saved(one: &PlanResult) -> Option<SavedPlan> {
    let (seen, plan) = one.result.as_ref().ok()?;
    let saved = SavedPlan::of(&one.intent, seen.clone(), plan);
    let saved = match &one.read {
        Some((running, startup)) => saved.with_texts(running, startup.as_ref()),
        None => saved,
    };
    Some(saved.from_masked(one.base.as_ref().is_some_and(|base| base.masked)))
}
