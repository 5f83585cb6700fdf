//! The plan of one router in the form in which it is kept: what is wanted, what was seen, the commands, masked.
//!
//! It holds no secret value. From it and the inventory's path to the router the intent is rebuilt.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::error::SavedPlanError;
use crate::dialect::Dialect;
use crate::ix::mask::{is_plain_secret, mask_line};
use crate::ix::origins::Origins;
use crate::ix::{Config, ConfigText};
use crate::message::{Explain, Text};
use crate::plan::{self, Command, Guess, Note, OriginOfLine, Plan};
use crate::transaction::{Fingerprint, Intent, Observed, Terms, fact_note};

/// One router's plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedPlan {
    /// What is wanted of the router.
    pub intent: Arc<Intent>,
    /// What it was when the plan was made.
    pub seen: Fingerprint,
    /// What it ran then, canonical and masked, so that a later difference can be shown; not in the journal, which has the backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<String>,
    /// What it would have started with, likewise; nothing where that was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub startup: Option<String>,
    /// It was planned from a backup whose secrets someone had removed: nothing of that backup is taken for what runs. Before
    /// anything is sent the router is read, planned again, and compared with what the backup does say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub masked_base: bool,
    /// The lines of it that could not be compared, masked, with their headers; in the journal, too, where a router shows such lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cannot_compare: Vec<String>,
    /// The commands, masked.
    pub commands: Vec<String>,
    /// The inverse, masked.
    pub undo: Vec<String>,
    /// The facts it rests on, each with its hash and who reviewed it.
    pub facts: Vec<String>,
    /// What may be typed instead of a removal of either, masked; absent in what 0.1.0 wrote, which knew one form of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Vec<String>>,
    /// What changes, by meaning.
    pub changes: Vec<Text>,
    /// The difference, masked.
    pub diff: String,
    /// The lines that rest on what no device has shown.
    pub guesses: Vec<GuessedLine>,
    /// What decided the commands; absent in what earlier versions wrote, which did not keep it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<OriginOfLine>,
    /// What a reviewer should know beside the lines; only in a plan file, and in none of an earlier version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Vec<Note>>,
    /// Lines that do more, or can do less, than they say; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cautions: Option<Vec<LineCaution>>,
}

/// What a reviewer should know of one line of a plan, or of its inverse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineCaution {
    /// The line, from 1.
    pub line: usize,
    /// Of the inverse.
    pub undo: bool,
    /// It takes effect after a restart.
    pub restart: bool,
    /// It may cut our own session.
    pub may_cut: bool,
    /// Why it cannot be undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub irreversible: Option<Text>,
}

impl LineCaution {
    /// Those of a plan, then those of its inverse.
    pub fn of(plan: &Plan) -> Vec<Self> {
        let of = |undo: bool, commands: &[Command]| -> Vec<Self> {
            let cautious = |one: &&Command| one.restart || one.may_cut || one.irreversible.is_some();
            let caution = |one: &Command| Self {
                line: one.number,
                undo,
                restart: one.restart,
                may_cut: one.may_cut,
                irreversible: one.irreversible.as_deref().cloned(),
            };
            commands.iter().filter(cautious).map(caution).collect()
        };
        [of(false, &plan.commands), of(true, &plan.undo(plan.commands.len()))].concat()
    }
}

/// A line of a plan, or of its inverse, that rests on what no device has shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuessedLine {
    /// The line, from 1.
    pub line: usize,
    /// Of the inverse.
    pub undo: bool,
    /// How it is known.
    pub guess: Guess,
}

impl GuessedLine {
    /// Those of a plan, then those of its inverse.
    pub fn of(plan: &Plan) -> Vec<Self> {
        let of = |undo: bool, commands: &[Command]| {
            let mut guesses = plan.guesses();
            let line = |command: &Command| Some(Self { line: command.number, undo, guess: guesses.of(command)? });
            commands.iter().filter_map(line).collect::<Vec<_>>()
        };
        [of(false, &plan.commands), of(true, &plan.undo(plan.commands.len()))].concat()
    }
}

impl SavedPlan {
    /// What is kept of a router's plan.
    pub fn of(intent: Arc<Intent>, seen: Fingerprint, plan: &Plan) -> Self {
        Self {
            intent,
            seen,
            running: None,
            startup: None,
            masked_base: false,
            cannot_compare: plan.notes.iter().filter_map(|note| note.about.clone()).collect(),
            commands: masked(&plan.commands),
            undo: masked(&plan.undo(plan.commands.len())),
            facts: facts_of(plan),
            alternatives: Some(plan.alternatives()),
            changes: plan.changes.iter().map(|change| change.text.clone()).collect(),
            diff: plan.diff().to_owned(),
            guesses: GuessedLine::of(plan),
            origins: plan.origins(),
            notes: None,
            cautions: None,
        }
    }

