//! Everything that can be observed during a run, as one enum.
//!
//! The screen, the log, JSON lines and the report are its readers and none of them learns anything another way. An event holds
//! no secret: lines come masked, refused lines that hold a secret come by their number alone.

use serde::Serialize;

use crate::message::Text;
use crate::state::State;

/// What a router is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Awaited {
    /// Its cable was pulled out of our machine.
    Cable,
    /// Its console says nothing any more.
    Console,
    /// Its session over a network is gone.
    Session,
    /// An earlier run left it open.
    Resumed,
    /// It restarts, as it was ordered.
    Restart,
}

/// One thing that happened, to one router or to the run.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A run begins.
    RunStarted {
        /// What was asked for: plan, apply, verify, backup.
        action: &'static str,
        /// How many routers are concerned.
        routers: usize,
        /// How many sites they stand in.
        sites: usize,
    },
    /// A router went from one state to another.
    Moved {
        /// The router's name.
        router: String,
        /// The state it is in now.
        state: State,
    },
    /// A session stands.
    Connected {
        /// The router's name.
        router: String,
        /// `serial`, `ssh`, ...
        transport: String,
        /// The port or the host it was reached by.
        peer: String,
    },
    /// A thing worth a warning before anything was written.
    Warned {
        /// The router's name.
        router: String,
        /// What it is.
        warning: Text,
    },
    /// Config mode was taken from whoever held it, on a person's explicit word.
    TookOver {
        /// The router's name.
        router: String,
    },
    /// The router said who it is.
    Identified {
        /// The router's name.
        router: String,
        /// `show hardware`'s model.
        model: String,
        /// `show hardware`'s serial number.
        serial_number: String,
        /// `show version`'s firmware.
        firmware: String,
    },
    /// Running and startup configuration were read.
    Read {
        /// The router's name.
        router: String,
        /// Lines of the running configuration.
        running_lines: usize,
        /// Milliseconds it took.
        milliseconds: u64,
    },
    /// A line of the plan, or of its inverse, is about to be sent.
    Sending {
        /// The router's name.
        router: String,
        /// Its number in the plan, from 1.
        number: usize,
        /// How many lines there are.
        total: usize,
        /// The line, masked.
        line: String,
        /// Whether this is the inverse.
        undo: bool,
    },
    /// The router answered a line with more than its prompt.
    Answered {
        /// The router's name.
        router: String,
        /// The line's number in the plan.
        number: usize,
        /// What it said, as it said it, masked.
        answer: String,
        /// Whether it refused the line.
        refused: bool,
    },
    /// The router, read again, was compared.
    Compared {
        /// The router's name.
        router: String,
        /// With what: `desired`, `backup`, `startup`.
        with: &'static str,
        /// How many changes would still be needed.
        differences: usize,
    },
    /// A check ended.
    Checked {
        /// The router's name.
        router: String,
        /// The check's name.
        check: String,
        /// Whether it passed; nothing when it was not run, or expects nothing.
        passed: Option<bool>,
        /// It was run and expects nothing.
        recorded: bool,
        /// Whether a failure undoes the change.
        required: bool,
    },
    /// Required checks failed, and a person on the console said why it is saved all the same.
    Unverified {
        /// The router's name.
        router: String,
        /// The checks.
        checks: Vec<String>,
        /// Why, as it was typed.
        reason: String,
    },
    /// A router cannot be reached, and is waited for.
    Waiting {
        /// The router's name.
        router: String,
        /// What is waited for.
        awaited: Awaited,
        /// The port or the host.
        peer: String,
        /// How long at most.
        seconds: u64,
    },
    /// It is still waited for.
    StillWaiting {
        /// The router's name.
        router: String,
        /// How long already.
        seconds: u64,
        /// How long at most from now on.
        seconds_left: u64,
        /// Why the last attempt failed.
        last: Text,
        /// Worth a line in a log: these come at growing intervals. The others are for a screen that counts.
        #[serde(skip)]
        is_line: bool,
    },
    /// Another box answers than the one that is waited for.
    AnotherBox {
        /// The router's name.
        router: String,
        /// The serial number that is waited for.
        expected: String,
        /// The one that answers.
        found: String,
    },
    /// The router that was waited for answers again.
    FoundAgain {
        /// The router's name.
        router: String,
        /// Its serial number, the one from before.
        serial_number: String,
        /// How long it took.
        seconds: u64,
    },
    /// Something failed; what follows depends on where.
    Failed {
        /// The router's name.
        router: String,
        /// The stable code.
        code: String,
        /// What happened.
        cause: Text,
    },
    /// A router's part in the run is over.
    Ended {
        /// The router's name.
        router: String,
        /// Where it ended.
        state: State,
        /// Milliseconds from its first byte to its last.
        milliseconds: u64,
    },
}

impl Event {
    /// The router an event concerns; nothing for those of the run.
    pub fn router(&self) -> Option<&str> {
        match self {
            Self::RunStarted { .. } => None,
            Self::Moved { router, .. }
            | Self::Connected { router, .. }
            | Self::Warned { router, .. }
            | Self::TookOver { router }
            | Self::Identified { router, .. }
            | Self::Read { router, .. }
            | Self::Sending { router, .. }
            | Self::Answered { router, .. }
            | Self::Compared { router, .. }
            | Self::Checked { router, .. }
            | Self::Unverified { router, .. }
            | Self::Waiting { router, .. }
            | Self::StillWaiting { router, .. }
            | Self::AnotherBox { router, .. }
            | Self::FoundAgain { router, .. }
            | Self::Failed { router, .. }
            | Self::Ended { router, .. } => Some(router),
        }
    }
}

impl Event {
    /// Whether it only counts on a screen, and no log wants it.
    pub fn only_counts(&self) -> bool {
        matches!(self, Self::StillWaiting { is_line: false, .. })
    }
}

/// A reader of events. It is called from the thread of each router's session, so it must not wait.
pub trait Sink: Send + Sync {
    /// Takes one event.
    fn emit(&self, event: &Event);
}

/// A shared reader.
impl<S: Sink + ?Sized> Sink for std::sync::Arc<S> {
    fn emit(&self, event: &Event) {
        (**self).emit(event);
    }
}

/// A reader that looks away.
impl Sink for () {
    fn emit(&self, _: &Event) {}
}

/// Several readers, each shown every event in turn.
impl Sink for Vec<Box<dyn Sink>> {
    fn emit(&self, event: &Event) {
        for sink in self {
            sink.emit(event);
        }
    }
}
