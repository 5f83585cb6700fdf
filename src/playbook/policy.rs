//! What a playbook allows and wants, beyond the configuration itself.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::inventory::yaml::Field;
use crate::inventory::{Located, suggestion};
use crate::ix::lint::IDS;

use super::finding::{PlaybookFinding, RoleFinding};

/// What a run may do that it refuses by default, and how lines are judged.
#[expect(clippy::struct_excessive_bools, reason = "each is a permission of its own, given by its own key")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Lines that the grammar does not know may be removed.
    pub allow_unrecognised: bool,
    /// The path of our own session may be changed over SSH.
    pub allow_lifeline_change: bool,
    /// If the undo fails, the router may be restarted without saving, so that it comes up with what it had saved.
    pub allow_reload: bool,
    /// Secrets that cannot be compared are entered.
    pub set_secrets: bool,
    /// What to do with a router that was lost, once it has been read again.
    pub lost: OnLoss,
    /// The longest line in bytes. The router's own limit is not known; a line of over 100 is accepted (fact sheet 10, T).
    pub max_line: usize,
    /// Lint findings that were judged and accepted.
    pub silences: Vec<Silence>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            allow_unrecognised: false,
            allow_lifeline_change: false,
            allow_reload: false,
            set_secrets: false,
            lost: OnLoss::default(),
            max_line: 255,
            silences: Vec::new(),
        }
    }
}

/// What to do with a router whose session was lost, once it has been read again and a part of our plan explains what it runs.
/// What equals the backup is always `undone`; what our plan does not explain is never touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnLoss {
    /// A change that is there completely is verified and saved, a partial one is undone.
    #[default]
    Nearest,
    /// What is missing is sent, then verified and saved.
    Finish,
    /// Everything is undone, also what was saved already.
    Undo,
    /// The operator decides; without one the router stays lost.
    Ask,
}

/// Reads `lost:`.
pub(super) fn read_on_loss(field: &Field<'_>) -> Option<OnLoss> {
    let words =
        [("nearest", OnLoss::Nearest), ("finish", OnLoss::Finish), ("undo", OnLoss::Undo), ("ask", OnLoss::Ask)];
    field.choice(words)
}

/// A lint finding that is known and accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// The finding's id.
    pub lint: Located<String>,
    /// Why it is accepted.
    pub reason: String,
}

/// A firmware version such as `10.7.18`, compared number by number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Firmware(Vec<u32>);

/// Why a text is no firmware version: it is no numbers with dots between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a firmware version is numbers with dots between them, such as 10.7.18")]
pub struct NoFirmware;

impl TryFrom<String> for Firmware {
    type Error = NoFirmware;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Firmware> for String {
    fn from(firmware: Firmware) -> Self {
        firmware.to_string()
    }
}

impl FromStr for Firmware {
    type Err = NoFirmware;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let numbers: Result<Vec<u32>, _> = s.split('.').map(str::parse).collect();
        numbers.map(Self).map_err(|_| NoFirmware)
    }
}

impl fmt::Display for Firmware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.0.iter().map(u32::to_string).collect();
        f.write_str(&numbers.join("."))
    }
}

/// Reads `lint: { silence: [...] }`.
pub(super) fn read_silences(field: &Field<'_>) -> Vec<Silence> {
    let Some(mut table) = field.table("the lint settings", "lint の設定") else { return Vec::new() };
    let list = table.get("silence").map(|f| f.list()).unwrap_or_default();
    table.finish();
    list.iter()
        .filter_map(|field| {
            let mut table = field.table("a silenced finding", "抑止する指摘")?;
            let lint = table.require("id").and_then(|f| lint_id(&f));
            let reason = table.require("reason").and_then(|f| f.text());
            table.finish();
            Some(Silence { lint: lint?, reason: reason? })
        })
        .collect()
}

/// Findings about lines that no plan is made of: to silence them would only move the refusal.
pub(super) const REFUSED_ANYWAY: [&str; 2] = ["abbreviation", "not-configuration"];

/// The name of a lint finding; an unknown one would silence nothing.
fn lint_id(field: &Field<'_>) -> Option<Located<String>> {
    let id = field.text()?;
    if REFUSED_ANYWAY.contains(&id.as_str()) {
        field.refuse(&PlaybookFinding::NotToBeSilenced { id });
        return None;
    }
    if IDS.contains(&id.as_str()) {
        return Some(field.located(id));
    }
    let near = suggestion(&id, IDS);
    field.refuse(&PlaybookFinding::NoLintId { id, near });
    None
}

/// Reads a firmware version; it must be in quotes, since YAML readers take `10.10` for the number 10.1.
pub(super) fn read_firmware(field: &Field<'_>) -> Option<Located<Firmware>> {
    let text = field.text()?;
    let firmware = text.parse().ok();
    if firmware.is_none() {
        field.refuse(&RoleFinding::NoFirmware { text });
    }
    firmware.map(|f| field.located(f))
}

#[cfg(test)]
mod tests {
    use super::Firmware;

    #[test]
    fn versions_compare_by_number() {
        let version = |text: &str| text.parse::<Firmware>().ok();
        assert!(version("10.10.1") > version("10.9.34"));
        assert!(version("10.2") < version("10.2.16"));
        assert!(version("10.x").is_none());
    }
}