    /// The same with everything that a reviewer should know of the plan.
    #[must_use]
    pub fn for_review(self, plan: &Plan) -> Self {
        Self { notes: Some(plan.notes.clone()), cautions: Some(LineCaution::of(plan)), ..self }
    }

    /// The same as it is agreed to for a router that is wanted so, without what a reviewer alone needs.
    #[must_use]
    pub fn agreed_to(&self, intent: Arc<Intent>) -> Self {
        let mut agreed = self.clone();
        (agreed.running, agreed.startup, agreed.masked_base) = (None, None, false);
        (agreed.notes, agreed.cautions) = (None, None);
        Self { intent, ..agreed }
    }

    /// The same, once what it says that the playbook owns can be understood.
    ///
    /// # Errors
    /// [`SavedPlanError`] for an entry that begins no command.
    pub fn checked(self) -> Result<Self, SavedPlanError> {
        // As a role is read: it may name lines that another series has.
        let owns = self.intent.terms.owns.check(Dialect::any().grammar());
        owns.map_err(|error| SavedPlanError { router: self.intent.router.clone(), why: error.text() })?;
        Ok(self)
    }

    /// What no plan of ours says, and a reviewer would take for another part of the plan: a file is a stranger's until it was read.
    pub fn forged(&self) -> Option<Text> {
        let lines = [&self.commands, &self.undo].into_iter().chain(&self.alternatives).flatten();
        if lines.into_iter().any(|line| line.chars().any(char::is_control)) {
            return Some(Text::new(
                "a command holds a control character or is more than one line",
                "コマンドに制御文字が含まれるか、複数行になっています",
            ));
        }
        if !self.diff.lines().all(|line| line.is_empty() || line.starts_with(['+', '-', ' ', '@', '\\'])) {
            return Some(Text::new(
                "`diff` holds a line that is of no difference",
                "`diff` に差分ではない行があります",
            ));
        }
        let nothing_else = self.undo.is_empty() && self.diff.is_empty();
        (self.commands.is_empty() && !nothing_else).then(|| {
            Text::new(
                "it has no commands, yet an undo or a difference",
                "コマンドがないのに取り消しまたは差分があります",
            )
        })
    }

    /// The intent again, for the router as the inventory names it today: which box it is and how it is reached come from today's
    /// inventory, and what the operator allows from this run. What the router was then is compared with it as drift.
    pub fn intent_for(&self, today: &Intent) -> Intent {
        let (mut today, then) = (today.clone(), &self.intent);
        today.path.gives_back.clone_from(&then.path.gives_back);
        let terms = Terms {
            adopt: today.terms.adopt,
            take_over: today.terms.take_over,
            at_clinic: today.terms.at_clinic,
            line_pending: today.terms.line_pending.clone(),
            known: today.terms.known.clone(),
            ..then.terms.clone()
        };
        // What was rendered for it when the plan was made; the inventory may name other roles.
        let roles = if then.roles.is_empty() { today.roles.clone() } else { then.roles.clone() };
        Intent { roles, desired: then.desired.clone(), terms, ..today }
    }

    /// Whether it says where lines come from.
    pub fn has_origins(&self) -> bool {
        !self.origins.is_empty() || self.intent.desired.text().is_some_and(ConfigText::has_origins)
    }

    /// Whether it says which words are the router's own.
    pub fn has_own_words(&self) -> bool {
        let rendered = self.intent.desired.text().and_then(ConfigText::origins);
        rendered.is_some_and(Origins::has_own_words)
            || self.intent.terms.checks.iter().any(|check| !check.own.is_empty())
    }

    /// How many lines of what is wanted may hold a secret by themselves: they are kept as they are, since they will be typed.
    pub fn plain_secrets(&self) -> usize {
        self.intent.desired.shown().lines().filter(|line| is_plain_secret(line)).count()
    }

    /// The same with what the router ran and would have started with.
    #[must_use]
    pub fn with_texts(mut self, running: &Config, startup: Option<&Config>) -> Self {
        self.startup = startup.map(Config::print_masked);
        self.running = Some(running.print_masked());
        self
    }

