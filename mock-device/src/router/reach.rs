//! Whether a client at the far end of the management path can still talk to the router, judged by its running configuration.
//!
//! The interface must have its address, be up, be outside VRFs, and own the switch port the cable is in. Filters and server
//! access lists are judged only when the scenario says which address we come from.

use std::net::Ipv4Addr;

use crate::device::Device;
use crate::device::config::Block;
use crate::scenario::RouterSpec;

/// Whether packets from us reach the router.
pub fn path_is_open(device: &Device, spec: &RouterSpec, port: Option<u8>) -> bool {
    let Some(interface) = device.config.interface(&spec.management_interface) else { return false };
    let device_name = device_of(&spec.management_interface);
    let up = !interface.shut && device.config.device(device_name).is_none_or(|d| !d.shut);
    up && interface.lines.get(8, "ip vrf forwarding").is_none()
        && addressed(interface, spec)
        && port.is_none_or(|port| owns_port(device, &spec.management_interface, port))
        && spec.client_address.is_none_or(|from| filters_pass(device, interface, from))
}

/// Whether a server's own access list lets us in; only the source counts (fact sheet 9).
pub fn server_lets_in(device: &Device, spec: &RouterSpec, server: &str) -> bool {
    let Some(from) = spec.client_address else { return true };
    let key = format!("{server}-server ip access-list");
    let rank = if server == "ssh" { 181 } else { 171 };
    let Some(list) = device.config.lines.get(rank, &key).and_then(|line| line.rsplit(' ').next()) else { return true };
    let entries = entries(device, list);
    entries.is_empty() || entries.iter().find_map(|entry| verdict(entry, from, None)).unwrap_or(false)
}

/// The last port of an interface at the start, where the management cable is taken to be.
pub fn last_port(device: &Device, interface: &str) -> Option<u8> {
    let ports = device.model.switch_ports(device_of(interface));
    (1..=ports).rev().find(|port| owns_port(device, interface, *port))
}

fn device_of(interface: &str) -> &str {
    interface.split(['.', ':']).next().unwrap_or(interface)
}

fn addressed(interface: &Block, spec: &RouterSpec) -> bool {
    match interface.address() {
        Some(line) if spec.management_address_may_change || spec.dialled_address_counts => {
            line.starts_with("ip address")
        }
        Some(line) => line == format!("ip address {}", spec.management_address),
        None => false,
    }
}

fn owns_port(device: &Device, interface: &str, port: u8) -> bool {
    let device_name = device_of(interface);
    if device.model.switch_ports(device_name) == 0 {
        return true;
    }
    let wanted = interface.split_once(':').map(|(_, rest)| rest.split('.').next().unwrap_or_default());
    let group = device.config.device(device_name).and_then(|block| {
        block.lines.of(1).find_map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let here = words.iter().skip(3).any(|word| word.parse() == Ok(port));
            here.then(|| words.get(1).map(|group| (*group).to_owned()))?
        })
    });
    group.as_deref() == wanted
}

/// The entries of a list, or of the list a dynamic one is built on, without the words before them.
fn entries<'a>(device: &'a Device, list: &str) -> Vec<&'a str> {
    let name = device
        .config
        .lines
        .get(57, &format!("ip access-list dynamic {list}"))
        .and_then(|line| line.rsplit(' ').next())
        .unwrap_or(list);
    let prefix = format!("ip access-list {name} ");
    device.config.lines.of(56).filter_map(|line| line.strip_prefix(&prefix)).collect()
}

/// What one entry says about a packet from `from`: permit, deny, or nothing.
fn verdict(entry: &str, from: Ipv4Addr, to: Option<Ipv4Addr>) -> Option<bool> {
    let mut words = entry.split(' ').peekable();
    if words.peek().is_some_and(|word| word.parse::<u64>().is_ok()) {
        words.next();
    }
    let permit = match words.next()? {
        "permit" => true,
        "deny" => false,
        _ => return None,
    };
    let protocol = words.next()?;
    let rest: Vec<&str> = words.collect();
    let after = |word: &str| rest.iter().position(|w| *w == word).map(|at| rest.get(at + 1..).unwrap_or_default());
    let source = after("src").is_some_and(|words| covers(words, from));
    let dest = to.is_none_or(|to| after("dest").is_some_and(|words| covers(words, to)));
    let service = to.is_none() || matches!(protocol, "ip" | "tcp" | "6");
    let port = to.is_none() || after("dport").is_none_or(|words| port_fits(words, 22));
    (source && dest && service && port).then_some(permit)
}

fn covers(words: &[&str], address: Ipv4Addr) -> bool {
    match words.first() {
        Some(&"any") => true,
        Some(prefix) if prefix.contains('/') => in_prefix(prefix, address),
        Some(base) => {
            let wild = words.get(1).and_then(|w| w.parse::<Ipv4Addr>().ok()).unwrap_or(Ipv4Addr::UNSPECIFIED);
            let fixed = !u32::from(wild);
            base.parse::<Ipv4Addr>().is_ok_and(|base| u32::from(base) & fixed == u32::from(address) & fixed)
        }
        None => false,
    }
}

fn in_prefix(prefix: &str, address: Ipv4Addr) -> bool {
    let Some((base, length)) = prefix.split_once('/') else { return false };
    let (Ok(base), Ok(length)) = (base.parse::<Ipv4Addr>(), length.parse::<u32>()) else { return false };
    let mask = u32::MAX.checked_shl(32 - length.min(32)).unwrap_or(0);
    u32::from(base) & mask == u32::from(address) & mask
}

fn port_fits(words: &[&str], port: u16) -> bool {
    let number = |at: usize| words.get(at).and_then(|word| word.parse::<u16>().ok()).unwrap_or(0);
    match words.first() {
        Some(&"eq") => number(1) == port,
        Some(&"gt") => port > number(1),
        Some(&"lt") => port < number(1),
        Some(&"range") => (number(1)..=number(2)).contains(&port),
        _ => true,
    }
}

/// Inbound filters of the interface, lowest sequence first; once there is one, what no list matches is dropped (fact sheet 11).
fn filters_pass(device: &Device, interface: &Block, from: Ipv4Addr) -> bool {
    let to = interface
        .address()
        .and_then(|line| line.rsplit(' ').next())
        .and_then(|prefix| prefix.split('/').next())
        .and_then(|address| address.parse().ok());
    let mut filters: Vec<(u32, &str)> = interface
        .lines
        .of(16)
        .filter_map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            let inbound = words.get(4) == Some(&"in");
            inbound.then(|| Some((words.get(3)?.parse().ok()?, *words.get(2)?)))?
        })
        .collect();
    filters.sort_unstable();
    if filters.is_empty() {
        return true;
    }
    filters
        .iter()
        .find_map(|(_, list)| entries(device, list).iter().find_map(|entry| verdict(entry, from, to.or(Some(from)))))
        .unwrap_or(false)
}
