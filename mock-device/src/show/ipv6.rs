//! The IPv6 displays of a 10.10.29: addresses, neighbours, the DHCPv6 client. What the line does is the scenario's: it delegates a prefix,
//! only advertises one, or is dead.
//!
//! The formats come from three transcripts of one IX2215. The values are invented, and so is the output where no server answers.

use std::net::Ipv6Addr;

use super::state::{device_of, linked, state_line};
use super::{named, terminals};
use crate::device::config::Block;
use crate::grammar::Command;
use crate::router::Router;
use crate::scenario::LineDns;

/// The provider's router, which is the default gateway of its DHCP client.
const PROVIDER: &str = "fe80::ff:fe00:b";
/// The provider's DNS server.
const DNS: &str = "2001:db8:9999::53";
/// The place of `ipv6 address` in an interface.
const ADDRESSES: u16 = 32;

/// The hardware address of an interface: the vendor's, with the interface's number.
fn hardware(router: &Router, name: &str) -> [u8; 6] {
    let device = name.split(['.', ':']).next().unwrap_or(name);
    let at = router.spec.model.devices().iter().position(|known| *known == device).unwrap_or(0);
    let serial: u32 =
        router.spec.serial().bytes().fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let [_, _, box_number, _] = serial.to_be_bytes();
    [0, 0x60, 0xb9, 0, box_number, u8::try_from(at + 1).unwrap_or(u8::MAX)]
}

/// An address of a network for an interface, its second half made of the hardware address.
fn made(router: &Router, name: &str, network: u128) -> Ipv6Addr {
    let [a, b, c, d, e, f] = hardware(router, name);
    let identifier = u64::from_be_bytes([a ^ 2, b, c, 0xff, 0xfe, d, e, f]);
    Ipv6Addr::from(network & !u128::from(u64::MAX) | u128::from(identifier))
}

/// The link-local address of an interface.
pub fn link_local(router: &Router, name: &str) -> String {
    made(router, name, 0xfe80 << 112).to_string()
}

fn prefix(text: &str) -> Option<(u128, u8)> {
    let (address, length) = text.split_once('/')?;
    let length: u8 = length.parse().ok().filter(|length| *length <= 128)?;
    Some((u128::from(address.parse::<Ipv6Addr>().ok()?), length))
}

fn masked(network: u128, length: u8) -> u128 {
    network & u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0)
}

/// The interface that asks a provider, with its profile, where one answers.
struct Delegation<'r> {
    client: &'r Block,
    profile: &'r Block,
    /// The prefix, where the profile asks for one.
    prefix: Option<(u128, u8)>,
}

impl<'r> Delegation<'r> {
    fn of(router: &'r Router) -> Vec<Self> {
        let config = &router.device.config;
        let delegated = router.spec.delegated_prefix.as_deref().filter(|_| router.spec.advertised_prefix.is_none());
        let delegated = delegated.and_then(prefix);
        let is_dead = delegated.is_none() && advertised(router).is_none();
        if is_dead || router.looks < router.spec.line_after_looks || !config.lines.has("ipv6 dhcp enable") {
            return Vec::new();
        }
        let of_block = |client: &'r Block| {
            let bound = client.lines.get(36, "ipv6 dhcp client").filter(|_| is_on_line(router, client))?;
            let name = bound.rsplit(' ').next()?;
            let profile =
                config.blocks.iter().find(|block| block.header == format!("ipv6 dhcp client-profile {name}"))?;
            let delegates = profile.lines.iter().any(|(_, line)| line.starts_with("ia-pd "));
            // Where a prefix is only advertised, a request for one is refused.
            let prefix = if delegates { Some(delegated?) } else { None };
            Some(Self { client, profile, prefix })
        };
        config.blocks.iter().filter_map(of_block).collect()
    }

    /// The subnets that the profile hands on: interface and network.
    fn subscribers(&self) -> Vec<(&'r str, u128)> {
        let Some((delegated, length)) = self.prefix else { return Vec::new() };
        let lines = self.profile.lines.iter().filter_map(|(_, line)| line.strip_prefix("ia-pd subscriber "));
        lines
            .filter_map(|line| {
                let mut words = line.split(' ');
                let name = words.next()?;
                let (own, _) = words.next().map_or(Some((0, 64)), prefix)?;
                Some((name, masked(delegated, length) | own))
            })
            .collect()
    }
}

