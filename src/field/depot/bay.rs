//! A bay: one console of the depot, and the box that is on it, as far as it is known.

use std::time::Duration;

use crate::field::pace::{Outgoing, Pace};
use crate::ix::Identity;

/// Ticks after which a port is looked at again at which nothing answered.
pub(super) const SOON: u32 = 4;
/// Ticks after which a box that waits for something is looked at again: another one may be there.
pub(super) const LATER: u32 = 20;

/// One console.
#[derive(Debug)]
pub(super) struct Bay {
    /// The port's name.
    pub port: String,
    /// The console's speed in bit/s.
    pub speed: u32,
    /// What is on it.
    pub at: At,
    /// What was said last about trouble with it: it is said once.
    pub told: Option<String>,
    /// Why it is looked at next.
    wanted: Why,
    /// The lines that its router is sent.
    pace: Pace,
    /// How long the rest of them takes, while they go out.
    pub left: Option<Duration>,
}

/// Why a box is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Why {
    /// It is time.
    #[default]
    Due,
    /// A person says so.
    Again,
    /// The same, and that the console may be set to another speed.
    AnySpeed,
    /// A person says which router it is: its login may be typed.
    IsRouter {
        /// The router's place in the list.
        router: usize,
        /// The look was asked for that found out that a login is needed: a router that failed is tried again.
        again: bool,
    },
}

impl Why {
    /// Whether a router that failed is tried again where its box is found: a person has said so.
    pub fn tries_again(self, router: usize) -> bool {
        match self {
            Self::Again | Self::AnySpeed => true,
            Self::IsRouter { router: said, again } => again && said == router,
            Self::Due => false,
        }
    }
}

/// What is on a console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum At {
    /// The port is not there.
    Gone {
        /// The box that was on it, where it is left alone until a person says otherwise: it may come back with the port.
        left_alone: Option<Resident>,
    },
    /// The box is asked who it is.
    Looking {
        /// The number of the look.
        look: u64,
        /// The box that was there when it was asked; nothing where that is not known.
        before: Option<Resident>,
        /// Why it is asked.
        why: Why,
    },
    /// Nothing answers, or it could not be asked.
    Resting {
        /// Ticks until it is asked again.
        ticks: u32,
    },
    /// A box is there and nothing is done with it now.
    Occupied {
        /// Which.
        by: Resident,
        /// Ticks until it is asked again; nothing where it is left alone until a person says otherwise.
        ticks: Option<u32>,
    },
    /// A router is being deployed.
    UnderWay {
        /// Its place in the list.
        place: usize,
        /// The serial number of its box.
        serial_number: String,
        /// The port is there. Where it is not, the session itself waits for the cable.
        is_there: bool,
    },
}

/// A box that is on a console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resident {
    /// No router of the list has its serial number.
    NotOnList(Identity),
    /// It asks for a login, and no one has said which router it is.
    AsksLogin {
        /// A person asked for the look that found that out.
        again: bool,
    },
    /// There is nothing more to do with it: it can be taken away.
    Over {
        /// Its serial number.
        serial_number: String,
    },
}

impl Resident {
    /// Whether a box that shows this serial number is the one that was there.
    pub fn is(&self, serial_number: &str) -> bool {
        match self {
            Self::NotOnList(identity) => identity.serial_number() == serial_number,
            Self::Over { serial_number: known } => known == serial_number,
            Self::AsksLogin { .. } => false,
        }
    }
}

impl Bay {
    /// A console that is there, and has not been looked at.
    pub fn new(port: String, speed: u32) -> Self {
        Self {
            port,
            speed,
            at: At::Resting { ticks: 0 },
            told: None,
            wanted: Why::Due,
            pace: Pace::default(),
            left: None,
        }
    }

    /// A moment passes; why it is to be looked at now, where it is.
    pub fn tick(&mut self) -> Option<Why> {
        match &mut self.at {
            At::Resting { ticks } | At::Occupied { ticks: Some(ticks), .. } => {
                *ticks = ticks.saturating_sub(1);
                (*ticks == 0).then_some(self.wanted)
            }
            At::Gone { .. } | At::Looking { .. } | At::Occupied { ticks: None, .. } | At::UnderWay { .. } => None,
        }
    }

