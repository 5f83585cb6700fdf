//! How long a step proves itself before the next one begins.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::millis;
use crate::inventory::duration;
use crate::inventory::yaml::{Content, Field};
use crate::playbook::finding::RolloutFinding;

/// A time after the last router of a step, and how often the checks of its routers are run again meanwhile. They are in any case at
/// its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bake {
    /// How long.
    #[serde(with = "millis::always")]
    pub time: Duration,
    /// How often.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "millis")]
    pub every: Option<Duration>,
}

/// The shortest time between two rounds of checks: each is a login on every router of the step.
const SHORTEST_PAUSE: Duration = Duration::from_secs(30);

/// Reads `bake:`: a time, or a table.
pub(super) fn read_bake(field: &Field<'_>) -> Option<Bake> {
    if matches!(field.content(), Content::Scalar { .. }) {
        return Some(Bake { time: duration(field)?, every: None });
    }
    let mut table = field.table("the bake time", "様子見時間")?;
    let time = table.require("time").and_then(|f| duration(&f));
    let every = table.get("every").and_then(|f| Some((duration(&f)?, f)));
    table.finish();
    let time = time?;
    if let Some((every, field)) = &every
        && (*every < SHORTEST_PAUSE || *every > time)
    {
        field.refuse(&RolloutFinding::BakeEvery);
    }
    Some(Bake { time, every: every.map(|(every, _)| every) })
}
