//! `restore ROUTER --from BACKUP`: bring a router, perhaps a new box in an old one's place, to a backup.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{Asking, BoxArgs, Lock, Reach, Rehearsal, Shown, Unsaved};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::reach;
use crate::cli::result::show_result;
use crate::cli::subcommand::{Group, Subcommand};
use crate::run::{self, Basis, RestoreRequest, RunOptions};

/// Bring a router back to a backup
#[derive(Debug, Clone, Args)]
pub struct RestoreArgs {
    /// The router
    #[arg(value_name = "ROUTER")]
    pub router: String,
    /// The backup: a folder or a file, unmasked, or a run whose verified end is meant
    #[arg(long, value_name = "DIR|FILE|RUN")]
    pub from: PathBuf,
    /// The inventory
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: PathBuf,
    /// Whether there is a question
    #[command(flatten)]
    pub asking: Asking,
    /// The box
    #[command(flatten)]
    pub box_args: BoxArgs,
    /// Another box has replaced the old one: its new host key is recorded and the old one forgotten; with
    /// `--serial-number`, that of the new box counts
    #[arg(long)]
    pub replaced: bool,
    /// Unsaved changes on the router
    #[command(flatten)]
    pub unsaved: Unsaved,
    /// The router's lock
    #[command(flatten)]
    pub lock: Lock,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
    /// The rehearsal
    #[command(flatten)]
    pub rehearsal: Rehearsal,
    /// What is shown
    #[command(flatten)]
    pub shown: Shown,
}

impl Subcommand for RestoreArgs {
    const NAME: &'static str = "restore";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "ルータをバックアップの状態に戻します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("router", "ルータ"),
        ("from", "バックアップ: フォルダ、ファイル(マスク済みは不可)、または実行(その保存時の状態)"),
        ("replaced", "機器を交換した場合: 新しいホスト鍵を記録し、以前の鍵を削除します"),
    ];
    const EXAMPLES: &'static [&'static str] = &[
        "ixdeploy restore sato-r1 --from ~/ix-backup -i clinics.yaml",
        "ixdeploy restore sato-r1 --from 20261122-114603-7k3f -i clinics.yaml",
    ];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Restores a router.
///
/// # Errors
/// A backup that cannot be restored, or what is wrong in the input. Nothing was written then.
fn run(context: &Context, args: &RestoreArgs) -> Result<Exit, Vec<Failure>> {
    let request = RestoreRequest {
        router: args.router.clone(),
        from: Basis::named(&args.from),
        inventory: args.inventory.clone(),
        replaced: args.replaced,
        serial_number: args.box_args.serial_number.clone(),
        options: RunOptions {
            assume_yes: args.asking.yes,
            take_over: args.lock.take_over,
            adopt: args.unsaved.adopt,
            rehearse_on_mock: args.rehearsal.on_mock(),
            reach: reach(&args.reach),
            ..RunOptions::default()
        },
    };
    let env = context.run_env_showing(args.shown.detail(context));
    Ok(show_result(context, &run::restore(&env, &request)?))
}
