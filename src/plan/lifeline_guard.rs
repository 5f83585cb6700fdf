//! Which lines may cut our own session: the declared lifeline, with what the running configuration says about it.
//!
//! A declaration is rarely whole, and a derived one names an interface and an address alone. What the router itself tells (the
//! lists that guard the servers, the filters of the interface, what they depend on) is filled in; what is unknown counts as if
//! the lifeline were unknown. Pure; decides nothing about ownership.

use std::collections::{BTreeSet, HashSet};

use super::lifeline::{Lifeline, LifelinePath, is_of_device};
use crate::dialect::grammar::{Row, words};
use crate::dialect::model::Parts;
use crate::ix::{Config, Node};

/// The lifeline as a router has it.
#[derive(Debug)]
pub struct LifelineGuard<'a> {
    lifeline: &'a Lifeline,
    /// The interface of the session and those it depends on: unnumbered, the way out of a tunnel, members of its bridge, the
    /// one that has the address.
    interfaces: BTreeSet<String>,
    /// Lists, bridges, profiles and maps that those interfaces or the servers use, as objects.
    objects: HashSet<String>,
    /// Whether the router has a tunnel at all, through which packets of ours may come.
    tunnels: bool,
}

impl<'a> LifelineGuard<'a> {
    /// Looks a lifeline up in what the router runs.
    pub fn of(lifeline: &'a Lifeline, running: &Config) -> Self {
        let mut watch = Self { lifeline, interfaces: BTreeSet::new(), objects: HashSet::new(), tunnels: false };
        if let Lifeline::Path(path) = lifeline {
            watch.interfaces = interfaces(path, running);
            watch.objects = objects(&watch.interfaces, running);
            watch.tunnels = blocks(running).iter().any(|(name, block)| {
                Parts::of(name).is_some_and(|parts| parts.kind == "Tunnel")
                    || block.children.iter().any(|line| line.refers().iter().any(|object| object.kind() == "ipsec-map"))
            });
        }
        watch
    }

    /// Whether this line is known to be part of the path, or manages access to the router: it comes last.
    pub fn carried_by(&self, path: &[&Node], node: &Node) -> bool {
        self.lifeline.touched_by(path, node)
            || path.iter().copied().chain([node]).any(|line| {
                let defines = line.row.as_ref().is_some_and(|row| !row.defines.is_empty());
                defines && line.defines().iter().any(|object| self.objects.contains(object.id()))
            })
    }

    /// Whether this line may cut our session.
    pub fn may_be_cut_by(&self, path: &[&Node], node: &Node) -> bool {
        let outer = path.first().copied().unwrap_or(node);
        let row = node.row.as_deref();
        // What a routing protocol is told changes routes, whatever its line looks like.
        let routing = !path.is_empty() && outer.row.as_ref().is_some_and(|row| row.cuts);
        let cuts = routing || row.is_none_or(|row| row.cuts);
        let lifeline = match self.lifeline {
            Lifeline::Console => return false,
            Lifeline::Unknown => return cuts || row.is_some_and(|row| row.mgmt),
            Lifeline::Path(lifeline) => lifeline,
        };
        if self.carried_by(path, node) {
            return true;
        }
        match outer.context() {
            "interface" => (cuts || path.is_empty()) && self.may_be_interface(outer.arg("IF").unwrap_or_default(), row),
            "device" => cuts && self.may_be_device(outer.arg("DEVICE").unwrap_or_default(), row, lifeline),
            _ if outer.row.is_none() => true,
            _ if routing => lifeline.routes.is_empty(),
            _ if !path.is_empty() => false,
            _ => cuts && row.is_none_or(|row| self.may_be_global(row, node, lifeline)),
        }
    }

    /// Whether packets of ours may pass the interface: where it is not known which one they pass, any may be it.
    fn may_be_interface(&self, name: &str, row: Option<&Row>) -> bool {
        if self.interfaces.contains(name) || !self.is_on_hardware() {
            return true;
        }
        // Shutting an interface shuts what is built on it.
        let below = self
            .interfaces
            .iter()
            .any(|ours| ours.rsplit_once('.').is_some_and(|(device, sub)| sub != "0" && name == format!("{device}.0")));
        below && row.is_none_or(|row| row.up)
    }

    fn may_be_device(&self, device: &str, row: Option<&Row>, lifeline: &LifelinePath) -> bool {
        let ours = !self.is_on_hardware() || self.interfaces.iter().any(|name| is_of_device(name, device));
        let port_known = lifeline.switch_port.as_ref().is_some_and(|(on, _)| is_hardware(on));
        ours && !(port_known && row.is_some_and(|row| row.vlan_group))
    }

