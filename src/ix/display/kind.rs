//! Which displays are read, by which command each comes, and which fields it has.

use super::item::{End, Field};
use super::lines::{Line, Notes};
use super::{addresses, clock, dhcp_client, hardware, interfaces, ipv6, lease, log, ntp, ping, routes, sa, version};
use crate::dialect::Commands;

/// Reads the lines of a display and says whether it came to its end.
pub(super) type Reader = fn(&[Line<'_>], &mut Notes) -> End;

/// A display of the router.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `show version`
    Version,
    /// `show hardware`
    Hardware,
    /// `show clock`
    Clock,
    /// `show uptime`
    Uptime,
    /// `show interfaces`
    Interfaces,
    /// `show ip interface`
    IpInterface,
    /// `show ip address`
    IpAddress,
    /// `show ip route`
    IpRoute,
    /// `show arp entry`
    Arp,
    /// `show ip dhcp lease`
    Lease,
    /// `show ntp`
    Ntp,
    /// `show logging`
    Log,
    /// `show ike sa`
    IkeSa,
    /// `show ipsec sa`
    IpsecSa,
    /// `show ipv6 address`
    Ipv6Address,
    /// `show ipv6 dhcp client`
    DhcpClient,
    /// `show ipv6 neighbors`
    Neighbors,
    /// `ping`, `ping6`
    Ping,
}

impl Kind {
    /// Every display.
    pub const ALL: [Self; 18] = [
        Self::Version,
        Self::Hardware,
        Self::Clock,
        Self::Uptime,
        Self::Interfaces,
        Self::IpInterface,
        Self::IpAddress,
        Self::IpRoute,
        Self::Arp,
        Self::Lease,
        Self::Ntp,
        Self::Log,
        Self::IkeSa,
        Self::IpsecSa,
        Self::Ipv6Address,
        Self::DhcpClient,
        Self::Neighbors,
        Self::Ping,
    ];

    /// Its command, where a series calls what is typed so; that of `ping` has an address behind it.
    pub fn command(self, commands: &Commands) -> &'static str {
        match self {
            Self::Version => commands.show_version,
            Self::Hardware => commands.show_hardware,
            Self::Clock => commands.show_clock,
            Self::Uptime => "show uptime",
            Self::Interfaces => "show interfaces",
            Self::IpInterface => "show ip interface",
            Self::IpAddress => "show ip address",
            Self::IpRoute => "show ip route",
            Self::Arp => "show arp entry",
            Self::Lease => "show ip dhcp lease",
            Self::Ntp => "show ntp",
            Self::Log => "show logging",
            Self::IkeSa => "show ike sa",
            Self::IpsecSa => "show ipsec sa",
            Self::Ipv6Address => "show ipv6 address",
            Self::DhcpClient => "show ipv6 dhcp client",
            Self::Neighbors => "show ipv6 neighbors",
            Self::Ping => "ping",
        }
    }

    /// The display that a command shows. A table that counts its rows is one only where all of it is asked for.
    pub fn of_command(command: &str) -> Option<Self> {
        let words: Vec<&str> = command.split_whitespace().take(5).collect();
        let found = match words.as_slice() {
            ["show", "version"] => Self::Version,
            ["show", "hardware"] => Self::Hardware,
            ["show", "clock"] => Self::Clock,
            ["show", "uptime"] => Self::Uptime,
            ["show", "interfaces", ..] => Self::Interfaces,
            ["show", "ip", "interface", ..] => Self::IpInterface,
            ["show", "ip", "address", ..] => Self::IpAddress,
            ["show", "ip", "route"] => Self::IpRoute,
            ["show", "arp"] | ["show", "arp", "entry"] => Self::Arp,
            ["show", "ip", "dhcp", "lease"] => Self::Lease,
            ["show", "ntp"] => Self::Ntp,
            // An IX-R calls it `syslog`.
            ["show", "log" | "logging" | "syslog", ..] => Self::Log,
            ["show", "ike", "sa", ..] => Self::IkeSa,
            ["show", "ipsec", "sa", ..] => Self::IpsecSa,
            ["show", "ipv6", "address", ..] => Self::Ipv6Address,
            ["show", "ipv6", "dhcp", "client", ..] => Self::DhcpClient,
            ["show", "ipv6", "neighbors"] => Self::Neighbors,
            ["ping" | "ping6", _, ..] => Self::Ping,
            _ => return None,
        };
        Some(found)
    }

    /// Its fields.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Version => version::FIELDS,
            Self::Hardware => hardware::FIELDS,
            Self::Clock => clock::FIELDS,
            Self::Uptime => version::UPTIME_FIELDS,
            Self::Interfaces => interfaces::FIELDS,
            Self::IpInterface => addresses::INTERFACE_FIELDS,
            Self::IpAddress => addresses::FIELDS,
            Self::IpRoute => routes::FIELDS,
            Self::Arp => routes::ARP_FIELDS,
            Self::Lease => lease::FIELDS,
            Self::Ntp => ntp::FIELDS,
            Self::Log => log::FIELDS,
            Self::IkeSa => sa::IKE_FIELDS,
            Self::IpsecSa => sa::IPSEC_FIELDS,
            Self::Ipv6Address => ipv6::FIELDS,
            Self::DhcpClient => dhcp_client::FIELDS,
            Self::Neighbors => ipv6::NEIGHBOR_FIELDS,
            Self::Ping => ping::FIELDS,
        }
    }

    /// A field by its name.
    pub fn field(self, name: &str) -> Option<Field> {
        self.fields().iter().find(|field| field.name == name).copied()
    }

    /// What reads it.
    pub(super) fn reader(self) -> Reader {
        match self {
            Self::Version => version::read,
            Self::Hardware => hardware::read,
            Self::Clock => clock::read,
            Self::Uptime => version::read_uptime,
            Self::Interfaces => interfaces::read,
            Self::IpInterface => addresses::read_interface,
            Self::IpAddress => addresses::read,
            Self::IpRoute => routes::read,
            Self::Arp => routes::read_arp,
            Self::Lease => lease::read,
            Self::Ntp => ntp::read,
            Self::Log => log::read,
            Self::IkeSa => sa::read_ike,
            Self::IpsecSa => sa::read_ipsec,
            Self::Ipv6Address => ipv6::read,
            Self::DhcpClient => dhcp_client::read,
            Self::Neighbors => ipv6::read_neighbors,
            Self::Ping => ping::read,
        }
    }
}
