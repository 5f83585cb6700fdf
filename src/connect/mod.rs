//! The way to a router: from what an inventory says of its connection to an open session.
//!
//! One place knows both the inventory's words and the transports: serial, console servers, SSH, a command, a mock. It opens
//! sessions, takes turns on consoles and records; it never decides what is typed and never changes a router.

mod connector;
mod connectors;
mod console_lock;
#[cfg(feature = "mock")]
mod mock_router;
mod port;
mod recordings;
mod waits;

pub use connector::{ConnectOptions, Connector};
pub use connectors::Connectors;
pub use console_lock::{ConsoleInUse, ConsoleLock, ConsoleLocks, Freed};
pub use port::{Account, Connect, ConnectError, PasswordLogin};
pub use recordings::Recordings;
pub use waits::bounds;
