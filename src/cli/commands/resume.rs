//! `resume`: come back to runs that nobody knows the end of, and settle them by reading the routers.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{Asking, Lock, Reach};
use crate::cli::change;
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::finish::{Asked, finish_run};
use crate::cli::operator;
use crate::cli::subcommand::{Group, Subcommand};
use crate::cli::{input, recover};
use crate::fleet::{Choices, Target};
use crate::journal::RouterRun;
use crate::message::Text;
use crate::transaction::{Outcome, RecoveryChoice};

/// Read routers that a run left unknown, and finish the change or take it back
#[derive(Debug, Clone, Args)]
pub struct ResumeArgs {
    /// The run [default: every run that did not end]; named, routers it left to a person are read again too, and a colleague's run is taken over
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Where a part of the plan runs: send the rest and save, whatever the playbook says
    #[arg(long, conflicts_with = "undo")]
    pub finish: bool,
    /// Where a part of the plan runs, or all of it: take it back, whatever the playbook says
    #[arg(long)]
    pub undo: bool,
    /// The inventory [default: the run's own]
    #[arg(short, long, value_name = "INVENTORY")]
    pub inventory: Option<PathBuf>,
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
        ("run", "実行 [既定: 未終了の全実行]。指定すると他の担当者の実行も引き継ぎます"),
        ("finish", "計画の一部が反映されている場合、プレイブックの設定によらず残りを送信して保存します"),
        ("undo", "反映済みの変更をすべて取り消します"),
        ("inventory", "インベントリ [既定: その実行のもの]"),
    ];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy resume", "ixdeploy resume 20261122-114603-7k3f --take-over"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, self)
    }
}

/// Settles one run, or all of them.
///
/// # Errors
/// When the journal or an inventory cannot be read, or there is nobody to ask.
fn run(context: &Context, args: &ResumeArgs) -> Result<Exit, Vec<Failure>> {
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
