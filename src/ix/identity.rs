//! Which box a router is, as far as it is known: by its own word, by an inventory, by a reviewed fact, by a record.
//!
//! Compares; reads nothing.

use serde::{Deserialize, Serialize};

/// What tells a router from any other. What is not known is absent, also where it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The model's name: `show hardware`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The serial number: `show hardware`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// The firmware's version: `show version`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<String>,
    /// The host name: the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_name: Option<String>,
}

/// How many characters of a serial number a person types to confirm a box: as many as one can read off a label without a mistake.
pub const CONFIRMING: usize = 4;

/// A serial number without its end, which a person is asked for: that is read off the label and not off the screen.
pub fn without_end(serial_number: &str) -> String {
    let kept = serial_number.chars().count().saturating_sub(CONFIRMING);
    serial_number.chars().take(kept).chain(std::iter::repeat_n('*', CONFIRMING)).collect()
}

impl Identity {
    /// The model's name for a text; empty where it is not known.
    pub fn model(&self) -> &str {
        self.model.as_deref().unwrap_or_default()
    }

    /// The serial number for a text, likewise.
    pub fn serial_number(&self) -> &str {
        self.serial_number.as_deref().unwrap_or_default()
    }

    /// The firmware's version for a text, likewise.
    pub fn firmware(&self) -> &str {
        self.firmware.as_deref().unwrap_or_default()
    }

    /// Whether both are one box for certain: they have the same serial number.
    pub fn is_certainly(&self, other: &Self) -> bool {
        self.serial_number.is_some() && self.serial_number == other.serial_number
    }

    /// Whether both may be one box: neither model nor serial number, where both know it, says otherwise. Firmware and host name
    /// change.
    pub fn may_be(&self, other: &Self) -> bool {
        let model = self.model.as_ref().zip(other.model.as_ref());
        let serial_number = self.serial_number.as_ref().zip(other.serial_number.as_ref());
        model.is_none_or(|(one, other)| one.eq_ignore_ascii_case(other))
            && serial_number.is_none_or(|(one, other)| one == other)
    }
}

#[cfg(test)]
mod tests {
    use super::{Identity, without_end};

    #[test]
    fn the_end_of_a_serial_number_is_masked_and_a_short_one_whole() {
        assert_eq!(without_end("8609839273"), "860983****");
        assert_eq!(without_end("12"), "****");
    }

    fn identity(model: &str, serial_number: Option<&str>) -> Identity {
        let serial_number = serial_number.map(str::to_owned);
        Identity { model: Some(model.to_owned()), serial_number, ..Identity::default() }
    }

    #[test]
    fn two_are_one_box_by_their_serial_number_and_may_be_one_until_something_differs() {
        let own = identity("IX2215", Some("1"));
        let same = Identity { firmware: Some("10.7.18".to_owned()), ..identity("ix2215", Some("1")) };
        assert!(own.is_certainly(&same) && own.may_be(&same));
        let unknown = identity("IX2215", None);
        assert!(!own.is_certainly(&unknown) && !unknown.is_certainly(&unknown), "no number proves nothing");
        assert!(own.may_be(&unknown) && Identity::default().may_be(&own));
        assert!(!own.may_be(&identity("IX2215", Some("2"))) && !own.may_be(&identity("IX2310", Some("1"))));
    }
}
