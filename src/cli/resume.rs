//! `resume`: come back to runs that nobody knows the end of, and settle them by reading the routers.

use std::path::PathBuf;

use super::args::Resume;
use super::conclude::conclude;
use super::context::Context;
use super::error::{Exit, Failure};
use super::round;
use super::{input, settle};
use crate::journal::Part;
use crate::message::Text;
use crate::rollout::{Choices, Target};
use crate::transaction::Outcome;

/// Settles one run, or all of them.
///
/// # Errors
/// When the journal or an inventory cannot be read, or there is nobody to ask.
pub fn run(context: &Context, args: &Resume) -> Result<Exit, Vec<Failure>> {
    if !args.asking.yes && !context.person.present() {
        return Err(vec![round::nobody_to_ask()]);
    }
    let journal = context.journal().map_err(|failure| vec![failure])?;
    let read = |error| vec![Failure::new(&error, Exit::Usage)];
    let mut open: Vec<Part> = journal.open_parts().map_err(read)?.into_iter().filter(Part::is_unfinished).collect();
    if let Some(run) = &args.run {
        journal.run(run).map_err(read)?;
        open.retain(|part| part.run == *run);
    }
    if open.is_empty() {
        context.say(context.lang.pick("Every run has ended.\n", "未終了の実行はありません。\n"));
        context.document("resume", Exit::Done, &serde_json::json!({ "routers": [] }));
        return Ok(Exit::Done);
    }
    let mut outcomes: Vec<Outcome> = Vec::new();
    // Each run names its own inventory.
    let mut runs: Vec<String> = open.iter().map(|part| part.run.clone()).collect();
    runs.dedup();
    for run in runs {
        let inventory = match &args.inventory {
            Some(path) => path.clone(),
            None => PathBuf::from(journal.run(&run).map_err(read)?.inventory),
        };
        let inventory = input::load_inventory(context, &inventory)?;
        let choices = Choices { take_over: args.lock.take_over, ..input::choices(context, &inventory, &args.reach) };
        let names: Vec<&str> = open.iter().filter(|part| part.run == run).map(|part| part.router.as_str()).collect();
        let mut targets: Vec<Target> = input::bare_targets(&inventory, None, &choices)?;
        targets.retain(|target| names.contains(&target.job.router.as_str()));
        let missing: Vec<&&str> =
            names.iter().filter(|name| !targets.iter().any(|target| target.job.router == **name)).collect();
        if !missing.is_empty() {
            context.warn(&not_in_the_inventory(&run, &missing));
        }
        outcomes.extend(settle::settle(context, &targets, &choices, args.asking.yes)?);
    }
    Ok(conclude(context, "resume", &outcomes, None))
}

fn not_in_the_inventory(run: &str, missing: &[&&str]) -> Text {
    let names = missing.iter().map(|name| **name).collect::<Vec<_>>().join(", ");
    Text::new(
        format!("run {run}: {names} is not in this inventory any more; name the right one with -i"),
        format!("実行 {run}: {names} がこのインベントリにありません。-i で指定してください"),
    )
}
