//! The kinds of things that happen.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::connection::{ConnectionRecord, EnrolledRecord};
use super::detail::{Awaited, ComparedWith, Ending, Order, Place, Policy};
use super::line::LineRecord;
use super::outcome::{CauseRecord, CheckResult};
use super::portable::{ExportRecord, ImportRecord};
use super::rollout::{HeldRecord, ShortWindowRecord, SpentRecord, StepRecord};
use super::tested::TestRecord;
use crate::inventory::Fingerprint;
use crate::ix::Identity;
use crate::message::Text;
use crate::state::State;

/// One thing that happened, or is about to. Its name is stored beside it; a reader ignores names that it does not know. A name that
/// was ever written keeps its meaning, and its fields only grow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// A command begins to look at routers.
    RunStarted {
        /// What was asked for: plan, apply, verify, backup.
        action: String,
        /// How many routers are concerned.
        routers: usize,
        /// How many sites they are at.
        sites: usize,
    },
    /// A run that may change routers begins; nothing was sent to any of them.
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
        /// What the playbook calls the work, where it says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<Text>,
        /// SHA-256 of the saved plan's bytes, where the run rests on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        plan_sha256: Option<String>,
        /// The routers that are to be changed.
        routers: Vec<String>,
        /// Every router that was asked for, in the order of the result.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        places: Vec<Place>,
        /// How far it may go; nothing in what earlier versions wrote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<Policy>,
    },
    /// What is intended for one router, decided before the first byte: the plan, its inverse, what was seen, and the terms.
    Intended {
        /// The site.
        site: String,
        /// The plan as it is kept, masked, without secret values; its form is the transaction's.
        kept: Value,
        /// Unsaved changes of others become permanent with our save.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        adopt: bool,
        /// Config mode may be taken from its holder.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        take_over: bool,
    },
    /// A session is open.
    Connected(ConnectionRecord),
    /// Something worth a warning.
    Warned {
        /// What it is.
        warning: Text,
    },
    /// Config mode was taken from its holder, at the operator's explicit request.
    TookOver,
    /// The router said who it is.
    Identified {
        /// Who it is.
        #[serde(flatten)]
        identity: Identity,
    },
    /// Running and startup configuration were read.
    Read {
        /// Lines of the running configuration.
        running_lines: usize,
        /// Milliseconds it took.
        milliseconds: u64,
    },
    /// The router was read under the lock: this is what an undo leads back to.
    BackedUp {
        /// Which box it is.
        #[serde(flatten)]
        identity: Identity,
        /// When the router says it started.
        started_at: Option<String>,
        /// SHA-256 of the canonical running configuration, its secrets masked.
        running: String,
        /// Config mode was taken from its holder.
        taken_over: bool,
        /// How many seconds the router's clock was ahead of ours; nothing where it did not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clock_offset: Option<i64>,
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
    /// A run was written to a file that can be taken elsewhere.
    Exported(ExportRecord),
    /// A run of another journal was taken in.
    Imported(Box<ImportRecord>),
    /// What was sealed was deleted.
    Pruned {
        /// Its name.
        name: String,
    },
    /// The router is in this state now.
    Moved {
        /// The state.
        state: State,
    },
    /// A line of the plan, or of its inverse, is about to be sent.
    Sending {
        /// Its number in its list, from 1.
        number: usize,
        /// How long the list is.
        total: usize,
        /// The line, masked.
        line: String,
        /// It is a line of the inverse.
        undo: bool,
    },
    /// The router answered a line.
    Answered {
        /// The line's number.
        number: usize,
        /// It was a line of the inverse.
        undo: bool,
        /// Whether the router took it.
        accepted: bool,
        /// What it said, masked; empty when it said nothing, or when the line holds a secret.
        text: String,
    },
    /// The router generated the host key of its SSH server.
    HostKeyMade {
        /// What it said.
        text: String,
    },
    /// The router, read again, was compared.
    Compared {
        /// With what.
        with: ComparedWith,
        /// How many changes would still be needed.
        differences: usize,
        /// Lines of someone else that are on the router and stay: what it is compared with holds them, too.
        #[serde(default, skip_serializing_if = "is_zero")]
        foreign: usize,
    },
    /// A check ended.
    Checked {
        /// Its place among the router's checks, from 1: the first begins a new inspection.
        number: usize,
        /// The check's name.
        check: String,
        /// The role it comes from.
        role: String,
        /// What it proves.
        title: Text,
        /// Whether it passed; nothing when it was not run, or expects nothing.
        passed: Option<bool>,
        /// It was run and expects nothing.
        recorded: bool,
        /// Whether a failure undoes the change.
        required: bool,
        /// The command that was run.
        command: String,
        /// What was expected and not found; empty when it passed.
        unmet: Text,
        /// What the router said, masked, also where the check passed; nothing when it was not run or was refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<String>,
        /// The fingerprint of the host key that the router has shown on its console, where the check asks for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        host_key: Option<Fingerprint>,
    },
    /// A required check was run before the first line: what fails then and afterwards is not the change's failure. Of any other check
    /// what it shows was read then, and not judged.
    CheckedBefore {
        /// The check's name.
        check: String,
        /// The role it comes from.
        role: String,
        /// Whether it passed; nothing when it was not run or not judged, or expects nothing.
        passed: Option<bool>,
        /// What was expected and not found; empty when it passed.
        unmet: Text,
        /// What the router said, masked, as of a check afterwards.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<String>,
    },
    /// The access line was seen, after a change or where nothing was to be changed.
    LineSeen(LineRecord),
    /// The access line was seen through lines that were entered for that; they are taken back next.
    Probed(LineRecord),
    /// A test was made from the engineer's laptop after the save, or a person typed its result, or it is said why it was not made.
    Tested(TestRecord),
    /// The host key that a router has shown on its console is the one that SSH is held to from now on.
    HostKeyEnrolled(EnrolledRecord),
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
    /// It is to be saved without all of it being proven.
    Unverified {
        /// The required checks that failed, if the operator gave a reason to save it anyway.
        checks: Vec<String>,
        /// Why, as it was typed; a fixed word where the router shows no startup configuration.
        reason: String,
    },
    /// Lines that the router entered or removed by itself because of ours: what may become a fact.
    RouterMade {
        /// Its model and firmware.
        #[serde(flatten)]
        identity: Identity,
        /// The lines, masked, with `+` or `-` and the headers of their blocks.
        lines: Vec<String>,
    },
    /// Lines of someone else stay on a router that is otherwise as it was.
    ForeignStays {
        /// The lines, likewise.
        lines: Vec<String>,
    },
    /// A router cannot be reached, and is waited for.
    Waiting {
        /// What is waited for.
        awaited: Awaited,
        /// The port or the host.
        peer: String,
        /// How long at most.
        seconds: u64,
    },
    /// It is still waited for.
    StillWaiting {
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
        /// The serial number that is waited for.
        expected: String,
        /// The one that answers.
        found: String,
    },
    /// The router that was waited for answers again.
    FoundAgain {
        /// Its serial number, the one from before.
        serial_number: String,
        /// How long it took.
        seconds: u64,
    },
    /// Something failed; what follows depends on where.
    Failed {
        /// Why, in both languages, masked.
        #[serde(flatten)]
        cause: CauseRecord,
        /// A person must act on it, unless a later step of the undo succeeds.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        for_person: bool,
    },
    /// The operator asked twice to stop: the program ended in the middle of its work.
    Abandoned,
    /// A run that had not ended was resumed.
    Resumed {
        /// The user of this machine.
        by: String,
        /// This machine.
        machine: String,
    },
    /// A run in progress was given an order from another terminal; it is obeyed next.
    Ordered {
        /// Which.
        order: Order,
        /// The user who gave it.
        by: String,
        /// The machine it was typed on.
        machine: String,
    },
    /// A run that was begun waits for its time.
    Scheduled {
        /// When, as RFC 3339.
        at: String,
    },
    /// The time that a run waited for has come: it begins.
    TimeReached,
    /// A run whose controller is gone, or that was aborted, goes on with routers that it had not begun.
    Continued {
        /// The user of this machine.
        by: String,
        /// This machine.
        machine: String,
        /// The routers.
        routers: Vec<String>,
        /// How far it may go from now on; nothing in what earlier versions wrote, which went on as it had begun.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        policy: Option<Policy>,
    },
    /// A step of a rollout waits for a person's word.
    StepAwaits(StepRecord),
    /// A step of a rollout began.
    StepBegun(StepRecord),
    /// Every router of a step has had its turn; it proves itself before the next begins.
    StepBakes(StepRecord),
    /// A step has ended within its budgets, and proved itself.
    StepEnded(StepRecord),
    /// Routers of a step failed and none was changed: nothing after it begins.
    StepUnproven(StepRecord),
    /// Nothing was changed in a step: the next site of a later one takes a place in it.
    StepStandIn(StepRecord),
    /// A window is open and closes too early for what waits for it.
    WindowTooShort(ShortWindowRecord),
    /// No window is open for what is left, and nothing is in flight.
    WindowAwaited {
        /// When one opens: RFC 3339.
        opens: String,
    },
    /// Routers are held from now on; the rest goes on.
    Held(HeldRecord),
    /// A budget is used up: nothing more begins.
    BudgetSpent(SpentRecord),
    /// A router that is occupied, cannot be reached or was called back is tried again.
    ComesBack {
        /// The router.
        again: String,
        /// How long from now, at the least.
        in_seconds: u64,
    },
    /// A router's part is over.
    Ended(Box<Ending>),
    /// The run, or a command that only reads, is over.
    RunEnded {
        /// The exit status.
        exit: u8,
    },
}

