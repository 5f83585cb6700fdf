//! Looking at a router's access line by itself: its displays, and a few addresses that are asked for an answer.
//!
//! Only reads: show and ping6. Config mode is asked for, held briefly and given back; it is never taken from its holder here.

use std::collections::BTreeSet;
use std::net::Ipv6Addr;

use super::inspect::show_displays;
use super::line_seen::{SeenLine, asking};
use super::observe::only_to_read;
use super::read::{enter_to_look, open, show_running};
use super::which_line::show_line;
use super::who::{expect_host_name, read_identity};
use super::{Intent, TransactionError};
use crate::cancel::Cancel;
use crate::connect::Connect;
use crate::ix::access_line::{AccessLine, LineWish, Probes, Supply};
use crate::record::Sink;
use crate::session::Session;

/// The most addresses that are asked: one that does not answer costs seconds.
const MOST_PINGS: usize = 12;

/// What was read of an access line.
#[derive(Debug)]
pub struct LineReading {
    /// The line; nothing where neither what is wanted nor what runs asks anything of one.
    pub seen: Option<SeenLine>,
}

/// Reads a router's access line and logs out.
///
/// # Errors
/// [`TransactionError`] when there is no session, when it is not the router it should be, when config mode is occupied, or when the
/// session fails. Nothing was written.
pub fn read_line(
    intent: &Intent,
    connect: &dyn Connect,
    probes: &Probes,
    sink: &dyn Sink,
    cancel: &Cancel,
) -> Result<LineReading, TransactionError> {
    let mut session = open(intent, connect, sink)?;
    only_to_read(&mut session, sink);
    let read = read(intent, &mut session, probes, sink, cancel);
    if let Err(error) = session.close() {
        tracing::debug!(router = %intent.router, %error, "the session did not end politely");
    }
    read
}

fn read(
    intent: &Intent,
    session: &mut Session,
    probes: &Probes,
    sink: &dyn Sink,
    cancel: &Cancel,
) -> Result<LineReading, TransactionError> {
    let seen = read_identity(intent, session, sink)?;
    expect_host_name(intent, session, &seen.identity)?;
    enter_to_look(intent, session, cancel)?;
    let running = intent.parse(show_running(session)?);
    let wish = LineWish::of(asking(intent, &running));
    let seen = wish.map(|wish| look(&wish, session, probes, cancel)).transpose()?;
    session.leave_config().map_err(TransactionError::Session)?;
    Ok(LineReading { seen })
}

/// The displays first; where they show a line that gives addresses, its DNS servers and the probes are asked, too.
pub(super) fn look(
    wish: &LineWish,
    session: &mut Session,
    probes: &Probes,
    cancel: &Cancel,
) -> Result<SeenLine, TransactionError> {
    let mut shown = show_line(&wish.interface, session)?;
    let line = AccessLine::read(&wish.interface, &shown, probes);
    if matches!(line.supply, Supply::Delegated | Supply::Advertised) {
        let mut asked = BTreeSet::new();
        let addresses = line.dns_addresses().chain(probes.addresses()).filter(|address| asked.insert(*address));
        let addresses: Vec<Ipv6Addr> = addresses.take(MOST_PINGS).collect();
        for address in addresses {
            if cancel.is_asked() {
                break;
            }
            let ping = AccessLine::ping(address);
            shown.extend(show_displays(&[ping.as_str()], session).map_err(TransactionError::Session)?);
        }
    }
    Ok(SeenLine::read(wish, &shown, probes))
}
