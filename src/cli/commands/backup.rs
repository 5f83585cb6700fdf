//! `backup`: both configurations of each router, into files that only their owner can read where the system has such a thing.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::args::{Reach, Routers};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::input::reach;
use crate::cli::subcommand::{Group, Subcommand};
use crate::message::Explain;
use crate::report::{self, FailedRouter};
use crate::run::{self, BackupFiles, BackupRequest, BackupResult};
use crate::transaction::{CauseRecord, FailedEnd};

/// Read running and startup configuration into a folder
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    /// The routers
    #[command(flatten)]
    pub routers: Routers,
    /// Write DIR/<router>/running.cfg and startup.cfg
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// Replace secrets by `***`; such a backup cannot be restored
    #[arg(long)]
    pub mask: bool,
    /// Reaching the routers
    #[command(flatten)]
    pub reach: Reach,
}

impl Subcommand for BackupArgs {
    const NAME: &'static str = "backup";
    const GROUP: Group = Group::OnRouters;
    const JAPANESE: &'static str = "running-config と startup-config をフォルダに読み出します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[
        ("output", "DIR/<ルータ>/running.cfg と startup.cfg に書き出します"),
        ("mask", "秘密情報を *** に置き換えます。復元には使えません"),
    ];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy backup -i inventories/sample-clinics.yaml -o ~/ix-backup"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Reads and writes.
///
/// # Errors
/// What is wrong in the inventory, or a folder that may not hold backups.
fn run(context: &Context, args: &BackupArgs) -> Result<Exit, Vec<Failure>> {
    let request = BackupRequest {
        inventory: args.routers.inventory.clone(),
        limit: args.routers.only.limit.clone(),
        output: args.output.clone(),
        mask: args.mask,
        reach: reach(&args.reach),
    };
    let report = run::backup(&context.run_env(), &request)?;
    let routers: Vec<Value> = report.routers.iter().map(|one| show(context, one, args.mask)).collect();
    let failed = report.routers.iter().filter_map(|one| {
        let FailedEnd { state, cause } = one.result.as_ref().err()?;
        Some(FailedRouter { router: &one.router, state: *state, cause })
    });
    for text in report::failed_routers(failed, context.screen.lang) {
        context.screen.say_prose(&text);
    }
    context.screen.document("backup", report.exit, &json!({ "routers": routers }));
    Ok(report.exit)
}

/// Shows one router, and returns its JSON.
fn show(context: &Context, one: &BackupResult, masked: bool) -> Value {
    let BackupFiles { seen, files, error } = match &one.result {
        Ok(files) => files,
        Err(FailedEnd { state, cause }) => {
            return json!({ "router": one.router, "site": one.site, "state": state, "causes": [cause] });
        }
    };
    for file in files {
        context.screen.say_prose(&format!("{}\n", file.display()));
    }
    let mut value = json!({
        "router": one.router,
        "site": one.site,
        "seen": seen,
        "masked": masked,
        "files": files,
    });
    if let (Some(error), Some(fields)) = (error, value.as_object_mut()) {
        let failure = Failure::new(error, Exit::Usage);
        context.screen.note(&format!("{}: {}", one.router, failure.render(context.screen.lang)));
        let cause = CauseRecord { code: error.code().to_owned(), text: error.text(), hints: error.hints() };
        fields.insert("causes".into(), json!([cause]));
    }
    value
}
