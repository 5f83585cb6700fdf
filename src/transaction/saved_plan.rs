//! What is kept of a router's plan, in a plan file and in the journal: what was seen, what is wanted, the commands, masked.
//!
//! It holds no secret value. From it and the inventory's way in, the job can be had again.

use serde::{Deserialize, Serialize};

use super::{Desired, Fingerprint, Intent, Observed, Terms, Withheld};
use crate::dialect::device_strings;
use crate::ix::mask::{is_plain_secret, mask_line, mask_text};
use crate::ix::{Config, ConfigText};
use crate::message::{Explain, Text};
use crate::plan::{self, Command, Guess, Ownership, Plan};
use crate::playbook::{Check, Firmware, OnLoss};

/// Why what was kept cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{router}: {why}")]
pub struct SavedPlanError {
    /// The router.
    pub router: String,
    /// Why.
    pub why: String,
}

impl Explain for SavedPlanError {
    fn code(&self) -> &'static str {
        "plan-file.invalid"
    }

    fn text(&self) -> Text {
        Text::new(self.to_string(), self.to_string())
    }

    fn hints(&self) -> Vec<Text> {
        vec![Text::new("make the plan again with `plan -o`", "plan -o で計画を作り直してください")]
    }
}

/// One router's plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedPlan {
    /// The router.
    pub router: String,
    /// Its site.
    pub site: String,
    /// What it was when the plan was made.
    pub seen: Fingerprint,
    /// What it ran then, canonical and masked, so that a later difference can be shown; not in the journal, which has the backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<String>,
    /// What it would have started with, likewise; nothing where that was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub startup: Option<String>,
    /// It was planned from a backup out of which somebody took the secrets: nothing of that backup is taken for what runs. Before
    /// anything is sent the router is read, planned again, and held against what the backup does say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub masked_base: bool,
    /// The lines of it that could not be compared, masked, with their headers; in the journal, too, where a router shows such lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cannot_compare: Vec<String>,
    /// What it should be; secrets are placeholders, or masked where it is a whole configuration.
    pub desired: String,
    /// What of it is ours.
    pub owns: Ownership,
    /// The oldest firmware allowed.
    pub min_firmware: Option<Firmware>,
    /// Lines the grammar does not know may be removed.
    pub allow_unrecognised: bool,
    /// The path of our own session may be changed.
    pub allow_lifeline_change: bool,
    /// The router may be restarted without saving where the way back fails.
    #[serde(default)]
    pub allow_reload: bool,
    /// What becomes of it when it was lost.
    #[serde(default)]
    pub lost: OnLoss,
    /// Secrets that cannot be compared are entered.
    pub set_secrets: bool,
    /// The longest line in bytes.
    pub max_line: usize,
    /// What is wanted stands there whole: every line, every order of every list, whoever owns it.
    #[serde(default)]
    pub exact: bool,
    /// Checks of phase `clinic` run.
    #[serde(default = "yes")]
    pub at_clinic: bool,
    /// The checks.
    pub checks: Vec<Check>,
    /// The commands, masked.
    pub commands: Vec<String>,
    /// The inverse, masked.
    pub undo: Vec<String>,
    /// The facts it rests on, each with its hash and who reviewed it.
    #[serde(default)]
    pub facts: Vec<String>,
    /// What may be typed instead of a removal of either, masked; absent in what 0.1.0 wrote, which knew one form of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Vec<String>>,
    /// What changes, by meaning.
    pub changes: Vec<Text>,
    /// The difference, masked.
    pub diff: String,
    /// The lines that rest on what no device has shown; absent in what 0.1.0 wrote.
    #[serde(default)]
    pub guesses: Vec<GuessedLine>,
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
        let numbered = |undo: bool, guesses: Vec<Option<Guess>>| {
            guesses
                .into_iter()
                .enumerate()
                .filter_map(move |(index, guess)| guess.map(|guess| Self { line: index + 1, undo, guess }))
        };
        numbered(false, plan.guesses()).chain(numbered(true, plan.undo_guesses())).collect()
    }
}

