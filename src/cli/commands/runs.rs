//! `runs`: the last runs, the newest first: who did what, when, and how many routers ended how. The records are not read.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::run_text;
use crate::cli::subcommand::{Group, Subcommand};
use crate::run::Standing;

/// List the last runs: when, who, what, and how many routers ended how
#[derive(Debug, Clone, Args)]
pub struct RunsArgs {
    /// How many
    #[arg(short = 'n', long, default_value_t = 20, value_name = "N")]
    pub number: usize,
}

impl Subcommand for RunsArgs {
    const NAME: &'static str = "runs";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "最近の実行を一覧します(日時、担当者、内容、結果別の台数)";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[("number", "件数 [既定: 20]")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy runs", "ixdeploy runs -n 5"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(run(context, self)?)
    }
}

/// Lists them.
///
/// # Errors
/// When the journal cannot be read.
fn run(context: &Context, args: &RunsArgs) -> Result<Exit, Failure> {
    let (screen, lang) = (&context.screen, context.screen.lang);
    let journal = context.journal_to_read()?;
    let failure = |error| Failure::new(&error, Exit::Usage);
    let runs = journal.runs_and_imports(args.number).map_err(failure)?;
    let standings = runs.iter().map(|listing| Standing::of(&journal, listing));
    let standings: Vec<Option<Standing>> = standings.collect::<Result<_, _>>().map_err(failure)?;
    let runs: Vec<_> = runs.iter().zip(standings.iter().map(Option::as_ref)).collect();
    if runs.is_empty() {
        screen.say_prose(lang.pick("There was no run yet.\n", "実行の記録はまだありません。\n"));
    }
    runs.iter().for_each(|(listing, standing)| screen.say_prose(&run_text::listed(listing, *standing, lang)));
    let document = |(listing, standing)| Value::Object(run_text::document(listing, standing));
    let runs: Vec<Value> = runs.into_iter().map(document).collect();
    screen.document("runs", Exit::Done, &json!({ "runs": runs }));
    Ok(Exit::Done)
}
