//! No group of switch ports goes while an interface that it makes is to stay.
//!
//! The interface would go with its group, address and filters included, and the undo would bring back an empty one.

use std::collections::BTreeMap;

use super::error::PlanError;
use super::state::made_by_group;
use crate::ix::{Config, Node};

/// Insists on it.
///
/// # Errors
/// [`PlanError::InterfaceGoes`].
pub fn stay(old: &Config, new: &Config) -> Result<(), PlanError> {
    let after = made(new);
    let lines: Vec<String> = made(old)
        .into_iter()
        .filter(|(prefix, _)| !after.contains_key(prefix))
        .filter_map(|(prefix, group)| {
            let names = new.nodes.iter().filter_map(interface).filter(|name| name.starts_with(&prefix));
            let names: Vec<&str> = names.collect();
            (!names.is_empty()).then(|| format!("{group}: {}", names.join(", ")))
        })
        .collect();
    if lines.is_empty() { Ok(()) } else { Err(PlanError::InterfaceGoes { lines }) }
}

/// The groups by how the names of their interfaces begin (`GigaEthernet2:1.`).
fn made(config: &Config) -> BTreeMap<String, String> {
    let devices = config.nodes.iter().filter(|node| node.context() == "device");
    let groups = devices.flat_map(|device| {
        device.children.iter().filter_map(move |group| {
            let name = made_by_group(device, group)?;
            Some((name.strip_suffix('0')?.to_owned(), format!("{} / {}", device.text, group.text)))
        })
    });
    groups.collect()
}

fn interface(node: &Node) -> Option<&str> {
    node.arg("IF").filter(|_| node.context() == "interface" && !node.off)
}
