//! `pause RUN`: a run in progress begins nothing new until it is continued.

use clap::Args;

use crate::cli::context::Context;
use crate::cli::control_text;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
use crate::record::Order;
use crate::run::{self, OrderRequest};

/// Let a run in progress begin nothing new, until `continue`
#[derive(Debug, Clone, Args)]
pub struct PauseArgs {
    /// The run, or `last`
    #[arg(value_name = "RUN")]
    pub run: String,
}

impl Subcommand for PauseArgs {
    const NAME: &'static str = "pause";
    const GROUP: Group = Group::DuringRun;
    const JAPANESE: &'static str = "進行中の実行を一時停止します(処理中のルータは最後まで処理)";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[("run", "実行、または last(最新)")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy pause last"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let request = OrderRequest { run: self.run.clone(), order: Order::Pause };
        Ok(control_text::show(context, Self::NAME, &run::order(&context.run_env(), &request)?))
    }
}
