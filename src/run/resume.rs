//! `resume`: return to unfinished runs, and recover them by reading their routers.

use std::path::{Path, PathBuf};

use super::choice::choose;
use super::dead_run::end_where_nothing_is_left;
use super::env::RunEnv;
use super::error::RunError;
use super::finish::{FinishedRun, finish_run};
use super::input::{bare_targets, load_inventory};
use super::left_to_enrol::{LeftToEnrol, enrol_what_was_left, left_to_enrol};
use super::named_run::named_run;
use super::operator::Notice;
use super::options::RunOptions;
use super::owner::{OtherOwner, left_alone, owned_by_another};
use super::recover::{Recovery, ask_and_recover};
use super::target::Target;
use super::unfinished::OpenRun;
use crate::inventory::{Inventory, Limit};
use crate::journal::{Journal, JournalError, RouterRun, RunLock};
use crate::message::{Explain as _, Text};
use crate::transaction::{Outcome, RecoveryChoice, unfinished_cause};

/// Which runs are resumed, and how.
#[derive(Debug, Clone, Default)]
pub struct ResumeRequest {
    /// One run, or `last`; nothing for all unfinished ones of this operator.
    pub run: Option<String>,
    /// The inventory; nothing for the one that each run began with.
    pub inventory: Option<PathBuf>,
    /// Which routers; nothing for all. Each run's own inventory says what it means.
    pub limit: Option<String>,
    /// What to do with every router; `None` leaves it to the playbook's policy.
    pub choice: Option<RecoveryChoice>,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// Recovers one run, or all of them; nothing when every run has ended.
///
/// # Errors
/// When the journal or an inventory cannot be read, there is no one to ask, or the limit leaves nothing.
pub fn resume(env: &RunEnv, request: &ResumeRequest) -> Result<Option<FinishedRun>, RunError> {
    let journal = env.journal()?;
    enrol_left(env, request, &journal)?;
    let open = chosen(&journal, request.run.as_deref())?;
    if open.is_empty() {
        return Ok(None);
    }
    if open.iter().any(OpenPart::is_own) && !request.options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let mut limited = Limited::to(request.limit.as_deref());
    let mut outcomes = Vec::new();
    for run in runs_of(&open) {
        let mut parts: Vec<&OpenPart> = open.iter().filter(|one| one.part.run == run).collect();
        // To leave a colleague's routers alone, their inventory is not needed.
        if request.limit.is_none() && !parts.iter().any(|one| one.is_own()) {
            outcomes.extend(parts.into_iter().filter_map(OpenPart::left_alone));
            continue;
        }
        let inventory = load_inventory(&*env.operator, &inventory_of(request, &journal, &run)?)?;
        limited.narrow(env, &inventory, &mut parts)?;
        outcomes.extend(parts.iter().filter_map(|one| one.left_alone()));
        let own: Vec<&RouterRun> = parts.into_iter().filter(|one| one.is_own()).map(|one| &one.part).collect();
        if !own.is_empty() {
            outcomes.extend(resume_run(env, request, &inventory, &run, own)?);
            end_where_nothing_is_left(&journal, &run)?;
        }
    }
    limited.expect_some(&outcomes)?;
    Ok(Some(finish_run(env, "resume", outcomes, None)))
}

/// Makes up for the host keys that runs have left to be enrolled: the named run, or all of them. Where that cannot be, it is told: their
/// routers are saved, and others may be open.
///
/// # Errors
/// When the journal cannot be read, or the run is not known.
fn enrol_left(env: &RunEnv, request: &ResumeRequest, journal: &Journal) -> Result<(), RunError> {
    let mut left = left_to_enrol(journal)?;
    if let Some(run) = &request.run {
        let run = named_run(journal, run)?.run;
        left.retain(|one| one.run == run);
    }
    while let Some(run) = left.first().map(|one| one.run.clone()) {
        let of_run = left.extract_if(.., |one| one.run == run).collect();
        let inventory = inventory_of(request, journal, &run)?;
        if let Err(error) = enrol_with(env, request, &inventory, of_run) {
            env.operator.tell(&Notice::Warning(&not_enrolled(&run, &error.text())));
        }
    }
    Ok(())
}

fn enrol_with(env: &RunEnv, request: &ResumeRequest, path: &Path, left: Vec<LeftToEnrol>) -> Result<(), RunError> {
    let inventory = load_inventory(&*env.operator, path)?;
    let choices = request.options.choices(env, &inventory)?;
    let targets = bare_targets(&inventory, &Limit::all(), &choices)?;
    enrol_what_was_left(env, &choices.connect_options, &targets, left)
}

/// Each run names its own.
fn inventory_of(request: &ResumeRequest, journal: &Journal, run: &str) -> Result<PathBuf, JournalError> {
    match &request.inventory {
        Some(path) => Ok(path.clone()),
        None => Ok(PathBuf::from(journal.run_alone(run)?.inventory)),
    }
}

fn not_enrolled(run: &str, why: &Text) -> Text {
    Text::new(
        format!("run {run}: the host key that its router has shown on the console is not enrolled: {}", why.en),
        format!("実行 {run}: ルータがコンソールに表示したホスト鍵を登録できません: {}", why.ja),
    )
}

/// A router that a run left open.
struct OpenPart {
    part: RouterRun,
    /// The colleague whose run it is.
    other: Option<OtherOwner>,
}

impl OpenPart {
    fn is_own(&self) -> bool {
        self.other.is_none()
    }

