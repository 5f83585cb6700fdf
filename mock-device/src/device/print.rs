//! The running configuration as the router prints it: sections in fixed order, bare `!` between them, defaults spelled out.
//!
//! The places of the `!` lines are those of a 10.7.18 dump: some sections end with one even when they are empty.

use super::config::{Block, Config};
use super::model::Model;
use crate::grammar::Sub;

/// A section: its highest rank, and whether it prints its `!` even when it is empty.
const SECTIONS: [(u16, bool); 19] = [
    (19, true),
    (29, false),
    (39, false),
    (49, true),
    (59, true),
    (69, true),
    (79, true),
    (89, true),
    (99, true),
    (109, true),
    (119, false),
    (129, true),
    (139, true),
    (149, true),
    (159, true),
    (164, true),
    (169, false),
    (179, false),
    (189, false),
];

/// The sections behind the servers: always two `!`, then the monitored groups.
const LATE: [(u16, bool); 3] = [(199, false), (209, true), (219, true)];

/// Blocks that come before the devices, in this order.
const PROFILES: [Sub; 12] = [
    Sub::Ikev2,
    Sub::Ppp,
    Sub::Dhcp,
    Sub::Dhcp6Client,
    Sub::Dhcp6Server,
    Sub::RouteMap,
    Sub::ClassMap,
    Sub::PolicyMap,
    Sub::Bgp,
    Sub::Ospf,
    Sub::Ospf6,
    Sub::Rip,
];

/// The lines below the header, the last one a `!`.
pub fn body(config: &Config, model: Model) -> Vec<String> {
    let mut out = Vec::new();
    let mut low = 0;
    for (high, always) in SECTIONS.into_iter().chain(LATE) {
        section(config, low, high, always, &mut out);
        low = high + 1;
    }
    blocks_of(config, Sub::Watch, &mut out);
    section(config, low, u16::MAX, false, &mut out);
    for sub in PROFILES {
        blocks_of(config, sub, &mut out);
    }
    for name in model.devices() {
        if let Some(block) = config.device(name) {
            print_block(block, &mut out);
        }
    }
    let mut interfaces: Vec<&Block> = config.blocks.iter().filter(|b| b.sub == Sub::Interface).collect();
    interfaces.sort_by_key(|block| place(&block.name, model));
    for block in interfaces {
        print_block(block, &mut out);
    }
    // What the web pages keep comes after everything else.
    blocks_of(config, Sub::WebConsole, &mut out);
    out
}

fn section(config: &Config, low: u16, high: u16, always: bool, out: &mut Vec<String>) {
    let before = out.len();
    for (rank, text) in config.lines.iter().filter(|(rank, _)| (low..=high).contains(rank)) {
        if rank > 12 && low == 0 && !out.iter().any(|line| line.starts_with("timezone")) {
            out.push("timezone +09 00".to_owned());
        }
        out.push(text.to_owned());
    }
    if low == 0 && !out.iter().any(|line| line.starts_with("timezone")) {
        out.push("timezone +09 00".to_owned());
    }
    if always || out.len() > before {
        out.push("!".to_owned());
    }
}

fn blocks_of(config: &Config, sub: Sub, out: &mut Vec<String>) {
    for block in config.blocks.iter().filter(|b| b.sub == sub) {
        print_block(block, out);
    }
}

fn print_block(block: &Block, out: &mut Vec<String>) {
    out.push(block.header.clone());
    let mut lines: Vec<String> = Vec::new();
    let serial = block.name.starts_with("BRI") || block.name.starts_with("USB-Serial");
    if block.sub == Sub::Interface {
        let mut lead: Vec<(u16, String)> = block.lines.iter().map(|(rank, text)| (rank, text.to_owned())).collect();
        if serial && !lead.iter().any(|(rank, _)| *rank == 2) {
            lead.push((2, "encapsulation ppp".to_owned()));
        }
        if serial && !lead.iter().any(|(rank, _)| *rank == 3) {
            lead.push((3, "no auto-connect".to_owned()));
        }
        if block.address().is_none() {
            lead.push((10, "no ip address".to_owned()));
        }
        lead.sort_by_key(|(rank, _)| *rank);
        lines.extend(lead.into_iter().map(|(_, text)| text));
        if !block.name.starts_with("Loopback") && !block.name.starts_with("Null") {
            lines.push(if block.shut { "shutdown" } else { "no shutdown" }.to_owned());
        }
    } else {
        lines.extend(block.lines.iter().map(|(_, text)| text.to_owned()));
        if block.name.starts_with("BRI") && !lines.iter().any(|line| line.starts_with("isdn")) {
            lines.push("isdn switch-type hsd128k".to_owned());
        }
        if block.sub == Sub::Device && block.shut {
            lines.push("shutdown".to_owned());
        }
    }
    out.extend(lines.into_iter().map(|line| format!("  {line}")));
    for inner in &block.inner {
        out.push(format!("  {}", inner.header));
        out.extend(inner.lines.iter().map(|(_, text)| format!("    {text}")));
    }
    out.push("!".to_owned());
}

/// The place of an interface: base interfaces as the model has them, then subinterfaces, BVI, loopback, null, tunnels.
fn place(name: &str, model: Model) -> (u8, u32, u32, u32) {
    let digits = |text: &str| text.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u32>().unwrap_or(0);
    if let Some(at) = model.interfaces().iter().position(|base| *base == name) {
        return (0, u32::try_from(at).unwrap_or(u32::MAX), 0, 0);
    }
    let (port, unit) = name.split_once('.').unwrap_or((name, "0"));
    let (device, group) = port.split_once(':').unwrap_or((port, "0"));
    let class = match name {
        _ if name.starts_with("BVI") => 2,
        _ if name.starts_with("Loopback") => 3,
        _ if name.starts_with("Null") => 4,
        _ if name.starts_with("Tunnel") => 5,
        _ => 1,
    };
    (class, digits(device), digits(group), digits(unit))
}