fn is_up(block: &Block) -> bool {
    !block.shut && block.lines.has("ipv6 enable")
}

fn is_on_line(router: &Router, block: &Block) -> bool {
    is_up(block) && linked(router, device_of(&block.name))
}

/// The network that the provider advertises.
fn advertised(router: &Router) -> Option<u128> {
    let (network, length) = router.spec.advertised_prefix.as_deref().and_then(prefix)?;
    Some(masked(network, length.min(64)))
}

/// The network from which an interface makes its own address, because it is told to and the provider advertises one.
fn autoconfigured(router: &Router, block: &Block) -> Option<u128> {
    let asks = block.lines.of(ADDRESSES).any(|line| line.starts_with("ipv6 address autoconfig"));
    advertised(router).filter(|_| asks && is_on_line(router, block))
}

/// Whether the provider's DNS server answers a ping.
pub fn dns_answers(router: &Router, target: &str) -> bool {
    let is_reached = |block: &Block| autoconfigured(router, block).is_some();
    router.spec.dns == LineDns::Answers
        && target == DNS
        && (!Delegation::of(router).is_empty() || router.device.config.blocks.iter().any(is_reached))
}

/// `show ipv6 address`.
pub fn addresses(router: &Router, command: &Command) -> Vec<String> {
    let delegations = Delegation::of(router);
    let mut lines = Vec::new();
    for block in named(router, command) {
        let of_the_box = block.name.starts_with("Loopback") || block.name.starts_with("Null");
        if !of_the_box && !is_up(block) {
            continue;
        }
        lines.push(state_line(router, block));
        if of_the_box {
            if block.name == "Loopback0.0" {
                lines.push("  Orphan address(es):".to_owned());
                lines.push("    ::1 prefixlen 128".to_owned());
            }
            continue;
        }
        let mut global = Vec::new();
        for line in block.lines.of(ADDRESSES) {
            let Some((address, length)) = line.strip_prefix("ipv6 address ").and_then(prefix) else { continue };
            global.push(format!("    {} prefixlen {length}", Ipv6Addr::from(address)));
            global.push(format!("    {} prefixlen {length} anycast", Ipv6Addr::from(masked(address, length))));
        }
        if let Some(network) = autoconfigured(router, block) {
            global.push(format!("    {} prefixlen 64", made(router, &block.name, network)));
            global.push(format!("    {} prefixlen 64 anycast", Ipv6Addr::from(network)));
        }
        for delegation in &delegations {
            for (_, network) in delegation.subscribers().iter().filter(|(name, _)| *name == block.name) {
                global.push(format!("    {} prefixlen 64", made(router, &block.name, *network)));
                global.push("      Valid lifetime 7138, preferred lifetime 3538".to_owned());
                // On the way in it is the whole prefix that is answered for.
                let (network, length) = match delegation.prefix {
                    Some((prefix, length)) if delegation.client.name == block.name => (masked(prefix, length), length),
                    _ => (*network, 64),
                };
                global.push(format!("    {} prefixlen {length} anycast", Ipv6Addr::from(network)));
            }
        }
        if !global.is_empty() {
            lines.push("  Global address(es):".to_owned());
            lines.append(&mut global);
        }
        let own = link_local(router, &block.name);
        lines.push("  Link-local address(es):".to_owned());
        lines.push(format!("    {own} prefixlen 64"));
        lines.push("    fe80:: prefixlen 64 anycast".to_owned());
        lines.push("  Multicast address(es):".to_owned());
        lines.extend(["ff02::1", "ff02::2", "ff02::1:2", "ff02::1:ff00:0"].map(|address| format!("    {address}")));
        let last = made(router, &block.name, 0).to_bits() & 0xff_ffff;
        lines.push(format!("    {}", Ipv6Addr::from(0xff02 << 112 | 0x1_ff00_0000 | last)));
    }
    lines
}

