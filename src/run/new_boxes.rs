//! What is known of host keys where a box takes another one's place: the new key from the moment in which that is agreed to, the old one
//! again where it came to nothing, and none where no one has said that the new one is right.
//!
//! Meets no router.

use super::change::ChangeRun;
use super::env::RunEnv;
use super::error::RunError;
use super::old_keys::{forget_old_keys, not_recorded, tell_unless_settled};
use super::swap_error::SwapRefused;
use crate::connect::ConnectOptions;
use crate::state::{State, Verdict};
use crate::transaction::Outcome;

/// The new boxes of a run were agreed to: a session that recovers it meets their keys.
///
/// # Errors
/// When these cannot be recorded.
pub(super) fn record_new_keys(options: &ConnectOptions) -> Result<(), SwapRefused> {
    options.record_new_keys().map_err(|error| not_recorded(options, &error))
}

impl ChangeRun {
    /// The same before its first line.
    ///
    /// # Errors
    /// When they cannot be recorded. Nothing was written then.
    pub(super) fn agree_to_new_boxes(&self) -> Result<(), RunError> {
        Ok(record_new_keys(&self.choices.connect_options)?)
    }

    /// Where its new box was saved, the old one is forgotten; where it is proven not to have become the router, all is as before. What is not
    /// proven stays: the router is met again with it.
    pub(super) fn settle_host_keys(&self, env: &RunEnv, outcomes: &[Outcome]) {
        let options = &self.choices.connect_options;
        let settled = if outcomes.iter().any(|outcome| outcome.state == State::Saved) {
            options.record_new_keys().and_then(|()| match self.choices.is_of_new_box() {
                true => forget_old_keys(options, self.targets.iter(), outcomes),
                false => Ok(()),
            })
        } else if outcomes.iter().all(|outcome| outcome.verdict() == Verdict::NotDone) {
            options.take_new_keys_back()
        } else {
            Ok(())
        };
        tell_unless_settled(env, options, settled);
    }
}
