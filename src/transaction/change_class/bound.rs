//! A class with the values of one router, and whether it is still what was approved.

use serde::{Deserialize, Serialize};

use super::class::ChangeClass;
use super::hash::ClassHash;
use super::text::ClassText;

/// The change of one router: its class, and its own values in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundChange {
    /// The class.
    pub class: ChangeClass,
    /// What the placeholders stand for, in their order.
    pub values: Vec<String>,
}

/// In what a change is not the approved one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClassDifference {
    /// Other commands, another inverse, other risks, checks or policy.
    Class,
    /// The same class, and other values of these variables.
    Values(Vec<String>),
}

impl BoundChange {
    /// The first thing in which it is not the change that was approved for its router by this hash with these values; nothing where it
    /// is that very change.
    pub fn difference(&self, approved: &ClassHash, values: &[String]) -> Option<ClassDifference> {
        if self.class.hash() != *approved || self.values.len() != values.len() {
            return Some(ClassDifference::Class);
        }
        let pairs = self.class.values.iter().zip(self.values.iter().zip(values));
        let other: Vec<String> =
            pairs.filter(|(_, (now, then))| now != then).map(|(value, _)| value.name.clone()).collect();
        (!other.is_empty()).then_some(ClassDifference::Values(other))
    }

    /// The lines to type, masked, as they are for this router.
    pub fn commands(&self) -> Vec<String> {
        self.class.commands.iter().map(|line| self.text(&line.text)).collect()
    }

    /// The inverse, likewise.
    pub fn undo(&self) -> Vec<String> {
        self.class.undo.iter().map(|line| self.text(&line.text)).collect()
    }

    fn text(&self, text: &ClassText) -> String {
        text.with(&self.values).unwrap_or_default()
    }
}
