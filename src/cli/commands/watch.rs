//! `watch RUN`: follows a run that another process carries out. Nothing is changed; Ctrl-C ends the view alone.

use clap::Args;
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::standing_text;
use crate::cli::subcommand::{Group, Subcommand};
use crate::journal::Journal;
use crate::message::Lang;
use crate::run::{self, Standing, WatchRequest, Watched};

/// Follow a run from another terminal, to its end
#[derive(Debug, Clone, Args)]
pub struct WatchArgs {
    /// The run, or `last`
    #[arg(value_name = "RUN")]
    pub run: String,
    /// From the run's first record, not from now on
    #[arg(long)]
    pub from_start: bool,
}

impl Subcommand for WatchArgs {
    const NAME: &'static str = "watch";
    const GROUP: Group = Group::DuringRun;
    const JAPANESE: &'static str = "別の端末から実行の進行を終わりまで表示します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("run", "実行、または last(最新)"), ("from_start", "現在からではなく、実行の最初の記録から表示します")];
    const EXAMPLES: &'static [&'static str] =
        &["ixdeploy watch last", "ixdeploy watch 20261122-114603-7k3f --from-start"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let request = WatchRequest { run: self.run.clone(), from_start: self.from_start };
        let journal = context.journal_to_read()?;
        if !self.from_start {
            said_first(context, &journal, &self.run)?;
        }
        let watched = run::watch(&context.run_env(), &journal, &request)?;
        Ok(ended(context, &watched))
    }
}

/// Where the run is now: it may record nothing for hours.
fn said_first(context: &Context, journal: &Journal, run: &str) -> Result<(), Failure> {
    let failure = |error| Failure::new(&error, Exit::Usage);
    let name = run::named_run(journal, run).map_err(|error| Failure::new(&error, Exit::Usage))?.run;
    let listing = journal.listing(&name).map_err(failure)?;
    if let Some(standing) = Standing::of(journal, &listing).map_err(failure)? {
        context.screen.note(standing_text::line(&standing, context.screen.lang).trim_end());
    }
    Ok(())
}

/// How it ended; the program ends as the run did.
fn ended(context: &Context, Watched { run, is_abandoned }: &Watched) -> Exit {
    let (lang, name) = (context.screen.lang, &run.run);
    let (exit, words) = match run.exit.filter(|_| !is_abandoned) {
        Some(status) => {
            let words = match lang {
                Lang::En => {
                    format!("run {name} has ended, exit status {status}; `ixdeploy show {name}` has all of it\n")
                }
                Lang::Ja => format!("実行 {name} は終了しました(終了コード {status})。全記録: ixdeploy show {name}\n"),
            };
            (Exit::of_status(status), words)
        }
        None => {
            let words = match lang {
                Lang::En => format!(
                    "run {name} has not ended, and no one carries it out any more; `ixdeploy continue {name}` recovers it and goes on\n"
                ),
                Lang::Ja => format!(
                    "実行 {name} は終了していませんが、処理しているプログラムがありません。ixdeploy continue {name} で復旧して続行できます\n"
                ),
            };
            (Exit::NeedsPerson, words)
        }
    };
    context.screen.say_prose(&words);
    let body = json!({ "run": name, "exit_of_run": run.exit, "abandoned": is_abandoned });
    context.screen.document("watch", exit, &body);
    exit
}
