//! Which box a router is, where the inventory has no serial number. On a console only its serial number says that, and the operator
//! reads it off the label; elsewhere it must be the box that our last saved run has met, unless the operator says otherwise.

use std::collections::HashSet;
use std::sync::Arc;

use super::env::RunEnv;
use super::error::RunError;
use super::not_done::NotDone;
use super::operator::{IdentityQuestion, Notice};
use super::target::Target;
use crate::ix::{CONFIRMING, Identity};
use crate::state::State;
use crate::transaction::{CauseRecord, Outcome};

/// A slip of the finger, or an empty Return, is no other router; more of them are.
const TRIES: usize = 2;

/// Whether only the operator can say which router this is: a console is dialled by no address, and the inventory has no serial
/// number.
pub(super) fn needs_identity_confirmation(target: &Target) -> bool {
    target.connector.is_console() && target.intent.device.serial_number.is_none()
}

/// The box that the last saved run has met under this router's name, by its serial number.
pub(super) fn known_box(env: &RunEnv, router: &str) -> Result<Option<String>, RunError> {
    let last = env.journal()?.last_saved(router)?;
    Ok(last.and_then(|part| part.identity.serial_number))
}

/// Where no one is asked, each router must be the box that the journal knows, if it knows one: another box is refused.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn expect_known_boxes(env: &RunEnv, targets: &mut [Target]) -> Result<(), RunError> {
    for target in targets.iter_mut().filter(|target| target.intent.device.serial_number.is_none()) {
        if let Some(number) = known_box(env, &target.intent.router)? {
            Arc::make_mut(&mut target.intent).device.serial_number = Some(number);
        }
    }
    Ok(())
}

/// A router whose box the inventory does not name, and which box a run has now changed and saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnedBox {
    /// The router.
    pub router: String,
    /// Its serial number.
    pub serial_number: String,
}

/// Which boxes a run has taught: where nothing was sent, nothing is.
pub(super) fn learned_boxes(targets: &[Target], outcomes: &[Outcome]) -> Vec<LearnedBox> {
    let undeclared: HashSet<&str> =
        targets.iter().filter(|target| !target.is_box_declared).map(|target| target.intent.router.as_str()).collect();
    let saved = outcomes.iter().filter(|outcome| outcome.state == State::Saved && outcome.sent > 0);
    saved
        .filter(|outcome| undeclared.contains(outcome.router.as_str()))
        .filter_map(|outcome| {
            let serial_number = outcome.serial_number.clone()?;
            Some(LearnedBox { router: outcome.router.clone(), serial_number })
        })
        .collect()
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

/// When a person is asked which box a router is, where no serial number was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    /// On a console, and where another box answers than before.
    WhereUnsure,
    /// In any case: a new box is in the place of another one.
    Always,
}

/// The router with its serial number confirmed; `None` if the operator says that it is another one.
///
/// # Errors
/// When there is no one to ask, or the journal cannot be read.
pub(super) fn confirm(
    env: &RunEnv,
    target: &Target,
    seen: &Identity,
    asking: Asking,
) -> Result<Option<Target>, RunError> {
    let operator = &*env.operator;
    if target.intent.device.serial_number.is_some() {
        return Ok(Some(target.clone()));
    }
    let serial_number = seen.serial_number();
    let other_box = known_box(env, &target.intent.router)?.filter(|known| known != serial_number);
    if asking == Asking::WhereUnsure && other_box.is_none() && !needs_identity_confirmation(target) {
        return Ok(Some(target.clone()));
    }
    let last: String = serial_number.chars().skip(serial_number.chars().count().saturating_sub(CONFIRMING)).collect();
    let question = IdentityQuestion {
        router: &target.intent.router,
        roles: &target.intent.roles,
        model: seen.model(),
        serial_number,
        other_box: other_box.as_deref(),
        is_on_console: target.connector.is_console(),
    };
    for left in (0..TRIES).rev() {
        let answer = operator.type_serial_number(&question).ok_or(RunError::NoOperator)?;
        // Who wants to stop has answered with nothing.
        if last.is_empty() || env.cancel.is_asked() {
            break;
        }
        if answer == last {
            let mut confirmed = target.clone();
            Arc::make_mut(&mut confirmed.intent).device.serial_number = Some(serial_number.to_owned());
            return Ok(Some(confirmed));
        }
        match answer.is_empty() {
            true if left > 0 => operator.tell(&Notice::SerialNumberExpected),
            true => {}
            false => operator.tell(&Notice::SerialNumberDiffers),
        }
    }
    Ok(None)
}

/// Why nothing was written: the end of the serial number was not typed.
pub(super) fn identity_not_confirmed(router: &str) -> CauseRecord {
    CauseRecord::of(&NotDone::AnotherSerialNumber { router: router.to_owned() })
}
