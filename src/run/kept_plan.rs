//! The plan that was kept with a run, as long as it is the one that the journal names.

use super::apply::read_plan;
use super::drift::ApprovedPlan;
use super::plan_file::kept_path;
use crate::journal::Journal;
use crate::message::{Explain, Text};
use crate::record::{Kind, Stored};

/// The hash of the plan that a run recorded as kept with it; nothing where none was.
pub(super) fn recorded_plan(records: &[Stored]) -> Option<String> {
    records.iter().find_map(|stored| match &stored.record {
        Some(Kind::Begun { policy, .. }) => policy.as_ref()?.kept_sha256.clone(),
        _ => None,
    })
}

/// The plan; nothing where none was kept.
///
/// # Errors
/// Why the one that was kept cannot be used.
pub(super) fn kept_plan(journal: &Journal, run: &str, records: &[Stored]) -> Result<Option<ApprovedPlan>, Text> {
    let Some(recorded) = recorded_plan(records) else { return Ok(None) };
    let plan = read_plan(&kept_path(journal.state_dir(), run)).map_err(|error| error.text())?;
    if plan.sha256 == recorded {
        return Ok(Some(plan));
    }
    Err(Text::new(
        format!(
            "the plan kept with the run has SHA-256 {}, and the journal names {recorded}: it is not used",
            plan.sha256
        ),
        format!(
            "実行とともに保管された計画の SHA-256 は {} ですが、ジャーナルの記録は {recorded} です。使用しません",
            plan.sha256
        ),
    ))
}
