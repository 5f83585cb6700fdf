//! `history ROUTER`: every run that meant to change a router, the oldest first.

use clap::Args;
use serde_json::json;

use super::status;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::local_time::local_time;
use crate::cli::run_text;
use crate::cli::subcommand::{Group, Subcommand};
use crate::message::Lang;
use crate::report::{self, state_words};
use crate::state::State;
use crate::visible;

/// List the runs that meant to change a router
#[derive(Debug, Clone, Args)]
pub struct HistoryArgs {
    /// The router
    #[arg(value_name = "ROUTER")]
    pub router: String,
}

impl Subcommand for HistoryArgs {
    const NAME: &'static str = "history";
    const GROUP: Group = Group::AfterRun;
    const JAPANESE: &'static str = "ルータを変更した実行を一覧します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[("router", "ルータ")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy history sato-r1"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(run(context, self)?)
    }
}

/// Lists them.
///
/// # Errors
/// When the journal cannot be read.
fn run(context: &Context, args: &HistoryArgs) -> Result<Exit, Failure> {
    let journal = context.journal_to_read()?;
    let parts = journal.history(&args.router).map_err(|error| Failure::new(&error, Exit::Usage))?;
    if parts.is_empty() {
        context.screen.say_prose(
            context
                .screen
                .lang
                .pick("No run meant to change this router.\n", "このルータを変更した実行はありません。\n"),
        );
    }
    let mut documents = Vec::new();
    for (run, part) in &parts {
        let state = part.state.unwrap_or(State::Planned);
        let (when, who) = (local_time(run.begun_ms), run_text::who(&run.account(), context.screen.lang));
        let end = match context.screen.lang {
            Lang::En => format!("{:<12}", state.word()),
            Lang::Ja => state_words(state, Lang::Ja),
        };
        context.screen.say_prose(&format!("{} {when}  {:<8} {end} {who}\n", run.run, run.action));
        if let Some(why) = part.unverified() {
            let text = visible::line(report::unverified(&why).get(context.screen.lang)).into_owned();
            context.screen.say_prose(&format!("  {text}\n"));
        }
        let mut value = status::document(part);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("action".into(), run.action.as_str().into());
            fields.insert("by".into(), run.by.as_str().into());
            fields.insert("machine".into(), run.machine.as_str().into());
            fields.insert("begun".into(), when.into());
        }
        documents.push(value);
    }
    context.screen.document("history", Exit::Done, &json!({ "router": args.router, "runs": documents }));
    Ok(Exit::Done)
}
