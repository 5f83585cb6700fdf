//! Which named objects a configuration defines and uses: lists, and what else its lines bring into being and refer to.
//!
//! Compares nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use crate::dialect::grammar::{CommandKind, Object};
use crate::ix::{Config, Node};

/// A list or stateful list in one configuration.
#[derive(Debug, Default, Clone)]
pub struct Definition<'a> {
    /// Head lines and entries, in order.
    pub entries: Vec<&'a Node>,
    /// The stateful definition of that name.
    pub dynamic: Option<&'a Node>,
}

/// An object in a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Carrier<'a> {
    /// The object.
    pub object: Arc<str>,
    /// The header of the block.
    pub header: &'a str,
}

/// One configuration's objects.
#[derive(Debug, Default)]
pub struct Objects<'a> {
    /// Everything a line defines.
    pub defined: HashSet<Arc<str>>,
    /// Lines that may take along what needs the object they define, by it and the header of their block; nothing where several do.
    pub carriers: HashMap<Carrier<'a>, Option<&'a Node>>,
    /// Lists by object, in the order of their names.
    pub lists: BTreeMap<Arc<str>, Definition<'a>>,
    /// Objects that lines other than stateful lists refer to.
    used: HashSet<Arc<str>>,
    /// Objects that lines other than filters refer to.
    beside_filters: HashSet<Arc<str>>,
}

impl<'a> Objects<'a> {
    /// Looks through a configuration.
    pub fn of(config: &'a Config) -> Self {
        let mut objects = Self::default();
        objects.collect(&config.nodes, "");
        let mut waiting: Vec<Arc<str>> = objects.used.iter().cloned().collect();
        while let Some(id) = waiting.pop() {
            let looked_into =
                objects.lists.get(&id).and_then(|list| list.dynamic).map(|node| node.refers()).unwrap_or_default();
            for object in looked_into {
                if objects.used.insert(object.shared()) {
                    waiting.push(object.shared());
                }
            }
        }
        objects
    }

    fn collect(&mut self, nodes: &'a [Node], block: &'a str) {
        let mut rest = nodes;
        while let Some(node) = rest.first() {
            let mut many = 1;
            if let Some(list) = node.list() {
                // The entries of a list are adjacent: it is looked up once.
                many = rest.iter().take_while(|other| other.list() == Some(list)).count();
                let entries = rest.get(..many).unwrap_or_default();
                self.lists.entry(list.clone()).or_default().entries.extend(entries);
                self.defined.insert(list.clone());
            } else {
                self.line(node, block);
            }
            rest = rest.get(many..).unwrap_or_default();
        }
    }

    fn line(&mut self, node: &'a Node, block: &'a str) {
        let dynamic = node.row.as_ref().is_some_and(|row| row.dynamic);
        self.defined.extend(node.defines().iter().map(Object::shared));
        if let Some(object) = node.defines().first().filter(|_| node.row.as_ref().is_some_and(|row| row.carries)) {
            let only = |known: &mut Option<&'a Node>| *known = None;
            self.carriers
                .entry(Carrier { object: object.shared(), header: block })
                .and_modify(only)
                .or_insert(Some(node));
        }
        if node.kind() != Some(CommandKind::Chain) {
            self.beside_filters.extend(node.refers().iter().map(Object::shared));
        }
        if !dynamic {
            self.used.extend(node.refers().iter().map(Object::shared));
        } else if let Some(object) = node.defines().first() {
            self.lists.entry(object.shared()).or_default().dynamic = Some(node);
        }
        self.collect(&node.children, &node.text);
    }

    /// Whether nothing but filters uses the object.
    pub fn only_filters(&self, id: &str) -> bool {
        !self.beside_filters.contains(id)
    }

    /// Whether something that acts uses the object.
    pub fn uses(&self, id: &str) -> bool {
        self.used.contains(id)
    }
}

/// A configuration and its objects.
#[derive(Clone, Copy)]
pub struct Side<'a, 'o> {
    /// The configuration.
    pub config: &'a Config,
    /// What it defines and uses.
    pub objects: &'o Objects<'a>,
}
