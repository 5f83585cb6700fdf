//! What carries no traffic at a point of a plan: lists, profiles and maps that nothing uses, and interfaces that are shut.
//!
//! A line about such a thing neither opens nor closes a path, whether or not the lines around it are accepted. When in doubt a
//! thing is in use: what was used once stays so, and an interface is shut only where the router says it or we typed it. Pure.

use std::collections::HashSet;
use std::sync::Arc;

use crate::ix::{Config, Node};

/// What is in use and what is shut, followed line by line.
pub(super) struct Idle {
    used: HashSet<Arc<str>>,
    shut: HashSet<String>,
}

impl Idle {
    /// On a router that runs this.
    pub(super) fn of(running: &Config) -> Self {
        let mut idle = Self { used: HashSet::new(), shut: HashSet::new() };
        running.walk(&mut |path, node| idle.typed(path.first().copied(), node));
        idle
    }

    /// Takes note of a line in a block, or in the global mode.
    pub(super) fn typed(&mut self, block: Option<&Node>, line: &Node) {
        self.used.extend(line.refers().iter().map(|object| object.shared()));
        if let Some(interface) = interface(block)
            && line.row.as_ref().is_some_and(|row| row.up)
        {
            if line.off {
                self.shut.remove(interface)
            } else {
                self.shut.insert(interface.to_owned())
            };
        }
    }

    /// Whether what a line is about carries nothing.
    pub(super) fn holds(&self, block: Option<&Node>, line: &Node) -> bool {
        match block {
            None => !line.defines().is_empty() && line.defines().iter().all(|object| !self.used.contains(object.id())),
            Some(_) => interface(block).is_some_and(|name| self.shut.contains(name)),
        }
    }
}

/// The name of an interface by its header.
fn interface(block: Option<&Node>) -> Option<&str> {
    block.filter(|block| block.context() == "interface").and_then(|block| block.arg("IF"))
}
