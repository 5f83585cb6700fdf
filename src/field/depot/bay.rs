//! A bay: one console of the depot, and the box that is on it, as far as it is known.

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
}

/// What is on a console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum At {
    /// The port is not there.
    Gone,
    /// The box is asked who it is.
    Looking {
        /// The number of the look.
        look: u64,
        /// The box that was there when it was asked; nothing where that is not known.
        before: Option<Resident>,
        /// A person has asked for it.
        by_person: bool,
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
        /// The session has lost the box, and waits for it.
        is_lost: bool,
    },
}

/// A box that is on a console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resident {
    /// No router of the list has its serial number.
    NotOnList(Identity),
    /// It asks for a login, and no one has said which router it is.
    AsksLogin,
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
            Self::AsksLogin => false,
        }
    }
}

impl Bay {
    /// A console that is there, and has not been looked at.
    pub fn new(port: String, speed: u32) -> Self {
        Self { port, speed, at: At::Resting { ticks: 0 }, told: None }
    }

    /// A moment passes; whether it is to be looked at now.
    pub fn tick(&mut self) -> bool {
        match &mut self.at {
            At::Resting { ticks } | At::Occupied { ticks: Some(ticks), .. } => {
                *ticks = ticks.saturating_sub(1);
                *ticks == 0
            }
            At::Gone | At::Looking { .. } | At::Occupied { ticks: None, .. } | At::UnderWay { .. } => false,
        }
    }

    /// The port is not there any more; whether it was until now.
    pub fn unplug(&mut self) -> bool {
        self.told = None;
        match &mut self.at {
            At::UnderWay { is_there, .. } => std::mem::replace(is_there, false),
            at => std::mem::replace(at, At::Gone) != At::Gone,
        }
    }

    /// The port is there.
    pub fn plug(&mut self) {
        match &mut self.at {
            At::UnderWay { is_there, .. } => *is_there = true,
            at @ At::Gone => *at = At::Resting { ticks: 0 },
            At::Looking { .. } | At::Resting { .. } | At::Occupied { .. } => {}
        }
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

    /// Whether a box waits on it for its login.
    pub fn asks_login(&self) -> bool {
        matches!(self.at, At::Occupied { by: Resident::AsksLogin, .. })
    }
}
