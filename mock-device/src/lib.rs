//! A mock of the NEC UNIVERGE IX command line, for tests and demonstrations without a router.
//!
//! From the outside in: [`Mock`] runs the routers of a [`Scenario`]; `transport` brings connections; `session` is one
//! conversation; `router` is what all sessions of a box share; `device` is its configuration as a pure state machine; `grammar` is
//! what it accepts; `show` is what it answers. Which answers are attested and which are invented is listed in the README.

mod cell;
mod device;
mod error;
mod event;
mod grammar;
mod keys;
mod router;
pub mod scenario;
mod server;
mod session;
mod show;
mod terminal;
mod transport;

pub use error::MockError;
pub use event::{Event, Outcome, What};
pub use scenario::{
    DeadLock, Fault, KeyDisplay, LineDns, Model, Readings, RouterSpec, SaveFault, Scenario, Start, TransportSpec, When,
};
pub use server::{Endpoint, Mock};
pub use transport::channel::{Heard, Wire};

/// Whether this system has the pseudo terminals that a mock's serial console needs; without them starting one is an error.
pub const PSEUDO_TERMINALS: bool = cfg!(unix);

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
