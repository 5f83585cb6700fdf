//! The identity of a router: model, serial number and firmware, compared with the expected one.
//!
//! Decides nothing about its configuration and writes nothing.

use super::{Boot, IdentityError, Intent, TransactionError};
use crate::ix::show::{Device, Hardware, Version};
use crate::playbook::Firmware;
use crate::record::{Kind, Sink};
use crate::session::Session;

/// Who a router says it is.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) device: Device,
    pub(super) boot: Boot,
}

/// The answers of `show hardware` and `show version`.
pub(super) struct IdentityTexts {
    pub(super) hardware: String,
    pub(super) version: String,
}

/// Reads model, serial number and firmware, and refuses a router that is not the one meant.
pub(super) fn read_identity(
    intent: &Intent,
    session: &mut Session,
    sink: &dyn Sink,
) -> Result<Identity, TransactionError> {
    let texts = show_identity(session)?;
    identify(intent, session, &texts, sink)
}

fn show_identity(session: &mut Session) -> Result<IdentityTexts, TransactionError> {
    let commands = session.dialect().commands();
    let hardware = session.show(commands.show_hardware).map_err(TransactionError::Session)?;
    let version = session.show(commands.show_version).map_err(TransactionError::Session)?;
    Ok(IdentityTexts { hardware, version })
}

/// Who the router is by these two answers; refuses one that is not the one meant. A log line in the middle of an answer makes
/// another box of it: before one is called another, it is read once more.
pub(super) fn identify(
    intent: &Intent,
    session: &mut Session,
    texts: &IdentityTexts,
    sink: &dyn Sink,
) -> Result<Identity, TransactionError> {
    let read = match parse_identity(intent, texts) {
        Ok(identity) if is_expected(intent, &identity) => return announced(intent, identity, sink),
        read => read,
    };
    tracing::debug!(router = %intent.router, ?read, "not who was expected: read once more");
    let again = show_identity(session)?;
    announced(intent, parse_identity(intent, &again)?, sink)
}

/// What the two answers say.
fn parse_identity(intent: &Intent, texts: &IdentityTexts) -> Result<Identity, TransactionError> {
    let (strings, commands) = (intent.dialect().strings(), intent.dialect().commands());
    let hardware = Hardware::parse(&strings.without_log_lines(&texts.hardware));
    let version = Version::parse(&strings.without_log_lines(&texts.version));
    let unread = |what: &'static str| TransactionError::Unreadable { router: intent.router.clone(), what };
    let boot = Boot::of(&version);
    let device = Device {
        model: hardware.model.ok_or_else(|| unread(commands.show_hardware))?,
        serial_number: hardware.serial_number.ok_or_else(|| unread(commands.show_hardware))?,
        firmware: version.firmware.ok_or_else(|| unread(commands.show_version))?,
    };
    Ok(Identity { device, boot })
}

/// Whether it is the box that is meant.
fn is_expected(intent: &Intent, identity: &Identity) -> bool {
    identity.device.model.eq_ignore_ascii_case(intent.device.model.name)
        && intent.device.serial_number.as_ref().is_none_or(|expected| *expected == identity.device.serial_number)
}

/// Says who the router is; refuses one that is not the one meant.
fn announced(intent: &Intent, identity: Identity, sink: &dyn Sink) -> Result<Identity, TransactionError> {
    sink.emit(Kind::Identified {
        model: identity.device.model.clone(),
        serial_number: identity.device.serial_number.clone(),
        firmware: identity.device.firmware.clone(),
    });
    if !identity.device.model.eq_ignore_ascii_case(intent.device.model.name) {
        return Err(TransactionError::Identity(IdentityError::WrongModel {
            router: intent.router.clone(),
            expected: intent.device.model.name.to_owned(),
            found: identity.device.model,
        }));
    }
    if let Some(expected) = &intent.device.serial_number
        && *expected != identity.device.serial_number
    {
        return Err(TransactionError::Identity(IdentityError::WrongSerialNumber {
            router: intent.router.clone(),
            expected: expected.clone(),
            found: identity.device.serial_number,
        }));
    }
    if let Some(least) = &intent.terms.min_firmware
        && !identity.device.firmware.parse::<Firmware>().is_ok_and(|firmware| firmware >= *least)
    {
        return Err(TransactionError::Identity(IdentityError::OldFirmware {
            router: intent.router.clone(),
            found: identity.device.firmware,
            least: least.to_string(),
        }));
    }
    Ok(identity)
}

/// Refuses a box that we left with another name than it shows now. Only when a router is met: a run may rename it.
pub(super) fn expect_host_name(intent: &Intent, session: &Session, seen: &Identity) -> Result<(), TransactionError> {
    match &intent.device.host_name {
        Some(expected) if expected.boxes.contains(&seen.device.serial_number) && expected.name != session.host() => {
            Err(TransactionError::Identity(IdentityError::WrongHostName {
                router: intent.router.clone(),
                expected: expected.name.clone(),
                found: session.host().to_owned(),
            }))
        }
        _ => Ok(()),
    }
}
