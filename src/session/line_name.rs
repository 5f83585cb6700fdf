//! How messages call a line that was typed; no secret is in it.

use std::fmt;

/// How a message calls a line: by its plan line number, and by its text unless that is secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineName {
    /// The number in the plan, counted from 1; none for a command of our own.
    pub number: Option<usize>,
    /// The text; none for a secret line.
    pub text: Option<String>,
}

impl fmt::Display for LineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.number, &self.text) {
            (Some(number), Some(text)) => write!(f, "#{number} `{text}`"),
            (Some(number), None) => write!(f, "#{number} (***)"),
            (None, Some(text)) => write!(f, "`{text}`"),
            (None, None) => f.write_str("(***)"),
        }
    }
}
