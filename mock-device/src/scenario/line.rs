//! What the clinic's line does.

use serde::{Deserialize, Serialize};

/// What the provider's DNS server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineDns {
    /// The DHCPv6 client is told of it, and it answers a ping.
    #[default]
    Answers,
    /// The client is told of it, and it does not answer.
    Silent,
    /// The client is not told of any.
    Untold,
}
