//! `history ROUTER`: every run that meant to change a router, the oldest first.

use clap::Args;
use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use super::status;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::local_time::local_time;
use crate::cli::run_text;
use crate::cli::subcommand::{Group, Subcommand};
use crate::journal::{RouterRun, RunSummary};
use crate::message::Lang;
use crate::record::utc;
use crate::report::{self, state_in_brief};
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
        context.screen.say_prose(&format!("{}\n", line(run, part, context.screen.lang)));
        if let Some(why) = part.unverified() {
            let text = visible::line(report::unverified(&why).get(context.screen.lang)).into_owned();
            context.screen.say_prose(&format!("  {text}\n"));
        }
        let mut value = status::document(part);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("action".into(), run.action.as_str().into());
            fields.insert("by".into(), run.by.as_str().into());
            fields.insert("machine".into(), run.machine.as_str().into());
            fields.insert("begun".into(), utc(run.begun_ms).into());
        }
        documents.push(value);
    }
    context.screen.document("history", Exit::Done, &json!({ "router": args.router, "runs": documents }));
    Ok(Exit::Done)
}

/// A run in one line: its name, when, what, how it ended for this router, and who.
fn line(run: &RunSummary, part: &RouterRun, lang: Lang) -> String {
    /// Columns of the longest word for an end.
    const END: usize = 12;
    let end = state_in_brief(part.state.unwrap_or(State::Planned), lang);
    let room = " ".repeat(END.saturating_sub(end.width()));
    let (when, who) = (local_time(run.begun_ms), run_text::who(&run.account(), lang));
    format!("{} {when}  {:<8} {end}{room} {who}", run.run, run.action)
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::line;
    use crate::journal::{RouterRun, RunSummary};
    use crate::message::Lang;
    use crate::report::COLUMNS;
    use crate::state::State;

    #[test]
    fn a_run_is_one_line_in_both_languages_and_who_made_it_stands_in_one_column() {
        let run = RunSummary {
            run: "20261129-131503-7k3f".to_owned(),
            action: "restore".to_owned(),
            by: "sato".to_owned(),
            machine: "field".to_owned(),
            begun_ms: 1_795_958_103_000,
            ..RunSummary::default()
        };
        for lang in [Lang::En, Lang::Ja] {
            for state in State::ALL {
                let part = RouterRun { state: Some(state), ..RouterRun::default() };
                let line = line(&run, &part, lang);
                let before = line.split("sato@field").next().unwrap_or_default();
                // The zone of this machine may have a longer name than three letters.
                let zone = before.split(' ').nth(3).unwrap_or_default().width();
                assert_eq!(before.width() - zone, 65, "{line}");
                assert!(line.width() - zone + 3 <= COLUMNS, "{line}");
            }
        }
    }
}
