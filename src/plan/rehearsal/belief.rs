//! What the model believes without knowing: what is used and never defined, and what says that something is absent.
//!
//! Looks at whole configurations, and types nothing.

use std::sync::{Arc, OnceLock};

use foldhash::{HashSet, HashSetExt};

use crate::dialect::grammar::Object;
use crate::dialect::model::Parts;
use crate::ix::{Config, Node};
use crate::plan::refusal::Reason;
use crate::plan::state::made_by_group;

/// Whether there can be an interface of this name in the configuration.
pub(super) fn may_be_opened(config: &Config, node: &Node) -> Result<(), Reason> {
    let name = node.arg("IF").unwrap_or_default();
    let parts = Parts::of(name).ok_or(Reason::NoSuchInterface)?;
    let Some(group) = parts.group else { return Ok(()) };
    let (device, group) = (parts.device(), format!("{}:{group}.0", parts.device()));
    let mut devices = config.nodes.iter().filter(|block| block.arg("DEVICE") == Some(&device));
    let made = |block: &Node| block.children.iter().any(|line| made_by_group(block, line).as_ref() == Some(&group));
    if devices.any(made) { Ok(()) } else { Err(Reason::NoSuchGroup) }
}

/// What configurations use and do not define. Worked out when it is first asked for: few lines of a plan are about such a thing.
#[derive(Debug, Default)]
pub(super) struct Unmet {
    of: Vec<Config>,
    found: OnceLock<HashSet<Arc<str>>>,
}

impl Unmet {
    /// Of these.
    pub(super) fn of(configs: [&Config; 2]) -> Self {
        Self { of: configs.map(Config::clone).into(), found: OnceLock::new() }
    }

    /// Whether an object is one of them.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.found.get_or_init(|| self.of.iter().flat_map(unmet).collect()).contains(id)
    }
}

/// What a configuration uses and does not define, and the interfaces that nothing in it makes.
fn unmet(config: &Config) -> impl Iterator<Item = Arc<str>> {
    let (mut defined, mut used, mut unmade_here) = (HashSet::new(), HashSet::new(), Vec::new());
    config.walk(&mut |path, node| {
        defined.extend(node.defines().iter().map(Object::shared));
        used.extend(node.refers().iter().filter(|object| !object.soft).map(Object::shared));
        if path.is_empty() && node.context() == "interface" && may_be_opened(config, node).is_err() {
            unmade_here.extend(node.defines().iter().map(|interface| Arc::from(unmade(interface))));
        }
    });
    let missing: Vec<Arc<str>> = used.difference(&defined).cloned().collect();
    missing.into_iter().chain(unmade_here)
}

/// An interface that nothing makes, by a name of its own.
pub(super) fn unmade(interface: &Object) -> String {
    format!("unmade {}", interface.id())
}

/// A configuration without the lines that only say that something not completely known is absent.
pub(super) fn without_absences(config: &Config) -> Config {
    fn kept(nodes: &[Node]) -> Vec<Node> {
        let is_negated = |node: &Node| match &node.row {
            Some(row) => node.off && row.family && row.off.is_none(),
            None => node.text.starts_with("no "),
        };
        nodes.iter().filter(|node| !is_negated(node)).map(|node| node.with_block(kept(&node.children))).collect()
    }
    Config::from_nodes(config.dialect(), kept(&config.nodes))
}
