//! `apply --detach`: everything is read, shown and asked here, and carried out by a process of its own that outlives this terminal.
//!
//! That process is this program once more. What it needs that is no one else's business goes through a pipe, its messages go to a log
//! file, and the terminal is given back only when it has begun the run in the journal.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use jiff::ZonedDateTime;

use crate::file::{self, LARGEST};
use crate::message::{Text, system_words};
use crate::private::{self, Access};
use crate::record::RunId;
use crate::run::apply::{ApplyRequest, PlanHash, change_of, read_plan};
use crate::run::configuration_file::read_bytes;
use crate::run::detached::{Detached, Handover};
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::input::{Source, count_sites, load_inventory};
use crate::run::operator::{Approval, Notice};
use crate::run::options::RunOptions;
use crate::run::order::progress;
use crate::run::plan::{PlanRequest, plan};
use crate::run::plan_file::{demand, is_plan, kept_path};
use crate::run::rollout::{Member, SeenRouter};
use crate::run::start_time::shown;
use crate::secret::{CredentialName, Source as SecretSource, SourceVault, Vault as _, placeholders};
use crate::transaction::SavedPlan;
use crate::visible;

/// Bytes of a log that are shown where nothing was begun.
const LONGEST_SHOWN: u64 = 16 * 1024;
/// The folder of the log files below the state folder.
const LOGS: &str = "logs";
/// How long it is not looked whether the process has begun.
const INTERVAL: Duration = Duration::from_millis(100);
/// How long it may take to begin: it reads an inventory, and recovers what an earlier run left.
const DEADLINE: Duration = Duration::from_secs(600);

/// What is carried out without a terminal, and when.
pub struct DetachRequest {
    /// What is applied.
    pub apply: ApplyRequest,
    /// When it begins; nothing for at once.
    pub at: Option<ZonedDateTime>,
    /// The options of every command that the process is started with, such as the language.
    pub options: Vec<String>,
}

/// A run that goes on without this terminal.
#[derive(Debug)]
pub struct DetachedRun {
    /// Its name.
    pub run: String,
    /// The number of its process.
    pub process: u32,
    /// Where its messages are.
    pub log: PathBuf,
    /// When it begins; nothing where it has begun.
    pub at: Option<ZonedDateTime>,
}

/// Leaves the terminal that this process was started from: closing it does not reach it any more.
pub fn leave_terminal() -> io::Result<()> {
    platform::leave_terminal()
}

/// How a request to detach ended.
#[derive(Debug)]
pub enum Detach {
    /// It goes on.
    Began(DetachedRun),
    /// The question was answered with no.
    Declined,
}

/// Reads, shows and asks; then starts the process and waits until it has begun.
///
/// # Errors
/// What is wrong in the input, a question with no one to answer it, or a process that does not begin.
pub fn detach(env: &RunEnv, request: &DetachRequest) -> Result<Detach, RunError> {
    let options = &request.apply.options;
    if !options.assume_yes && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let detached = Detached {
        run: RunId::new(SystemTime::now()).map_err(|error| not_started(io::Error::other(error)))?,
        at: request.at.as_ref().map(ZonedDateTime::timestamp),
    };
    let reviewed = review(env, request, detached.run.as_str())?;
    if let Some(at) = &request.at {
        env.operator.tell(&Notice::Note(&begins_at(at)));
    }
    if !options.assume_yes && !env.operator.approve(&reviewed.question).ok_or(RunError::NoOperator)? {
        return Ok(Detach::Declined);
    }
    know_secrets(env, &request.apply, &reviewed.plans)?;
    let handover = Handover::new(&detached, &options.secrets);
    let (mut child, log) = start(env, request, &reviewed, &handover).map_err(not_started)?;
    wait_for_begin(env, &mut child, detached.run.as_str(), &log)?;
    Ok(Detach::Began(DetachedRun {
        run: detached.run.as_str().to_owned(),
        process: child.id(),
        log,
        at: request.at.clone(),
    }))
}

fn begins_at(at: &ZonedDateTime) -> Text {
    let (at, left) = (shown(at), at.timestamp().duration_since(jiff::Timestamp::now()));
    let minutes = left.as_mins() + 1;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    Text::new(
        format!("the run begins at {at}, in {hours} h {minutes} min, without this terminal"),
        format!("この端末とは切り離し、{at} に実行を開始します({hours} 時間 {minutes} 分後)"),
    )
}

/// What was shown, as a plan file that the process carries out.
struct Reviewed {
    file: PathBuf,
    sha256: String,
    plans: Vec<SavedPlan>,
    question: Approval,
}

