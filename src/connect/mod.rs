//! The way to a router: from what an inventory says about its connection to an open session.
//!
//! One place knows both the inventory's words and the transports: serial, console servers, telnet, SSH, a command, a mock. It opens
//! sessions, takes turns on consoles and records; it never decides what is typed and never changes a router.
//!
//! [`Connect`] is what a transaction sees of it. A kind of connection is a file here (`ssh`, `serial`, `telnet`, `command`, `mock`), a
//! reader in `inventory/connection` and a transport; `docs/extending/transport.md` says how one is added.

mod command;
mod connector;
mod connectors;
mod console_lock;
#[cfg(feature = "mock")]
mod mock;
#[cfg(feature = "mock")]
mod mock_router;
mod options;
mod passwords;
mod port;
mod recordings;
mod save_watch;
mod serial;
mod ssh;
mod telnet;
mod waits;
mod way;

pub use connector::Connector;
pub use connectors::Connectors;
pub use console_lock::{ConsoleInUse, ConsoleLock, ConsoleLocks, Freed};
pub use options::ConnectOptions;
pub use port::{Account, Connect, ConnectError, PasswordLogin};
pub use recordings::Recordings;
pub use save_watch::{RunningSave, SaveWatch};
pub use waits::bounds;
pub use way::console_of;

use crate::message::CodeEntry;

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[ConnectError::CODES];
