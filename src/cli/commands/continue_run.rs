//! `continue RUN`: a person's word that a run goes on, in the process that carries it out, or here where there is none any more.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::args::{Asking, BoxArgs, Explained, Surroundings};
use crate::cli::change_args::RunArgs;
use crate::cli::context::Context;
use crate::cli::control_text;
use crate::cli::error::{Exit, Failure};
use crate::cli::result::show_result;
use crate::cli::subcommand::{Group, Subcommand};
use crate::run::{self, ContinueRequest, Continued, RunOptions};

/// Let a run go on: paused, waiting for approval, or cut short (recovered first)
#[derive(Debug, Clone, Args)]
pub struct ContinueArgs {
    /// The run, or `last`
    #[arg(value_name = "RUN")]
    pub run: String,
    /// The inventory [default: the run's own]
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: Option<PathBuf>,
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
    /// How it goes on, where otherwise than it began
    #[command(flatten)]
    pub run_args: RunArgs,
}

impl Subcommand for ContinueArgs {
    const NAME: &'static str = "continue";
    const GROUP: Group = Group::DuringRun;
    const JAPANESE: &'static str = "実行を続行します(一時停止中、承認待ち、または異常終了・中止後。必要なら先に復旧)";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("run", "実行、または last(最新)"), ("inventory", "インベントリ [既定: その実行のもの]")];
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy continue last", "ixdeploy continue 20261122-114603-7k3f --concurrency 4"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let request = ContinueRequest {
            run: self.run.clone(),
            inventory: self.inventory.clone(),
            serial_number: self.box_args.serial_number.clone(),
            options: RunOptions {
                on_bench: self.surroundings.on_bench(),
                line_pending: self.surroundings.line_pending.clone(),
                ..self.run_args.options(self.asking)
            },
        };
        match run::continue_run(&context.run_env_showing(self.explained.detail(context)), &request)? {
            Continued::Ordered(ordered) | Continued::Running(ordered) => {
                Ok(control_text::show(context, Self::NAME, &ordered))
            }
            Continued::Finished(finished) => Ok(show_result(context, &finished)),
            Continued::Declined => {
                context.screen.say_prose(
                    context.screen.lang.pick(
                        "It was not continued, and stays as it is.\n",
                        "続行しませんでした。実行はそのままです。\n",
                    ),
                );
                context.screen.document(Self::NAME, Exit::NotDone, &json!({ "run": request.run }));
                Ok(Exit::NotDone)
            }
        }
    }
}
