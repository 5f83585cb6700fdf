//! The path our own session uses, and which lines touch it.

use serde::{Deserialize, Serialize};

use crate::dialect::grammar::{Row, words};
use crate::ix::Node;

/// How our session reaches the router.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Lifeline {
    /// Not known: anything that can cut a session may cut ours.
    #[default]
    Unknown,
    /// A cable in the console port: no configuration line can cut it.
    Console,
    /// Through the network.
    Path(LifelinePath),
}

/// What a session through the network depends on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifelinePath {
    /// The router's interface.
    pub interface: Option<String>,
    /// The address we dial.
    pub address: Option<String>,
    /// The device and switch port the cable is in.
    pub switch_port: Option<(String, u8)>,
    /// Access lists the session passes.
    pub filters: Vec<String>,
    /// Routes the session needs, as `PREFIX NEXTHOP` or the whole line.
    pub routes: Vec<String>,
    /// The way to the router from outside, in words; only shown.
    pub outer_path: Option<String>,
}

impl Lifeline {
    /// Whether this line, in this block, is part of the path as it is declared, or manages access to the router.
    ///
    /// What the running configuration adds to a declaration, and what no one declared, is for `watch`.
    pub fn touched_by(&self, path: &[&Node], node: &Node) -> bool {
        let Self::Path(lifeline) = self else { return false };
        let Some(row) = node.row.as_ref() else { return false };
        if row.mgmt {
            return true;
        }
        let block = path.first().copied().unwrap_or(node);
        match block.context() {
            "interface" => {
                let name = block.arg("IF");
                lifeline.interface.is_some() && name == lifeline.interface.as_deref() && (row.cuts || path.is_empty())
            }
            "device" if row.vlan_group => {
                let device = block.arg("DEVICE").unwrap_or_default();
                let by_port = lifeline.switch_port.as_ref().is_some_and(|(on, port)| {
                    *on == device && words(node.arg("PORTS").unwrap_or_default()).contains(&port.to_string().as_str())
                });
                let group = format!("{device}:{}.", node.arg("GROUP").unwrap_or_default());
                by_port || lifeline.interface.as_ref().is_some_and(|name| name.starts_with(&group))
            }
            "device" => {
                let device = block.arg("DEVICE").unwrap_or_default();
                row.cuts && lifeline.interface.as_ref().is_some_and(|name| is_of_device(name, device))
            }
            _ if is_route(row) => lifeline.routes.iter().any(|route| node.text.contains(route.as_str())),
            _ => node.defines().iter().any(|object| {
                matches!(object.kind(), "ip-acl" | "ipv6-acl")
                    && lifeline.filters.iter().any(|filter| filter == object.name())
            }),
        }
    }
}

/// Whether an interface is one of a device: `GigaEthernet2.0` and `GigaEthernet2:1.0` are of `GigaEthernet2`.
pub(super) fn is_of_device(interface: &str, device: &str) -> bool {
    interface.strip_prefix(device).is_some_and(|rest| rest.starts_with(['.', ':']))
}

/// Whether a command is a static route.
fn is_route(row: &Row) -> bool {
    row.slot.starts_with("ip-route") || row.slot.starts_with("ipv6-route")
}
