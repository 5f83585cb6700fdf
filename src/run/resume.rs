//! `resume`: return to unfinished runs, and recover them by reading their routers.

use std::path::{Path, PathBuf};

use super::env::RunEnv;
use super::error::RunError;
use super::finish::{FinishedRun, finish_run};
use super::input::{bare_targets, load_inventory};
use super::operator::Notice;
use super::options::RunOptions;
use super::owner::{left_alone, owned_by_another};
use super::recover::{Recovery, ask_and_recover};
use super::target::Target;
use super::unfinished::OpenRun;
use crate::inventory::Limit;
use crate::journal::{Journal, RouterRun};
use crate::message::Text;
use crate::transaction::{Outcome, RecoveryChoice, unfinished_cause};

/// Which runs are resumed, and how.
#[derive(Debug, Clone, Default)]
pub struct ResumeRequest {
    /// One run; nothing for all unfinished ones of this operator.
    pub run: Option<String>,
    /// The inventory; nothing for the one that each run began with.
    pub inventory: Option<PathBuf>,
    /// What to do with every router; `None` leaves it to the playbook's policy.
    pub choice: Option<RecoveryChoice>,
    /// What else the operator chose.
    pub options: RunOptions,
}

/// Recovers one run, or all of them; nothing when every run has ended.
///
/// # Errors
/// When the journal or an inventory cannot be read, or there is no one to ask.
pub fn resume(env: &RunEnv, request: &ResumeRequest) -> Result<Option<FinishedRun>, RunError> {
    let journal = env.journal()?;
    let (open, mut outcomes) = chosen(&journal, request.run.as_deref())?;
    if open.is_empty() && outcomes.is_empty() {
        return Ok(None);
    }
    if !open.is_empty() && !request.options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    // Each run names its own inventory.
    for run in runs_of(&open) {
        let inventory = match &request.inventory {
            Some(path) => path.clone(),
            None => PathBuf::from(journal.run_alone(&run)?.inventory),
        };
        let parts = open.iter().filter(|part| part.run == run);
        outcomes.extend(resume_run(env, request, &inventory, &run, parts)?);
    }
    Ok(Some(finish_run(env, "resume", outcomes, None)))
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
    resume_run(env, &request, inventory, run, parts.into_iter())
}

/// What is to be recovered, and what is left alone because it is a colleague's.
fn chosen(journal: &Journal, run: Option<&str>) -> Result<(Vec<RouterRun>, Vec<Outcome>), RunError> {
    let mut open: Vec<RouterRun> = journal.open_router_runs()?;
    if let Some(run) = run {
        journal.run_alone(run)?;
        // If the run is named, routers that were left to a person are read again too: they may have been worked on.
        open.retain(|part| part.run == *run && part.can_be_resumed());
        return Ok((open, Vec::new()));
    }
    open.retain(RouterRun::is_unfinished);
    // Only naming a run takes it over.
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for part in open {
        match owned_by_another(journal, &part)? {
            Some(other) => others.push(left_alone(&other, &part)),
            None => own.push(part),
        }
    }
    Ok((own, others))
}

fn resume_run<'a>(
    env: &RunEnv,
    request: &ResumeRequest,
    inventory: &Path,
    run: &str,
    parts: impl Iterator<Item = &'a RouterRun>,
) -> Result<Vec<Outcome>, RunError> {
    let inventory = load_inventory(&*env.operator, inventory)?;
    let choices = request.options.choices(env, &inventory);
    let targets: Vec<Target> = bare_targets(&inventory, &Limit::all(), &choices)?;
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
fn runs_of(open: &[RouterRun]) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    for part in open {
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
    use super::runs_of;
    use crate::journal::RouterRun;

    #[test]
    fn a_run_interleaved_with_another_is_resumed_once() {
        let part = |run: &str| RouterRun { run: run.to_owned(), ..RouterRun::default() };
        assert_eq!(runs_of(&[part("a"), part("b"), part("a"), part("b")]), ["a", "b"]);
    }
}