    /// The port is not there any more; whether it was until now.
    pub fn unplug(&mut self) -> bool {
        (self.told, self.wanted) = (None, Why::Due);
        let left_alone = match &mut self.at {
            At::UnderWay { is_there, .. } => return std::mem::replace(is_there, false),
            At::Gone { .. } => return false,
            At::Occupied { by, ticks: None } => Some(by.clone()),
            At::Looking { .. } | At::Resting { .. } | At::Occupied { .. } => None,
        };
        self.at = At::Gone { left_alone };
        true
    }

    /// The port is there; whether it has come back and its box is left alone.
    pub fn plug(&mut self) -> bool {
        match &mut self.at {
            At::UnderWay { is_there, .. } => *is_there = true,
            At::Gone { left_alone } => match left_alone.take() {
                Some(by) => {
                    self.at = At::Occupied { by, ticks: None };
                    return true;
                }
                None => self.at = At::Resting { ticks: 0 },
            },
            At::Looking { .. } | At::Resting { .. } | At::Occupied { .. } => {}
        }
        false
    }

    /// Its box is asked who it is. What was known of it is kept until it answers.
    pub fn begin_look(&mut self, look: u64, why: Why) {
        let before = match &self.at {
            At::Occupied { by, .. } => Some(by.clone()),
            _ => None,
        };
        (self.at, self.wanted) = (At::Looking { look, before, why }, Why::Due);
    }

    /// A look had to wait: what is on it is as it was before, and it is looked at soon for the same reason.
    pub fn look_soon(&mut self, before: Option<Resident>, why: Why) {
        self.wanted = why;
        self.at = match before {
            Some(by) => At::Occupied { by, ticks: Some(SOON) },
            None => At::Resting { ticks: SOON },
        };
    }

    /// A router of the list is deployed on its box from now on.
    pub fn begin_work(&mut self, router: usize, serial_number: String) {
        (self.pace, self.left) = (Pace::default(), None);
        self.at = At::UnderWay { place: router, serial_number, is_there: true };
    }

    /// What is sent to the router on it has these lengths.
    pub fn plan(&mut self, lengths: Vec<usize>) {
        (self.pace, self.left) = (Pace::new(lengths, self.speed), None);
    }

    /// A line goes out to the router on it; or none does any more.
    pub fn send(&mut self, line: Option<Outgoing>) {
        self.left = line.and_then(|line| self.pace.left(line));
    }

    /// The router on it has come to its end: nothing more is typed into a box that is `left_alone`, also where its port comes back.
    pub fn end(&mut self, left_alone: bool) {
        let At::UnderWay { serial_number, is_there, .. } = &self.at else { return };
        self.left = None;
        let by = Resident::Over { serial_number: serial_number.clone() };
        self.at = match is_there {
            true => At::Occupied { by, ticks: (!left_alone).then_some(LATER) },
            false => At::Gone { left_alone: left_alone.then_some(by) },
        };
    }

    /// Whether its port is not there.
    pub fn is_gone(&self) -> bool {
        matches!(self.at, At::Gone { .. })
    }

    /// Whether this router of the list is in progress on it.
    pub fn works_on(&self, router: usize) -> bool {
        matches!(self.at, At::UnderWay { place, .. } if place == router)
    }

    /// Whether something is going on at it.
    pub fn is_busy(&self) -> bool {
        matches!(self.at, At::Looking { .. } | At::UnderWay { .. })
    }

    /// The box that waits on it for a person, with what it says it is.
    pub fn not_on_list(&self) -> Option<&Identity> {
        match &self.at {
            At::Occupied { by: Resident::NotOnList(identity), .. } => Some(identity),
            _ => None,
        }
    }

    /// Whether a box waits on it for its login, and if so, whether a person had asked for the look that found that out.
    pub fn asks_login(&self) -> Option<bool> {
        match self.at {
            At::Occupied { by: Resident::AsksLogin { again }, .. } => Some(again),
            _ => None,
        }
    }
}
