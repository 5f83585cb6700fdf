//! What the journal kept of a router's plan, as far as this version understands it: a plan of any earlier version is read field by
//! field.

use serde::de::DeserializeOwned;
use serde_json::Value;

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

    /// A list, likewise; empty where it is not there.
    pub fn list<T: DeserializeOwned>(&self, path: &str) -> Vec<T> {
        self.get(path).unwrap_or_default()
    }
}
