//! The pieces a plan is put together from: steps that must follow each other without a gap, and what they need from others.

use std::cmp::Reverse;
use std::sync::Arc;

use super::lifeline_guard::LifelineGuard;
use super::state::removal;
use crate::dialect::grammar::{CommandKind, Row};
use crate::ix::Node;
use crate::ix::place::Place;

/// The headers of the blocks a line is typed in, from the outermost; empty for the global mode.
pub type Section = Arc<[Arc<str>]>;

/// The section inside this one that a header opens.
pub fn section_inside(section: &Section, header: &Node) -> Section {
    section.iter().cloned().chain([header.text.clone()]).collect()
}

/// A line and the section it is typed in; both are shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Where.
    pub section: Section,
    /// What.
    pub text: Arc<str>,
}

/// One line to type, with what undoes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The line.
    pub line: Placed,
    /// What undoes it; empty where only the inverse of the block around it does.
    pub inverse: Vec<Placed>,
    /// The step before has the same inverse, which undoes both.
    pub covered: bool,
    /// No line can undo it, or not at once.
    pub irreversible: bool,
    /// Takes effect after a restart.
    pub restart: bool,
    /// May cut our session.
    pub may_cut: bool,
    /// Belongs to the lifeline.
    pub lifeline: bool,
    /// How it can open or close a path beside the filters, if it can.
    pub path: Option<Path>,
    /// Must not share a window with other lines.
    pub alone: bool,
    /// Holds a secret or a reference to one.
    pub secret: bool,
    /// The grammar does not know it.
    pub unrecognised: bool,
    /// What stops from this line to a later one.
    pub gap: Option<Box<Gap>>,
    /// Something of its section that stopped at an earlier line is back.
    pub back: bool,
}

/// Traffic that both configurations pass, and that stops for some lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What is missing meanwhile.
    pub what: Outage,
    /// Where.
    pub place: String,
    /// How many steps of the unit follow until it is back; none if a step of another unit restores it: the next one of the same
    /// section that says so.
    pub steps: Option<usize>,
    /// The section of the step, where that is not `place`.
    pub section: Option<String>,
}

/// What is missing during a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// Some filters of a row: what they pass is dropped.
    Filters,
    /// The address of an interface.
    Address,
    /// A whole interface: it is shut.
    Interface,
    /// Nothing, but its ports and its filters do not fit each other.
    Fit,
    /// A whole interface: it is shut, for what it belongs to is exchanged with another.
    Exchange,
    /// The place of one line: the line is removed before another takes its place.
    Line,
}

/// What units wait for each other for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Resource {
    /// An object of the configuration.
    Object(Arc<str>),
    /// What a list holds: there once its entries are final.
    Content(Arc<str>),
    /// What a list held before: gone once its entries are others.
    OldContent(Arc<str>),
    /// The group of switch ports that makes an interface.
    Group(Arc<str>),
    /// An interface that the ports which leave its group have left.
    Left(Arc<str>),
    /// An interface that is in its final form for the ports that join.
    Ready(Arc<str>),
}

/// Steps that stay together.
#[derive(Debug, Clone, Default)]
pub struct Unit<'a> {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The place of the unit if nothing else decides.
    pub order: Order<'a>,
    /// What exists once it is done.
    pub provides: Vec<Resource>,
    /// What it needs.
    pub needs: Vec<Resource>,
    /// What is gone once it is done.
    pub drops: Vec<Resource>,
    /// What it stops using.
    pub frees: Vec<Resource>,
    /// How it changes a row of filters on an interface that stays up.
    pub filters: Option<Filtering>,
}

/// How a row of filters changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filtering {
    /// There was none: less passes than before.
    Begins,
    /// It is another one.
    Changes,
    /// There is no filter any more: everything passes.
    Ends,
}

/// Which part of a path a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// An address of an interface.
    Address,
    /// The VRF of an interface, with its addresses.
    Vrf,
    /// Anything else: a route, a tunnel's other end, a bridge, an unknown line.
    Other,
}

/// What happens to a path besides the filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// Something passes that did not.
    Opens,
    /// Something else passes.
    Moves,
    /// Something does not pass any more.
    Closes,
}

/// When a unit has its turn beside others that do not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum OrderClass {
    /// What watches and goes: before what it watches changes.
    First,
    /// Anything else.
    #[default]
    Usual,
    /// A new watch: once what it watches is in its final form.
    Last,
}

/// The order of units that do not depend on each other: additions and changes as the router lists them, then removals the other
/// way round, what watches at either end of them, and what touches the lifeline after all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Order<'a> {
    lifeline: bool,
    turn: OrderClass,
    last: bool,
    forward: Vec<&'a Place>,
    backward: Reverse<Vec<&'a Place>>,
}

impl<'a> Order<'a> {
    /// Units of one class may go before each other only because their section is open.
    pub fn class(&self) -> (bool, OrderClass, bool) {
        (self.lifeline, self.turn, self.last)
    }

    /// The same place at another turn.
    pub fn at_turn(self, turn: OrderClass) -> Self {
        Self { turn, ..self }
    }

