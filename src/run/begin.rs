//! A run begins: it gets its name, and the journal says what was asked for, by whom and on which machine.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::detached::{Detached, wait_for_start};
use super::env::RunEnv;
use super::error::RunError;
use super::open_run::OpenRun;
use super::operator::Notice;
use super::owner::who;
use super::plan_file::{self, KeptPlan};
use super::prepare::Choices;
use super::target::Target;
use crate::journal::RunLog;
use crate::message::{Text, system_words};
use crate::playbook::Rollout;
use crate::playbook::rollout::Budget;
use crate::record::{Account, Kind, Outcome, Place, Policy};

/// What a run rests on.
#[derive(Debug, Clone)]
pub enum Basis {
    /// A playbook, a plan or a backup.
    File(PathBuf),
    /// An earlier run: what it changed, kept, or left waiting for a restart.
    Run(String),
}

impl Basis {
    /// What a person names: a file or a folder that is there, as seen from the present folder, else a run.
    pub fn named(name: &Path) -> Self {
        if name.exists() { Self::File(name.to_owned()) } else { Self::Run(name.display().to_string()) }
    }

    /// What a record says, whatever the present folder holds: files were recorded by a path from the root, which no run's name is.
    pub(super) fn of_record(recorded: &str) -> Self {
        let path = PathBuf::from(recorded);
        if path.is_absolute() { Self::File(path) } else { Self::Run(recorded.to_owned()) }
    }

    /// As it is recorded: a path that means the same from another folder, or the name of the run.
    pub(super) fn recorded(&self) -> String {
        match self {
            // The plan came from standard input.
            Self::File(path) if path.as_os_str() == "-" => "-".to_owned(),
            Self::File(path) => absolute(path),
            Self::Run(run) => run.clone(),
        }
    }
}

/// What a run is.
pub(super) struct Begun {
    /// `apply`, `undo`, `restore`, `restart`.
    pub action: &'static str,
    /// The inventory.
    pub inventory: PathBuf,
    /// What it rests on.
    pub basis: Basis,
    /// What the playbook calls the work, where it says so.
    pub title: Option<Text>,
    /// The hash of the saved plan, where it is one.
    pub plan_sha256: Option<String>,
    /// The routers that are to be changed.
    pub routers: Vec<String>,
    /// Every router that was asked for, in the order of the result.
    pub places: Vec<Place>,
    /// How far it may go.
    pub policy: Policy,
    /// Under which name, and when.
    pub beginning: Beginning,
    /// The plan that it rests on, to be kept; nothing where an earlier run or a backup says what is wanted.
    pub plan: Option<KeptPlan>,
}

/// Under which name a run begins, and when.
#[derive(Clone, Default)]
pub enum Beginning {
    /// A new one, now.
    #[default]
    New,
    /// A new one that was named before, at its time.
    Detached(Detached),
    /// That of a run that had stopped and goes on.
    Again(Arc<OpenRun>),
}

impl Beginning {
    /// When its first router can begin: what the inventory says of times is asked for that.
    pub(super) fn begins_at(&self, env: &RunEnv) -> Timestamp {
        self.time().unwrap_or_else(|| env.now())
    }

    /// The run that goes on, where it is one that had stopped.
    pub(super) fn going_on(&self) -> Option<&OpenRun> {
        match self {
            Self::Again(run) => Some(run),
            Self::New | Self::Detached(_) => None,
        }
    }

    /// When it begins; nothing for now.
    fn time(&self) -> Option<Timestamp> {
        match self {
            Self::Detached(detached) => detached.at,
            Self::New | Self::Again(_) => None,
        }
    }
}

/// Begins a run, or goes on with one, and tells its name. From then on it can be reached from other terminals. Where it was given a time,
/// that is waited for.
///
/// # Errors
/// When it cannot be written: nothing may be changed then.
pub(super) fn begin_run(env: &RunEnv, begun: Begun) -> Result<Arc<OpenRun>, RunError> {
    let Account { by, machine } = who();
    if let Beginning::Again(run) = begun.beginning {
        let policy = Some(begun.policy);
        run.needs_an_end(env);
        run.log().go_on(&env.readers, Kind::Continued { by, machine, routers: begun.routers, policy })?;
        env.operator.tell(&Notice::RunBegan(run.log().run().as_str()));
        return Ok(run);
    }
    let routers = begun.routers.len();
    let plan = begun.plan.as_ref().map(KeptPlan::bytes);
    let hash = |bytes: &io::Result<Arc<[u8]>>| bytes.as_ref().ok().map(|bytes| plan_file::sha256(bytes));
    let policy = Policy { kept_sha256: plan.as_ref().and_then(hash), ..begun.policy };
    let record = Kind::Begun {
        action: begun.action.to_owned(),
        by,
        machine,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        inventory: absolute(&begun.inventory),
        source: begun.basis.recorded(),
        title: begun.title,
        plan_sha256: begun.plan_sha256,
        routers: begun.routers,
        places: begun.places,
        policy: Some(policy),
    };
    let journal = env.journal()?;
    let at = begun.beginning.time();
    let log = match begun.beginning {
        Beginning::Detached(detached) => RunLog::begin_named(journal, detached.run, &env.readers, record)?,
        Beginning::New | Beginning::Again(_) => RunLog::begin(journal, &env.readers, record)?,
    };
    let begun = OpenRun::begun(env, log, routers);
    // One that was detached may rest on a plan that was kept under its name before.
    let run = begun.log().run().as_str();
    if let Some(plan) = plan.filter(|_| !plan_file::kept_path(&env.state_dir, run).exists())
        && let Err(cause) = plan.and_then(|bytes| plan_file::keep(&env.state_dir, run, &bytes))
    {
        env.operator.tell(&Notice::Warning(&not_kept(&cause)));
    }
    env.operator.tell(&Notice::RunBegan(run));
    if let Some(at) = at {
        wait_for_start(env, &begun, at)?;
    }
    Ok(Arc::new(begun))
}