/// Shows what will be done: the plan file that was given, or one that is made now.
fn review(env: &RunEnv, request: &DetachRequest, run: &str) -> Result<Reviewed, RunError> {
    let apply = &request.apply;
    let bytes = read_bytes(&apply.source, LARGEST)?;
    demand(&apply.source, &bytes, apply.plan_hash.as_ref().map(PlanHash::sha256))?;
    let (approved, is_shown) = if is_plan(&bytes) {
        (read_plan(&absolute(&apply.source))?, false)
    } else {
        let source =
            Source { playbook: apply.source.clone(), inventory: apply.inventory.clone(), limit: apply.limit.clone() };
        let options = apply.options.clone();
        let report = plan(env, &PlanRequest { source, from_backup: None, reason: None, options })?;
        let file = plan_path(&env.state_dir, run).map_err(not_started)?;
        report.save(&*env.operator, &file)?;
        if !report.few.is_empty() {
            env.operator.tell(&Notice::Review { plans: &report.few, saved: None });
        }
        (read_plan(&file)?, !report.few.is_empty())
    };
    if !is_shown {
        env.operator.tell(&Notice::SavedPlan(&approved));
    }
    let asked = ApplyRequest {
        source: approved.path.clone(),
        plan_hash: Some(PlanHash::Known(approved.sha256.clone())),
        options: RunOptions { assume_yes: true, ..apply.options.clone() },
        ..apply.clone()
    };
    let change = change_of(env, &asked)?;
    let plans = approved.file.routers;
    let seen =
        plans.iter().map(|plan| SeenRouter { router: &plan.intent.router, firmware: plan.seen.identity.firmware() });
    let rollout = change.rollout.plan(&Member::seen(change.targets.iter().map(Member::of).collect(), seen));
    env.operator.tell(&Notice::Rollout(&rollout));
    let question = Approval::Change {
        changing: plans.iter().filter(|plan| !plan.commands.is_empty()).count(),
        routers: plans.len(),
        sites: count_sites(plans.iter().map(|plan| plan.intent.site.as_str())),
        steps: rollout.sizes(),
        budgets: rollout.budgets.clone(),
        roles: plans.iter().flat_map(|plan| &plan.intent.roles).cloned().collect::<BTreeSet<_>>().into_iter().collect(),
    };
    Ok(Reviewed { file: approved.path, sha256: approved.sha256, plans, question })
}

/// A path that means the same in the process that is started.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Where the plan of a run is kept.
fn plan_path(state_dir: &Path, run: &str) -> io::Result<PathBuf> {
    private::folder(state_dir)?;
    let path = absolute(&kept_path(state_dir, run));
    if let Some(dir) = path.parent() {
        private::subfolder(dir, private::access_of(&std::fs::metadata(state_dir)?))?;
    }
    Ok(path)
}

/// Finds every secret that only this process can find: those of its environment, and those that the operator types.
fn know_secrets(env: &RunEnv, apply: &ApplyRequest, plans: &[SavedPlan]) -> Result<(), RunError> {
    let inventory = load_inventory(&*env.operator, &apply.inventory)?;
    let sources: Vec<(CredentialName, SecretSource)> = inventory.sources().collect();
    let vault = SourceVault::new(sources.clone(), Arc::clone(&env.operator)).with_known(apply.options.secrets.clone());
    for (name, source) in &sources {
        if matches!(source, SecretSource::Env(_)) {
            // One that is missing is missed where it is needed.
            let _ = vault.get(name);
        }
    }
    let is_prompted = |name: &CredentialName| {
        sources.iter().any(|(known, source)| known == name && matches!(source, SecretSource::Prompt(_)))
    };
    let logins = plans.iter().filter_map(|plan| plan.intent.path.login.as_ref()).map(|login| login.credential.clone());
    for name in logins.filter(is_prompted).collect::<BTreeSet<_>>() {
        vault.get(&name)?;
    }
    let set = plans.iter().flat_map(|plan| &plan.commands).flat_map(|line| placeholders(line));
    for name in set.filter(is_prompted).collect::<BTreeSet<_>>() {
        vault.get_to_set(&name)?;
    }
    Ok(())
}

/// Starts the process: this program, without our environment, with a log file for its messages and a pipe for what it is handed over.
fn start(
    env: &RunEnv,
    request: &DetachRequest,
    reviewed: &Reviewed,
    handover: &Handover,
) -> io::Result<(Child, PathBuf)> {
    let (file, log) = log_file(&env.state_dir, handover.run())?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(&request.options).arg("--detached").arg("--state-dir").arg(std::path::absolute(&env.state_dir)?);
    command.arg("apply").arg(&reviewed.file).arg("-i").arg(std::path::absolute(&request.apply.inventory)?);
    command.args(["--yes", "--plan-hash", &reviewed.sha256]);
    arguments(&mut command, &request.apply)?;
    private::leave_environment(&mut command);
    platform::on_its_own(&mut command);
    command.stdin(Stdio::piped()).stdout(file.try_clone()?).stderr(file);
    let mut child = command.spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        pipe.write_all(&handover.bytes().map_err(io::Error::other)?)?;
    }
    Ok((child, log))
}

