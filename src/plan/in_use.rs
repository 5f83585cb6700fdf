//! A playbook that owns a part of a router takes nothing away that the rest uses, and uses nothing that is nowhere.
//!
//! What a filter does that names a missing list is not known, and a profile that is gone takes the line down. Where a role owns all,
//! `lint` has judged the whole rendering already.

use std::collections::HashSet;
use std::sync::Arc;

use super::error::PlanError;
use super::objects::Objects;
use crate::dialect::grammar::Object;
use crate::ix::Config;
use crate::ix::mask::mask_path;

/// Named things that a line may name without their being there; taken away from it, they change what it does.
const NAMED: [&str; 8] = [
    "prefix-list",
    "ipv6-prefix-list",
    "route-map",
    "class-map",
    "nat-pool",
    "ike-policy",
    "ikev2-profile",
    "ipsec-map",
];

/// Insists on it; what the router misses today is not the playbook's.
///
/// # Errors
/// [`PlanError::Missing`].
pub fn stays(running: &Config, target: &Config) -> Result<(), PlanError> {
    let there = Objects::of(running).defined;
    let today: HashSet<Arc<str>> = missing(running, |object| !object.soft).into_iter().map(|(id, _)| id).collect();
    let needed = |object: &Object| !object.soft || (NAMED.contains(&object.kind()) && there.contains(object.id()));
    let found = missing(target, needed).into_iter().filter(|(id, _)| !today.contains(id));
    let mut lines: Vec<String> = found.map(|(_, line)| line).collect();
    lines.dedup();
    if lines.is_empty() { Ok(()) } else { Err(PlanError::Missing { lines }) }
}

/// What lines need and no line brings into being, with those lines. Interfaces are of the box, or have a rule of their own.
fn missing(config: &Config, needed: impl Fn(&Object) -> bool) -> Vec<(Arc<str>, String)> {
    let defined = Objects::of(config).defined;
    let is_missing = |object: &Object| needed(object) && object.kind() != "interface" && !defined.contains(object.id());
    let mut found = Vec::new();
    config.walk(&mut |path, node| {
        for object in node.refers().iter().filter(|object| is_missing(object)) {
            found.push((object.shared(), mask_path(path.iter().map(|header| &header.text).chain([&node.text]))));
        }
    });
    found
}
