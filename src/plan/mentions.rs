//! Interfaces named by a line that is unknown or known only by its first words: it is entered after them, and removed before
//! them.
//!
//! This is a preference and never a need: whether the line means them is not known. What the table says about a line's references
//! is a need, and is not looked at here.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::build::Builder;
use super::unit::{Resource, Unit};
use crate::dialect::grammar::words;
use crate::dialect::model::looks_like_interface;
use crate::ix::Node;

/// An interface that a unit's lines name.
pub(super) struct Mention {
    unit: usize,
    /// The interface, as an object.
    object: Arc<str>,
}

impl<'a> Builder<'a> {
    /// Takes note of the interfaces that lines of a unit name.
    pub(super) fn mentions(&mut self, unit: usize, old: Option<&Node>, new: Option<&Node>) {
        for (node, mentions) in [(new, &mut self.named), (old, &mut self.released)] {
            node.into_iter().for_each(|node| collect(unit, node, mentions));
        }
    }

    /// Pairs of units: who brings a named interface into being before who names it, and who names it no longer before it goes.
    pub(super) fn around_mentions(&self) -> Vec<(usize, usize)> {
        let by = |of: for<'u> fn(&'u Unit<'a>) -> &'u Vec<Resource>| {
            let mut found: HashMap<&Arc<str>, Vec<usize>> = HashMap::new();
            for (index, unit) in self.units.iter().enumerate() {
                for resource in of(unit) {
                    if let Resource::Object(id) | Resource::Group(id) = resource {
                        found.entry(id).or_default().push(index);
                    }
                }
            }
            found
        };
        let mut pairs = Vec::new();
        if !self.named.is_empty() {
            let makers = by(|unit| &unit.provides);
            for Mention { unit, object } in &self.named {
                pairs.extend(makers.get(object).into_iter().flatten().map(|maker| (*maker, *unit)));
            }
        }
        if !self.released.is_empty() {
            let takers = by(|unit| &unit.drops);
            for Mention { unit, object } in &self.released {
                pairs.extend(takers.get(object).into_iter().flatten().map(|taker| (*unit, *taker)));
            }
        }
        pairs
    }
}

fn collect(unit: usize, node: &Node, mentions: &mut Vec<Mention>) {
    if node.row.as_ref().is_none_or(|row| row.family) {
        let names = words(&node.text).into_iter().filter(|word| looks_like_interface(word));
        mentions.extend(names.map(|name| Mention { unit, object: format!("interface:{name}").into() }));
    }
    node.children.iter().for_each(|line| collect(unit, line, mentions));
}
