//! `resume`: return to unfinished runs, and recover them by reading their routers.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::args::{Asking, Lock, Only, Reach};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::reach;
use crate::cli::result::show_result;
use crate::cli::standing_text;
use crate::cli::subcommand::{Group, Subcommand};
use crate::dialect::Dialect;
use crate::inventory::ConsoleHere;
use crate::run::{self, ResumeRequest, RunOptions};
use crate::transaction::RecoveryChoice;

/// Read routers that a run left unknown, and finish the change or undo it
#[derive(Debug, Clone, Args)]
pub struct ResumeArgs {
    /// The run, or `last` [default: every run that did not end]; named, routers it left to a person are read again too, and a colleague's run is taken over
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Where a part of the plan runs: send the rest and save, whatever the playbook says
    #[arg(long, conflicts_with = "undo")]
    pub finish: bool,
    /// Where a part of the plan runs, or all of it: undo it, whatever the playbook says
    #[arg(long)]
    pub undo: bool,
    /// The router is at the end of this console cable now, however the inventory reaches it; the box must be the one that the run has seen
    #[arg(long, value_name = "PORT", requires = "run")]
    pub port: Option<String>,
    /// The inventory [default: the run's own]
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: Option<PathBuf>,
    /// Some of the routers
    #[command(flatten)]
    pub only: Only,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
}

impl Subcommand for ResumeArgs {
    const NAME: &'static str = "resume";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "結果不明のルータを読み直し、変更を完了または取り消します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("run", "実行、または last(最新) [既定: 未終了の全実行]。指定すると他の担当者の実行も引き継ぎます"),
        ("finish", "計画の一部が反映されている場合、プレイブックの設定によらず残りを送信して保存します"),
        ("undo", "反映済みの変更をすべて取り消します"),
        (
            "port",
            "インベントリの接続方法に関係なく、このポートのコンソールケーブルを使います(実行時と同じ機器であることを確認します)",
        ),
        ("inventory", "インベントリ [既定: その実行のもの]"),
    ];
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy resume", "ixdeploy resume last --port COM3", "ixdeploy resume 20261122-114603-7k3f --take-over"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// A console at the usual speed.
fn console(port: &str) -> ConsoleHere {
    ConsoleHere { port: port.to_owned(), speed: Dialect::any().strings().console_speed }
}

/// Recovers one run, or all of them.
///
/// # Errors
/// When the journal or an inventory cannot be read, or there is no one to ask.
fn run(context: &Context, args: &ResumeArgs) -> Result<Exit, Vec<Failure>> {
    let request = ResumeRequest {
        run: args.run.clone(),
        inventory: args.inventory.clone(),
        limit: args.only.limit.clone(),
        choice: match (args.finish, args.undo) {
            (true, _) => Some(RecoveryChoice::Finish),
            (_, true) => Some(RecoveryChoice::Undo),
            _ => None,
        },
        options: RunOptions {
            assume_yes: args.asking.yes,
            take_over: args.lock.take_over,
            reach: run::Reach { console: args.port.as_deref().map(console), ..reach(&args.reach) },
            ..RunOptions::default()
        },
    };
    let Some(result) = run::resume(&context.run_env(), &request)? else {
        let standings =
            run::not_ended(&*context.journal_to_read()?).map_err(|error| Failure::new(&error, Exit::Usage))?;
        if standings.is_empty() {
            context
                .screen
                .say_prose(context.screen.lang.pick("Every run has ended.\n", "未終了の実行はありません。\n"));
        } else {
            context.screen.say_prose(
                context.screen.lang.pick("No router is left unknown.\n", "結果不明のルータはありません。\n"),
            );
            standings.iter().for_each(|one| context.screen.say_prose(&standing_text::line(one, context.screen.lang)));
        }
        context.screen.document("resume", Exit::Done, &json!({ "routers": [] }));
        return Ok(Exit::Done);
    };
    Ok(show_result(context, &result))
}
