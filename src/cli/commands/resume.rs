//! `resume`: come back to runs that nobody knows the end of, and settle them by reading the routers.

use std::path::PathBuf;

use crate::cli::args::Resume;
use crate::cli::change;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::finish::{Asked, finish_run};
use crate::cli::operator;
use crate::cli::{input, recover};
use crate::fleet::{Choices, Target};
use crate::journal::RouterRun;
use crate::message::Text;
use crate::transaction::{Outcome, RecoveryChoice};

/// Settles one run, or all of them.
///
/// # Errors
/// When the journal or an inventory cannot be read, or there is nobody to ask.
pub fn run(context: &Context, args: &Resume) -> Result<Exit, Vec<Failure>> {
    let journal = context.journal().map_err(|failure| vec![failure])?;
    let read = |error| vec![Failure::new(&error, Exit::Usage)];
    let decision = match (args.finish, args.undo) {
        (true, _) => Some(RecoveryChoice::Finish),
        (_, true) => Some(RecoveryChoice::Undo),
        _ => None,
    };
    let mut open: Vec<RouterRun> = journal.open_parts().map_err(read)?;
    match &args.run {
        // Asked for by name, what was left to a person is read again too: he may have worked on it.
        Some(run) => {
            journal.run(run).map_err(read)?;
            open.retain(|part| part.run == *run && part.can_be_resumed());
        }
        None => open.retain(RouterRun::is_unfinished),
    }
    let mut outcomes: Vec<Outcome> = Vec::new();
    if args.run.is_none() {
        // Naming a run is what takes it over.
        let mut own = Vec::new();
        for part in open {
            match operator::another(&journal, &part).map_err(read)? {
                Some(others) => outcomes.push(operator::left_alone(&others, &part)),
                None => own.push(part),
            }
        }
        open = own;
    }
    if open.is_empty() && outcomes.is_empty() {
        context.say(context.lang.pick("Every run has ended.\n", "未終了の実行はありません。\n"));
        context.document("resume", Exit::Done, &serde_json::json!({ "routers": [] }));
        return Ok(Exit::Done);
    }
    if !open.is_empty() && !args.asking.yes && !context.person.present() {
        return Err(vec![change::no_operator_error()]);
    }
    // Each run names its own inventory.
    for run in runs_of(&open) {
        let inventory = match &args.inventory {
            Some(path) => path.clone(),
            None => PathBuf::from(journal.run(&run).map_err(read)?.inventory),
        };
        let inventory = input::load_inventory(context, &inventory)?;
        let choices = Choices { take_over: args.lock.take_over, ..input::choices(context, &inventory, &args.reach) };
        let targets: Vec<Target> = input::bare_targets(&inventory, None, &choices)?;
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for part in open.iter().filter(|part| part.run == run) {
            match targets.iter().find(|target| target.intent.router == part.router) {
                Some(target) => found.push((target.clone(), part.clone())),
                None => missing.push(part.router.as_str()),
            }
        }
        if !missing.is_empty() {
            context.warn(&not_in_the_inventory(&run, &missing));
        }
        outcomes.extend(recover::ask_and_perform(context, found, &choices, args.asking.yes, decision)?);
    }
    Ok(finish_run(context, "resume", (&outcomes, Asked::default()), None))
}

/// The runs of these parts, each once, in the order in which they are met: the parts of two may lie between each other.
fn runs_of(open: &[RouterRun]) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    for part in open {
        if !runs.contains(&part.run) {
            runs.push(part.run.clone());
        }
    }
    runs
}

fn not_in_the_inventory(run: &str, missing: &[&str]) -> Text {
    let names = missing.join(", ");
    Text::new(
        format!("run {run}: {names} is not in this inventory any more; name the right one with -i"),
        format!("実行 {run}: {names} がこのインベントリにありません。-i で指定してください"),
    )
}

#[cfg(test)]
mod tests {
    use super::runs_of;
    use crate::journal::RouterRun;

    #[test]
    fn a_run_between_the_parts_of_another_does_not_settle_that_one_twice() {
        let part = |run: &str| RouterRun { run: run.to_owned(), ..RouterRun::default() };
        assert_eq!(runs_of(&[part("a"), part("b"), part("a"), part("b")]), ["a", "b"]);
    }
}
