//! The arguments that commands share which change routers: what is allowed, where, when and how far.

use clap::Args;

use super::args::{Asking, BoxArgs, Explained, Lock, Planning, Reach, Rehearsal, Shown, Surroundings, Times};
use super::context::Context;
use super::input::reach;
use super::rollout_args::RolloutArgs;
use crate::report::Detail;
use crate::run::RunOptions;

/// How a run goes that changes routers, or goes on doing so.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// When
    #[command(flatten)]
    pub times: Times,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// What holds otherwise than is written, or was when it began
    #[command(flatten)]
    pub rollout: RolloutArgs,
}

impl RunArgs {
    /// As `run` takes them.
    pub fn options(&self, asking: Asking) -> RunOptions {
        RunOptions {
            assume_yes: asking.yes,
            take_over: self.lock.take_over,
            outside_windows: self.times.outside_windows.clone(),
            reach: reach(&self.reach),
            rollout: self.rollout.overrides(),
            ..RunOptions::default()
        }
    }
}

/// How routers are changed as a playbook says.
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
    /// What is shown
    #[command(flatten)]
    pub explained: Explained,
    /// Making the plan
    #[command(flatten)]
    pub planning: Planning,
    /// How it goes
    #[command(flatten)]
    pub run_args: RunArgs,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
}

impl ChangeArgs {
    /// As `run` takes them.
    pub fn options(&self) -> RunOptions {
        RunOptions {
            adopt: self.planning.unsaved.adopt,
            set_secrets: self.planning.set_secrets,
            rehearse_on_mock: self.rehearsal.on_mock(),
            on_bench: self.surroundings.on_bench(),
            line_pending: self.surroundings.line_pending.clone(),
            ..self.run_args.options(self.asking)
        }
    }
}

impl Explained {
    /// What is shown of a plan before the question.
    pub fn detail(self, context: &Context) -> Detail {
        Detail { why: self.why, ..self.shown.detail(context) }
    }
}

impl Shown {
    /// The same of a plan that no playbook makes: nothing says where its lines come from.
    pub fn detail(self, context: &Context) -> Detail {
        Detail { rollback_notes: self.rollback_notes, ..context.detail() }
    }
}
