//! The terminals behind the router: leases, ARP, and their IPv6 addresses. The forms are attested, how many there are is the scenario's.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::device::config::Block;
use crate::router::Router;

/// The hardware address of a terminal.
fn hardware(number: u8) -> String {
    format!("02:00:00:00:01:{number:02x}")
}

/// An interface that gives IPv4 addresses to terminals.
struct Network<'r> {
    block: &'r Block,
    profile: &'r str,
    address: Ipv4Addr,
}

impl<'r> Network<'r> {
    fn of(router: &'r Router) -> impl Iterator<Item = Self> {
        let enabled = router.device.config.lines.has("ip dhcp enable");
        let blocks = router.device.config.blocks.iter().filter(move |block| enabled && !block.shut);
        blocks.filter_map(|block| {
            let profile = block.lines.iter().find_map(|(_, line)| line.strip_prefix("ip dhcp binding "))?;
            let address = block.address()?.strip_prefix("ip address ")?.split('/').next()?.parse().ok()?;
            Some(Self { block, profile, address })
        })
    }

    /// The address of a terminal: the hundredth of the network, and on from there.
    fn terminal(&self, number: u8) -> Ipv4Addr {
        let [a, b, c, _] = self.address.octets();
        Ipv4Addr::new(a, b, c, number.saturating_add(100))
    }
}

/// `show ip dhcp lease`.
pub fn leases(router: &Router) -> Vec<String> {
    let lease = |network: &Network<'_>, number| {
        let (address, hardware) = (network.terminal(number), hardware(number));
        format!("D {address} {hardware} 120 7200 Bound {}", network.profile)
    };
    let rows: Vec<String> = Network::of(router)
        .flat_map(|network| (1..=router.spec.terminals).map(move |number| lease(&network, number)))
        .collect();
    let mut lines = vec![
        format!("Leased to {} clients", rows.len()),
        "Codes : D - Dynamic assignments, F - Fixed assignments".to_owned(),
        "  IP Address      MAC Address       BoundTime LeaseTime State     Profile".to_owned(),
    ];
    lines.extend(rows);
    lines
}

/// `show arp entry`.
pub fn arp(router: &Router) -> Vec<String> {
    let entry = |network: &Network<'_>, number| {
        let (address, hardware) = (network.terminal(number).to_string(), hardware(number));
        format!("{address:<16} {hardware}  0:04:38   0:16:38      {}", network.block.name)
    };
    let rows: Vec<String> = Network::of(router)
        .flat_map(|network| (1..=router.spec.terminals).map(move |number| entry(&network, number)))
        .collect();
    let free = 2048_usize.saturating_sub(rows.len());
    let mut lines = vec![
        format!("ARP Neighbor Cache - {} dynamic, {free} free, 0 garbage, 0 static", rows.len()),
        "ARP neighbor cache auto refresh is disabled".to_owned(),
        "Protocol Address  Hardware Address   TTL       Uptime       Interface".to_owned(),
    ];
    lines.extend(rows);
    lines
}

/// The neighbours of an IPv6 network, as `show ipv6 neighbors` prints them.
pub fn neighbors(router: &Router, network: u128) -> Vec<[String; 2]> {
    let neighbor = |number: u8| {
        let address = Ipv6Addr::from(network | 0x0000_00ff_fe00_0100 | u128::from(number));
        [
            format!("  Neighbor {address}"),
            format!("    REACHABLE, linklayer {}, uptime 0:00:28, age 0:08:01", hardware(number)),
        ]
    };
    (1..=router.spec.terminals).map(neighbor).collect()
}
