//! Passwords that this machine certainly does not have: said once for all routers that need one, before anything begins.
//!
//! Asks no one and starts nothing. Where some routers can be logged in to, the others say for themselves why they cannot.

use super::error::RunError;
use super::target::Target;
use crate::secret::SecretError;

/// Refuses a run in which no router can be logged in to.
///
/// # Errors
/// [`RunError::NoPassword`] for each thing that is missing.
pub(super) fn expect_passwords(targets: &[Target]) -> Result<(), RunError> {
    let mut missing: Vec<(SecretError, usize)> = Vec::new();
    for target in targets {
        let Some(error) = target.connector.missing_password() else { return Ok(()) };
        match missing.iter_mut().find(|(known, _)| *known == error) {
            Some((_, routers)) => *routers += 1,
            None => missing.push((error, 1)),
        }
    }
    let mut errors = missing.into_iter().map(|(error, routers)| RunError::NoPassword { error, routers });
    errors.next().map_or(Ok(()), |first| Err(RunError::several(first, errors.collect())))
}
