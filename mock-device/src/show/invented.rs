//! Answers for which no sample was found: plausible, made up here, listed as such in the README.

use super::named;
use crate::device::config::Block;
use crate::grammar::Command;
use crate::keys;
use crate::router::Router;

/// The display of the host key that the scenario invents, where this is its command.
pub fn key_display(router: &Router, line: &str) -> Option<Vec<String>> {
    let display = router.spec.key_display.as_ref().filter(|display| display.command == line.trim())?;
    let Some(slot) = router.host_key else { return Some(Vec::new()) };
    let (md5, sha256) = (keys::md5(slot), keys::fingerprint(slot));
    Some(display.lines.iter().map(|line| line.replace("{md5}", md5).replace("{sha256}", &sha256)).collect())
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

pub fn ipv6_interface(router: &Router, command: &Command) -> Vec<String> {
    let mut lines = Vec::new();
    for block in named(router, command) {
        let up = !block.shut && block.lines.has("ipv6 enable");
        let state = if up { "up, line protocol is up" } else { "down, line protocol is down" };
        lines.push(format!("Interface {} is {state}", block.name));
        if up {
            lines.push("  Link-local address(es):".to_owned());
            lines.push("    fe80::1/64 prefix-length 64".to_owned());
        } else {
            lines.push("  IPv6 protocol processing disabled".to_owned());
        }
    }
    lines
}

pub fn access_list(router: &Router, command: &Command) -> Vec<String> {
    let family = command.words.get(1).map(String::as_str).unwrap_or_default();
    let wanted = command.words.get(3);
    let rank = if family == "ip" { 56 } else { 74 };
    let mut lines = Vec::new();
    let mut last = String::new();
    for entry in router.device.config.lines.of(rank).chain(router.device.config.lines.of(rank + 1)) {
        let words: Vec<&str> = entry.split(' ').collect();
        let at = if words.get(2) == Some(&"dynamic") { 3 } else { 2 };
        let name = words.get(at).copied().unwrap_or_default();
        if wanted.is_some_and(|wanted| wanted != name && wanted != "dynamic") {
            continue;
        }
        if name != last {
            lines.push(format!("{family} access list {name}"));
            name.clone_into(&mut last);
        }
        lines.push(format!("  {} (0 hits)", words.get(at + 1..).unwrap_or_default().join(" ")));
    }
    lines
}

pub fn filter(router: &Router, command: &Command) -> Vec<String> {
    let rank = if command.words.get(1).is_some_and(|word| word == "ip") { 16 } else { 38 };
    let mut lines = Vec::new();
    for block in router.device.config.blocks.iter().filter(|b| b.header.starts_with("interface ")) {
        let filters: Vec<&str> = block.lines.of(rank).collect();
        if !filters.is_empty() {
            lines.push(format!("Interface {}:", block.name));
            lines.extend(filters.iter().map(|filter| format!("  {filter}")));
        }
    }
    lines
}

pub fn dhcp_server(router: &Router) -> Vec<String> {
    let side = "server";
    let mut lines = Vec::new();
    for block in router.device.config.blocks.iter().filter(|b| b.header.starts_with("interface ")) {
        let bound = block.lines.get(36, &format!("ipv6 dhcp {side}"));
        if let Some(profile) = bound.and_then(|line| line.rsplit(' ').next()) {
            let state = if block.shut { "idle" } else { "bound" };
            lines.push(format!("Interface {} is in {side} mode", block.name));
            lines.push(format!("  Profile: {profile}"));
            lines.push(format!("  State: {state}"));
        }
    }
    if lines.is_empty() {
        lines.push(format!("DHCPv6 {side} is not running"));
    }
    lines
}

pub fn proxy_dns(router: &Router) -> Vec<String> {
    let config = &router.device.config.lines;
    let mut lines = Vec::new();
    for family in ["ip", "ipv6"] {
        let on = config.has(&format!("proxy-dns {family} enable"));
        lines.push(format!("Proxy-DNS ({family}) is {}", if on { "enabled" } else { "disabled" }));
    }
    lines.extend(config.of(162).map(|line| format!("  {}", line.trim_start_matches("proxy-dns "))));
    lines
}

pub fn url_list(router: &Router) -> Vec<String> {
    let lists = router.device.config.lines.of(165);
    lists.map(|line| format!("{} (0 hits)", line.trim_start_matches("url-list "))).collect()
}

pub fn vrf(router: &Router) -> Vec<String> {
    let mut lines = owned(&["VRF name                          Interface"]);
    for block in &router.device.config.blocks {
        if let Some(name) = block.lines.get(8, "ip vrf forwarding").and_then(|line| line.rsplit(' ').next()) {
            lines.push(format!("{name:<33} {}", block.name));
        }
    }
    lines
}

pub fn bridge(router: &Router) -> Vec<String> {
    let mut lines = vec![format!(
        "Integrated routing and bridging is {}",
        if router.device.config.lines.has("bridge irb enable") { "enabled" } else { "disabled" }
    )];
    let member = |block: &Block| block.lines.get(50, "bridge-group").map(|line| format!("  {}: {line}", block.name));
    lines.extend(router.device.config.blocks.iter().filter_map(member));
    lines
}

pub fn watch_group(router: &Router) -> Vec<String> {
    let mut lines = Vec::new();
    for block in router.device.config.blocks.iter().filter(|b| b.header.starts_with("watch-group ")) {
        lines.push(block.header.clone());
        lines.push("  Status: normal".to_owned());
    }
    lines
}