/// The private log file of a run, made now.
fn log_file(state_dir: &Path, run: &str) -> io::Result<(File, PathBuf)> {
    private::folder(state_dir)?;
    let dir = std::path::absolute(state_dir)?.join(LOGS);
    private::subfolder(&dir, private::access_of(&std::fs::metadata(state_dir)?))?;
    let path = dir.join(format!("{run}.log"));
    Ok((private::create_new(&path, Access::Owner)?, path))
}

/// What the operator chose, as arguments; none of it is secret.
fn arguments(command: &mut Command, apply: &ApplyRequest) -> io::Result<()> {
    let RunOptions {
        // The question was answered here.
        assume_yes: _,
        take_over,
        adopt,
        set_secrets,
        rehearse_on_mock,
        on_bench,
        outside_windows,
        reach,
        rollout,
        // These go through the pipe.
        secrets: _,
        detached: _,
    } = &apply.options;
    for (name, value) in [
        ("--concurrency", rollout.concurrency.map(|count| count.to_string())),
        ("--max-failures", rollout.max_failures.clone()),
        ("--canary", rollout.canary.map(|count| count.to_string())),
        ("--logins-per-second", rollout.logins_per_second.map(|count| count.to_string())),
        ("--bake", rollout.bake.clone()),
    ] {
        command.args(value.iter().flat_map(|value| [name, value]));
    }
    command.args(rollout.budgets.iter().flat_map(|budget| ["--budget", budget]));
    if rollout.steps_off {
        command.arg("--steps-off");
    }
    if let Some(reason) = outside_windows {
        command.arg("--outside-windows").arg(reason);
    }
    if let Some(limit) = &apply.limit {
        command.arg("--limit").arg(limit);
    }
    if let Some(serial_number) = &apply.serial_number {
        command.arg("--serial-number").arg(serial_number);
    }
    let flags: [(bool, &[&str]); 5] = [
        (*take_over, &["--take-over"]),
        (*adopt, &["--adopt"]),
        (*set_secrets, &["--set-secrets"]),
        (*rehearse_on_mock, &["--rehearse", "mock"]),
        (*on_bench, &["--phase", "bench"]),
    ];
    command.args(flags.iter().filter(|(is_chosen, _)| *is_chosen).flat_map(|(_, words)| *words));
    if reach.record_host_keys {
        command.arg("--record-host-key");
    }
    if let Some(recordings) = &reach.recordings {
        command.arg("--record").arg(std::path::absolute(recordings)?);
    }
    Ok(())
}

/// Waits until the process has begun the run: it can be reached from then on.
fn wait_for_begin(env: &RunEnv, child: &mut Child, run: &str, log: &Path) -> Result<(), RunError> {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if progress(env, run).is_ok() {
            return Ok(());
        }
        let ended = child.try_wait().map_err(not_started)?;
        if ended.is_some() {
            // A short run may be over already; one that is not in the journal was never begun.
            return env.journal()?.run_alone(run).map(drop).map_err(|_| never_begun(log));
        }
        if env.cancel.wait_until(deadline.min(Instant::now() + INTERVAL)) || Instant::now() >= deadline {
            // It goes on, and can be ended by its name as soon as it has begun.
            return Err(RunError::DetachedUnconfirmed { run: run.to_owned(), log: log.to_owned() });
        }
    }
}

fn never_begun(log: &Path) -> RunError {
    let said = file::read(log, LONGEST_SHOWN).unwrap_or_default();
    let said = visible::hanging(String::from_utf8_lossy(&said).trim_end(), 4).into_owned();
    RunError::DetachedEnded { log: log.to_owned(), said }
}

fn not_started(cause: io::Error) -> RunError {
    RunError::NotDetached { cause: system_words(&cause) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::process::Command;

    use super::arguments;
    use crate::run::apply::ApplyRequest;
    use crate::run::options::RunOptions;

    #[test]
    fn the_process_is_given_every_option_that_was_chosen_here() {
        let given = |options: RunOptions| {
            let mut command = Command::new("ixdeploy");
            let apply = ApplyRequest {
                source: "plan.json".into(),
                inventory: "clinics.yaml".into(),
                limit: None,
                plan_hash: None,
                rollout: None,
                serial_number: None,
                options,
            };
            arguments(&mut command, &apply).unwrap();
            command.get_args().map(|word| word.to_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(given(RunOptions::default()), "");
        let all = RunOptions {
            take_over: true,
            adopt: true,
            set_secrets: true,
            rehearse_on_mock: true,
            on_bench: true,
            ..RunOptions::default()
        };
        assert_eq!(given(all), "--take-over --adopt --set-secrets --rehearse mock --phase bench");
    }
}
