//! What kinds are made of, where that is more than a word or a number.

use serde::{Deserialize, Serialize};

use super::attempts::Attempts;
use super::connection::LoginRecord;
use super::outcome::{Advice, CauseRecord, Outcome};
use crate::playbook::Rollout;
use crate::state::{FailureClass, State};

/// An order to a run in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Begin nothing new; what is in flight finishes.
    Pause,
    /// Go on after a pause, or with a step that waits for a person's word.
    Continue,
    /// Begin nothing new for good, and end.
    Abort,
}

impl Order {
    /// The word that is typed for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Continue => "continue",
            Self::Abort => "abort",
        }
    }
}

/// What a router is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The end of a save that may be running on its console.
    Save,
}

/// With what a router that was read again is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComparedWith {
    /// What is declared.
    Desired,
    /// What ran before the first line.
    Backup,
    /// What a restart would bring up.
    Startup,
}

impl ComparedWith {
    /// The word for it, as it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Desired => "desired",
            Self::Backup => "backup",
            Self::Startup => "startup",
        }
    }
}

/// A router and its site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The router.
    pub router: String,
    /// The site.
    pub site: String,
}

/// A user of a machine, as far as the system says who that is; what it does not say is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The user.
    pub by: String,
    /// The machine.
    pub machine: String,
}

/// How far a run may go, and on which terms: when it goes on later, they still hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Routers changed at once.
    pub concurrency: usize,
    /// After how many failures none is begun; nothing where failures stop nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_failures: Option<usize>,
    /// Its rollout, with what was typed, where that says more than these two numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollout: Option<Box<Rollout>>,
    /// What the routers were narrowed to, as it was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// The operator answered the question; false with `--yes`.
    pub asked: bool,
    /// When that was, as RFC 3339, where a process of its own carries the run out: at a terminal it begins with the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<String>,
    /// Why sites were touched although their windows and opening hours say no, as it was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside_windows: Option<String>,
    /// The routers are on a bench: checks that need the clinic are left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_bench: bool,
    /// Why the lines of the clinics are not open yet, as it was typed: required checks that need them may fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_pending: Option<String>,
    /// Unsaved changes of others may become permanent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub adopt: bool,
    /// Secrets that cannot be compared are entered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub set_secrets: bool,
    /// A restored box is in the place of another one: what is known of that one's host key is forgotten once it is saved. No key is trusted
    /// because of it, but only by the command of a person who says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replaced: bool,
    /// The box that was there before, where another one took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Box<ReplacedBox>>,
    /// SHA-256 of the plan that is kept in the state folder under the run's name, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_sha256: Option<String>,
}

/// A box in whose place another one is, and how the other one was to get what it ran.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedBox {
    /// The router.
    pub router: String,
    /// Its model, as it was seen last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Its serial number, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// The run at whose end it ran what the new box gets.
    pub run: String,
    /// The playbook whose roles refer to the router's secrets, by its path from the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playbook: Option<String>,
    /// Which interface of this box is which of the new one, as it was typed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub map: Vec<String>,
    /// Secrets that could not be entered were left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_secrets: bool,
}

/// How a router ended: the part of its outcome that earlier records do not say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// Where it ended.
    pub state: State,
    /// Lines of the plan that were accepted.
    pub sent: usize,
    /// Lines take effect only after a restart.
    pub restart_pending: bool,
    /// Milliseconds from its first byte to its last; nothing where no session was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u64>,
    /// Lines of the plan; nothing in what earlier versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<usize>,
    /// The serial number it named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// Lines of someone else that stay, masked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign: Vec<String>,
    /// The credential that its login takes from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_login: Option<String>,
    /// The password that was saved for the user who logs in, where this run has set one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<LoginRecord>,
    /// What is said last, if a person is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<Advice>,
    /// The class of its failure; nothing where it did not fail by itself, and in what earlier versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_class: Option<FailureClass>,
    /// How often it was tried, where once was not enough: this end then takes the place of those of earlier attempts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<Attempts>,
    /// Why, where no session was opened; otherwise each cause is a record of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<CauseRecord>,
}

impl Ending {
    /// The ending of a router whose causes and checks were recorded as they came.
    pub fn of(outcome: &Outcome) -> Self {
        Self {
            state: outcome.state,
            sent: outcome.sent,
            restart_pending: outcome.restart_pending,
            milliseconds: None,
            planned: Some(outcome.planned),
            serial_number: outcome.serial_number.clone(),
            foreign: outcome.foreign.clone(),
            new_login: outcome.new_login.clone(),
            login: outcome.login.clone(),
            advice: outcome.advice.clone(),
            failure_class: outcome.failure_class(),
            attempts: outcome.attempts.clone(),
            causes: Vec::new(),
        }
    }
}
