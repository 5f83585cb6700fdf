//! The arguments that `apply` and `rerun` share: what is allowed, where, when and how far.

use clap::Args;

use super::args::{Asking, BoxArgs, Lock, Planning, Reach, Rehearsal, Shown, Surroundings, Times};
use super::context::Context;
use super::input::reach;
use super::rollout_args::RolloutArgs;
use crate::report::Detail;
use crate::run::RunOptions;

/// How routers are changed.
#[derive(Debug, Clone, Args)]
pub struct ChangeArgs {
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
    /// The box
    #[command(flatten)]
    pub box_args: BoxArgs,
    /// Where the routers are
    #[command(flatten)]
    pub surroundings: Surroundings,
    /// Also show where each line comes from: the template's line, the inventory's or the role's values in it
    #[arg(long)]
    pub why: bool,
    /// What is shown
    #[command(flatten)]
    pub shown: Shown,
    /// Making the plan
    #[command(flatten)]
    pub planning: Planning,
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// When
    #[command(flatten)]
    pub times: Times,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
    /// What holds otherwise than the playbook's rollout says
    #[command(flatten)]
    pub rollout: RolloutArgs,
}

impl ChangeArgs {
    /// As `run` takes them.
    pub fn options(&self) -> RunOptions {
        RunOptions {
            assume_yes: self.asking.yes,
            take_over: self.lock.take_over,
            adopt: self.planning.unsaved.adopt,
            set_secrets: self.planning.set_secrets,
            rehearse_on_mock: self.rehearsal.on_mock(),
            on_bench: self.surroundings.on_bench(),
            line_pending: self.surroundings.line_pending.clone(),
            outside_windows: self.times.outside_windows.clone(),
            reach: reach(&self.reach),
            rollout: self.rollout.overrides(),
            ..RunOptions::default()
        }
    }

    /// What is shown of a plan before the question.
    pub fn detail(&self, context: &Context) -> Detail {
        Detail { why: self.why, rollback_notes: self.shown.rollback_notes, ..context.detail() }
    }
}