/// `show ipv6 neighbors`: the provider's router, where one answers, and the terminals.
pub fn neighbors(router: &Router, command: &Command) -> Vec<String> {
    let delegations = Delegation::of(router);
    let subscribers: Vec<(&str, u128)> = delegations.iter().flat_map(Delegation::subscribers).collect();
    let (mut known, mut lines) = (0_usize, Vec::new());
    for block in named(router, command) {
        let mut of_block = Vec::new();
        let is_client = delegations.iter().any(|delegation| delegation.client.name == block.name);
        let asks = block.lines.get(36, "ipv6 dhcp client").is_some() && is_on_line(router, block);
        let hears = router.spec.readings.advertiser_seen && advertised(router).is_some() && asks;
        if is_client || hears || autoconfigured(router, block).is_some() {
            of_block.push([
                format!("  Neighbor {PROVIDER} (router)"),
                "    STALE, linklayer 02:00:00:00:00:0b, uptime 0:00:15, age 0:09:00".to_owned(),
            ]);
        }
        let is_own = |subscriber: &&(&str, u128)| subscriber.0 == block.name && is_up(block);
        if let Some((_, network)) = subscribers.iter().find(is_own) {
            of_block.extend(terminals::neighbors(router, *network));
        }
        if !of_block.is_empty() {
            known += of_block.len();
            lines.push(state_line(router, block));
            lines.extend(of_block.into_iter().flatten());
        }
    }
    lines.insert(0, format!("Neighbor cache - {known} dynamic, {} free, 0 static", 1024_usize.saturating_sub(known)));
    lines
}

/// `show ipv6 dhcp client`: with a delegated prefix or, for a profile that only asks for information, without the blocks about it.
pub fn dhcp_client(router: &Router) -> Vec<String> {
    let config = &router.device.config;
    if !config.lines.has("ipv6 dhcp enable") {
        return vec!["DHCPv6 client is disabled".to_owned()];
    }
    let duid: Vec<String> = hardware(router, "").iter().map(|byte| format!("{byte:02x}")).collect();
    let mut lines =
        vec!["DHCPv6 client is enabled".to_owned(), format!("  System DUID 00:03:00:01:{}", duid.join(":"))];
    let delegations = Delegation::of(router);
    let delegates = delegations.iter().any(|delegation| delegation.prefix.is_some());
    if !delegations.is_empty() {
        statistics(&mut lines, delegates);
    }
    for block in config.blocks.iter().filter(|block| block.lines.get(36, "ipv6 dhcp client").is_some()) {
        let Some(delegation) = delegations.iter().find(|delegation| delegation.client.name == block.name) else {
            let state = if is_up(block) { "active" } else { "inactive" };
            lines.push(format!("Interface {} is {state}", block.name));
            continue;
        };
        lines.push(format!("Interface {} is active", block.name));
        lines.push(format!("  Server address {PROVIDER}"));
        lines.push("  Server identifier 00:01:00:01:00:00:00:00:02:00:00:00:00:0b".to_owned());
        lines.push("  Uptime 0:00:12".to_owned());
        if let Some((prefix, length)) = delegation.prefix {
            lines.push("  Prefix Delegation:".to_owned());
            lines.push("    T1 is 1800, T2 is 2880, renew 1788 seconds".to_owned());
            lines.push("  IA Prefix:".to_owned());
            let network = Ipv6Addr::from(masked(prefix, length));
            lines.push(format!("    {network}/{length} vltime 7200 pltime 3600, expire 7188 seconds"));
        }
        let asks = |option: &str| {
            let is_told = option != "dns-servers" || router.spec.dns != LineDns::Untold;
            is_told && delegation.profile.lines.has(&format!("option-request {option}"))
        };
        for (option, title, value) in [
            ("dns-servers", "DNS Servers", DNS),
            ("ntp-servers", "NTP Servers", "2001:db8:9999::123"),
            ("domain-search-list", "Domain Search List", "my.corp"),
        ] {
            if asks(option) {
                lines.push(format!("  {title}:"));
                lines.push(format!("    {value}"));
            }
        }
        let subscribers = delegation.subscribers();
        if !subscribers.is_empty() {
            lines.push("  Subscribers:".to_owned());
            for (name, network) in subscribers {
                let up = config.interface(name).is_some_and(is_up);
                lines.push(format!("    {name} is {}", if up { "up" } else { "down" }));
                lines.push(format!("      {}/64", made(router, name, network)));
            }
        }
        statistics(&mut lines, delegation.prefix.is_some());
    }
    lines
}

fn statistics(lines: &mut Vec<String>, delegates: bool) {
    lines.push("  Statistics:".to_owned());
    let kinds: &[&str] =
        if delegates { &["Solicit-advertise(reply)", "Request-reply"] } else { &["Information request-reply"] };
    for kind in kinds {
        lines.push(format!("    {kind}:"));
        lines.push("      1 send, 12 seconds ago".to_owned());
        lines.push("      1 receive, 0 drops, 12 seconds ago".to_owned());
    }
}
