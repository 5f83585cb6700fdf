//! Writing a plan file: what routers share once, and one line for each router. What it costs grows with the number of routers, no faster.

use std::path::Path;

use serde::Serialize;

use super::file::{PlanFile, SCHEMA, sha256};
use crate::run::input_error::InputError;
use crate::run::whole_file::write_whole;
use crate::transaction::{PackedPlan, Packer};
use crate::visible;

/// Writes a plan file, complete or not at all, and says its hash.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(path: &Path, file: &PlanFile) -> Result<String, InputError> {
    let text = text(file).map_err(|error| InputError::machine(path, error.into()))?;
    write_whole(path, text.as_bytes())?;
    Ok(sha256(text.as_bytes()))
}

/// The file as it is written.
///
/// # Errors
/// When a plan does not hold what a reviewer should know.
pub(super) fn text(file: &PlanFile) -> serde_json::Result<String> {
    let mut packer = Packer::default();
    let routers =
        file.routers.iter().map(|entry| packer.pack(entry)).collect::<serde_json::Result<Vec<PackedPlan>>>()?;
    let mut out = Document::default();
    out.field("schema", &SCHEMA)?;
    out.field("made", &file.made)?;
    out.field("playbook", &file.playbook)?;
    out.field("rollout", &file.rollout)?;
    if !file.hand_over.is_empty() {
        out.lines("hand_over", file.hand_over.groups().iter().map(serde_json::to_string))?;
    }
    out.lines("shared", packer.shared().iter().map(|thing| Ok(thing.to_string())))?;
    out.lines("classes", packer.classes().iter().map(serde_json::to_string))?;
    out.lines("routers", routers.iter().map(serde_json::to_string))?;
    out.lines("unplanned", file.unplanned.iter().map(serde_json::to_string))?;
    Ok(visible::in_json(&out.closed()).into_owned())
}

/// A JSON object whose lists have one line for each thing, so that `diff` and `grep` can be used on it.
#[derive(Default)]
struct Document(String);

impl Document {
    fn key(&mut self, key: &str) {
        self.0.push_str(if self.0.is_empty() { "{\n" } else { ",\n" });
        self.0.push_str(&format!("\"{key}\": "));
    }

    fn field(&mut self, key: &str, value: &impl Serialize) -> serde_json::Result<()> {
        self.key(key);
        self.0.push_str(&serde_json::to_string(value)?);
        Ok(())
    }

    fn lines(&mut self, key: &str, things: impl Iterator<Item = serde_json::Result<String>>) -> serde_json::Result<()> {
        self.key(key);
        self.0.push('[');
        for (at, thing) in things.enumerate() {
            self.0.push_str(if at == 0 { "\n" } else { ",\n" });
            self.0.push_str(&thing?);
        }
        self.0.push_str("\n]");
        Ok(())
    }

    fn closed(mut self) -> String {
        self.0.push_str("\n}\n");
        self.0
    }
}
