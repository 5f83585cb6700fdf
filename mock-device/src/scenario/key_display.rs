//! A display of the SSH host key, as a scenario invents it: that a router shows a fingerprint is known, and neither the command nor the form.

use serde::{Deserialize, Serialize};

/// A command, and what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyDisplay {
    /// The command, taken as it is typed here in every mode.
    pub command: String,
    /// The lines that it shows: `{md5}` and `{sha256}` are the fingerprints of the router's key. Without a key none is shown.
    pub lines: Vec<String>,
}