/// How far a run over so many routers may go, and on which terms, as it is recorded.
pub(super) fn policy_of(rollout: &Rollout, choices: &Choices, routers: usize) -> Policy {
    Policy {
        concurrency: rollout.concurrency,
        max_failures: rollout.failures_of_run().of(routers),
        rollout: needs_record(rollout).then(|| Box::new(rollout.clone())),
        limit: None,
        asked: false,
        answered_at: None,
        outside_windows: choices.outside_windows.clone(),
        on_bench: !choices.at_clinic,
        line_pending: choices.line_pending.clone(),
        adopt: choices.adopt,
        set_secrets: choices.set_secrets,
        replaced: choices.is_of_new_box() && choices.replaces.is_none(),
        replaces: choices.replaces.clone(),
        kept_sha256: None,
    }
}

/// Whether two numbers do not say all of a rollout: of other routers, as when some of them are undone, a share is another number.
fn needs_record(rollout: &Rollout) -> bool {
    !rollout.is_simple() || matches!(rollout.max_failures, Some(Budget::Share(_)))
}

/// The run goes on without it: what it does to a router is in the journal before it is done.
fn not_kept(cause: &io::Error) -> Text {
    let cause = system_words(cause);
    Text::new(
        format!("the plan of this run could not be kept in the state folder: {}", cause.en),
        format!("この実行の計画を状態フォルダに保存できませんでした: {}", cause.ja),
    )
}

/// Every router of a result, in its order: those that an earlier run left unfinished come first.
pub(super) fn places(unfinished: &[Outcome], targets: &[Target]) -> Vec<Place> {
    let place = |router: &String, site: &String| Place { router: router.clone(), site: site.clone() };
    let unfinished = unfinished.iter().map(|outcome| place(&outcome.router, &outcome.site));
    unfinished.chain(targets.iter().map(|target| place(&target.intent.router, &target.intent.site))).collect()
}

/// A path that means the same from another folder.
pub(super) fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Basis, needs_record};
    use crate::playbook::Rollout;
    use crate::playbook::rollout::Budget;

    #[test]
    fn a_run_is_recorded_by_its_name_also_where_a_file_is_called_like_it() {
        // The tests run in a folder that has one of this name.
        assert!(Path::new("src").exists());
        assert_eq!(Basis::Run("src".to_owned()).recorded(), "src");
        assert!(Path::new(&Basis::File(PathBuf::from("src")).recorded()).is_absolute());
    }

    #[test]
    fn what_was_recorded_is_read_back_as_it_was_meant_whatever_this_folder_holds() {
        // A person who names `src` in this folder means the folder; a run of that name was recorded as a run.
        assert!(matches!(Basis::named(Path::new("src")), Basis::File(_)));
        assert!(matches!(Basis::named(Path::new("20261122-114603-7k3f")), Basis::Run(_)));
        for basis in [Basis::File(PathBuf::from("src")), Basis::Run("src".to_owned())] {
            let (recorded, is_file) = (basis.recorded(), matches!(basis, Basis::File(_)));
            let again = Basis::of_record(&recorded);
            assert_eq!((again.recorded(), matches!(again, Basis::File(_))), (recorded, is_file));
        }
    }

    #[test]
    fn a_share_of_the_routers_is_recorded_as_a_share() {
        let bearing = |max_failures| Rollout { max_failures: Some(max_failures), ..Rollout::simple(4, 1) };
        assert!(!needs_record(&Rollout::simple(4, 1)) && !needs_record(&bearing(Budget::Unlimited)));
        let share: Budget = "5%".parse().unwrap();
        assert!(needs_record(&bearing(share)), "of thirty routers it is another number than of a thousand");
    }
}
