//! `--detach` of `apply` and `undo`: everything is read, shown and asked here, and carried out by a process of its own that outlives this
//! terminal.
//!
//! That process is this program once more. What it needs that is no one else's business goes through a pipe, its messages go to a log
//! file, and the terminal is given back only when it has begun the run in the journal.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;
mod process;
mod review;

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use jiff::ZonedDateTime;

use crate::message::{Text, system_words};
use crate::record::RunId;
use crate::run::apply::ApplyRequest;
use crate::run::detached::{AgreedBefore, Detached, Handover};
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::finish::FinishedRun;
#[cfg(feature = "kit")]
use crate::run::kit::KitError;
use crate::run::operator::Notice;
use crate::run::options::RunOptions;
use crate::run::start_time::shown;
use crate::run::undo::UndoRequest;
use process::Command;
use review::Shown;

/// What is carried out without a terminal, and when.
pub struct DetachRequest {
    /// What is carried out.
    pub work: DetachedWork,
    /// When it begins; nothing for at once.
    pub at: Option<ZonedDateTime>,
    /// The options of every command that the process is started with, such as the language.
    pub options: Vec<String>,
}

/// What is carried out without a terminal.
#[derive(Debug, Clone)]
pub enum DetachedWork {
    /// A playbook or a plan is applied.
    Apply(ApplyRequest),
    /// A run is undone.
    Undo(UndoRequest),
}

impl DetachedWork {
    /// The command for it.
    pub fn action(&self) -> &'static str {
        match self {
            Self::Apply(_) => "apply",
            Self::Undo(_) => "undo",
        }
    }

    /// Nothing is asked about it.
    fn is_approved(&self) -> bool {
        match self {
            Self::Apply(apply) => apply.is_approved(),
            Self::Undo(undo) => undo.options.assume_yes,
        }
    }

    fn options(&self) -> &RunOptions {
        match self {
            Self::Apply(apply) => &apply.options,
            Self::Undo(undo) => &undo.options,
        }
    }
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
    /// Nothing was left to be written or to be asked about, or the question was answered with no.
    Over(Box<FinishedRun>),
}

/// Reads, shows and asks; then starts the process and waits until it has begun.
///
/// # Errors
/// What is wrong in the input, a question with no one to answer it, or a process that does not begin.
pub fn detach(env: &RunEnv, request: &DetachRequest) -> Result<Detach, RunError> {
    let options = request.work.options();
    #[cfg(feature = "kit")]
    if options.reach.kit.is_some() {
        return Err(KitError::Detached.into());
    }
    if !request.work.is_approved() && !env.operator.is_present() {
        return Err(RunError::NoOperator);
    }
    let run = RunId::new(SystemTime::now()).map_err(|error| not_started(io::Error::other(error)))?;
    let at = request.at.as_ref().map(ZonedDateTime::timestamp);
    // What the inventory says of times is asked for the time at which the run begins.
    let mut detached = Detached { run, at, plan_sha256: None, agreed: AgreedBefore::default() };
    let shown = match &request.work {
        DetachedWork::Apply(apply) => review::of_apply(env, apply, &detached)?,
        DetachedWork::Undo(undo) => review::of_undo(env, undo, &detached)?,
    };
    let mut reviewed = match shown {
        Shown::Reviewed(reviewed) => *reviewed,
        Shown::Over(finished) => return Ok(Detach::Over(finished)),
        Shown::Unchanged(asked) => return Ok(Detach::Over(Box::new(asked.carry_out(env)?))),
    };
    if let Some(at) = &request.at {
        env.operator.tell(&Notice::Note(&begins_at(at)));
    }
    let is_approved = match &reviewed.asked {
        Some(asked) => asked.is_approved(env)?,
        None => true,
    };
    if let Some(asked) = reviewed.asked.take_if(|_| !is_approved) {
        return Ok(Detach::Over(Box::new(asked.declined(env))));
    }
    let is_answered = reviewed.asked.as_ref().is_some_and(|asked| asked.has_question());
    reviewed.agreed.answered_ms = is_answered.then(|| env.now().as_millisecond());
    review::know_secrets(env, options, &reviewed)?;
    (detached.plan_sha256, detached.agreed) = (Some(reviewed.sha256.clone()), reviewed.agreed.clone());
    let handover = Handover::new(&detached, &options.secrets);
    let command = Command { request, reviewed: &reviewed };
    let (mut child, log) = command.start(env, &handover).map_err(not_started)?;
    process::wait_for_begin(env, &mut child, detached.run.as_str(), &log)?;
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

fn not_started(cause: io::Error) -> RunError {
    RunError::NotDetached { cause: system_words(&cause) }
}