    /// The same for a plan that was made from a masked backup.
    #[must_use]
    pub fn from_masked(self, masked_base: bool) -> Self {
        Self { masked_base, startup: self.startup.filter(|_| !masked_base), ..self }
    }

    /// What has changed on the router since this was planned.
    pub fn first_difference(&self, now: &Observed) -> Option<&'static str> {
        let commands = self.intent.dialect().commands();
        let other = self.seen.first_difference(&now.fingerprint(), commands);
        other.or_else(|| (!self.known_parts_of(now).1).then_some(commands.show_running))
    }

    /// Whether it is another box than this was planned for, or has another firmware, by the command that shows it.
    pub fn another_box(&self, now: &Observed) -> Option<&'static str> {
        self.seen.another_box(&now.identity, self.intent.dialect().commands())
    }

    /// What the router runs now, masked, as far as a masked backup can be compared with it, and whether it is the same
    /// there.
    fn known_parts_of(&self, now: &Observed) -> (Config, bool) {
        let today = masked_copy(&now.running);
        let then = self.running.as_deref().filter(|_| self.masked_base).map(|text| now.parse(text));
        let Some(then) = then else { return (today, true) };
        let today = plan::masked::known_parts(&then, &today).map_or(today, |aside| aside.config);
        let same = plan::same(&then, &today);
        (today, same)
    }

    /// In what the router, or the plan made again, is no longer what this says; masked.
    pub fn moved_on(&self, now: &Observed, plan: &Plan) -> String {
        let mut shown = String::new();
        let said = |what: &str, then: &str, now: &str| match then == now {
            true => String::new(),
            false => format!("{what}: {then} → {now}\n"),
        };
        let (then, today) = (&self.seen.identity, &now.identity);
        shown.push_str(&said("model", then.model(), today.model()));
        for (what, then, now) in [
            ("serial number", &then.serial_number, today.serial_number()),
            ("firmware", &then.firmware, today.firmware()),
        ] {
            shown.extend(then.as_deref().map(|then| said(what, then, now)));
        }
        let Some(running) = self.running.as_deref() else { return shown };
        let (then, (today, _)) = (now.parse(running), self.known_parts_of(now));
        if !plan::same(&then, &today) {
            shown.push_str(&plan::unified(&then, &today, "running, planned for", "running, now"));
        }
        if let Some(startup) = self.startup.as_deref() {
            let (then, today) = (now.parse(startup), masked_copy(&now.startup()));
            if !plan::same(&then, &today) {
                shown.push_str(&plan::unified(&then, &today, "startup, planned for", "startup, now"));
            }
        }
        if shown.is_empty() && !self.agrees_with(plan) {
            let text = |facts: &[String], commands: &[String], alternatives: &[String]| -> String {
                facts.iter().chain(commands).chain(alternatives).map(|line| format!("{line}\n")).collect()
            };
            let now = plan.alternatives();
            let then = self.alternatives.as_deref().unwrap_or(&now);
            let diff = similar::TextDiff::from_lines(
                text(&self.facts, &self.commands, then),
                text(&facts_of(plan), &self::masked(&plan.commands), &now),
            )
            .unified_diff()
            .header("commands, planned", "commands, now")
            .to_string();
            shown.push_str(&diff);
        }
        shown
    }

    /// Whether nothing of it is left to do: the router, still the same box, already holds what is wanted. What it runs was read, and
    /// is what it would start with: a reading with unsaved changes is refused, or they are adopted and saved.
    pub fn is_done(&self, now: &Observed, plan: &Plan) -> bool {
        plan.is_empty() && self.seen.identity.may_be(&now.identity)
    }

    /// Whether a plan made again says the very same.
    pub fn agrees_with(&self, plan: &Plan) -> bool {
        self.commands == masked(&plan.commands)
            && self.alternatives.as_ref().is_none_or(|kept| *kept == plan.alternatives())
            && self.facts == facts_of(plan)
    }
}

/// A configuration as it may be kept and shown.
fn masked_copy(config: &Config) -> Config {
    Config::parse(config.dialect(), config.print_masked())
}

/// What a plan says it rests on.
fn facts_of(plan: &Plan) -> Vec<String> {
    let facts = plan.notes.iter().filter(|note| note.id == fact_note::RESTS_ON);
    facts.map(|note| note.text.en.clone()).collect()
}

/// Commands as they may be shown.
pub fn masked(commands: &[Command]) -> Vec<String> {
    commands.iter().map(|command| mask_line(&command.text)).collect()
}
