//! What is known of the host keys of a box whose place another one took: forgotten once the new one is saved, in the run of the swap or in one
//! that recovers it.
//!
//! Decides of no new key whether it is right. Meets no router.

use super::env::RunEnv;
use super::operator::Notice;
use super::recorded::RecordedRun;
use super::swap_error::SwapRefused;
use super::swap_terms;
use super::target::Target;
use crate::connect::ConnectOptions;
use crate::journal::{Journal, JournalError};
use crate::message::Explain as _;
use crate::record::HostKeyProof;
use crate::state::State;
use crate::transaction::Outcome;
use crate::transport::ssh::SshError;

/// Whether a run changes a box in another one's place.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn is_of_new_box(journal: &Journal, run: &str) -> Result<bool, JournalError> {
    Ok(match journal.run_alone(run)?.action.as_str() {
        swap_terms::ACTION => true,
        swap_terms::RESTORE => RecordedRun::of(journal, run)?.policy.is_some_and(|policy| policy.replaced),
        _ => false,
    })
}

/// New boxes were saved: what is known of the boxes before them is forgotten, but where that is the key which the new one showed. What the
/// old one has shown on its console is no key of the new one in any case.
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
        match saved {
            Some(saved) if came_in_by_known_key(saved, options) => {
                options.forget_enrolled_but_known(&target.known_as)?
            }
            Some(_) => options.forget_but_new(&target.known_as)?,
            None => {}
        }
    }
    Ok(())
}

/// Whether the key that is known is the one which the router showed. That of a new box was recorded by another process, where not by this one.
fn came_in_by_known_key(outcome: &Outcome, options: &ConnectOptions) -> bool {
    let shown = outcome.connection.as_ref().and_then(|connection| connection.host_key.as_ref());
    shown.is_some_and(|shown| match shown.proof {
        HostKeyProof::KnownHosts | HostKeyProof::Enrolled => true,
        HostKeyProof::Replaced => options.new_keys.is_none(),
        HostKeyProof::Pinned | HostKeyProof::FirstUse => false,
    })
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
