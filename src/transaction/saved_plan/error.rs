//! Why what was kept of a plan cannot be used.

use crate::message::{Explain, Text};

/// Why what was kept cannot be used.
#[derive(Debug, Explain)]
#[explain(
    code = "plan-file.invalid",
    en = "{router}: {why}",
    ja = "{router}: {why}",
    hint(en = "make the plan again with `plan -o`", ja = "plan -o で計画を作り直してください")
)]
pub struct SavedPlanError {
    /// The router.
    pub router: String,
    /// Why.
    pub why: Text,
}