    /// A global line that can cut a session, and names nothing that ours is known to use.
    fn may_be_global(&self, row: &Row, node: &Node, lifeline: &LifelinePath) -> bool {
        let defines = |kinds: &[&str]| row.defines.iter().any(|relation| kinds.contains(&relation.kind.as_str()));
        if defines(&["ip-acl", "ipv6-acl"]) {
            return false;
        }
        let split = words(&node.text);
        let family = split.iter().find(|word| **word != "no").copied().unwrap_or_default();
        if family == "bridge" {
            let bridged = self.objects.iter().any(|id| id.starts_with("bridge:"));
            return !defines(&["bridge"]) && (bridged || !self.is_on_hardware());
        }
        // Keys and maps that no tunnel uses carry no one.
        if matches!(family, "ike" | "ikev2" | "ipsec") && !self.tunnels {
            return false;
        }
        // The speed of the console is no matter of a session through the network.
        if &*row.slot == "terminal-speed" {
            return false;
        }
        // Routes, routing protocols and tunnels: not known unless the routes are declared.
        lifeline.routes.is_empty()
    }

    /// Whether at least one interface of the path is known that has a plug of its own.
    fn is_on_hardware(&self) -> bool {
        self.interfaces.iter().any(|name| is_hardware(name))
    }
}

fn is_hardware(name: &str) -> bool {
    Parts::of(name).is_some_and(|parts| !matches!(parts.kind, "Tunnel" | "BVI" | "Loopback" | "Null"))
}

/// The address of `192.0.2.1/24`.
fn ip_of(text: &str) -> Option<std::net::IpAddr> {
    text.split(['/', ' ']).next()?.parse().ok()
}

/// The blocks of interfaces, by name.
fn blocks(running: &Config) -> Vec<(String, &Node)> {
    let interface = |node: &&Node| node.context() == "interface" && !node.off;
    running.nodes.iter().filter(interface).filter_map(|node| Some((node.arg("IF")?.to_owned(), node))).collect()
}

/// The interface of the path, and those it depends on.
fn interfaces(path: &LifelinePath, running: &Config) -> BTreeSet<String> {
    let blocks = blocks(running);
    let mut found: BTreeSet<String> = path.interface.iter().cloned().collect();
    if let Some(address) = path.address.as_deref().and_then(ip_of) {
        let has_address = |block: &Node| {
            let lines = block.children.iter().filter(|line| line.text.contains("address ") && !line.off);
            lines.filter_map(|line| line.arg("ADDRESS")).any(|text| ip_of(text) == Some(address))
        };
        found.extend(blocks.iter().filter(|(_, block)| has_address(block)).map(|(name, _)| name.clone()));
    }
    loop {
        let ours: Vec<&Node> =
            blocks.iter().filter(|(name, _)| found.contains(name)).map(|(_, block)| *block).collect();
        let mut more: BTreeSet<String> = BTreeSet::new();
        for line in ours.iter().flat_map(|block| &block.children).filter(|line| !line.off) {
            let slot = line.row.as_ref().map(|row| &*row.slot).unwrap_or_default();
            if slot == "ip-address" || slot.starts_with("tunnel") {
                let stands_on = line.refers().iter().filter(|object| object.kind() == "interface");
                more.extend(stands_on.map(|object| object.name().to_owned()));
            }
            if slot == "bridge-group" {
                let member = |block: &Node| block.children.iter().any(|other| other.text == line.text);
                more.extend(blocks.iter().filter(|(_, block)| member(block)).map(|(name, _)| name.clone()));
            }
        }
        let known = found.len();
        found.append(&mut more);
        if found.len() == known {
            return found;
        }
    }
}

/// What those interfaces and the router's own servers use, and what that depends on.
fn objects(interfaces: &BTreeSet<String>, running: &Config) -> HashSet<String> {
    let mut found: HashSet<String> = HashSet::new();
    running.walk(&mut |path, node| {
        let Some(row) = node.row.as_ref() else { return };
        let block = path.first().filter(|block| block.context() == "interface");
        let ours = block.is_some_and(|block| block.arg("IF").is_some_and(|name| interfaces.contains(name)));
        if row.mgmt || (row.cuts && ours) {
            found.extend(used(node));
        }
    });
    // What defines something, with all that its block uses.
    let mut definitions: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for node in running.nodes.iter().filter(|node| node.context() != "interface") {
        let defined: Vec<String> = node.defines().iter().map(|object| object.id().to_owned()).collect();
        let mut uses = Vec::new();
        all_used(node, &mut uses);
        if !defined.is_empty() && !uses.is_empty() {
            definitions.push((defined, uses));
        }
    }
    loop {
        let known = found.len();
        for (defined, uses) in &definitions {
            if defined.iter().any(|id| found.contains(id)) {
                found.extend(uses.iter().cloned());
            }
        }
        if found.len() == known {
            return found;
        }
    }
}

/// The objects a line uses; interfaces are followed otherwise.
fn used(node: &Node) -> impl Iterator<Item = String> + '_ {
    node.refers().iter().filter(|object| object.kind() != "interface").map(|object| object.id().to_owned())
}

/// The same of a line and its block.
fn all_used(node: &Node, uses: &mut Vec<String>) {
    uses.extend(used(node));
    node.children.iter().for_each(|line| all_used(line, uses));
}
