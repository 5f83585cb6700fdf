//! Tests from this machine's port in a clinic's network: what a router cannot show of itself.
//!
//! `port` says from where a test goes out, or why it cannot be judged; `query` and `dial` speak; `dns` reads and writes messages, and
//! `judgement` says what was found: these two are pure. It speaks to the peers that a role declares and to no one else, opens nothing
//! privileged, and knows no router, run or screen. Every test ends within its time.

mod dial;
mod dns;
mod judgement;
mod port;
mod query;

#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

pub use self::judgement::Tried;
pub use self::port::NoPort;

use self::dial::dial;
use self::judgement::{Seen, judge};
use self::port::{Port, find_port};
use self::query::query;
use crate::cancel::Cancel;
use crate::message::CodeEntry;
use crate::playbook::{Attempt, LaptopTest};

/// The codes of what can be said here.
pub(crate) const CODES: &[&[CodeEntry]] = &[NoPort::CODES];

/// Between two attempts.
const PAUSE: Duration = Duration::from_secs(1);
/// A name server that has not answered by then is asked again.
const ONE_QUERY: Duration = Duration::from_secs(2);
/// So long a connection may take to open; that none opens must not be said too soon: a lost first packet is sent again after a second.
const ONE_CONNECTION: Duration = Duration::from_secs(5);

/// Makes a test, repeated until it ends as it must, within its time. Where no port of this machine is in its network it is not made.
pub fn try_out(test: &LaptopTest, cancel: &Cancel) -> Tried {
    let until = Instant::now() + test.within;
    loop {
        let port = match find_port(&test.lan, test.attempt.peer()) {
            Ok(port) => port,
            Err(why) => return Tried::not_judged(&why),
        };
        let tried = judge(test, &attempt(test, &port, until), &port);
        // What must fail and does not is no matter of waiting.
        let is_over = tried.passed != Some(false) || test.is_negative;
        if is_over || cancel.wait_until(until.min(Instant::now() + PAUSE)) || Instant::now() >= until {
            return tried;
        }
    }
}

fn attempt(test: &LaptopTest, port: &Port, until: Instant) -> Seen {
    match &test.attempt {
        Attempt::Resolve { name, record, server } => {
            query(port.address, *server, name, *record, until.min(Instant::now() + ONE_QUERY))
        }
        Attempt::Connect { to } => match dial(port.address, *to, until.min(Instant::now() + ONE_CONNECTION)) {
            Ok(_) => Seen::Opened,
            Err(error) => Seen::of(&error),
        },
    }
}
