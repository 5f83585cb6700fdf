//! The work record of a run as data: what a customer files, put together from its evidence alone.
//!
//! Pure. It knows no page and no form: every format is made from this one model, and its JSON is the form for programs
//! (`ixdeploy-report/1`, docs/json.md). What the evidence does not hold is absent here, and said to be not recorded on a page.

mod build;
mod configurations;
mod contact;
mod deviations;
mod kept;
mod moment;
mod outage;
mod proofs;
mod router;
mod step;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;

pub use moment::Moment;
pub use outage::Outage;
pub use proofs::{Proof, Proven};
pub use step::{Milestone, Step};

use crate::message::Text;
use crate::plan::Guess;
use crate::record::{Advice, CauseRecord, ConnectionRecord, FailureClass, Tester};
use crate::state::{State, Verdict};

/// The version of the form.
pub const SCHEMA: &str = "ixdeploy-report/1";

/// A run and its routers.
#[derive(Debug, Clone, Serialize)]
pub struct WorkRecord {
    /// The version of the form.
    pub schema: &'static str,
    /// The run.
    pub run: RunPart,
    /// Its routers, in the order of its result.
    pub routers: Vec<RouterPart>,
    /// Configurations are in it: there are few routers.
    #[serde(skip)]
    pub is_detailed: bool,
}

/// The run itself.
#[derive(Debug, Clone, Serialize)]
pub struct RunPart {
    /// Its name.
    pub run: String,
    /// `apply`, `undo`, `restore`, `restart`.
    pub action: String,
    /// The user of the machine; empty where the system did not say.
    pub by: String,
    /// The machine; likewise.
    pub machine: String,
    /// The version of the program.
    pub version: String,
    /// The inventory's path.
    pub inventory: String,
    /// The playbook, plan or backup.
    pub source: String,
    /// What the work is called for people, where its playbook says so.
    pub title: Option<Text>,
    /// When it was ordered, where it was given a time to begin at.
    pub ordered: Option<Moment>,
    /// When it began; nothing where it ended while it waited for its time.
    pub begun: Option<Moment>,
    /// When it ended; nothing where it has not.
    pub ended: Option<Moment>,
    /// The exit status, likewise.
    pub exit_of_run: Option<u8>,
    /// SHA-256 of the plan file that it rests on, or of the plan that was shown, approved and kept with it.
    pub plan_sha256: Option<String>,
    /// Where no such plan is: SHA-256 of the list of the plans that its routers were changed by, as the journal has them.
    pub made_plans_sha256: Option<String>,
    /// Who made that plan.
    pub plan_made: Option<PlanMade>,
    /// Who approved it, and how.
    pub approvals: Vec<Text>,
    /// How many routers are in which state, by its word.
    pub states: BTreeMap<&'static str, usize>,
    /// What happened to the run itself.
    pub steps: Vec<Step>,
    /// Where it is in the journal.
    pub journal: JournalPart,
    /// What of its evidence cannot be relied on, or not be read.
    pub faults: Vec<Text>,
}

/// Who made a plan, when, why and from what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanMade {
    /// The user; empty where the system did not say.
    pub by: String,
    /// The machine; likewise.
    pub machine: String,
    /// The time, UTC.
    pub at: String,
    /// The playbook's file.
    pub playbook: String,
    /// What that is called for people, where it says so.
    pub title: Option<Text>,
    /// Why, as it was typed.
    pub reason: Option<String>,
}

/// Where records are in the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct JournalPart {
    /// How many there are.
    pub records: usize,
    /// The number of the first.
    pub first: Option<i64>,
    /// The number of the last.
    pub last: Option<i64>,
    /// The hash of the last: of it and everything before it.
    pub last_hash: Option<String>,
    /// The hash of the record that ended the run: its journal head.
    pub head: Option<String>,
}

