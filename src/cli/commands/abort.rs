//! `abort RUN`: a run in progress begins nothing new and ends; one that no process carries out any more gets its end.

use clap::Args;

use crate::cli::context::Context;
use crate::cli::control_text;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
use crate::record::Order;
use crate::run::{self, OrderRequest};

/// End a run in progress, as the first Ctrl-C in its own terminal does
#[derive(Debug, Clone, Args)]
pub struct AbortArgs {
    /// The run, or `last`
    #[arg(value_name = "RUN")]
    pub run: String,
}

impl Subcommand for AbortArgs {
    const NAME: &'static str = "abort";
    const GROUP: Group = Group::DuringRun;
    const JAPANESE: &'static str = "進行中の実行を終わらせます(実行中の画面での最初の Ctrl-C と同じ)";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[("run", "実行、または last(最新)")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy abort 20261122-114603-7k3f"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let request = OrderRequest { run: self.run.clone(), order: Order::Abort };
        Ok(control_text::show(context, Self::NAME, &run::order(&context.run_env(), &request)?))
    }
}