impl Kind {
    /// The name, as it is stored and as events carry it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::RunStarted { .. } => "run-started",
            Self::Begun { .. } => "begun",
            Self::Intended { .. } => "intended",
            Self::Connected(_) => "connected",
            Self::Warned { .. } => "warned",
            Self::TookOver => "took-over",
            Self::Identified { .. } => "identified",
            Self::Read { .. } => "read",
            Self::BackedUp { .. } => "backed-up",
            Self::Sealed { .. } => "sealed",
            Self::NotSealed { .. } => "not-sealed",
            Self::Exported(_) => "exported",
            Self::Imported(_) => "imported",
            Self::Pruned { .. } => "pruned",
            Self::Moved { .. } => "moved",
            Self::Sending { .. } => "sending",
            Self::Answered { .. } => "answered",
            Self::HostKeyMade { .. } => "host-key-made",
            Self::Compared { .. } => "compared",
            Self::Checked { .. } => "checked",
            Self::CheckedBefore { .. } => "checked-before",
            Self::LineSeen(_) => "line-seen",
            Self::Probed(_) => "probed",
            Self::Tested(_) => "tested",
            Self::HostKeyEnrolled(_) => "host-key-enrolled",
            Self::Saving => "saving",
            Self::Restarting => "restarting",
            Self::Restarted { .. } => "restarted",
            Self::RestartFound { .. } => "restart-found",
            Self::Unverified { .. } => "unverified",
            Self::RouterMade { .. } => "router-made",
            Self::ForeignStays { .. } => "foreign-stays",
            Self::Waiting { .. } => "waiting",
            Self::StillWaiting { .. } => "still-waiting",
            Self::AnotherBox { .. } => "another-box",
            Self::FoundAgain { .. } => "found-again",
            Self::Failed { .. } => "failed",
            Self::Abandoned => "abandoned",
            Self::Resumed { .. } => "resumed",
            Self::Ordered { .. } => "ordered",
            Self::Scheduled { .. } => "scheduled",
            Self::TimeReached => "time-reached",
            Self::Continued { .. } => "continued",
            Self::StepAwaits(_) => "step-awaits",
            Self::StepBegun(_) => "step-begun",
            Self::StepBakes(_) => "step-bakes",
            Self::StepEnded(_) => "step-ended",
            Self::StepUnproven(_) => "step-unproven",
            Self::StepStandIn(_) => "step-stand-in",
            Self::WindowTooShort(_) => "window-too-short",
            Self::WindowAwaited { .. } => "window-awaited",
            Self::Held(_) => "held",
            Self::BudgetSpent(_) => "budget-spent",
            Self::ComesBack { .. } => "comes-back",
            Self::Ended(_) => "ended",
            Self::RunEnded { .. } => "run-ended",
        }
    }

    /// Whether it only counts on a screen, and no log wants it.
    pub fn only_counts(&self) -> bool {
        matches!(self, Self::StillWaiting { is_line: false, .. })
    }

    /// A check that ended, with the router's answer, passed or failed.
    pub fn checked(number: usize, result: &CheckResult) -> Self {
        let CheckResult { name, role, title, passed, required, command, unmet, recorded, answer, host_key } =
            result.clone();
        Self::Checked { number, check: name, role, title, passed, recorded, required, command, unmet, answer, host_key }
    }

    /// A check that was run before the first line.
    pub fn checked_before(result: &CheckResult) -> Self {
        let CheckResult { name, role, passed, unmet, answer, .. } = result.clone();
        Self::CheckedBefore { check: name, role, passed, unmet, answer }
    }
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[cfg(test)]
#[path = "kind_tests.rs"]
mod tests;
