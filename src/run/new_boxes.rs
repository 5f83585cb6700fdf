//! What is known of host keys where a box takes another one's place: the new key from the moment in which that is agreed to, the old one
//! again where it came to nothing, and none where no one has said that the new one is right.
//!
//! Meets no router.

use super::change::ChangeRun;
use super::env::RunEnv;
use super::error::RunError;
use super::operator::Notice;
use super::swap_error::SwapRefused;
use crate::connect::ConnectOptions;
use crate::inventory::{Connection, Router};
use crate::message::Explain as _;
use crate::record::HostKeyProof;
use crate::state::{State, Verdict};
use crate::transaction::Outcome;
use crate::transport::ssh::SshError;

/// The names under which the host keys of a router are known.
pub(super) fn known_as(router: &Router) -> Vec<(String, u16)> {
    let ways = std::iter::once(&router.connection).chain(&router.second_way);
    let over_ssh = ways.filter(|way| matches!(way, Connection::Ssh(_))).filter_map(Connection::dialled);
    over_ssh.map(|(host, port)| (host.value.clone(), port)).collect()
}

/// The new boxes of a run were agreed to: a session that recovers it meets their keys.
///
/// # Errors
/// When these cannot be recorded.
pub(super) fn record_new_keys(options: &ConnectOptions) -> Result<(), SwapRefused> {
    options.record_new_keys().map_err(|error| host_key(options, &error))
}

fn host_key(options: &ConnectOptions, error: &SshError) -> SwapRefused {
    SwapRefused::HostKey { file: options.known_hosts.clone(), why: error.to_string() }
}

/// Whether the key that is known is the one which the router showed.
fn came_in_by_known_key(outcome: &Outcome) -> bool {
    let shown = outcome.connection.as_ref().and_then(|connection| connection.host_key.as_ref());
    shown.is_some_and(|shown| shown.proof == HostKeyProof::KnownHosts)
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
        let settled = if let Some(saved) = outcomes.iter().find(|outcome| outcome.state == State::Saved) {
            let known_as = if came_in_by_known_key(saved) { &[] } else { self.swap.known_as.as_slice() };
            options.record_new_keys().and_then(|()| options.forget_but_new(known_as))
        } else if outcomes.iter().all(|outcome| outcome.verdict() == Verdict::NotDone) {
            options.take_new_keys_back()
        } else {
            Ok(())
        };
        if let Err(error) = settled {
            env.operator.tell(&Notice::Warning(&host_key(options, &error).text()));
        }
    }
}
