//! The pieces a plan is put together from: steps that must follow each other without a gap, and what they need from others.

use std::cmp::Reverse;
use std::sync::Arc;

use super::state::removal;
use super::watch::Watch;
use crate::ix::Node;
use crate::ix::grammar::Kind;
use crate::ix::place::Place;

/// The headers of the blocks a line is typed in, from the outermost; empty for the global mode.
pub type Section = Arc<[String]>;

/// The section inside this one that a header opens.
pub fn section_inside(section: &Section, header: &Node) -> Section {
    section.iter().cloned().chain([header.text.to_string()]).collect()
}

/// A line and the section it is typed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Where.
    pub section: Section,
    /// What.
    pub text: String,
}

/// One line to type, with what takes it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The line.
    pub line: Placed,
    /// What takes it back; empty where only the inverse of the block around it does.
    pub inverse: Vec<Placed>,
    /// The step before has the same inverse, which takes both back.
    pub covered: bool,
    /// No line can take it back, or not at once.
    pub irreversible: bool,
    /// Takes effect after a restart.
    pub restart: bool,
    /// May cut our session.
    pub may_cut: bool,
    /// Belongs to the lifeline.
    pub lifeline: bool,
    /// Must not share a window with other lines.
    pub alone: bool,
    /// Holds a secret or a reference to one.
    pub secret: bool,
    /// The grammar does not know it.
    pub unrecognised: bool,
    /// What stops from this line to a later one.
    pub gap: Option<Gap>,
    /// Something of its section that stopped at an earlier line is back.
    pub back: bool,
}

/// Traffic that both configurations pass, and that stops for some lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What is gone meanwhile.
    pub what: Gone,
    /// Where.
    pub place: String,
    /// How many steps of the unit follow until it is back; none where a step of another unit brings it back.
    pub steps: Option<usize>,
}

/// What is gone during a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// Some filters of a row: what they pass is dropped.
    Filters,
    /// The address of an interface.
    Address,
    /// A whole interface: it is shut.
    Interface,
    /// Nothing, but its ports and its filters do not fit each other.
    Fit,
}

/// Steps that stay together.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Where the unit stands if nothing else decides.
    pub order: Order,
    /// Objects that exist once it is done.
    pub provides: Vec<Arc<str>>,
    /// Objects it needs.
    pub needs: Vec<Arc<str>>,
    /// Objects that are gone once it is done.
    pub drops: Vec<Arc<str>>,
    /// Objects it stops using.
    pub frees: Vec<Arc<str>>,
}

/// The order of units that do not depend on each other: additions and changes as the router lists them, then removals the other
/// way round, and what touches the lifeline after both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Order {
    lifeline: bool,
    last: bool,
    forward: Vec<Place>,
    backward: Reverse<Vec<Place>>,
}

impl Order {
    /// Units of one class may go before each other only because their section is open.
    pub fn class(&self) -> (bool, bool) {
        (self.lifeline, self.last)
    }

    /// The place of an addition or a change.
    pub fn forward(path: &[Place]) -> Self {
        Self { forward: path.to_vec(), ..Self::default() }
    }

    /// The place of a removal.
    pub fn backward(path: &[Place]) -> Self {
        Self { last: true, backward: Reverse(path.to_vec()), ..Self::default() }
    }
}

impl Unit {
    /// A unit of these steps.
    pub fn new(order: Order, steps: Vec<Step>) -> Self {
        let mut unit = Self { steps, order, ..Self::default() };
        unit.judge();
        unit
    }

    /// Says that something stops from the first step of the unit to its last.
    pub fn gap(&mut self, what: Gone, place: String) {
        let steps = self.steps.len().saturating_sub(1);
        if let Some(first) = self.steps.first_mut() {
            first.gap = Some(Gap { what, place, steps: Some(steps) });
        }
    }

    /// Puts the unit among the last if one of its steps touches the lifeline.
    pub fn judge(&mut self) {
        self.order.lifeline = self.steps.iter().any(|step| step.lifeline);
    }
}

/// Makes steps in one section.
pub struct Maker<'a> {
    /// The lifeline to judge lines by.
    pub watch: &'a Watch<'a>,
    /// The blocks around the lines.
    pub path: &'a [&'a Node],
    /// Their headers.
    pub section: &'a Section,
}

impl Maker<'_> {
    fn step(&self, node: &Node, text: String, inverse: Vec<String>) -> Step {
        let row = node.row.as_ref();
        Step {
            line: Placed { section: self.section.clone(), text },
            irreversible: inverse.is_empty(),
            covered: false,
            inverse: inverse.into_iter().map(|text| Placed { section: self.section.clone(), text }).collect(),
            restart: row.is_some_and(|row| row.restart),
            may_cut: self.watch.may_be_cut_by(self.path, node),
            lifeline: self.watch.carried_by(self.path, node),
            alone: row.is_none_or(|row| row.mgmt || row.kind == Kind::Block || !row.deletes.is_empty()),
            secret: row.is_none_or(|row| row.secret.is_some()) && super::state::may_hold_secret(node),
            unrecognised: row.is_none(),
            gap: None,
            back: false,
        }
    }

    /// Enters a line.
    pub fn add(&self, node: &Node) -> Step {
        self.step(node, node.text.to_string(), removal(node).into_iter().collect())
    }

    /// Enters a line that another step's inverse takes back.
    pub fn add_covered(&self, node: &Node) -> Step {
        Step { irreversible: false, ..self.step(node, node.text.to_string(), Vec::new()) }
    }

    /// Takes a line away; nothing where no line can.
    pub fn remove(&self, node: &Node) -> Option<Step> {
        Some(self.step(node, removal(node)?, vec![node.text.to_string()]))
    }

    /// Enters a line that replaces another.
    pub fn replace(&self, old: &Node, new: &Node) -> Step {
        let step = self.step(new, new.text.to_string(), vec![old.text.to_string()]);
        // What goes may be what our session stands on, whatever comes.
        Step {
            may_cut: step.may_cut || self.watch.may_be_cut_by(self.path, old),
            lifeline: step.lifeline || self.watch.carried_by(self.path, old),
            ..step
        }
    }

    /// A line made by us, judged like `like`.
    pub fn line(&self, like: &Node, text: &str, inverse: &[String]) -> Step {
        self.step(like, text.to_owned(), inverse.to_vec())
    }
}
