//! The outcome of a router for which no transaction was begun.
//!
//! The type itself is the record's; a transaction that was begun makes its own.

use super::{Advice, CauseRecord, FailedEnd, Intent, Outcome, Power};
use crate::journal::RouterRun;
use crate::message::{Explain, Text};
use crate::state::State;

impl Outcome {
    /// The outcome of a router with which no session was opened.
    pub fn without_a_session(intent: &Intent, planned: usize, FailedEnd { state, cause }: FailedEnd) -> Self {
        Self { causes: vec![cause], planned, ..Self::ended(intent, state) }
    }

    /// The outcome of a router that an earlier run left unknown, and that is not touched.
    pub fn left(part: &RouterRun, cause: CauseRecord) -> Self {
        let left = Self::named(&part.router, &part.site, State::Lost);
        Self { causes: vec![cause], sent: part.accepted.len(), planned: part.planned(), ..left }
    }

    /// The outcome of a router whose end is known already.
    pub fn ended(intent: &Intent, state: State) -> Self {
        Self::named(&intent.router, &intent.site, state)
    }

    fn named(router: &str, site: &str, state: State) -> Self {
        Self { advice: Advice::of(state, Power::Unknown, None), ..Self::new(router, site, state) }
    }
}

/// Why nothing else is done to a router that a run left unfinished: that run is recovered first.
#[derive(Debug, Explain)]
#[explain(
    code = "journal.unfinished",
    en = "{router}: run {run} did not end (last known: {state})",
    ja = "{router}: 実行 {run} が終了していません(最後の状態: {state})",
    hint(
        en = "run `ixdeploy resume {run}`: the router is read again, then the change is finished or undone",
        ja = "ixdeploy resume {run} を実行してください。ルータを読み直し、変更を完了または取り消します"
    )
)]
pub(super) struct UnfinishedRun {
    router: String,
    run: String,
    state: &'static str,
}

/// Why nothing else is done to a router that a run left unfinished, as it is recorded.
pub fn unfinished_cause(part: &RouterRun) -> CauseRecord {
    let state = part.state.map_or("planned", State::word);
    CauseRecord::of(&UnfinishedRun { router: part.router.clone(), run: part.run.clone(), state })
}

/// What is not saved on a router that a run left to a person may be half of that run's change: no one is told to save it.
pub fn hint_unfinished_run(part: &RouterRun, cause: &mut CauseRecord) {
    if !matches!(cause.code.as_str(), "router.unsaved" | "router.startup-unread") {
        return;
    }
    let (run, word) = (&part.run, part.state.map_or("planned", State::word));
    cause.hints = vec![Text::new(
        format!(
            "do not save it by hand: run {run} ended `{word}` here, and this may be half of its change (`ixdeploy show {run}`); when someone has worked on it, `ixdeploy resume {run}` reads it again"
        ),
        format!(
            "手作業で保存しないでください。実行 {run} がこのルータで `{word}` に終わっており、その変更の一部の可能性があります(ixdeploy show {run})。手で直した後、ixdeploy resume {run} で読み直せます"
        ),
    )];
}
