//! What a change class holds, and nothing of one router.

use serde::{Deserialize, Serialize};

use super::text::ClassText;
use crate::message::Text;
use crate::plan::{Guess, Lifeline, Ownership};
use crate::playbook::{Firmware, Level, OnLoss, Phase};

/// What routers whose change is the same have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeClass {
    /// The commands.
    pub commands: Vec<ClassLine>,
    /// The inverse, if every line was sent.
    pub undo: Vec<ClassLine>,
    /// What a person should weigh beside the lines.
    pub risks: ClassRisks,
    /// The checks, in their order.
    pub checks: Vec<ClassCheck>,
    /// What is allowed.
    pub policy: ClassPolicy,
    /// The placeholders, in the order in which the lines name them.
    pub values: Vec<ClassValue>,
}

/// A placeholder of a class.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassValue {
    /// The variable that decided the word.
    pub name: String,
    /// It is not what the variable says but what the router had in its place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub before: bool,
}

/// A line of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassLine {
    /// What is typed, masked.
    pub text: ClassText,
    /// What may be typed in its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub otherwise: Vec<ClassText>,
    /// It rests on what no device has shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guess: Option<Guess>,
    /// It takes effect after a restart.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restart: bool,
    /// It may cut our own session.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_cut: bool,
    /// Why no line undoes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub irreversible: Option<Text>,
}

/// What a person should weigh beside the lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRisks {
    /// What is known of the path that our session uses.
    pub lifeline: KnownLifeline,
    /// The risks that the plan names (`line.gap`), with the lines that each is about.
    pub notes: Vec<RiskNote>,
    /// The reviewed facts that it rests on, each with its hash.
    pub facts: Vec<String>,
}

/// What is known of the path that our session uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownLifeline {
    /// A console: no line can cut it.
    Console,
    /// Declared, or to be found on the router.
    Declared,
    /// Not known.
    Unknown,
}

/// A risk that a plan names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskNote {
    /// Its name.
    pub id: String,
    /// The first and the last line that it is about, where it is about some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<[usize; 2]>,
}

/// A check of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassCheck {
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: String,
    /// It is run in the clinic alone.
    #[serde(rename = "clinic")]
    pub phase: Phase,
    /// Where it fails, the change is undone.
    #[serde(rename = "required")]
    pub level: Level,
    /// What is typed.
    pub command: ClassText,
    /// What the answer must say.
    pub expect: Vec<ClassExpectation>,
    /// After the change it is repeated until it passes, at most so many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<u32>,
}

/// What an answer must say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassExpectation {
    /// The word for its kind.
    pub kind: String,
    /// The text, or the pattern.
    pub said: ClassText,
}

/// What is allowed. What a run allows by its own options (`--adopt`, `--take-over`, `--phase`) is not of the class.
#[expect(clippy::struct_excessive_bools, reason = "each is a permission of its own, as in the terms")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassPolicy {
    /// What to do where the router was lost.
    pub lost: OnLoss,
    /// It may be restarted without saving where the undo fails.
    pub allow_reload: bool,
    /// The path of our own session may be changed.
    pub allow_lifeline_change: bool,
    /// Lines that the grammar does not know may be removed.
    pub allow_unrecognised: bool,
    /// Secrets that cannot be compared are entered.
    pub set_secrets: bool,
    /// The longest line in bytes.
    pub max_line: usize,
    /// The oldest firmware allowed.
    pub min_firmware: Option<Firmware>,
    /// Which part of the configuration is the playbook's.
    pub owns: Ownership,
}

impl ChangeClass {
    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    /// How many lines, of the commands and of the inverse, rest on what no device has shown.
    pub fn guesses(&self) -> usize {
        self.commands.iter().chain(&self.undo).filter(|line| line.guess.is_some()).count()
    }
}

impl From<&Lifeline> for KnownLifeline {
    fn from(lifeline: &Lifeline) -> Self {
        match lifeline {
            Lifeline::Unknown => Self::Unknown,
            Lifeline::Console => Self::Console,
            Lifeline::Path(_) => Self::Declared,
        }
    }
}
