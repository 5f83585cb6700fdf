//! Interfaces, log, users, routes: the attested beginnings of longer answers.

use super::named;
use crate::device::config::Block;
use crate::grammar::Command;
use crate::router::Router;

/// Whether a device has a link.
pub(super) fn linked(router: &Router, device: &str) -> bool {
    device == device_of(&router.spec.management_interface) || router.spec.linked.iter().any(|name| name == device)
}

pub(super) fn device_of(interface: &str) -> &str {
    interface.split(['.', ':']).next().unwrap_or(interface)
}

/// `Interface X is up, line protocol is up`, or whatever state it is in.
pub fn state_line(router: &Router, block: &Block) -> String {
    let name = &block.name;
    let state = match (block.shut, linked(router, device_of(name))) {
        _ if name.starts_with("Loopback") || name.starts_with("Null") => "up, line protocol is up",
        (true, _) => "administratively down, line protocol is down",
        (false, true) => "up, line protocol is up",
        (false, false) => "down, line protocol is down",
    };
    format!("Interface {name} is {state}")
}

/// Every interface that has an IPv4 address, and where it comes from; the box's own `Null0.0` has none and says so.
pub fn ip_address(router: &Router, command: &Command) -> Vec<String> {
    let mut lines = Vec::new();
    for block in named(router, command) {
        let Some(address) = block.address().filter(|_| !block.shut) else {
            if block.name.starts_with("Null") {
                lines.push(state_line(router, block));
                lines.push("  Interface is unnumbered.".to_owned());
            }
            continue;
        };
        lines.push(state_line(router, block));
        let words: Vec<&str> = address.split(' ').collect();
        let (shown, by) = match words.as_slice() {
            ["ip", "address", "map-e", ..] => (MAP_E, "MAP-E"),
            ["ip", "address", "dhcp", ..] => (LEASED, "DHCP"),
            ["ip", "address", "ipcp", ..] => (LEASED, "IPCP"),
            ["ip", "address", address, ..] => (*address, "config"),
            _ => {
                lines.push("  Interface is unnumbered.".to_owned());
                continue;
            }
        };
        lines.push(format!("  Internet address is {shown}"));
        lines.push("  Broadcast address is 255.255.255.255".to_owned());
        lines.push(format!("  Address determined by {by}"));
        let own = shown.split('/').next().unwrap_or(shown);
        if router.spec.duplicate_address.as_deref() == Some(own) {
            lines.push("  Duplicate address detected".to_owned());
            lines.push(format!("    {}", router.clock.long()));
            lines.push(format!("    IP address is {own}"));
            lines.push("    Hardware address is 02:00:00:00:00:0d".to_owned());
        }
    }
    lines
}

/// What a carrier or a server would have assigned; nothing is assigned to a mock.
const MAP_E: &str = "198.51.100.177/32";
const LEASED: &str = "198.51.100.178/24";

pub fn ip_interface(router: &Router, command: &Command) -> Vec<String> {
    let mut lines = Vec::new();
    for block in named(router, command) {
        lines.push(state_line(router, block));
        let Some(address) = block.address().filter(|_| !block.shut) else {
            lines.push("  Internet protocol processing disabled".to_owned());
            continue;
        };
        let shown = address.strip_prefix("ip address ").unwrap_or("(unnumbered)");
        lines.push(format!("  Internet address is {shown}"));
        for text in [
            "Broadcast address is 255.255.255.255",
            "Address determined by config",
            "MTU is 1500 octets",
            "Directed broadcast forwarding is disabled",
            "Proxy ARP is disabled",
            "Local proxy ARP is disabled",
            "ICMP redirects are always sent",
            "IGMP is disabled",
            "TCP MSS adjustment is disabled",
        ] {
            lines.push(format!("  {text}"));
        }
    }
    lines
}

pub fn interfaces(router: &Router, command: &Command) -> Vec<String> {
    let mut lines = Vec::new();
    for block in named(router, command) {
        lines.push(state_line(router, block));
        if let Some(text) = block.lines.get(1, "description") {
            lines.push(format!("  {}", text.replacen("description", "Description:", 1)));
        }
        lines.push("  Encapsulation ETHERNET:".to_owned());
        lines.push("    Statistics:".to_owned());
        lines.push("      0 packets input, 0 bytes, 0 errors".to_owned());
        lines.push("      0 packets output, 0 bytes, 0 errors".to_owned());
    }
    lines
}

pub fn devices(router: &Router) -> Vec<String> {
    let names = router.spec.model.devices().iter();
    names.map(|name| format!("Device {name} is {}", if linked(router, name) { "up" } else { "down" })).collect()
}

/// The log; nothing when more of it is asked for than there is.
pub fn logging(router: &Router, last: Option<usize>) -> Option<Vec<String>> {
    let count = router.log.len();
    let bytes: usize = router.log.iter().map(String::len).sum();
    let first = count - last.unwrap_or(count).min(count);
    if last.is_some_and(|last| last > count) {
        return None;
    }
    let buffer = router.device.config.lines.get(20, "logging buffered");
    let size = buffer.and_then(|line| line.split(' ').nth(2)).unwrap_or("131072");
    let mut lines = vec![
        format!("Buffer logging enabled, {size} bytes, type cyclic"),
        format!("  {count} messages (1-{count}), {bytes} bytes logged, 0 messages dropped"),
        String::new(),
        format!("Log Buffer ({}-{count}):", first + 1),
    ];
    lines.extend(router.log.iter().skip(first).cloned());
    Some(lines)
}

pub fn ntp(router: &Router) -> Vec<String> {
    let mut lines: Vec<String> = [
        "NTP status:",
        "  Clock is not synchronized, reference is nothing",
        "    Rcvd: 0 requests, 0 responses",
        "    Sent: 0 requests, 0 responses",
        "  NTP server      VRF name                            St  Ver   Timeout   Last Receive",
    ]
    .iter()
    .map(|line| (*line).to_owned())
    .collect();
    for server in router.device.config.lines.of(43) {
        let address = server.split(' ').nth(2).unwrap_or_default();
        lines.push(format!("  {address:<15}                                      0    0        64       0:00:00"));
    }
    lines
}

pub fn ip_route(router: &Router) -> Vec<String> {
    let routes: Vec<&str> = router.device.config.lines.of(51).collect();
    let mut lines = vec![format!("IP Routing Table - {} entries, 0 hidden, 2042 frees", routes.len())];
    lines.push("Codes: C - Connected, S - Static, * - Candidate default".to_owned());
    for route in routes {
        let mut words = route.split(' ').skip(2);
        let prefix = words.next().map(|word| if word == "default" { "0.0.0.0/0" } else { word }).unwrap_or_default();
        let via = words.next().unwrap_or_default();
        let how = if via.contains('.') && via.starts_with(|c: char| c.is_ascii_digit()) {
            format!("via {via}")
        } else {
            format!("is directly connected, {via}")
        };
        lines.push(format!("S    {prefix} [1/1] {how}, 0:00:00"));
    }
    lines
}

/// Who is logged in; the form is invented.
pub fn users(router: &Router, own: u64) -> Vec<String> {
    let mut lines = vec!["  Session  Type".to_owned()];
    for (session, via) in router.sessions() {
        let mark = if session == own { '*' } else { ' ' };
        lines.push(format!("{mark} {session:<8} {}", via.name()));
    }
    lines
}
