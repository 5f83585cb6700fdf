//! The command rows: what may be typed where, and what it does to the configuration.
//!
//! Data only. `rank` is the place in the printed configuration; `no` is how many words a negation needs at least.

mod exec;
mod global;
mod interface;
mod profile;

use std::sync::OnceLock;

use super::{Place, Sub};

/// One command.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Where it may be typed.
    pub at: &'static [Place],
    /// Its notation.
    pub pattern: &'static str,
    /// The least number of words after `no`; nothing when it has no such form.
    pub no: Option<u8>,
    /// Its place among the printed lines of its block.
    pub rank: u16,
    /// What it does.
    pub does: Does,
}

/// What a command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Kept as one line; another line with the same first words replaces it. 0 means: only the same line.
    Keep(u8),
    /// Kept as one line by its first word and this many last words; another line with these replaces it.
    KeepLast(u8),
    /// An entry of an ordered list; the words before the list's name and the name itself make this many words.
    Entry(u8),
    /// A line that belongs to a list and comes before its entries.
    Header(u8),
    /// `ip filter L SEQ in`: kept by sequence number and direction.
    Filter,
    /// On by default, so that only its `no` form is kept.
    DefaultOn(u8),
    /// Kept as it was typed, with or without `no`.
    Literal(u8),
    /// Opens a submode.
    Open(Sub),
    /// `shutdown`.
    Shutdown,
    /// `ip address` and `ip unnumbered`, which replace each other.
    Address,
    /// `ip vrf forwarding`, which deletes the address.
    Vrf,
    /// `vlan-group`, which creates interfaces.
    VlanGroup,
    /// `encapsulation dot1q`, which needs a restart.
    Encapsulation,
    /// `username`, whose password is hashed.
    User,
    /// A secret that comes back in the router's own form.
    Secret(u8),
    /// A command that changes no configuration.
    Run(Verb),
}

/// The commands that change no configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the router's commands")]
pub enum Verb {
    EnableConfig,
    StealConfig,
    Configure,
    Exit,
    Show(Show),
    Ping,
    Ping6,
    Traceroute,
    WriteMemory,
    CopyRunning,
    EraseStartup,
    CheckConfig,
    Reload,
    TerminalLength,
    TerminalWidth,
    EventTerminal,
    GenerateKey,
    Clear,
}

/// The show commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the router's commands")]
pub enum Show {
    Running,
    Startup,
    Version,
    Hardware,
    Clock,
    Uptime,
    Interfaces,
    IpInterface,
    IpAddress,
    Ipv6Interface,
    Ipv6Address,
    Ipv6Neighbors,
    Devices,
    Logging,
    Flash,
    Users,
    AccessList,
    Filter,
    Dhcp,
    Lease,
    Dhcp6Client,
    ProxyDns,
    UrlList,
    IpRoute,
    Arp,
    Ntp,
    Terminal,
    Vrf,
    Bridge,
    WatchGroup,
    NetMeister,
}

const OPERATION: &[Place] = &[Place::Operation];
const GLOBAL: &[Place] = &[Place::Global];
const BOTH: &[Place] = &[Place::Operation, Place::Global];

const fn row(at: &'static [Place], rank: u16, no: u8, pattern: &'static str, does: Does) -> Row {
    Row { at, pattern, no: Some(no), rank, does }
}

const fn run(at: &'static [Place], pattern: &'static str, verb: Verb) -> Row {
    Row { at, pattern, no: None, rank: 0, does: Does::Run(verb) }
}

/// All rows.
pub fn all() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| [interface::ROWS, profile::ROWS, global::ROWS, exec::ROWS].concat())
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn brackets_of_every_notation_are_balanced() {
        for row in all() {
            for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
                assert_eq!(row.pattern.matches(open).count(), row.pattern.matches(close).count(), "{}", row.pattern);
            }
        }
    }
}
