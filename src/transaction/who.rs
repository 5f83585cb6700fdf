//! The identity of a router: model, serial number and firmware, compared with the expected one.
//!
//! Decides nothing about its configuration and writes nothing.

use super::{Boot, IdentityError, Intent, TransactionError};
use crate::ix::Identity;
use crate::ix::display::{Hardware, Version};
use crate::playbook::Firmware;
use crate::record::{Kind, Sink};
use crate::session::Session;

/// Who a router says it is: model, serial number and firmware; and what it says about its last start.
#[derive(Debug, Clone)]
pub(super) struct Identified {
    pub(super) identity: Identity,
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
) -> Result<Identified, TransactionError> {
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
) -> Result<Identified, TransactionError> {
    let read = match parse_identity(intent, texts) {
        Ok(found) if is_expected(intent, &found) => return announced(intent, found, sink),
        read => read,
    };
    let model = read.as_ref().ok().map(|found| found.identity.model());
    tracing::debug!(router = %intent.router, model, "not who was expected: read once more");
    let again = show_identity(session)?;
    announced(intent, parse_identity(intent, &again)?, sink)
}

/// Who answers in a session that changes nothing and is compared with what the router was; read once more where it is not that one.
pub(super) fn who_answers(
    intent: &Intent,
    session: &mut Session,
    expected: &Identity,
) -> Result<Identity, TransactionError> {
    let read = show_identity(session).and_then(|texts| parse_identity(intent, &texts));
    match read {
        Ok(found) if expected.is_certainly(&found.identity) => Ok(found.identity),
        Err(cause @ TransactionError::Session(_)) => Err(cause),
        _ => Ok(parse_identity(intent, &show_identity(session)?)?.identity),
    }
}

/// What the two answers say.
fn parse_identity(intent: &Intent, texts: &IdentityTexts) -> Result<Identified, TransactionError> {
    let (strings, commands) = (intent.dialect().strings(), intent.dialect().commands());
    let hardware = Hardware::parse(&strings.without_log_lines(&texts.hardware));
    let version = Version::parse(&strings.without_log_lines(&texts.version));
    let unread = |what: &'static str| TransactionError::Unreadable { router: intent.router.clone(), what };
    let boot = Boot::of(&version);
    let identity = Identity {
        model: Some(hardware.model.ok_or_else(|| unread(commands.show_hardware))?),
        serial_number: Some(hardware.serial_number.ok_or_else(|| unread(commands.show_hardware))?),
        firmware: Some(version.firmware.ok_or_else(|| unread(commands.show_version))?),
        host_name: None,
    };
    Ok(Identified { identity, boot })
}

/// Whether it is the box that is meant.
fn is_expected(intent: &Intent, found: &Identified) -> bool {
    intent.device.identity().may_be(&found.identity)
}

/// Says who the router is; refuses one that is not the one meant.
fn announced(intent: &Intent, found: Identified, sink: &dyn Sink) -> Result<Identified, TransactionError> {
    let identity = &found.identity;
    sink.emit(Kind::Identified { identity: identity.clone() });
    let expected = intent.device.identity();
    if !identity.model().eq_ignore_ascii_case(expected.model()) {
        return Err(TransactionError::Identity(IdentityError::WrongModel {
            router: intent.router.clone(),
            expected: expected.model().to_owned(),
            found: identity.model().to_owned(),
        }));
    }
    if !expected.may_be(identity) {
        return Err(TransactionError::Identity(IdentityError::WrongSerialNumber {
            router: intent.router.clone(),
            expected: expected.serial_number().to_owned(),
            found: identity.serial_number().to_owned(),
        }));
    }
    if let Some(least) = &intent.terms.min_firmware
        && !identity.firmware().parse::<Firmware>().is_ok_and(|firmware| firmware >= *least)
    {
        return Err(TransactionError::Identity(IdentityError::OldFirmware {
            router: intent.router.clone(),
            found: identity.firmware().to_owned(),
            least: least.to_string(),
        }));
    }
    Ok(found)
}

/// Refuses a box that we left with another name than it shows now. Only when a router is met: a run may rename it.
pub(super) fn expect_host_name(intent: &Intent, session: &Session, seen: &Identity) -> Result<(), TransactionError> {
    match &intent.device.host_name {
        Some(expected) if expected.is_on(seen) && expected.name != session.host() => {
            Err(TransactionError::Identity(IdentityError::WrongHostName {
                router: intent.router.clone(),
                expected: expected.name.clone(),
                found: session.host().to_owned(),
            }))
        }
        _ => Ok(()),
    }
}
