//! `plan`: the dry run. What would change, as exact commands with their inverse; from routers, or from a backup with no device.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::barred::tell_barred;
use super::clear_text::warn_of_clear_text;
use super::env::RunEnv;
use super::error::RunError;
use super::exit::Exit;
use super::input::{Loaded, Source, load};
use super::offline;
use super::operator::{Notice, Operator};
use super::options::RunOptions;
use super::plan_file::{self, Made, PlanFile};
use super::target::Target;
use super::unfinished::{exclude_unfinished, hint_unfinished_runs};
use super::windows::tell_windows;
use crate::fleet::{self, Read, ReadTask, Reading};
use crate::message::Text;
use crate::record::{Kind, Sink};
use crate::transaction::{PlanResult, Planned, Purpose, SavedPlan};

/// What is planned.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// What should be, and where.
    pub source: Source,
    /// A backup to plan from, a file or a folder; nothing to read the routers.
    pub from_backup: Option<PathBuf>,
    /// What else the operator chose.
    pub options: RunOptions,
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
    let loaded = load(env, &request.source)?;
    let targets = loaded.targets(&request.options.choices(env, &loaded.inventory))?;
    tell_barred(operator, &targets, Timestamp::now());
    tell_windows(operator, &targets, Timestamp::now());
    let plans = match &request.from_backup {
        Some(path) => offline::plan(operator, &loaded.inventory, &targets, path)?,
        None => {
            warn_of_clear_text(operator, loaded.routers());
            from_routers(env, &loaded, targets)?
        }
    };
    let exit = plans.iter().map(Exit::from).max().unwrap_or_default();
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
    let look = |target: &Target| target.task(|intent| Read { intent, purpose: Purpose::Look });
    let tasks: Vec<ReadTask> = targets.iter().map(look).collect();
    let mut plans = fleet::run(Reading(env.executor_env(&targets)), &tasks, loaded.limits_to_read(), &env.cancel);
    hint_unfinished_runs(env, plans.iter_mut())?;
    plans.extend(excluded.into_iter().map(PlanResult::from));
    Ok(plans)
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
        let made = Made::here(&self.source.playbook, &self.source.inventory);
        let file = PlanFile::new(made, &self.loaded.playbook.name, self.loaded.limits(), routers);
        let sha256 = plan_file::write(path, &file)?;
        operator.tell(&Notice::Note(&Text::new(
            format!("plan kept in {}, SHA-256 {sha256}", path.display()),
            format!("計画を {} に保存しました。SHA-256 {sha256}", path.display()),
        )));
        let masked = self.plans.iter().filter(|one| one.base.as_ref().is_some_and(|base| base.masked)).count();
        if masked > 0 {
            operator.tell(&Notice::Warning(&Text::new(
                format!("{masked} of its routers were planned from masked backups: `apply` reads and plans them again first, and goes on only where all that can be compared is the same"),
                format!("このうち {masked} 台はマスク済みのバックアップによる計画です。apply は先にルータを読み出して計画し直し、比較できる内容がすべて同じ場合だけ続行します"),
            )));
        }
        Ok(sha256)
    }
}

/// One router's entry in a plan file; nothing where it has no plan.
fn saved(one: &PlanResult) -> Option<SavedPlan> {
    let Planned { observed, plan } = one.result.as_ref().ok()?;
    let startup = observed.startup_text.as_deref().map(|text| observed.parse(text));
    let saved = SavedPlan::of(Arc::clone(&one.intent), observed.fingerprint(), plan);
    Some(saved.for_review(plan).with_texts(&observed.running, startup.as_ref()).from_masked(observed.masked))
}