    /// The place of an addition or a change.
    pub fn forward(path: Vec<&'a Place>) -> Self {
        Self { forward: path, ..Self::default() }
    }

    /// The place of a removal.
    pub fn backward(path: Vec<&'a Place>) -> Self {
        Self { last: true, backward: Reverse(path), ..Self::default() }
    }
}

impl<'a> Unit<'a> {
    /// A unit of these steps.
    pub fn new(order: Order<'a>, steps: Vec<Step>) -> Self {
        let mut unit = Self { steps, order, ..Self::default() };
        unit.judge();
        unit
    }

    /// What the unit does to the paths of an interface; nothing where it does not touch any.
    pub fn passage(&self) -> Option<Passage> {
        let is_negated = |line: &Placed| line.text.starts_with("no ");
        let of = |step: &Step| match (is_negated(&step.line), step.inverse.first()) {
            (true, _) => Passage::Closes,
            (false, Some(old)) if !is_negated(old) => Passage::Moves,
            (false, _) => Passage::Opens,
        };
        let mut all = self.steps.iter().filter(|step| step.path.is_some()).map(of);
        let first = all.next()?;
        Some(if all.all(|passage| passage == first) { first } else { Passage::Moves })
    }

    /// Whether one of its steps is about this of a path.
    pub fn is_about(&self, path: Path) -> bool {
        self.steps.iter().any(|step| step.path == Some(path))
    }

    /// Says that something stops from the first step of the unit to its last.
    pub fn gap(&mut self, what: Outage, place: String) {
        let steps = self.steps.len().saturating_sub(1);
        if let Some(first) = self.steps.first_mut() {
            first.gap = Some(Box::new(Gap { what, place, steps: Some(steps), section: None }));
        }
    }

    /// Puts the unit among the last if one of its steps touches the lifeline.
    pub fn judge(&mut self) {
        self.order.lifeline = self.steps.iter().any(|step| step.lifeline);
    }
}

/// Which part of a path the lines of a command are about. Filters, and what opens an interface, are ordered by
/// themselves.
fn path_of(row: &Row) -> Option<Path> {
    match row {
        Row { cuts: false, .. }
        | Row { mgmt: true, .. }
        | Row { up: true, .. }
        | Row { kind: CommandKind::Chain, .. } => None,
        row if !row.deletes.is_empty() => Some(Path::Vrf),
        row if row.address || row.address6 => Some(Path::Address),
        _ => Some(Path::Other),
    }
}

/// Makes steps in one section.
pub struct Maker<'a> {
    /// The lifeline to judge lines by.
    pub watch: &'a LifelineGuard<'a>,
    /// The blocks around the lines.
    pub path: &'a [&'a Node],
    /// Their headers.
    pub section: &'a Section,
}

impl Maker<'_> {
    /// A line made by us, judged like `node`, with what undoes it.
    pub fn line(&self, node: &Node, text: Arc<str>, inverse: Vec<Arc<str>>) -> Step {
        let row = node.row.as_ref();
        Step {
            line: Placed { section: self.section.clone(), text },
            irreversible: inverse.is_empty(),
            covered: false,
            inverse: inverse.into_iter().map(|text| Placed { section: self.section.clone(), text }).collect(),
            restart: row.is_some_and(|row| row.restart),
            may_cut: self.watch.may_be_cut_by(self.path, node),
            lifeline: self.watch.carried_by(self.path, node),
            path: row.map_or(Some(Path::Other), |row| path_of(row)),
            alone: row.is_none_or(|row| row.mgmt || row.kind == CommandKind::Block || !row.deletes.is_empty()),
            secret: row.is_none_or(|row| row.may_hold_secret()) && super::state::may_hold_secret(node),
            unrecognised: row.is_none(),
            gap: None,
            back: false,
        }
    }

    /// Enters a line.
    pub fn add(&self, node: &Node) -> Step {
        self.line(node, node.text.clone(), removal(node).into_iter().map(Arc::from).collect())
    }

    /// Enters a line that another step's inverse undoes.
    pub fn add_covered(&self, node: &Node) -> Step {
        Step { irreversible: false, ..self.line(node, node.text.clone(), Vec::new()) }
    }

    /// Takes a line away; nothing where no line can. With a block go its lines.
    pub fn remove(&self, node: &Node) -> Option<Step> {
        let mut step = self.line(node, removal(node)?.into(), vec![node.text.clone()]);
        let inside: Vec<&Node> = self.path.iter().copied().chain([node]).collect();
        step.may_cut |= node.children.iter().any(|line| self.watch.may_be_cut_by(&inside, line));
        Some(step)
    }

    /// Enters a line that replaces another.
    pub fn replace(&self, old: &Node, new: &Node) -> Step {
        let step = self.line(new, new.text.clone(), vec![old.text.clone()]);
        // The removed line may be what our session depends on, whatever replaces it.
        Step {
            may_cut: step.may_cut || self.watch.may_be_cut_by(self.path, old),
            lifeline: step.lifeline || self.watch.carried_by(self.path, old),
            ..step
        }
    }
}
