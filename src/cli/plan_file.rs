//! A plan kept in a file: what was seen, what is wanted, and the commands, masked, that follow from both.
//!
//! It holds no secret value. When it is applied, the router is read again and the plan made again; only if both the router and
//! every command are what the file says does anything go out. So the file can be read, sent and reviewed by anyone.

use std::io::Write;
use std::path::Path;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::error::Failure;
use crate::ix::mask::mask_line;
use crate::message::Text;
use crate::plan::{Command, Plan};
use crate::playbook::{Check, Expect, Level, Phase};
use crate::transaction::{Fingerprint, Job};

/// The version of the file's form.
pub const SCHEMA: &str = "ixdeploy-plan/1";

/// A file of plans.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    /// [`SCHEMA`].
    pub schema: String,
    /// The playbook's name.
    pub playbook: String,
    /// How many routers are changed at once.
    pub concurrency: usize,
    /// After how many failures none is begun.
    pub max_failures: usize,
    /// The plans.
    pub routers: Vec<Entry>,
}

/// One router's plan.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The router.
    pub router: String,
    /// Its site.
    pub site: String,
    /// What it was when the plan was made.
    pub seen: Fingerprint,
    /// What it should be; secrets are placeholders.
    pub desired: String,
    /// What of it is ours.
    pub owns: Vec<String>,
    /// The oldest firmware allowed.
    pub min_firmware: Option<String>,
    /// Lines the grammar does not know may be removed.
    pub allow_unrecognised: bool,
    /// The path of our own session may be changed.
    pub allow_lifeline_change: bool,
    /// Secrets that cannot be compared are entered.
    pub set_secrets: bool,
    /// The longest line in bytes.
    pub max_line: usize,
    /// The checks.
    pub checks: Vec<CheckEntry>,
    /// The commands, masked.
    pub commands: Vec<String>,
    /// The inverse, masked.
    pub undo: Vec<String>,
    /// What changes, by meaning.
    pub changes: Vec<Text>,
    /// The difference, masked.
    pub diff: String,
}

/// One check.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckEntry {
    name: String,
    role: String,
    title: Text,
    clinic: bool,
    required: bool,
    command: String,
    expect: Vec<ExpectEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum ExpectEntry {
    Contains(String),
    Matches(String),
    NotContains(String),
    NotMatches(String),
}

impl Entry {
    /// What the file keeps of a router's plan. `desired` and `owns` are as the playbook says them.
    pub fn of(job: &Job, desired: String, owns: Vec<String>, seen: Fingerprint, plan: &Plan) -> Self {
        Self {
            router: job.router.clone(),
            site: job.site.clone(),
            seen,
            desired,
            owns,
            min_firmware: job.min_firmware.as_ref().map(ToString::to_string),
            allow_unrecognised: job.options.allow_unrecognised,
            allow_lifeline_change: job.allow_lifeline_change,
            set_secrets: job.options.set_secrets,
            max_line: job.options.max_line,
            checks: job.checks.iter().map(CheckEntry::of).collect(),
            commands: masked(&plan.commands),
            undo: masked(&plan.undo(plan.commands.len())),
            changes: plan.changes.iter().map(|change| change.text.clone()).collect(),
            diff: plan.diff.clone(),
        }
    }

    /// Whether a plan made again says the very same.
    pub fn agrees_with(&self, plan: &Plan) -> bool {
        self.commands == masked(&plan.commands)
    }
}

/// Commands as they may be shown.
pub fn masked(commands: &[Command]) -> Vec<String> {
    commands.iter().map(|command| mask_line(&command.text)).collect()
}

impl CheckEntry {
    fn of(check: &Check) -> Self {
        Self {
            name: check.name.clone(),
            role: check.role.clone(),
            title: check.title.clone(),
            clinic: check.phase == Phase::Clinic,
            required: check.level == Level::Required,
            command: check.command.clone(),
            expect: check.expect.iter().map(ExpectEntry::of).collect(),
        }
    }

    /// The check again.
    ///
    /// # Errors
    /// When a pattern is none: the file was edited.
    pub fn check(&self) -> Result<Check, regex::Error> {
        Ok(Check {
            name: self.name.clone(),
            role: self.role.clone(),
            title: self.title.clone(),
            phase: if self.clinic { Phase::Clinic } else { Phase::Bench },
            level: if self.required { Level::Required } else { Level::Advisory },
            command: self.command.clone(),
            expect: self.expect.iter().map(ExpectEntry::expect).collect::<Result<_, _>>()?,
        })
    }
}

impl ExpectEntry {
    fn of(expect: &Expect) -> Self {
        match expect {
            Expect::Contains(text) => Self::Contains(text.clone()),
            Expect::Matches(pattern) => Self::Matches(pattern.as_str().to_owned()),
            Expect::NotContains(text) => Self::NotContains(text.clone()),
            Expect::NotMatches(pattern) => Self::NotMatches(pattern.as_str().to_owned()),
        }
    }

    fn expect(&self) -> Result<Expect, regex::Error> {
        Ok(match self {
            Self::Contains(text) => Expect::Contains(text.clone()),
            Self::Matches(pattern) => Expect::Matches(Regex::new(pattern)?),
            Self::NotContains(text) => Expect::NotContains(text.clone()),
            Self::NotMatches(pattern) => Expect::NotMatches(Regex::new(pattern)?),
        })
    }
}

/// Whether a file is a plan rather than a playbook: JSON begins with a brace, a playbook in YAML block style does not.
pub fn is_plan(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{')
}

/// Reads a plan file.
///
/// # Errors
/// When it is not one, or of a version we do not know.
pub fn read(path: &Path, bytes: &[u8]) -> Result<PlanFile, Failure> {
    let bad = |why: String| {
        Failure::usage(
            "plan-file.invalid",
            Text::new(format!("{}: {why}", path.display()), format!("{}: {why}", path.display())),
            Text::new("make the plan again with `plan -o`", "plan -o で計画を作り直してください"),
        )
    };
    let file: PlanFile = serde_json::from_slice(bytes).map_err(|error| bad(error.to_string()))?;
    if file.schema == SCHEMA { Ok(file) } else { Err(bad(format!("schema {} is not {SCHEMA}", file.schema))) }
}

/// Writes a plan file: complete, or not at all.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(path: &Path, file: &PlanFile) -> Result<(), Failure> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = (|| {
        let mut whole = tempfile::NamedTempFile::new_in(dir)?;
        serde_json::to_writer_pretty(&mut whole, file)?;
        whole.write_all(b"\n")?;
        whole.as_file().sync_all()?;
        whole.persist(path).map_err(|error| error.error)?;
        Ok(())
    })();
    written.map_err(|cause| Failure::machine(&path.display().to_string(), &cause))
}
