//! What is known of the host keys of a box whose place another one took: forgotten once the new one is saved, in the run of the swap or in one
//! that recovers it.
//!
//! Decides of no new key whether it is right. Meets no router.

use super::env::RunEnv;
use super::operator::Notice;
use super::swap_error::SwapRefused;
use super::target::Target;
use crate::connect::ConnectOptions;
use crate::message::Explain as _;
use crate::record::HostKeyProof;
use crate::state::State;
use crate::transaction::Outcome;
use crate::transport::ssh::SshError;

/// New boxes were saved: what is known of the boxes before them is forgotten, but where that is the key which the new one showed.
///
/// # Errors
/// When it cannot be forgotten.
pub(super) fn forget_old_keys<'t>(
    options: &ConnectOptions,
    targets: impl Iterator<Item = &'t Target>,
    outcomes: &[Outcome],
) -> Result<(), SshError> {
    for target in targets {
        let came_to_an_end = |outcome: &&Outcome| outcome.router == target.intent.router;
        let saved = outcomes.iter().find(came_to_an_end).filter(|outcome| outcome.state == State::Saved);
        if saved.is_some_and(|saved| !came_in_by_known_key(saved)) {
            options.forget_but_new(&target.known_as)?;
        }
    }
    Ok(())
}

/// Whether the key that is known is the one which the router showed.
fn came_in_by_known_key(outcome: &Outcome) -> bool {
    let shown = outcome.connection.as_ref().and_then(|connection| connection.host_key.as_ref());
    shown.is_some_and(|shown| matches!(shown.proof, HostKeyProof::KnownHosts | HostKeyProof::Enrolled))
}

/// A person is told where host keys are not known as they should be: the routers are what they are.
pub(super) fn tell_unless_settled(env: &RunEnv, options: &ConnectOptions, settled: Result<(), SshError>) {
    if let Err(error) = settled {
        env.operator.tell(&Notice::Warning(&not_recorded(options, &error).text()));
    }
}

/// The file of known host keys is not as it should be.
pub(super) fn not_recorded(options: &ConnectOptions, error: &SshError) -> SwapRefused {
    SwapRefused::HostKey { file: options.known_hosts.clone(), why: error.to_string() }
}