/// A router.
#[derive(Debug, Clone, Serialize)]
pub struct RouterPart {
    /// Its name.
    pub router: String,
    /// Its site.
    pub site: String,
    /// Its site's region; only where an inventory was named.
    pub region: Option<String>,
    /// The state that it ended in.
    pub state: State,
    /// What that means.
    #[serde(skip)]
    pub verdict: Verdict,
    /// It was saved without all of it being proven: why, as it was recorded.
    pub unverified: Option<String>,
    /// Why it counts as failed.
    pub failure_class: Option<FailureClass>,
    /// A process is changing it now: nothing here is its end.
    pub in_progress: bool,
    /// Its roles.
    pub roles: Vec<String>,
    /// Its model.
    pub model: Option<String>,
    /// Its serial number, as it named it.
    pub serial_number: Option<String>,
    /// How that was proven.
    pub serial_proof: Option<Text>,
    /// Its firmware before.
    pub firmware: Option<String>,
    /// Its firmware when it was read last.
    pub firmware_after: Option<String>,
    /// How it was reached, each time.
    pub connections: Vec<ConnectionPart>,
    /// What changes, by meaning.
    pub changes: Vec<Text>,
    /// SHA-256 of its plan, as the journal has it; nothing where no line was planned.
    pub plan_sha256: Option<String>,
    /// Lines of the plan.
    pub planned: usize,
    /// Lines of it that were accepted.
    pub sent: usize,
    /// Lines of it that the router refused, and did not take in another form.
    pub refused: usize,
    /// Lines of it that were sent and have no answer, where no later reading says what became of them: they may be in effect.
    pub in_doubt: usize,
    /// The plan's lines, masked.
    pub commands: Vec<String>,
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// The checks, in order; those of a second inspection follow the first.
    pub checks: Vec<CheckPart>,
    /// Proof of the save.
    pub save: Proven,
    /// Proof of a restart.
    pub restart: Proven,
    /// The rollback.
    pub rollback: RollbackPart,
    /// The configurations; nothing where there are many routers, or it was not backed up.
    pub configurations: Option<ConfigurationPart>,
    /// What was not as usual, and who accepted it.
    pub deviations: Vec<Deviation>,
    /// Lines that rest on what no device has shown.
    pub guesses: Vec<GuessPart>,
    /// Reviewed facts that the plan rests on.
    pub facts: Vec<String>,
    /// How long the change took, as far as its line may have been touched.
    pub outage: Outage,
    /// Why it did not end `saved`; the first cause, and what followed from it.
    pub causes: Vec<CauseRecord>,
    /// What to do now, where a person is needed.
    pub advice: Option<Advice>,
    /// The command that plans it anew, where the plan file of the run has no plan that holds for it.
    #[serde(skip)]
    pub plan_anew: Option<String>,
    /// Whom to call; only where that was asked for.
    pub contact: Option<Contact>,
    /// Where its records are.
    pub journal: JournalPart,
}

/// How much of each router a record of many holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// All.
    Whole,
    /// What a row of many shows of it.
    Rows,
}

impl RouterPart {
    /// The same without the texts that only its own record shows: of ten thousand they are most of the memory. No form that has a row for
    /// each router says anything else then.
    #[must_use]
    pub fn into_row(mut self) -> Self {
        // When it began and when it ended.
        if let Some(last) = self.steps.len().checked_sub(1).filter(|last| *last > 1) {
            self.steps.drain(1..last);
            self.steps.shrink_to_fit();
        }
        for check in &mut self.checks {
            (check.answer_before, check.expected) = (None, Vec::new());
            if check.passed != Some(false) {
                check.answer = None;
            }
        }
        (self.commands, self.changes, self.guesses, self.facts) = Default::default();
        self.rollback.lines = Vec::new();
        self
    }

    /// When the last of its steps was.
    pub fn last_step(&self) -> Option<Moment> {
        self.steps.last().map(|step| step.answered.unwrap_or(step.at))
    }

    /// Whether it was the mock router that is built into this program.
    pub fn is_mock(&self) -> bool {
        self.connections.iter().any(|part| part.connection.is_mock())
    }

    /// How it ended, by a word: what was saved and not verified is no `saved`, and what is being changed has not ended.
    pub fn end(&self) -> &'static str {
        match (self.in_progress, self.state, &self.unverified) {
            (true, ..) => "in-progress",
            (false, State::Saved, Some(_)) => "saved-unverified",
            (false, state, _) => state.word(),
        }
    }

    /// What its end means; nothing where it has none yet.
    pub fn verdict_of_end(&self) -> Option<Verdict> {
        (!self.in_progress).then_some(self.verdict)
    }
}

