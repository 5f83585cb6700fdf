//! What the journal can say. A record holds no secret value: lines come masked, and refused lines with a secret by number alone.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::message::Text;
use crate::state::State;

/// One record. The name of its variant is stored beside it; a reader of a later version ignores names it does not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Record {
    /// A run begins; nothing was sent to any router.
    Begun {
        /// `apply`, `undo`, `restore`, `restart`.
        action: String,
        /// The user of this machine.
        by: String,
        /// This machine.
        machine: String,
        /// This program's version.
        version: String,
        /// The inventory's path, so that a later command finds the routers again.
        inventory: String,
        /// The playbook, plan or backup it rests on.
        source: String,
        /// SHA-256 of the kept plan's bytes, where the run rests on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan_sha256: Option<String>,
        /// The routers concerned.
        routers: Vec<String>,
    },
    /// What is intended for one router, decided before the first byte: the plan, its inverse, what was seen.
    Intended {
        /// The site.
        site: String,
        /// The plan as it is kept, masked, without secret values; its form is the transaction's.
        kept: Value,
    },
    /// The router was read under the lock: this is what an undo leads back to.
    BackedUp {
        /// The model's name.
        model: String,
        /// The serial number.
        serial_number: String,
        /// The firmware.
        firmware: String,
        /// When the router says it started.
        started_at: Option<String>,
        /// SHA-256 of the canonical running configuration, its secrets masked.
        running: String,
        /// Config mode was taken from its holder.
        taken_over: bool,
    },
    /// Something was sealed beside the chain.
    Sealed {
        /// Its name: `before`, `commands`, `after`.
        name: String,
        /// SHA-256 of the sealed bytes.
        sha256: String,
    },
    /// Without a usable key nothing is sealed: the backup is kept in memory until the run ends.
    NotSealed {
        /// What is not kept.
        name: String,
        /// Why.
        why: String,
    },
    /// What was sealed was let go.
    Pruned {
        /// Its name.
        name: String,
    },
    /// The router is in this state now.
    Moved {
        /// The state.
        state: State,
    },
    /// A line is about to be sent.
    Sending {
        /// Its number in its list, from 1.
        number: usize,
        /// How long the list is.
        total: usize,
        /// The line, masked.
        line: String,
        /// It is a line of the way back.
        undo: bool,
    },
    /// The router answered a line.
    Answered {
        /// The line's number.
        number: usize,
        /// It was a line of the way back.
        undo: bool,
        /// Whether the router took it.
        accepted: bool,
        /// What it said, masked; empty when it said nothing, or when the line holds a secret.
        text: String,
    },
    /// A save is about to begin.
    Saving,
    /// A restart is about to be ordered.
    Restarting,
    /// The router came back after a restart that was ordered.
    Restarted {
        /// When it says it started.
        started_at: Option<String>,
    },
    /// A router that was read again says that it started at another time.
    RestartFound {
        /// `restarted`, `clock-set` or `unclear`.
        found: String,
        /// When it says it started.
        started_at: Option<String>,
        /// Why it started, as it says it.
        woke_up_by: Option<String>,
    },
    /// A person on the console says that it is to be saved although required checks failed.
    Unverified {
        /// The checks.
        checks: Vec<String>,
        /// Why.
        reason: String,
    },
    /// Lines that the router entered or took away by itself because of ours: what may become a fact.
    RouterMade {
        /// The model's name.
        model: String,
        /// The firmware.
        firmware: String,
        /// The lines, masked, with `+` or `-` and the headers of their blocks.
        lines: Vec<String>,
    },
    /// Lines of somebody else stay on a router that is otherwise as it was.
    ForeignStays {
        /// The lines, likewise.
        lines: Vec<String>,
    },
    /// Something failed.
    Failed(CauseNote),
    /// A person asked twice to stop: the program ended in the middle of what it did.
    Abandoned,
    /// Somebody came back to a run that had not ended.
    Resumed {
        /// The user of this machine.
        by: String,
        /// This machine.
        machine: String,
    },
    /// A router's part is over.
    Ended {
        /// Where it ended.
        state: State,
        /// Lines of the plan that were accepted.
        sent: usize,
        /// Lines take effect only after a restart.
        restart_pending: bool,
    },
    /// The run is over.
    RunEnded {
        /// The exit status.
        exit: u8,
    },
}

/// A cause as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseNote {
    /// The stable code.
    pub code: String,
    /// What happened, in both languages, masked.
    pub text: Text,
}

impl Record {
    /// The stored name.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Begun { .. } => "begun",
            Self::Intended { .. } => "intended",
            Self::BackedUp { .. } => "backed-up",
            Self::Sealed { .. } => "sealed",
            Self::NotSealed { .. } => "not-sealed",
            Self::Pruned { .. } => "pruned",
            Self::Moved { .. } => "moved",
            Self::Sending { .. } => "sending",
            Self::Answered { .. } => "answered",
            Self::Saving => "saving",
            Self::Restarting => "restarting",
            Self::Restarted { .. } => "restarted",
            Self::RestartFound { .. } => "restart-found",
            Self::Unverified { .. } => "unverified",
            Self::RouterMade { .. } => "router-made",
            Self::ForeignStays { .. } => "foreign-stays",
            Self::Failed(_) => "failed",
            Self::Abandoned => "abandoned",
            Self::Resumed { .. } => "resumed",
            Self::Ended { .. } => "ended",
            Self::RunEnded { .. } => "run-ended",
        }
    }
}

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Its place in the chain, from 1.
    pub number: i64,
    /// Milliseconds since 1970 by this machine's clock, which may have been set back; order is by number alone.
    pub at_ms: i64,
    /// The run.
    pub run: String,
    /// The router; empty for records of the run.
    pub router: String,
    /// The record; nothing where its kind is not known to this version.
    pub record: Option<Record>,
    /// Its hash.
    pub hash: String,
}
