//! The configuration store: global lines and blocks, in the order the router prints them.
//!
//! Knows how lines replace each other and how they are removed, not what they mean.

use std::collections::{BTreeMap, HashMap};

use crate::grammar::Sub;

/// Where a line is among its neighbours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    rank: u16,
    name: String,
    head: bool,
    number: u64,
}

/// One kept line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What another line must have in common to replace this one.
    pub key: String,
    /// The line as printed.
    pub text: String,
}

/// Lines in printed order.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    lines: BTreeMap<Order, Line>,
    index: HashMap<(u16, String), Order>,
    counter: u64,
}

/// Entries that carry their own number come before those that only follow the order of entry.
const UNNUMBERED: u64 = 1 << 40;

impl Lines {
    /// Keeps a line; one with the same rank and key is replaced in place.
    pub fn put(&mut self, rank: u16, key: &str, text: String) {
        self.insert(Placement { rank, name: "", head: false, number: None }, key, text);
    }

    /// Keeps a line of a named list, `number` being its own sequence number.
    pub fn insert(&mut self, at: Placement<'_>, key: &str, text: String) {
        let line = Line { key: key.to_owned(), text };
        let known = (at.rank, key.to_owned());
        if let Some(order) = self.index.get(&known) {
            self.lines.insert(order.clone(), line);
            return;
        }
        self.counter += 1;
        let order = Order {
            rank: at.rank,
            name: at.name.to_owned(),
            head: !at.head,
            number: at.number.unwrap_or(UNNUMBERED + self.counter),
        };
        self.index.insert(known, order.clone());
        self.lines.insert(order, line);
    }

    /// The line with this key.
    pub fn get(&self, rank: u16, key: &str) -> Option<&str> {
        let order = self.index.get(&(rank, key.to_owned()))?;
        self.lines.get(order).map(|line| line.text.as_str())
    }

    /// Removes what `keep` refuses and says how many lines went.
    pub fn remove(&mut self, rank: u16, gone: impl Fn(&Line) -> bool) -> usize {
        let orders: Vec<Order> =
            self.lines.iter().filter(|(o, line)| o.rank == rank && gone(line)).map(|(o, _)| o.clone()).collect();
        for order in &orders {
            if let Some(line) = self.lines.remove(order) {
                self.index.remove(&(rank, line.key));
            }
        }
        orders.len()
    }

    /// Removes what `gone` says, whatever its rank.
    pub fn remove_all(&mut self, gone: impl Fn(&Line) -> bool) {
        self.lines.retain(|_, line| !gone(line));
        let lines = &self.lines;
        self.index.retain(|_, order| lines.contains_key(order));
    }

    /// Removes the one line with this key.
    pub fn remove_key(&mut self, rank: u16, key: &str) -> bool {
        match self.index.remove(&(rank, key.to_owned())) {
            Some(order) => self.lines.remove(&order).is_some(),
            None => false,
        }
    }

    /// All lines with their ranks.
    pub fn iter(&self) -> impl Iterator<Item = (u16, &str)> {
        self.lines.iter().map(|(order, line)| (order.rank, line.text.as_str()))
    }

    /// The lines of one rank.
    pub fn of(&self, rank: u16) -> impl Iterator<Item = &str> {
        self.iter().filter(move |(at, _)| *at == rank).map(|(_, text)| text)
    }

    /// Whether any line reads so.
    pub fn has(&self, text: &str) -> bool {
        self.iter().any(|(_, line)| line == text)
    }
}

/// Where a new line goes.
#[derive(Debug, Clone, Copy)]
pub struct Placement<'a> {
    /// The rank of its command.
    pub rank: u16,
    /// The list it belongs to; lists are printed by name.
    pub name: &'a str,
    /// Whether it comes before the entries of its list.
    pub head: bool,
    /// Its own sequence number.
    pub number: Option<u64>,
}

/// A block with its own submode.
#[derive(Debug, Clone)]
pub struct Block {
    /// Which submode.
    pub sub: Sub,
    /// Its opening line.
    pub header: String,
    /// Its name, the last words of the opening line.
    pub name: String,
    /// Its lines.
    pub lines: Lines,
    /// Its inner blocks.
    pub inner: Vec<Block>,
    /// Whether it is shut down; meaningful for interfaces and devices.
    pub shut: bool,
}

impl Block {
    /// An empty block.
    pub fn new(sub: Sub, header: String, name: String) -> Self {
        let always_up = name.starts_with("Loopback") || name.starts_with("Null");
        let shut = (sub == Sub::Interface && !always_up) || name == "USB0";
        Self { sub, header, name, lines: Lines::default(), inner: Vec::new(), shut }
    }

    /// The address line, when there is one.
    pub fn address(&self) -> Option<&str> {
        self.lines.get(10, "ip address")
    }
}

/// A whole configuration.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The lines of global mode.
    pub lines: Lines,
    /// The blocks, in order of creation.
    pub blocks: Vec<Block>,
}

impl Config {
    /// The block of a submode by its header.
    pub fn block(&self, sub: Sub, header: &str) -> Option<&Block> {
        self.blocks.iter().find(|b| b.sub == sub && b.header == header)
    }

    /// An interface by name.
    pub fn interface(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|b| b.sub == Sub::Interface && b.name == name)
    }

    /// A device by name.
    pub fn device(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|b| b.sub == Sub::Device && b.name == name)
    }

    /// The host name in the prompt.
    pub fn hostname(&self) -> &str {
        self.lines.get(11, "hostname").and_then(|line| line.split(' ').nth(1)).unwrap_or("Router")
    }
}
