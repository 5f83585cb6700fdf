//! How a router ended, put together from what was recorded of it: the same for the screen, the JSON document and a report in weeks.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use super::attempts::Attempts;
use super::connection::{ConnectionRecord, EnrolledRecord, LoginRecord};
use super::line::LineRecord;
use super::tested::TestRecord;
use crate::inventory::Fingerprint;
use crate::ix::Identity;
use crate::message::{Explain, Text};
use crate::state::{FailureClass, State, Verdict};

/// A cause as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseRecord {
    /// The stable code.
    pub code: String,
    /// What happened, in both languages.
    pub text: Text,
    /// What to do next, in both languages; empty in what earlier versions wrote.
    #[serde(default)]
    pub hints: Vec<Text>,
}

impl CauseRecord {
    /// What is recorded of an explained error.
    pub fn of(error: &dyn Explain) -> Self {
        Self { code: error.code().to_owned(), text: error.text(), hints: error.hints() }
    }
}

/// How one check ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckResult {
    /// The check's name.
    pub name: String,
    /// The role it comes from.
    pub role: String,
    /// What it proves.
    pub title: Text,
    /// Whether it passed; nothing when it was not run, or expects nothing.
    pub passed: Option<bool>,
    /// Whether its failure undoes the change.
    pub required: bool,
    /// The command that was run.
    pub command: String,
    /// What was expected and not found; empty when it passed.
    pub unmet: Text,
    /// It was run and expects nothing: its answer is kept for a person to read, and proves nothing.
    pub recorded: bool,
    /// What the router said, masked, if a person has to read it: nothing if the check passed or was not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The fingerprint of the host key that the router has shown on its console; nothing where the check asks for none or the session went
    /// another way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_key: Option<Fingerprint>,
}

impl CheckResult {
    /// As a document shows it: an answer only if a person has to read it.
    #[must_use]
    pub fn without_a_good_answer(self) -> Self {
        Self { answer: self.answer.filter(|_| self.passed != Some(true)), ..self }
    }
}

/// Why a router is saved without all of it being proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unverified {
    /// A required check failed, and the operator typed why the change is kept.
    Person(String),
    /// The router shows no startup configuration: its word is all there is.
    StartupNotShown,
    /// It was saved, and did not pass its checks when they were run again: while its step proved itself, or after a restart.
    FailedLater,
    /// It was saved and restarted, and a request to stop came before its checks.
    ChecksLeftOut,
    /// A required check failed after the change as it had failed before, and looks at nothing that was changed.
    FailedBefore,
    /// The clinic's line is not open yet, so what needs it was not proven: why, as it was typed.
    LinePending(String),
}

/// The word for a startup configuration that is not shown.
const STARTUP_NOT_SHOWN: &str = "startup-not-shown";

/// The word for checks that did not pass when they were repeated.
const FAILED_LATER: &str = "failed-later";

/// The word for checks that were not run again.
const CHECKS_LEFT_OUT: &str = "checks-left-out";

/// The word for checks that had failed before the change, too.
const FAILED_BEFORE: &str = "failed-before";

/// What is written before the reason why a clinic's line is not open yet.
const LINE_PENDING: &str = "line-pending: ";

impl Unverified {
    /// The reason as it was recorded.
    pub fn recorded(reason: &str) -> Self {
        match reason {
            STARTUP_NOT_SHOWN => Self::StartupNotShown,
            FAILED_LATER => Self::FailedLater,
            CHECKS_LEFT_OUT => Self::ChecksLeftOut,
            FAILED_BEFORE => Self::FailedBefore,
            reason => match reason.strip_prefix(LINE_PENDING) {
                Some(reason) => Self::LinePending(reason.to_owned()),
                None => Self::Person(reason.to_owned()),
            },
        }
    }

    /// What both reasons together mean: a line that is not open yet hides nothing that is graver.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self.failure_class().is_none() { other } else { self }
    }

    /// Its class of failure; a line that is not open yet is no failure.
    pub fn failure_class(&self) -> Option<FailureClass> {
        (!matches!(self, Self::LinePending(_))).then_some(FailureClass::Unverified)
    }
}

/// The operator's reason, or a fixed word.
impl fmt::Display for Unverified {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Person(reason) => reason,
            Self::StartupNotShown => STARTUP_NOT_SHOWN,
            Self::FailedLater => FAILED_LATER,
            Self::ChecksLeftOut => CHECKS_LEFT_OUT,
            Self::FailedBefore => FAILED_BEFORE,
            Self::LinePending(reason) => return write!(to, "{LINE_PENDING}{reason}"),
        })
    }
}

impl Serialize for Unverified {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// What is said last about a router that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// What to do now.
    pub now: Text,
    /// Whether a power cycle brings the router back to what it was.
    pub power_cycle_safe: bool,
    /// The same in words, with the reason.
    pub power_cycle: Text,
    /// What to say on the phone, to the staff of a clinic: Japanese in both languages.
    pub phone: Text,
}

/// The end of a router with which nothing was done, or not to its end: the state in which that leaves it, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedEnd {
    /// The state.
    pub state: State,
    /// Why.
    pub cause: CauseRecord,
}

