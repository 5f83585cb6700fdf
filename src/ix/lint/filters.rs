//! Filters that close what must stay open: DHCPv6 and neighbour discovery on the line, the way to the router itself.

use std::net::IpAddr;

use super::remark::Remark;
use super::{Finding, Level, finding};
use crate::ix::flow::{MissingList, Packet, Transport, passes};
use crate::ix::{Config, Node};

pub(super) fn judge(config: &Config, findings: &mut Vec<Finding>) {
    for block in config.nodes.iter().filter(|node| node.context() == "interface") {
        uplink(config, block, findings);
    }
    management(config, findings);
}

fn packet(source: &str, destination: &str, transport: Transport) -> Option<Packet> {
    Some(Packet { source: source.parse().ok()?, destination: destination.parse().ok()?, transport })
}

/// An interface that gets its prefix from the line needs DHCPv6 and router and neighbour messages in.
fn uplink(config: &Config, block: &Node, findings: &mut Vec<Finding>) {
    let name = block.arg("IF").unwrap_or_default();
    let has = |start: &str| block.children.iter().any(|line| line.text.starts_with(start));
    let dropped = |transport| {
        packet("fe80::1", "fe80::2", transport)
            .is_some_and(|packet| !passes(config, block, "in", &packet, MissingList::default()))
    };
    let line = block
        .children
        .iter()
        .find(|line| line.text.starts_with("ipv6 filter ") && line.text.contains(" in"))
        .map_or(block.line, |line| if line.line > 0 { line.line } else { block.line });
    if has("ipv6 dhcp client ") && dropped(Transport::Udp(547, 546)) {
        let interface = name.to_owned();
        findings.push(finding(Level::Error, block.line, &Remark::FilterDropsDhcpv6 { interface }));
    }
    // Who gets everything by DHCPv6 needs no router's announcement: published configurations drop them on purpose, and work. What
    // the filters do with the messages of neighbours is not attested (I).
    let announced = has("ipv6 nd proxy ") || has("ipv6 address autoconfig");
    let wanted: &[u8] = match (announced, has("ipv6 dhcp client ")) {
        (true, _) => &[134, 135, 136],
        (false, true) => &[135, 136],
        (false, false) => &[],
    };
    let silent: Vec<String> =
        wanted.iter().filter(|kind| dropped(Transport::Icmp(**kind))).map(u8::to_string).collect();
    if !silent.is_empty() {
        let remark = Remark::FilterDropsNd { interface: name.to_owned(), kinds: silent.join(", ") };
        findings.push(finding(Level::Warning, line, &remark));
    }
}

/// An SSH server that no one can reach.
fn management(config: &Config, findings: &mut Vec<Finding>) {
    let on = config.dialect().words().ssh_server;
    let Some(server) = config.nodes.iter().find(|node| &*node.text == on) else { return };
    let ways = config.nodes.iter().filter(|node| node.context() == "interface").filter_map(|block| {
        let says = |start: &str| block.children.iter().find(|line| !line.off && line.text.starts_with(start));
        let open = block.children.iter().any(|line| &*line.text == "no shutdown");
        let address = says("ip address ").filter(|_| open && says("ip vrf forwarding").is_none())?.arg("ADDRESS")?;
        Some((block, address))
    });
    let any_passes = |block: &Node, address: &str| {
        let own = address.split('/').next().unwrap_or_default();
        let Ok(destination) = own.parse::<IpAddr>() else { return true };
        // From anywhere: some source must get in.
        let sources = ["192.0.2.1".parse().ok(), neighbour(destination), listed_source(config)];
        sources.into_iter().flatten().any(|source| {
            let packet = Packet { source, destination, transport: Transport::Tcp(50_000, 22) };
            passes(config, block, "in", &packet, MissingList::default())
        })
    };
    let mut ways = ways.peekable();
    if ways.peek().is_none() || !ways.any(|(block, address)| any_passes(block, address)) {
        findings.push(finding(Level::Warning, server.line, &Remark::ManagementClosed));
    }
}

fn neighbour(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => Some(IpAddr::V4(std::net::Ipv4Addr::from(u32::from(address) ^ 1))),
        IpAddr::V6(_) => None,
    }
}

/// The first source that the SSH server's own list allows.
fn listed_source(config: &Config) -> Option<IpAddr> {
    let list = config.nodes.iter().find(|node| node.text.starts_with("ssh-server ip access-list "))?.arg("LIST")?;
    let entry = config.nodes.iter().find(|node| node.list_name() == Some(list))?;
    let source = entry.text.split(" src ").nth(1)?.split([' ', '/']).next()?;
    source.parse().ok()
}
