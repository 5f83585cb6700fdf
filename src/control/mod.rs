//! The way to a run in progress from another terminal of this machine: a listener on loopback, the private file that says where it
//! listens, and one question with one answer, each a line of JSON.
//!
//! Who may read the file may give orders: it holds a random token, and nothing is answered without it. A stranger who connects and is
//! silent, drips or floods changes nothing and is dropped. What an order means is decided by who carries out the run ([`Controlled`]).

mod client;
mod endpoint;
mod error;
mod protocol;
mod server;

use crate::message::CodeEntry;

pub use client::ask;
pub use error::ControlError;
pub use protocol::{Answer, Approval, Ask, InFlight, Pace, Progress};
pub use server::{Controlled, Server};

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[ControlError::CODES];

#[cfg(test)]
mod tests;
