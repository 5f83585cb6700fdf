//! What the box ran that was there before: as the kit has it, or as this journal does, whichever of them saw it proven, and later.
//!
//! Reads the journal; meets no router.

use super::env::RunEnv;
use super::error::RunError;
use super::known_states::{KnownRouter, KnownStates};
use super::last_state::{SavedState, last_state};
use super::operator::Notice;
use super::swap_error::SwapRefused;
use crate::ix::ConfigText;
use crate::message::Text;
use crate::record::ReplacedBox;
use crate::visible;

/// The box that was there before.
pub(super) struct OldBox {
    /// What it ran.
    pub(super) configuration: ConfigText,
    /// The box it was then.
    pub(super) replaced: ReplacedBox,
    /// Not all of that was proven.
    pub(super) unverified: bool,
    /// When it was saved, in milliseconds since 1970 by the clock of the machine that saved it.
    saved_ms: i64,
}

/// What the old box ran when it was saved and verified last. Where the kit and this journal say different things, that is told.
///
/// # Errors
/// When neither knows a state, or the journal cannot be read or was edited.
pub(super) fn old_box(env: &RunEnv, states: &KnownStates, router: &str) -> Result<OldBox, RunError> {
    let of_kit = states.router(router).map(OldBox::of_kit);
    let journal = env.has_journal().then(|| env.journal()).transpose()?;
    let here = journal.as_ref().map(|journal| last_state(journal, router)).transpose()?.flatten();
    let here = here.map(|state| OldBox::of_journal(router, &state));
    let (old, passed_over) = match (of_kit, here) {
        (Some(kit), Some(here)) if here.is_better_than(&kit) => (here, Some(kit)),
        (Some(kit), here) => (kit, here),
        (None, Some(here)) => (here, None),
        (None, None) => return Err(SwapRefused::NoState { router: router.to_owned() }.into()),
    };
    let is_other = |other: &OldBox| other.replaced.run != old.replaced.run;
    if let Some(other) = passed_over.filter(is_other) {
        env.operator.tell(&Notice::Note(&two_states(&old, &other)));
    }
    if let Some(journal) = journal
        && let Some(later) = journal.last_saved(router)?
        && later.run != old.replaced.run
        && later.last_ms > old.saved_ms
    {
        env.operator.tell(&Notice::Warning(&saved_later(router, &later.run)));
    }
    Ok(old)
}

impl OldBox {
    fn of_kit(known: &KnownRouter) -> Self {
        Self {
            configuration: known.state.configuration.clone(),
            replaced: known.was.clone(),
            unverified: known.is_unverified,
            saved_ms: known.saved_ms,
        }
    }

    fn of_journal(router: &str, state: &SavedState) -> Self {
        let identity = &state.part.identity;
        let replaced = ReplacedBox {
            router: router.to_owned(),
            model: identity.model.clone(),
            serial_number: identity.serial_number.clone(),
            run: state.part.run.clone(),
            ..ReplacedBox::default()
        };
        Self {
            configuration: ConfigText::new(state.configuration.expose()),
            replaced,
            unverified: state.part.unverified.is_some(),
            saved_ms: state.part.last_ms,
        }
    }

    /// A proven state before any other, as within one journal; of two alike the later one.
    fn is_better_than(&self, other: &Self) -> bool {
        (!self.unverified, self.saved_ms) > (!other.unverified, other.saved_ms)
    }
}

/// Which of two states is taken, and which is not.
fn two_states(taken: &OldBox, other: &OldBox) -> Text {
    let router = visible::line(&taken.replaced.router).into_owned();
    let (taken, other) = (visible::line(&taken.replaced.run), visible::line(&other.replaced.run));
    Text::new(
        format!(
            "{router}: the kit and this journal know different states: that of run {taken} is taken, not that of run {other}"
        ),
        format!(
            "{router}: キットとこのジャーナルの状態が異なります。実行 {taken} の状態を使います(実行 {other} の状態は使いません)"
        ),
    )
}

/// A later state is not taken: it was not proven, or is not kept.
fn saved_later(router: &str, run: &str) -> Text {
    let (router, run) = (visible::line(router), visible::line(run));
    Text::new(
        format!("{router}: run {run} saved it later; what it ran then was not proven or is not kept, and is not taken"),
        format!(
            "{router}: その後、実行 {run} で保存されていますが、確認が完了していないか設定が残っていないため、使いません"
        ),
    )
}
