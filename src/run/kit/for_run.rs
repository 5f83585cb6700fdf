//! A kit as what a run takes its secrets from: opened once, in memory alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::open;
use crate::ix::ConfigText;
use crate::kit::LastState;
use crate::record::ReplacedBox;
use crate::run::env::RunEnv;
use crate::run::error::RunError;
use crate::run::known_states::{KnownRouter, KnownStates};
use crate::run::options::RunOptions;
use crate::transaction::KnownState;

/// Opens the kit that a run was given: its secrets become those that were found before, and what it knows of the routers is returned.
///
/// # Errors
/// A file that is no kit, or another passphrase.
pub(in crate::run) fn states_of_kit(env: &RunEnv, path: &Path, options: &RunOptions) -> Result<KnownStates, RunError> {
    let kit = open::read(env, path)?;
    open::remind(env, &kit.about);
    options.secrets.learn(kit.secrets);
    Ok(known_states(&kit.about.day, kit.states, !options.assume_yes))
}

/// What a kit for this day knows of the routers; where a router has more, a person is asked, or it is refused.
pub(super) fn known_states(day: &str, states: BTreeMap<String, LastState>, is_asked: bool) -> KnownStates {
    KnownStates::new(states.into_iter().map(|(router, state)| {
        let configuration = ConfigText::new(state.configuration.expose());
        let known = KnownState { day: day.to_owned(), configuration, is_asked };
        let LastState { run, saved_ms, model, serial_number, unverified, .. } = state;
        let was = ReplacedBox { router, model, serial_number, run, ..ReplacedBox::default() };
        KnownRouter { state: Arc::new(known), was, is_unverified: unverified.is_some(), saved_ms }
    }))
}
