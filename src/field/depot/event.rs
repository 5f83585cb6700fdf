//! What happens in a depot, and what is to be done because of it.

use crate::field::{Outgoing, Problem};
use crate::inventory::ConsoleHere;
use crate::run::{BoxSeen, Exit, LookRequest, MachineFinding};
use crate::state::Verdict;
use crate::transport::serial::Port;

/// Something that happened.
#[derive(Debug)]
pub enum DepotEvent {
    /// The ports that consoles may be on, and what is in the way of a cable on this machine.
    Ports {
        /// The ports.
        ports: Vec<Port>,
        /// What is in the way.
        trouble: Vec<MachineFinding>,
    },
    /// A moment has passed: as long as the ports of the machine are looked at anew.
    Tick,
    /// A box says who it is.
    Seen {
        /// The look that asked it.
        look: u64,
        /// What it says.
        seen: Box<BoxSeen>,
    },
    /// A box could not be asked.
    NotSeen {
        /// The look that tried.
        look: u64,
        /// Why.
        problem: Problem,
        /// Only because a save may be running somewhere, during which nothing is typed.
        save_may_run: bool,
    },
    /// A line was typed, or scanned: a scanner types, and ends with Return.
    Typed(String),
    /// Nothing more will be typed.
    NoMoreInput,
    /// The program was asked to stop: nothing begins any more, and what is in progress ends safely.
    Stopping,
    /// A line of progress.
    Said(String),
    /// What will be sent to a router is known.
    Planned {
        /// The router.
        router: String,
        /// The length of each line, in bytes.
        lengths: Vec<usize>,
    },
    /// A line of that goes out.
    Sending {
        /// The router.
        router: String,
        /// The line.
        line: Outgoing,
    },
    /// No more of them do: what follows takes another time, which is not known.
    Sent {
        /// The router.
        router: String,
    },
    /// A router's part is over.
    Ended {
        /// The router.
        router: String,
        /// How.
        end: BoxEnd,
    },
}

/// How a router's part ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxEnd {
    /// What it means for the router.
    pub verdict: Verdict,
    /// In one line, which need not name the router.
    pub brief: String,
    /// What else must be known: what to do with this box. Empty where nothing must.
    pub advice: String,
}

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DepotOrder {
    /// Ask a box who it is.
    Look(LookOrder),
    /// Bring a router to what the playbook wants.
    Deploy(DeployOrder),
    /// Say a line to the person.
    Say(String),
    /// The day is over: nothing is in progress.
    Leave(Exit),
}

/// Whom to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookOrder {
    /// Its number: the answer has it, too, so that an answer which comes late is told from the one that is waited for.
    pub look: u64,
    /// What is asked.
    pub request: LookRequest,
}

/// Which router is deployed, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployOrder {
    /// The router.
    pub router: String,
    /// The serial number of its box, where a person has said it; nothing where the inventory does.
    pub serial_number: Option<String>,
    /// The console.
    pub console: ConsoleHere,
}

/// A line for the person.
pub(super) fn say(said: impl Into<String>) -> DepotOrder {
    DepotOrder::Say(said.into())
}
