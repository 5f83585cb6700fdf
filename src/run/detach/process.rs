//! The process that carries out a detached run: how it is started, and the wait until it has begun.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Stdio};
use std::time::{Duration, Instant};

use super::review::Reviewed;
use super::{DetachRequest, DetachedWork, not_started, platform};
use crate::file;
use crate::private::{self, Access};
use crate::run::detached::Handover;
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::options::RunOptions;
use crate::run::order::progress;
use crate::visible;

/// Bytes of a log that are shown where nothing was begun.
const LONGEST_SHOWN: u64 = 16 * 1024;
/// The folder of the log files below the state folder.
const LOGS: &str = "logs";
/// How long it is not looked whether the process has begun.
const INTERVAL: Duration = Duration::from_millis(100);
/// How long it may take to begin: it reads an inventory, and recovers what an earlier run left.
const DEADLINE: Duration = Duration::from_secs(600);

/// The command of the process.
pub(super) struct Command<'a> {
    pub(super) request: &'a DetachRequest,
    pub(super) reviewed: &'a Reviewed,
}

impl Command<'_> {
    /// Starts the process: this program, without our environment, with a log file for its messages and a pipe for what it is handed over.
    pub(super) fn start(&self, env: &RunEnv, handover: &Handover) -> io::Result<(Child, PathBuf)> {
        let (DetachRequest { work, options, .. }, reviewed) = (self.request, self.reviewed);
        let (file, log) = log_file(&env.state_dir, handover.run())?;
        let mut command = process::Command::new(std::env::current_exe()?);
        command.args(options).arg("--detached").arg("--state-dir").arg(std::path::absolute(&env.state_dir)?);
        command.arg(work.action());
        match work {
            DetachedWork::Apply(_) => command.arg(&reviewed.of).args(["--plan-hash", &reviewed.sha256]),
            // Its plan is kept under the name of the new run, and its hash is handed over.
            DetachedWork::Undo(_) => command.arg(&reviewed.of),
        };
        command.arg("--yes").arg("-i").arg(std::path::absolute(&reviewed.inventory)?);
        // What was typed is handed over with the boxes that were confirmed, where the routers were read here.
        if let (DetachedWork::Apply(apply), None) = (work, &reviewed.asked) {
            command.args(apply.serial_number.iter().flat_map(|number| ["--serial-number", number]));
        }
        arguments(&mut command, work)?;
        private::leave_environment(&mut command);
        platform::on_its_own(&mut command);
        command.stdin(Stdio::piped()).stdout(file.try_clone()?).stderr(file);
        let mut child = command.spawn()?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(&handover.bytes().map_err(io::Error::other)?)?;
        }
        Ok((child, log))
    }
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
fn arguments(command: &mut process::Command, work: &DetachedWork) -> io::Result<()> {
    let limit = match work {
        DetachedWork::Apply(apply) => &apply.limit,
        DetachedWork::Undo(undo) => &undo.limit,
    };
    let RunOptions {
        // The question was answered here.
        assume_yes: _,
        // What is left alone changes.
        only_reads: _,
        take_over,
        adopt,
        set_secrets,
        rehearse_on_mock,
        on_bench,
        line_pending,
        outside_windows,
        reach,
        rollout,
        // These go through the pipe.
        secrets: _,
        detached: _,
        // A kit stays with the process that has opened it.
        states: _,
    } = work.options();
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
    command.args(rollout.holds.iter().flat_map(|hold| ["--hold", hold]));
    if rollout.steps_off {
        command.arg("--steps-off");
    }
    for (name, reason) in [("--outside-windows", outside_windows), ("--line-pending", line_pending)] {
        command.args(reason.iter().flat_map(|reason| [name, reason]));
    }
    if let Some(limit) = limit {
        command.arg("--limit").arg(limit);
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
pub(super) fn wait_for_begin(env: &RunEnv, child: &mut Child, run: &str, log: &Path) -> Result<(), RunError> {
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::process::Command;

    use super::arguments;
    use crate::run::apply::ApplyRequest;
    use crate::run::detach::DetachedWork;
    use crate::run::options::RunOptions;
    use crate::run::rollout::Overrides;

    #[test]
    fn the_process_is_given_every_option_that_was_chosen_here() {
        let given = |options: RunOptions| {
            let mut command = Command::new("ixdeploy");
            let apply = ApplyRequest {
                source: "plan.json".into(),
                inventory: "clinics.yaml".into(),
                limit: None,
                plan_hash: None,
                rest: None,
                left_out: Vec::new(),
                serial_number: None,
                options,
            };
            arguments(&mut command, &DetachedWork::Apply(apply)).unwrap();
            command.get_args().map(|word| word.to_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(given(RunOptions::default()), "");
        let holds = vec!["5".to_owned(), "firmware=2".to_owned()];
        let rollout = Overrides { holds, budgets: vec!["lost=2".to_owned()], ..Overrides::default() };
        assert_eq!(
            given(RunOptions { rollout, ..RunOptions::default() }),
            "--budget lost=2 --hold 5 --hold firmware=2"
        );
        let all = RunOptions {
            take_over: true,
            adopt: true,
            set_secrets: true,
            rehearse_on_mock: true,
            on_bench: true,
            line_pending: Some("opens on Friday".to_owned()),
            ..RunOptions::default()
        };
        assert_eq!(
            given(all),
            "--line-pending opens on Friday --take-over --adopt --set-secrets --rehearse mock --phase bench"
        );
    }
}
