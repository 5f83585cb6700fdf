//! What a router tells its sessions without being asked.

/// A message to one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// Someone took the configuration lock.
    Evicted,
    /// The link is cut.
    Cut,
    /// The path is gone: nothing gets through any more, and no one is told.
    Hang,
    /// A log line appears.
    LogLine(String),
    /// The router restarts.
    Restart,
}