    /// How it ends here where it is a colleague's.
    fn left_alone(&self) -> Option<Outcome> {
        self.other.as_ref().map(|other| left_alone(other, &self.part))
    }
}

/// The unfinished routers that are meant, in the words of each run's own inventory.
struct Limited<'l> {
    limit: Option<&'l str>,
    /// Why the inventory of a run does not know what is meant: another run's may.
    unknown: Option<RunError>,
}

impl<'l> Limited<'l> {
    fn to(limit: Option<&'l str>) -> Self {
        Self { limit, unknown: None }
    }

    /// Keeps those that are meant among the parts of a run.
    fn narrow(&mut self, env: &RunEnv, inventory: &Inventory, parts: &mut Vec<&OpenPart>) -> Result<(), RunError> {
        if self.limit.is_none() {
            return Ok(());
        }
        match choose(env, self.limit)?.select(inventory) {
            Ok(meant) => parts.retain(|one| meant.iter().any(|(_, router)| router.name.value == one.part.router)),
            Err(error) => {
                self.unknown.get_or_insert(error.into());
                parts.clear();
            }
        }
        Ok(())
    }

    /// Refuses a limit that left nothing to do: it would be called a success.
    fn expect_some(self, outcomes: &[Outcome]) -> Result<(), RunError> {
        if self.limit.is_none() || !outcomes.is_empty() {
            return Ok(());
        }
        Err(self.unknown.unwrap_or(RunError::NothingToResume))
    }
}

/// Recovers what one run left open: its routers whose end is not known.
///
/// # Errors
/// As [`resume`].
pub(super) fn recover_open(
    env: &RunEnv,
    run: &str,
    inventory: &Path,
    options: &RunOptions,
) -> Result<Vec<Outcome>, RunError> {
    let open = env.journal()?.open_router_runs()?;
    let parts: Vec<&RouterRun> = open.iter().filter(|part| part.run == run && part.is_unfinished()).collect();
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let request = ResumeRequest { options: options.clone(), ..ResumeRequest::default() };
    let inventory = load_inventory(&*env.operator, inventory)?;
    resume_run(env, &request, &inventory, run, parts)
}

/// What is open, and whose it is.
fn chosen(journal: &Journal, run: Option<&str>) -> Result<Vec<OpenPart>, RunError> {
    let mut open: Vec<RouterRun> = journal.open_router_runs()?;
    if let Some(run) = run {
        let run = named_run(journal, run)?.run;
        // If the run is named, routers that were left to a person are read again too: they may have been worked on. Only naming it takes a
        // colleague's run over.
        open.retain(|part| part.run == run && part.can_be_resumed());
        let is_held = RunLock::is_held(journal.state_dir(), &run);
        open.retain(|part| !is_held || part.ended);
        if is_held && open.is_empty() {
            return Err(JournalError::RunHeld { run }.into());
        }
        return Ok(open.into_iter().map(|part| OpenPart { part, other: None }).collect());
    }
    // What another process works on is not lost; what has ended lost is, although its run goes on.
    let is_under_way = |part: &RouterRun| !part.ended && RunLock::is_held(journal.state_dir(), &part.run);
    open.retain(|part| part.is_unfinished() && !is_under_way(part));
    open.into_iter().map(|part| Ok(OpenPart { other: owned_by_another(journal, &part)?, part })).collect()
}

fn resume_run(
    env: &RunEnv,
    request: &ResumeRequest,
    inventory: &Inventory,
    run: &str,
    parts: Vec<&RouterRun>,
) -> Result<Vec<Outcome>, RunError> {
    if let Some(console) = request.options.reach.console.as_ref().filter(|_| parts.len() > 1) {
        return Err(RunError::OneConsole { port: console.port.clone(), routers: parts.len() });
    }
    let choices = request.options.choices(env, inventory)?;
    let targets: Vec<Target> = bare_targets(inventory, &Limit::all(), &choices)?;
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for part in parts {
        match targets.iter().find(|target| target.intent.router == part.router) {
            Some(target) => found.push(OpenRun { target: target.clone(), part: part.clone() }),
            None => missing.push(part),
        }
    }
    if !missing.is_empty() {
        let names: Vec<&str> = missing.iter().map(|part| part.router.as_str()).collect();
        env.operator.tell(&Notice::Warning(&not_in_the_inventory(run, &names)));
    }
    let how = Recovery { assume_yes: request.options.assume_yes, choice: request.choice };
    let mut outcomes = ask_and_recover(env, found, &choices, &how)?;
    // One that cannot be reached this way stays as unknown as it was.
    outcomes.extend(missing.into_iter().map(|part| Outcome::left(part, unfinished_cause(part))));
    Ok(outcomes)
}

/// The runs of these parts, each once, in the order in which they are met: the parts of two may lie between each other.
fn runs_of(open: &[OpenPart]) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    for OpenPart { part, .. } in open {
        if !runs.contains(&part.run) {
            runs.push(part.run.clone());
        }
    }
    runs
}

fn not_in_the_inventory(run: &str, missing: &[&str]) -> Text {
    let names = missing.join(", ");
    Text::new(
        format!("run {run}: {names} is not in this inventory any more; name the right one with -i"),
        format!("実行 {run}: {names} がこのインベントリにありません。-i で指定してください"),
    )
}

#[cfg(test)]
mod tests {
    use super::{OpenPart, runs_of};
    use crate::journal::RouterRun;

    #[test]
    fn a_run_interleaved_with_another_is_resumed_once() {
        let part = |run: &str| {
            let part = RouterRun { run: run.to_owned(), ..RouterRun::default() };
            OpenPart { part, other: None }
        };
        assert_eq!(runs_of(&[part("a"), part("b"), part("a"), part("b")]), ["a", "b"]);
    }
}
