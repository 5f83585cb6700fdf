//! Who a router is: model, serial number and firmware, held against the one that is meant.
//!
//! Decides nothing about its configuration and writes nothing.

use super::{Boot, Cause, Job};
use crate::event::{Event, Sink};
use crate::ix::show::{Hardware, Version};
use crate::ix::wire;
use crate::playbook::Firmware;
use crate::session::Session;

/// Who a router says it is.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) model: String,
    pub(super) serial_number: String,
    pub(super) firmware: String,
    pub(super) boot: Boot,
}

/// Reads model, serial number and firmware, and refuses a router that is not the one meant.
pub(super) fn read_identity(job: &Job, session: &mut Session, sink: &dyn Sink) -> Result<Identity, Cause> {
    let (hardware, version) = show_identity(session)?;
    identify(job, session, (&hardware, &version), sink)
}

fn show_identity(session: &mut Session) -> Result<(String, String), Cause> {
    let hardware = session.show(wire::SHOW_HARDWARE).map_err(Cause::Session)?;
    Ok((hardware, session.show(wire::SHOW_VERSION).map_err(Cause::Session)?))
}

/// Who the router is by these two answers; refuses one that is not the one meant. A log line in the middle of an answer makes
/// another box of it: before one is called another, it is read once more.
pub(super) fn identify(
    job: &Job,
    session: &mut Session,
    (hardware, version): (&str, &str),
    sink: &dyn Sink,
) -> Result<Identity, Cause> {
    let read = match parse_identity(job, hardware, version) {
        Ok(identity) if is_expected(job, &identity) => return announced(job, identity, sink),
        read => read,
    };
    tracing::debug!(router = %job.router, ?read, "not who was expected: read once more");
    let (hardware, version) = show_identity(session)?;
    announced(job, parse_identity(job, &hardware, &version)?, sink)
}

/// What the two answers say.
fn parse_identity(job: &Job, hardware: &str, version: &str) -> Result<Identity, Cause> {
    let hardware = Hardware::parse(&wire::without_log_lines(hardware));
    let version = Version::parse(&wire::without_log_lines(version));
    let unread = |what: &'static str| Cause::Unreadable { router: job.router.clone(), what };
    Ok(Identity {
        boot: Boot::of(&version),
        model: hardware.model.ok_or_else(|| unread(wire::SHOW_HARDWARE))?,
        serial_number: hardware.serial_number.ok_or_else(|| unread(wire::SHOW_HARDWARE))?,
        firmware: version.firmware.ok_or_else(|| unread(wire::SHOW_VERSION))?,
    })
}

/// Whether it is the box that is meant.
fn is_expected(job: &Job, identity: &Identity) -> bool {
    identity.model.eq_ignore_ascii_case(job.model.name)
        && job.serial_number.as_ref().is_none_or(|expected| *expected == identity.serial_number)
}

/// Says who the router is; refuses one that is not the one meant.
fn announced(job: &Job, identity: Identity, sink: &dyn Sink) -> Result<Identity, Cause> {
    sink.emit(&Event::Identified {
        router: job.router.clone(),
        model: identity.model.clone(),
        serial_number: identity.serial_number.clone(),
        firmware: identity.firmware.clone(),
    });
    if !identity.model.eq_ignore_ascii_case(job.model.name) {
        return Err(Cause::WrongModel {
            router: job.router.clone(),
            expected: job.model.name.to_owned(),
            found: identity.model,
        });
    }
    if let Some(expected) = &job.serial_number
        && *expected != identity.serial_number
    {
        return Err(Cause::WrongSerialNumber {
            router: job.router.clone(),
            expected: expected.clone(),
            found: identity.serial_number,
        });
    }
    if let Some(least) = &job.min_firmware
        && !identity.firmware.parse::<Firmware>().is_ok_and(|firmware| firmware >= *least)
    {
        return Err(Cause::OldFirmware {
            router: job.router.clone(),
            found: identity.firmware,
            least: least.to_string(),
        });
    }
    Ok(identity)
}

/// Refuses a box that we left with another name than it shows now. Only when a router is met: a run may rename it.
pub(super) fn expect_host_name(job: &Job, session: &Session, seen: &Identity) -> Result<(), Cause> {
    match &job.host_name {
        Some(expected) if expected.boxes.contains(&seen.serial_number) && expected.name != session.host() => {
            Err(Cause::WrongHostName {
                router: job.router.clone(),
                expected: expected.name.clone(),
                found: session.host().to_owned(),
            })
        }
        _ => Ok(()),
    }
}
