//! `probe`: which line is at a box whose ports are shut? Lines are entered for a look, and taken back; nothing is saved.

use clap::Args;

use crate::cli::args::{Asking, BoxArgs, Input, Lock, Reach, Shown};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::{reach, source};
use crate::cli::result::show_result;
use crate::cli::subcommand::{Group, Subcommand};
use crate::run::{self, ProbeRequest, RunOptions};

/// Enter a playbook's probe into a router, say which access line is there, and take it back; nothing is saved
#[derive(Debug, Clone, Args)]
pub struct ProbeArgs {
    /// The playbook that declares the probe (`probe:`), and the one router
    #[command(flatten)]
    pub input: Input,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
    /// The box
    #[command(flatten)]
    pub box_args: BoxArgs,
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// Reaching the router
    #[command(flatten)]
    pub reach: Reach,
    /// What is shown
    #[command(flatten)]
    pub shown: Shown,
}

impl Subcommand for ProbeArgs {
    const NAME: &'static str = "probe";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "プローブを一時投入して回線を判定し、取り消します。保存はしません";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[];
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy probe playbooks/online-eligibility.yaml -i clinics.yaml -l sato-r1"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Looks through what is entered, and takes it back.
///
/// # Errors
/// What is wrong in the input, or a question with no one to answer it. Nothing was written then.
fn run(context: &Context, args: &ProbeArgs) -> Result<Exit, Vec<Failure>> {
    let request = ProbeRequest {
        source: source(&args.input),
        serial_number: args.box_args.serial_number.clone(),
        options: RunOptions {
            assume_yes: args.asking.yes,
            take_over: args.lock.take_over,
            reach: reach(&args.reach),
            ..RunOptions::default()
        },
    };
    let env = context.run_env_showing(args.shown.detail(context));
    Ok(show_result(context, &run::probe(&env, &request)?))
}
