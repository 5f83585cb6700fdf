//! What the journal kept of a router's plan, as far as this version understands it: a plan of any earlier version is read field by
//! field. And the hash that names it, and that of all the plans of a run.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::RouterPart;
use crate::run::sha256;

/// A plan as it was kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kept<'k>(Option<&'k Value>);

impl<'k> Kept<'k> {
    /// The value that holds it.
    pub fn of(value: &'k Value) -> Self {
        Self(Some(value))
    }

    /// The part at this pointer, `/intent/device/serial_number`, if it is there and of this form.
    pub fn get<T: DeserializeOwned>(&self, path: &str) -> Option<T> {
        T::deserialize(self.0?.pointer(path)?).ok()
    }

    /// The SHA-256 of the plan as the journal has it, as JSON without blanks; nothing where it has no line.
    pub(super) fn sha256(&self) -> Option<String> {
        let has_lines = !self.list::<String>("/commands").is_empty();
        has_lines.then_some(self.0?).map(|plan| sha256(plan.to_string().as_bytes()))
    }

    /// A list, likewise; empty where it is not there.
    pub fn list<T: DeserializeOwned>(&self, path: &str) -> Vec<T> {
        self.get(path).unwrap_or_default()
    }
}

/// The SHA-256 of the plans that these routers were changed by: of a list as `sha256sum` prints one, a line for each, by name. Nothing where
/// there was no plan.
pub(super) fn sha256_of_all(routers: &[RouterPart]) -> Option<String> {
    let mut lines: Vec<String> =
        routers.iter().filter_map(|one| Some(format!("{}  {}\n", one.plan_sha256.as_ref()?, one.router))).collect();
    lines.sort_unstable_by(|one, other| one.get(64..).cmp(&other.get(64..)));
    (!lines.is_empty()).then(|| sha256(lines.concat().as_bytes()))
}
