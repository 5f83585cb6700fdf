//! `pause` and `abort`: orders to a run that another process of this machine carries out. One that stopped without an end is ended here.

use super::end_stopped::end_stopped;
use super::env::RunEnv;
use super::error::RunError;
use super::named_run::named_run;
use super::owner::who;
use crate::control::{self, Answer, Ask, ControlError, Progress};
use crate::record::{Account, Order};

/// An order, and to which run.
#[derive(Debug, Clone)]
pub struct OrderRequest {
    /// The run, or `last`.
    pub run: String,
    /// What it is to do.
    pub order: Order,
}

/// An order that was recorded and is obeyed.
#[derive(Debug, Clone)]
pub struct Ordered {
    /// The run.
    pub run: String,
    /// What it was told.
    pub order: Order,
    /// Where it is now, and how it goes on.
    pub progress: Progress,
}

/// Gives an order.
///
/// # Errors
/// When there is no such run, no one carries it out, or it cannot be reached.
pub fn order(env: &RunEnv, request: &OrderRequest) -> Result<Ordered, RunError> {
    let (journal, order) = (env.journal()?, request.order);
    let named = named_run(&journal, &request.run)?;
    let run = named.run;
    let progress = match give(env, &run, order, None) {
        Err(RunError::Control(ControlError::NotRunning { .. })) if order == Order::Abort && named.exit.is_none() => {
            end_stopped(env, &journal, &run)?
        }
        given => given?,
    };
    Ok(Ordered { run, order, progress })
}

/// Gives an order to a run of this name; with it a `step` that a person was asked about may begin.
pub(super) fn give(env: &RunEnv, run: &str, order: Order, step: Option<String>) -> Result<Progress, RunError> {
    let Account { by, machine } = who();
    ask(env, run, &Ask::Order { order, by, machine, step })
}

/// How far a run has come.
pub(super) fn progress(env: &RunEnv, run: &str) -> Result<Progress, RunError> {
    ask(env, run, &Ask::Progress)
}

fn ask(env: &RunEnv, run: &str, question: &Ask) -> Result<Progress, RunError> {
    match control::ask(&env.state_dir, run, question)? {
        Answer::Progress(progress) => Ok(progress),
        // The other answers are errors there.
        Answer::NotRecorded { .. } | Answer::Over => Err(ControlError::NotRunning { run: run.to_owned() }.into()),
    }
}
