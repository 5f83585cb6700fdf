//! The ways into a router. Each turns a connection into bytes for a session and back; none knows a command.

pub mod channel;
pub mod conversation;
mod latency;
#[cfg(unix)]
pub mod serial;
pub mod ssh;
pub mod telnet;
