//! Runs whose process was gone between the save of a router and what follows from it for host keys: the next run of that router, or a
//! `resume`, makes up for it. What the router has shown, the run's own record says; where nothing may follow from it any more, that is told.
//!
//! Meets no router.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::dead_run::end_where_nothing_is_left;
use super::enrol::enrol_host_keys;
use super::env::RunEnv;
use super::error::RunError;
use super::old_keys::{forget_old_keys, is_of_new_box, tell_unless_settled};
use super::operator::Notice;
use super::target::Target;
use crate::connect::ConnectOptions;
use crate::journal::{Journal, JournalError, RunLock, RunLog};
use crate::message::Text;
use crate::record::{Outcome, RunResult};
use crate::state::State;
use crate::visible;

/// What such a run has left of one router that it has saved.
#[derive(Debug)]
pub(super) struct LeftToEnrol {
    /// The run.
    pub(super) run: String,
    /// The router, as the run has recorded it.
    outcome: Outcome,
    /// Its box is in the place of another one.
    is_new_box: bool,
}

/// What runs have left that have no end, and no process either: of each router what was saved last.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn left_to_enrol(journal: &Journal) -> Result<Vec<LeftToEnrol>, JournalError> {
    let mut left = Vec::new();
    for run in journal.runs_without_end()? {
        if RunLock::is_held(journal.state_dir(), &run) {
            continue;
        }
        let is_new_box = is_of_new_box(journal, &run)?;
        let routers = match is_new_box {
            true => journal.routers_with_record(&run)?,
            false => journal.routers_that_showed_a_host_key(&run)?,
        };
        for router in routers.iter().filter(|router| !router.is_empty()) {
            let last = journal.saved_router_runs(router)?.into_iter().next();
            if last.is_none_or(|last| last.run != run) {
                continue;
            }
            let outcomes = RunResult::of(&journal.records_of(&run, router, i64::MAX)?).routers;
            let saved = outcomes.into_iter().find(|one| one.router == *router && one.state == State::Saved);
            let open = saved.filter(|outcome| outcome.enrolled.is_none());
            left.extend(open.map(|outcome| LeftToEnrol { run: run.clone(), outcome, is_new_box }));
        }
    }
    Ok(left)
}

/// Makes up for what was left of these routers.
///
/// # Errors
/// When the journal cannot be read, or was edited: what it says proves nothing then.
pub(super) fn enrol_what_was_left(
    env: &RunEnv,
    options: &ConnectOptions,
    targets: &[Target],
    left: Vec<LeftToEnrol>,
) -> Result<(), RunError> {
    let journal = env.journal()?;
    // Those of a run that begins now are none of theirs.
    let options = ConnectOptions { new_keys: None, ..options.clone() };
    let mut runs = BTreeSet::new();
    for LeftToEnrol { run, outcome, is_new_box } in left {
        let Some(target) = targets.iter().find(|target| target.intent.router == outcome.router) else { continue };
        if runs.insert(run.clone()) {
            journal.trust(&run)?;
        }
        // Where one took another one's place, the inventory may still name the other.
        if !is_new_box && is_another_box(target, &outcome) {
            env.operator.tell(&Notice::Warning(&not_enrolled(&outcome.router, &run)));
            continue;
        }
        let mut outcomes = [outcome];
        let target = || std::iter::once(target);
        if is_new_box {
            tell_unless_settled(env, &options, forget_old_keys(&options, target(), &outcomes));
        }
        enrol_host_keys(env, &options, &RunLog::of(Arc::clone(&journal), &run), target(), &mut outcomes);
    }
    runs.iter().try_for_each(|run| end_where_nothing_is_left(&journal, run))
}

/// Whether the inventory names another box today than the run has met.
fn is_another_box(target: &Target, outcome: &Outcome) -> bool {
    let declared = target.intent.device.serial_number.as_ref().filter(|_| target.is_box_declared);
    declared.is_some_and(|number| outcome.serial_number.as_ref() != Some(number))
}

fn not_enrolled(router: &str, run: &str) -> Text {
    let (router, run) = (visible::line(router), visible::line(run));
    Text::new(
        format!(
            "{router}: run {run} was cut off before the host key that its box has shown was enrolled; the inventory names another box today, so it is not"
        ),
        format!(
            "{router}: 実行 {run} は、機器が表示したホスト鍵を登録する前に中断されました。現在のインベントリの製造番号と異なるため、登録しません"
        ),
    )
}
