//! The ways into a router. Each turns a connection into bytes for a session and back; none knows a command.

mod arrivals;
pub mod channel;
pub mod conversation;
#[cfg(feature = "ssh")]
mod host_keys;
#[cfg(feature = "ssh")]
mod latency;
#[cfg(unix)]
pub mod serial;
#[cfg_attr(not(feature = "ssh"), path = "no_ssh.rs")]
pub mod ssh;
pub mod telnet;
