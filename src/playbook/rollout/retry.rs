//! When a site that is occupied or cannot be reached is tried again in the same run.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::millis;
use crate::inventory::duration;
use crate::inventory::yaml::{Content, Field};
use crate::playbook::finding::RolloutFinding;

/// Come back later: with growing pauses, until the site's window ends or the limit is reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// The pause before the first time; each later one is twice as long.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "millis")]
    pub pause: Option<Duration>,
    /// The longest pause.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "millis")]
    pub longest_pause: Option<Duration>,
    /// How long after its first time a site is tried at most.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "millis")]
    pub limit: Option<Duration>,
}

/// Reads `retry:`: `true`, `false`, or a table.
pub(super) fn read_retry(field: &Field<'_>) -> Option<Retry> {
    if matches!(field.content(), Content::Scalar { .. }) {
        return field.boolean()?.then(Retry::default);
    }
    let mut table = field.table("the retries", "再試行")?;
    let mut time = |key| table.get(key).and_then(|f: Field<'_>| duration(&f));
    let retry = Retry { pause: time("pause"), longest_pause: time("longest_pause"), limit: time("limit") };
    if let (Some(pause), Some(longest)) = (retry.pause, retry.longest_pause)
        && pause > longest
    {
        field.report(field.key_error(&RolloutFinding::PauseOverLongest));
    }
    table.finish();
    Some(retry)
}
