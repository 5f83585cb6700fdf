//! Bytes in, bytes out: cables and networks behind one narrow trait.
//!
//! Nothing here knows what a prompt is. Every read and write has a deadline, nothing sleeps, and everything that differs by
//! platform is in paired small files (`unix.rs`, `windows.rs`).

pub mod command;
mod error;
pub mod fake;
pub mod serial;
pub mod ssh;
mod tcp;
pub mod telnet;

use std::time::Instant;

pub use error::TransportError;
pub use tcp::ConnectFailure;

use crate::message::CodeEntry;

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[
    serial::SerialError::CODES,
    ssh::SshError::CODES,
    telnet::TelnetError::CODES,
    command::CommandError::CODES,
    TransportError::CODES,
];

/// What one session may cost above an idle one, in bytes, whatever the other side sends: our buffers and those of the C library.
pub const SESSION_BUDGET: usize = 16 * 1024 * 1024;

/// What a read brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// This many bytes are at the start of the buffer; at least one.
    Bytes(usize),
    /// The deadline came first.
    Deadline,
    /// The other side closed in good order.
    End,
}

/// What kind of path this is: the session types differently on a console than on a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// A serial console, directly or through a console server: paced, no flow control, silent until Return.
    Serial,
    /// An SSH shell: already logged in, wide, clean.
    Ssh,
    /// A telnet session: logs in by prompts.
    Telnet,
    /// A program on a terminal: anything may be at its other end.
    Command,
    /// A script in a test.
    Fake,
}

/// How a program holds the terminal that it was started on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminal {
    /// What is typed is shown: this is no password prompt. A program that asks for one turns this off first.
    pub echoes: bool,
    /// Every key is passed on at once: the program has become a line to what is behind it, and asks nothing itself any
    /// more.
    pub relays: bool,
}

/// One open path to a router.
pub trait Transport: Send {
    /// Waits for bytes until the deadline. A deadline in the past still takes what is already there.
    ///
    /// # Errors
    /// [`TransportError`] when the path is gone; it stays gone.
    fn read(&mut self, buf: &mut [u8], until: Instant) -> Result<Received, TransportError>;

    /// Hands over all bytes, or fails at the deadline.
    ///
    /// # Errors
    /// [`TransportError`] when the path is gone or takes nothing until the deadline: how much was sent is then unknown.
    fn write(&mut self, bytes: &[u8], until: Instant) -> Result<(), TransportError>;

    /// What kind of path this is.
    fn kind(&self) -> LinkKind;

    /// What is at the other end, for messages: a port's name or `user@host:port`.
    fn peer(&self) -> String;

    /// The line's speed in bit/s, where the path has one.
    fn line_speed(&self) -> Option<u32> {
        None
    }

    /// Changes the line's speed; `false` where the path has none to change.
    ///
    /// # Errors
    /// [`TransportError`] when the device refuses the speed.
    fn set_line_speed(&mut self, _speed: u32) -> Result<bool, TransportError> {
        Ok(false)
    }

    /// How the program holds its terminal, where the path is a program on one. Without a default: a wrapper that forgot it would
    /// make a program's own question look like the router's.
    fn terminal(&self) -> Option<Terminal>;

    /// Closes the path without typing anything. Called once more by `drop`, so it is harmless twice.
    fn close(&mut self);
}
