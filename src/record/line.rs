//! What was seen of a clinic's access line, as it is recorded.

use serde::{Deserialize, Serialize};

use crate::ix::access_line::{AccessLine, Misfit};
use crate::message::Text;

/// What was seen of an access line. Later runs compare the prefix with their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRecord {
    /// The interface of the line.
    pub interface: String,
    /// The prefix that it delegates, with its length; nothing where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Which line it seems to be.
    pub seems: Text,
    /// What does not fit what the configuration asks of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misfits: Vec<Text>,
}

impl LineRecord {
    /// Of a line that was seen.
    pub fn of(line: &AccessLine, misfits: &[Misfit]) -> Self {
        Self {
            interface: line.interface.clone(),
            prefix: line.prefixes.first().cloned(),
            seems: line.summary(),
            misfits: misfits.iter().map(Misfit::text).collect(),
        }
    }
}
