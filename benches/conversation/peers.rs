//! Other people's libraries, run by the Python that `IX_PEER_PYTHON` names.

use std::ffi::OsStr;
use std::process::Command;

use serde_json::Value;

/// Seconds that one script may take.
const LIMIT: &str = "120";

/// A Python that has them.
pub struct Peers {
    python: String,
}

impl Peers {
    /// As the environment says; nothing without.
    pub fn found() -> Option<Self> {
        std::env::var("IX_PEER_PYTHON").ok().map(|python| Self { python })
    }

    /// Runs a script of `benches/peers`; its last line is its result. Says why there is no result.
    pub fn run<S: AsRef<OsStr>>(&self, script: &str, words: &[S]) -> Result<Value, String> {
        let path = format!("{}/benches/peers/{script}", env!("CARGO_MANIFEST_DIR"));
        let output = Command::new("timeout")
            .arg(LIMIT)
            .arg(&self.python)
            .arg(path)
            .args(words)
            .output()
            .map_err(|error| format!("{script}: {error}"))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let failed = || format!("{script} failed: {}", said.lines().last().unwrap_or_default());
        if !output.status.success() {
            return Err(failed());
        }
        let printed = String::from_utf8_lossy(&output.stdout);
        printed.lines().last().and_then(|line| serde_json::from_str(line).ok()).ok_or_else(failed)
    }
}
