//! The routers of the day: which box each is, and how far each is. Every router is counted once.

use super::event::BoxEnd;
use crate::run::{Candidate, Exit};
use crate::state::Verdict;

/// The routers of the day.
#[derive(Debug)]
pub(super) struct List {
    routers: Vec<Listed>,
}

/// A router of the day.
#[derive(Debug)]
pub(super) struct Listed {
    /// What the inventory and the journal know of it.
    pub candidate: Candidate,
    /// The serial number of its box, as a person has said it.
    assigned: Option<String>,
    /// How far it is.
    pub part: Part,
}

impl Listed {
    /// The serial number of its box, as far as that is said.
    pub fn serial_number(&self) -> Option<&str> {
        self.candidate.declared.serial_number.as_deref().or(self.assigned.as_deref())
    }

    /// The same where a person has said it, and not the inventory.
    pub fn said_by_person(&self) -> Option<&str> {
        self.assigned.as_deref().filter(|_| self.candidate.declared.serial_number.is_none())
    }
}

/// How far a router is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Its box has not been met.
    Waiting,
    /// It is being deployed.
    UnderWay,
    /// It is done.
    Done {
        /// By this depot, and not by an earlier run of the day.
        here: bool,
    },
    /// It failed: how, and what to do with its box.
    Failed(BoxEnd),
}

/// What is done with a box of this serial number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// It is this router, which can begin.
    Begin(usize),
    /// No router of the list has it.
    NotOnList,
    /// It is this router, whose box is being deployed at another console.
    Twin(usize),
    /// It is this router, which is done.
    Done(usize),
    /// It is this router, which failed, and whose state is proven.
    Failed(usize),
    /// It is this router, which needs a person before anything is done to it again.
    NeedsPerson(usize),
}

/// Why a router and a serial number do not belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoPair {
    /// The serial number is another router's.
    Other(usize),
    /// The inventory says another serial number of the router.
    Declared,
    /// The router is being deployed, or is done.
    Begun,
}

/// How many routers of the list are how far; together they are all of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counter {
    /// Saved, and proven.
    pub done: usize,
    /// Being deployed.
    pub under_way: usize,
    /// Failed; each has its reason.
    pub failed: usize,
    /// Their boxes have not been met.
    pub waiting: usize,
}

impl List {
    /// Those that may come today.
    pub fn new(candidates: Vec<Candidate>) -> Self {
        let listed = |candidate: Candidate| Listed {
            part: if candidate.is_done_today { Part::Done { here: false } } else { Part::Waiting },
            assigned: None,
            candidate,
        };
        Self { routers: candidates.into_iter().map(listed).collect() }
    }

    pub fn all(&self) -> &[Listed] {
        &self.routers
    }

    pub fn get(&self, place: usize) -> Option<&Listed> {
        self.routers.get(place)
    }

    /// The place of a router by its name.
    pub fn named(&self, router: &str) -> Option<usize> {
        self.routers.iter().position(|one| one.candidate.router == router)
    }

    /// The place of the router that a serial number is said to be.
    pub fn with_serial(&self, serial_number: &str) -> Option<usize> {
        self.routers.iter().position(|one| one.serial_number() == Some(serial_number))
    }

    /// What is done with a box that shows this serial number.
    pub fn judge(&self, serial_number: &str) -> Judged {
        let Some(place) = self.with_serial(serial_number) else { return Judged::NotOnList };
        match self.routers.get(place).map(|one| &one.part) {
            Some(Part::UnderWay) => Judged::Twin(place),
            Some(Part::Done { here: true }) => Judged::Done(place),
            Some(Part::Failed(end)) if end.verdict == Verdict::NeedsPerson => Judged::NeedsPerson(place),
            Some(Part::Failed(_)) => Judged::Failed(place),
            // One that an earlier run has saved is read again: where nothing is to be changed, nothing is.
            _ => Judged::Begin(place),
        }
    }

    /// Whether a router may get this serial number.
    pub fn may_pair(&self, place: usize, serial_number: &str) -> Result<(), NoPair> {
        if let Some(other) = self.with_serial(serial_number).filter(|other| *other != place) {
            return Err(NoPair::Other(other));
        }
        let Some(one) = self.routers.get(place) else { return Err(NoPair::Declared) };
        if one.candidate.declared.serial_number.as_deref().is_some_and(|declared| declared != serial_number) {
            return Err(NoPair::Declared);
        }
        match one.part {
            Part::UnderWay | Part::Done { here: true } => Err(NoPair::Begun),
            Part::Waiting | Part::Done { here: false } | Part::Failed(_) => Ok(()),
        }
    }

    /// A person has said which box a router is.
    pub fn pair(&mut self, place: usize, serial_number: String) {
        if let Some(one) = self.routers.get_mut(place) {
            one.assigned = Some(serial_number);
        }
    }

    pub fn set(&mut self, place: usize, part: Part) {
        if let Some(one) = self.routers.get_mut(place) {
            one.part = part;
        }
    }

    pub fn counter(&self) -> Counter {
        let mut counter = Counter::default();
        for one in &self.routers {
            *match one.part {
                Part::Waiting => &mut counter.waiting,
                Part::UnderWay => &mut counter.under_way,
                Part::Done { .. } => &mut counter.done,
                Part::Failed(_) => &mut counter.failed,
            } += 1;
        }
        counter
    }

    /// How the program ends: by the worst of the routers. One that is left is not done.
    pub fn exit(&self) -> Exit {
        let verdict = |one: &Listed| match &one.part {
            Part::Done { .. } => Verdict::Done,
            Part::Waiting | Part::UnderWay => Verdict::NotDone,
            Part::Failed(end) => end.verdict,
        };
        self.routers.iter().map(verdict).max().map_or(Exit::Done, Exit::from)
    }
}