/// How a router was reached.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConnectionPart {
    /// When.
    pub at: Moment,
    /// How, and what proved the host key.
    #[serde(flatten)]
    pub connection: ConnectionRecord,
}

/// A check after the change.
#[derive(Debug, Clone, Serialize)]
pub struct CheckPart {
    /// Its name.
    pub check: String,
    /// The role it comes from.
    pub role: String,
    /// What it proves.
    pub title: Text,
    /// The command.
    pub command: String,
    /// What the answer must say.
    pub expected: Vec<Text>,
    /// It also proves that something is not there.
    pub is_negative: bool,
    /// Whether its failure undoes the change.
    pub required: bool,
    /// When it ended.
    pub at: Moment,
    /// Whether it passed; nothing where it was not run, or expects nothing.
    pub passed: Option<bool>,
    /// It was run, and expects nothing.
    pub recorded: bool,
    /// What was expected and not found.
    pub unmet: Text,
    /// What the router said, masked.
    pub answer: Option<String>,
    /// Whether it passed before the change; nothing where it was not judged then, or expects nothing.
    pub passed_before: Option<bool>,
    /// What was expected before the change and not found.
    pub unmet_before: Text,
    /// What the router said before the change, masked; nothing where it was not asked then, or a version recorded it that kept only how the
    /// check went.
    pub answer_before: Option<String>,
    /// It was made beside the router, after the save; nothing for a check of the router.
    #[serde(flatten)]
    pub beside: Option<BesidePart>,
}

/// What only a test beside the router has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BesidePart {
    /// Whose word the result is; nothing where it was not made.
    pub by: Option<Tester>,
    /// The address and the port of the laptop that it went out from.
    pub through: Option<String>,
    /// What was found or typed, or why it was not made.
    pub told: Text,
}

impl CheckPart {
    /// Whether the router was asked.
    pub fn is_run(&self) -> bool {
        self.passed.is_some() || self.recorded
    }

    /// The command; of a test beside the router who made it, and from where.
    pub fn asked(&self) -> String {
        let Some(BesidePart { by, through, .. }) = &self.beside else { return self.command.clone() };
        let by = by.map_or("-", Tester::word);
        through.as_ref().map_or_else(|| by.to_owned(), |through| format!("{by} {through}"))
    }
}

/// The rollback, also where it was not used.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RollbackPart {
    /// The lines that would undo the whole plan, masked.
    pub lines: Vec<String>,
    /// Lines of an undo that were sent.
    pub sent: usize,
    /// Proof that the router is as it was before.
    pub proven: Option<Moment>,
    /// What was agreed on for the case that the change fails; nothing where no plan was kept with the run.
    pub notes: Option<Text>,
}

/// The configurations before and after, canonical and masked; a text, or why there is none.
#[derive(Debug, Clone, Serialize)]
pub struct ConfigurationPart {
    /// What ran before the first line.
    pub before: Option<String>,
    /// What it would have started with then.
    pub startup_before: Option<String>,
    /// What ran after the save.
    pub after: Option<String>,
    /// The unified difference of what ran before and after; empty where there is none.
    pub difference: Option<String>,
    /// Why a text is missing.
    pub missing: Vec<Text>,
}

/// What was not as usual.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deviation {
    /// What.
    pub what: Text,
    /// Who accepted it, `user@machine`; nothing where no one was asked.
    pub accepted_by: Option<String>,
    /// Why, as it was typed or recorded.
    pub reason: Option<String>,
}

/// A line that rests on what no device has shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuessPart {
    /// Its number in the plan, or in the rollback.
    pub line: usize,
    /// It is a line of the rollback.
    pub undo: bool,
    /// The line, masked.
    pub text: String,
    /// How it is known.
    pub guess: Guess,
}

/// Whom to call. Personal data: it is here because it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// The clinic's name.
    pub title: Option<String>,
    /// How that is read.
    pub reading: Option<String>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Where it is.
    pub address: Option<String>,
}
