//! Why what was kept of a plan cannot be used.

use crate::message::{Explain, Text};

/// Why what was kept cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{router}: {why}")]
pub struct SavedPlanError {
    /// The router.
    pub router: String,
    /// Why.
    pub why: String,
}

impl Explain for SavedPlanError {
    fn code(&self) -> &'static str {
        "plan-file.invalid"
    }

    fn text(&self) -> Text {
        Text::new(self.to_string(), self.to_string())
    }

    fn hints(&self) -> Vec<Text> {
        vec![Text::new("make the plan again with `plan -o`", "plan -o で計画を作り直してください")]
    }
}