impl SavedPlan {
    /// What is kept of a router's plan.
    pub fn of(intent: &Intent, seen: Fingerprint, plan: &Plan) -> Self {
        let terms = &intent.terms;
        Self {
            router: intent.router.clone(),
            site: intent.site.clone(),
            seen,
            running: None,
            startup: None,
            masked_base: false,
            cannot_compare: plan.notes.iter().filter_map(|note| note.about.clone()).collect(),
            desired: match intent.wanted() {
                Some(wanted) if !intent.desired.is_whole() => wanted.print(),
                _ => intent.desired.shown(),
            },
            owns: terms.owns.clone(),
            min_firmware: terms.min_firmware.clone(),
            allow_unrecognised: terms.allow_unrecognised,
            allow_lifeline_change: terms.allow_lifeline_change,
            allow_reload: terms.allow_reload,
            lost: terms.lost,
            set_secrets: terms.set_secrets,
            max_line: terms.max_line,
            exact: intent.desired.is_whole(),
            at_clinic: terms.at_clinic,
            checks: terms.checks.clone(),
            commands: masked(&plan.commands),
            undo: masked(&plan.undo(plan.commands.len())),
            facts: facts_of(plan),
            alternatives: Some(plan.alternatives()),
            changes: plan.changes.iter().map(|change| change.text.clone()).collect(),
            diff: plan.diff().to_owned(),
            guesses: GuessedLine::of(plan),
        }
    }

    /// The job again: the inventory's way in, and the wish that is kept.
    ///
    /// # Errors
    /// [`SavedPlanError`] when something in it cannot be understood: it was edited, or is of another version.
    pub fn fill(&self, bare: &Intent) -> Result<Intent, SavedPlanError> {
        let mut intent = bare.clone();
        let owns = self.owns.check(intent.dialect().grammar());
        owns.map_err(|error| SavedPlanError { router: self.router.clone(), why: error.text().en })?;
        intent.desired = match self.exact {
            true => Desired::Withheld(Withheld::Whole(self.desired.clone())),
            false => Desired::Rendered(ConfigText::new(self.desired.as_str())),
        };
        intent.terms = Terms {
            lost: self.lost,
            allow_reload: self.allow_reload,
            allow_lifeline_change: self.allow_lifeline_change,
            allow_unrecognised: self.allow_unrecognised,
            set_secrets: self.set_secrets,
            max_line: self.max_line,
            min_firmware: self.min_firmware.clone(),
            owns: self.owns.clone(),
            checks: self.checks.clone(),
            ..intent.terms
        };
        // Which box it is stays the inventory's or the operator's word: the plan's own is held against the router as drift.
        Ok(intent)
    }

    /// How many lines of what is wanted may hold a secret by themselves: they are kept as they stand, since they will be typed.
    pub fn plain_secrets(&self) -> usize {
        self.desired.lines().filter(|line| is_plain_secret(line)).count()
    }

    /// The same with what the router ran and would have started with.
    #[must_use]
    pub fn with_texts(mut self, running: &Config, startup: Option<&Config>) -> Self {
        let masked = |config: &Config| mask_text(&config.print());
        self.startup = startup.map(masked);
        self.running = Some(masked(running));
        self
    }

    /// The same for a plan that was made from a masked backup.
    #[must_use]
    pub fn from_masked(self, masked_base: bool) -> Self {
        Self { masked_base, startup: self.startup.filter(|_| !masked_base), ..self }
    }

    /// What of the router is not what it was when this was planned.
    pub fn first_difference(&self, now: &Observed) -> Option<&'static str> {
        let other = self.seen.first_difference(&now.fingerprint());
        other.or_else(|| (!self.known_parts_of(now).1).then_some(device_strings::SHOW_RUNNING))
    }

    /// What the router runs now, masked, as far as a masked backup can be held against it, and whether it is the same there.
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
        let seen = now.fingerprint();
        shown.push_str(&said("model", &self.seen.model, &seen.model));
        if !self.seen.serial_number.is_empty() {
            shown.push_str(&said("serial number", &self.seen.serial_number, &seen.serial_number));
        }
        if !self.seen.firmware.is_empty() {
            shown.push_str(&said("firmware", &self.seen.firmware, &seen.firmware));
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
        let same_box = self.seen.serial_number.is_empty() || self.seen.serial_number == now.serial_number;
        plan.is_empty() && self.seen.model == now.model && same_box
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
    Config::parse(config.dialect(), mask_text(&config.print()))
}

/// What a plan says it rests on.
fn facts_of(plan: &Plan) -> Vec<String> {
    let facts = plan.notes.iter().filter(|note| note.id == super::fact_note::RESTS_ON);
    facts.map(|note| note.text.en.clone()).collect()
}

fn yes() -> bool {
    true
}

/// Commands as they may be shown.
pub fn masked(commands: &[Command]) -> Vec<String> {
    commands.iter().map(|command| mask_line(&command.text)).collect()
}
