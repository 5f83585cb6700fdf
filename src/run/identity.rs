//! The router at the end of a console cable: only its serial number says which one it is, and the operator reads that off the
//! label.

use std::sync::Arc;

use super::error::RunError;
use super::not_done::NotDone;
use super::operator::{IdentityQuestion, Notice, Operator};
use super::target::Target;
use crate::transaction::{CauseRecord, Observed};

/// As many characters as one can read off a label without a mistake.
const CHARACTERS: usize = 4;
/// A slip of the finger is no other router; more slips than this are.
const TRIES: usize = 2;

/// Whether only the operator can say which router this is: a console is dialled by no address, and the inventory has no serial
/// number.
pub(super) fn needs_identity_confirmation(target: &Target) -> bool {
    target.connector.is_console() && target.intent.device.serial_number.is_none()
}

/// The serial number given for the one router whose identity needs confirmation becomes part of what is wanted.
///
/// # Errors
/// A number without such a router or for several; or none, where no one is asked for it either.
pub(super) fn expect_serial_number(
    targets: &mut [Target],
    serial_number: Option<&str>,
    assume_yes: bool,
) -> Result<(), RunError> {
    let mut unconfirmed: Vec<&mut Target> =
        targets.iter_mut().filter(|target| needs_identity_confirmation(target)).collect();
    match (serial_number, unconfirmed.as_mut_slice()) {
        (None, []) => Ok(()),
        (None, unconfirmed) if assume_yes => {
            let routers: Vec<&str> = unconfirmed.iter().map(|target| target.intent.router.as_str()).collect();
            Err(RunError::IdentityUnconfirmed { routers: routers.join(", ") })
        }
        (None, _) => Ok(()),
        (Some(number), [target]) => {
            Arc::make_mut(&mut target.intent).device.serial_number = Some(number.to_owned());
            Ok(())
        }
        (Some(_), _) => Err(RunError::SerialNumberForWhom),
    }
}

/// The router with its serial number confirmed; `None` if the operator says that it is another one.
///
/// # Errors
/// When there is no one to ask.
pub(super) fn confirm(
    operator: &dyn Operator,
    target: &Target,
    observed: &Observed,
) -> Result<Option<Target>, RunError> {
    if !needs_identity_confirmation(target) {
        return Ok(Some(target.clone()));
    }
    let serial_number = observed.identity.serial_number();
    let last: String = serial_number.chars().skip(serial_number.chars().count().saturating_sub(CHARACTERS)).collect();
    let question = IdentityQuestion {
        router: &target.intent.router,
        roles: &target.intent.roles,
        model: observed.identity.model(),
        serial_number,
        characters: CHARACTERS,
    };
    for _ in 0..TRIES {
        let answer = operator.type_serial_number(&question).ok_or(RunError::NoOperator)?;
        if answer.is_empty() || last.is_empty() {
            break;
        }
        if answer == last {
            let mut confirmed = target.clone();
            Arc::make_mut(&mut confirmed.intent).device.serial_number = Some(serial_number.to_owned());
            return Ok(Some(confirmed));
        }
        operator.tell(&Notice::SerialNumberDiffers);
    }
    Ok(None)
}

/// Why nothing was written: what was typed is not the end of the serial number.
pub(super) fn identity_not_confirmed(router: &str) -> CauseRecord {
    CauseRecord::of(&NotDone::AnotherSerialNumber { router: router.to_owned() })
}