/// How a router ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The router.
    pub router: String,
    /// Its site.
    pub site: String,
    /// The state it ended in.
    pub state: State,
    /// Why, where it did not end `saved`; the first cause, and what followed from it.
    pub causes: Vec<CauseRecord>,
    /// How it was reached last; nothing where no session was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionRecord>,
    /// The serial number it named, where we came that far.
    pub serial_number: Option<String>,
    /// What it said it is, where it was asked.
    #[serde(skip)]
    pub identity: Identity,
    /// How many seconds its clock was ahead of ours; nothing where it did not say.
    #[serde(skip)]
    pub clock_offset: Option<i64>,
    /// Lines of the plan that the router accepted.
    pub sent: usize,
    /// Lines of the plan.
    pub planned: usize,
    /// It is as declared, and which box it is was not proven: nothing was to be written, so no one was asked. It says nothing about a router.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub box_unproven: bool,
    /// Of a box that is not proven: whether it is the one that was saved last under this name, by its serial number. Nothing where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub box_of_last_save: Option<bool>,
    /// Lines that take effect only after a restart were accepted and saved.
    pub restart_pending: bool,
    /// Lines of someone else that appeared while we worked, and stay, masked; each with `+` or, if it is gone, `-`.
    pub foreign: Vec<String>,
    /// It was saved without all of it being proven: why.
    pub unverified: Option<Unverified>,
    /// The credential that its login takes from now on, where that is not the one that the inventory names.
    pub new_login: Option<String>,
    /// The password that was saved for the user who logs in, where this run has set one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<LoginRecord>,
    /// How often it was tried, where once was not enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<Attempts>,
    /// What was seen of the access line through lines that were entered for that alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probed: Option<LineRecord>,
    /// The results of the checks.
    pub checks: Vec<CheckResult>,
    /// The host key that was read on its console, and the hosts for which it holds from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled: Option<EnrolledRecord>,
    /// The results of the tests from the laptop, and what a person has typed of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<TestRecord>,
    /// What is said last, if a person is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<Advice>,
}

impl Outcome {
    /// A router about which nothing but its state is known.
    pub fn new(router: &str, site: &str, state: State) -> Self {
        Self {
            router: router.to_owned(),
            site: site.to_owned(),
            state,
            causes: Vec::new(),
            connection: None,
            serial_number: None,
            identity: Identity::default(),
            clock_offset: None,
            sent: 0,
            planned: 0,
            box_unproven: false,
            box_of_last_save: None,
            restart_pending: false,
            foreign: Vec::new(),
            unverified: None,
            new_login: None,
            login: None,
            attempts: None,
            probed: None,
            checks: Vec::new(),
            enrolled: None,
            tests: Vec::new(),
            advice: None,
        }
    }

    /// Whether it was as it is to be before, and no line was to be sent. A restart sends none either.
    pub fn is_as_declared(&self) -> bool {
        let is_whole = self.state == State::Saved && self.unverified.is_none() && self.causes.is_empty();
        is_whole && self.planned == 0 && self.sent == 0 && !self.restart_pending
    }

    /// What is known of its box, in words, where that is not proven.
    pub fn unproven_words(&self) -> Option<Text> {
        let words = match self.box_of_last_save {
            Some(true) => Text::new(
                "as declared, box known from the last save, not declared",
                "宣言どおり(前回保存した機器。製造番号は宣言なし)",
            ),
            Some(false) => Text::new(
                "as declared, box not proven: not the one that was saved last",
                "宣言どおり(機器は未特定。前回保存した機器とは別)",
            ),
            None => Text::new("as declared, box not proven", "宣言どおり(機器は未特定)"),
        };
        self.box_unproven.then_some(words)
    }

    /// Whether its line was looked at, and nothing of what was entered for that is left.
    pub fn is_probed(&self) -> bool {
        self.probed.is_some() && self.state == State::Undone && self.causes.is_empty()
    }

    /// What this end means: what was saved without being verified is not done, and a line that was looked at is.
    pub fn verdict(&self) -> Verdict {
        if self.is_probed() {
            return Verdict::Done;
        }
        if self.unverified.is_some() { self.state.verdict().max(Verdict::NotDone) } else { self.state.verdict() }
    }
}

/// An outcome in a document: what follows from it beside it.
#[derive(Debug, Serialize)]
pub struct OutcomeDocument<'a> {
    #[serde(flatten)]
    outcome: &'a Outcome,
    failure_class: Option<FailureClass>,
}

impl<'a> From<&'a Outcome> for OutcomeDocument<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        Self { outcome, failure_class: outcome.failure_class() }
    }
}

/// If the router needs no person in the end, what a person would have had to do about some of its causes is dropped.
pub fn settle_hints(state: State, causes: &mut [CauseRecord], for_person: impl IntoIterator<Item = usize>) {
    if state.verdict() == Verdict::NeedsPerson {
        return;
    }
    for index in for_person {
        causes.get_mut(index).into_iter().for_each(|cause| cause.hints = vec![settled()]);
    }
}

/// What is left to do if the undo went on after a cause and succeeded.
fn settled() -> Text {
    Text::new(
        "nothing to do: the undo went on, and the router's final state says how it ended",
        "対応は不要です。その後の復旧手順で続行しました。結果はルータの最終状態で確認してください",
    )
}
