//! What happens on a visit, and what is to be done because of it.

use super::pace::Outgoing;
use super::person::Needed;
use crate::dialect::model::Model;
use crate::inventory::ConsoleHere;
use crate::ix::ports::{PortUse, SeenLink};
use crate::message::Text;
use crate::run::{BoxSeen, Exit, LookRequest, MachineFinding};
use crate::transport::serial::Port;

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// The ports that a console may be on, and what is in the way of a cable on this machine.
    Ports {
        /// The ports.
        ports: Vec<Port>,
        /// What is in the way.
        trouble: Vec<MachineFinding>,
    },
    /// The engineer typed a key, or a line.
    Typed(String),
    /// The engineer wants to stop.
    Stop,
    /// No one answers any more: the terminal is gone, or the question was left.
    LeftAlone,
    /// The program was asked to stop, here or from outside: nothing begins any more.
    Stopping,
    /// What follows from that, and how long it takes.
    Told(String),
    /// The box says who it is.
    Seen(Box<BoxSeen>),
    /// It could not be asked.
    NotSeen(Problem),
    /// A plan was made.
    Planned(PlanShown),
    /// What the next question is about, in brief.
    Summed(String),
    /// A question came up.
    Asked(Asked),
    /// A line for the engineer.
    Said(String),
    /// A line that is to be read before the question is answered.
    Warned(String),
    /// A line of the plan goes out.
    Sending(Outgoing),
    /// A check has shown these links.
    Links(Vec<SeenLink>),
    /// The router's part is over.
    Ended(End),
}

/// Why a box could not be asked who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What happened.
    pub text: Text,
    /// What to do.
    pub hints: Vec<Text>,
    /// Nothing readable came.
    pub is_silent: bool,
    /// It asks for a login, and it is not known yet which router it is.
    pub asks_for_login: bool,
    /// It takes none of the passwords that are known.
    pub refuses_login: bool,
}

/// A plan as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanShown {
    /// The whole of it: what changes, and every command.
    pub text: String,
    /// The model of the router.
    pub model: Option<&'static Model>,
    /// Which interface is for what once it is carried out.
    pub ports: Vec<PortUse>,
    /// The length of each command, in bytes.
    pub lengths: Vec<usize>,
}

/// A question that comes up while a router is worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its words.
    pub question: String,
    /// How it is answered.
    pub answering: Answering,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answering {
    /// Whether the change is made: the one question, with the plan behind it.
    Change,
    /// Yes or no.
    YesNo,
    /// A line. The empty one agrees to nothing.
    Line,
    /// A secret, which does not come through here: that something was typed is all that the visit is told.
    Secret,
    /// So many tests from the laptop have not all passed: they are made again, a person says how one ended, or they are left as they are.
    HandOver {
        /// How many.
        tests: usize,
    },
    /// Required checks failed: they are repeated, or a reason is given to save all the same, or the change is undone.
    FailedChecks,
}

/// How a router ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct End {
    /// The router; nothing where it did not come to one.
    pub router: Option<String>,
    /// How, and what to do next.
    pub text: String,
    /// The same in a line or two: its state, and what is to be done now.
    pub brief: String,
    /// How the program ends because of it.
    pub exit: Exit,
    /// It is known which box it is: only then is the router done.
    pub is_proven: bool,
    /// Of one that is not known so: it is the box that was saved last under this name.
    pub is_of_last_save: bool,
    /// Only its line was to be looked at, by lines that are taken back.
    pub is_look: bool,
    /// Where a person is needed: what comes before the text.
    pub needed: Option<Box<Needed>>,
}

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Ask the box who it is.
    Look(LookRequest),
    /// Bring this router to what the playbook wants, over this console.
    Deploy {
        /// The router.
        router: String,
        /// The console.
        console: ConsoleHere,
    },
    /// Bring the new box at this console to what the old one of this router ran.
    Swap {
        /// The router.
        router: String,
        /// The console.
        console: ConsoleHere,
    },
    /// Look at this router's line by lines that are entered for that, and taken back, over this console.
    Probe {
        /// The router.
        router: String,
        /// The console.
        console: ConsoleHere,
    },
    /// Answer the question that is open.
    Answer(String),
    /// Ctrl-C was pressed: what is in progress stops safely, and another press leaves it.
    Stop,
    /// The visit is over.
    Leave(Exit),
}
