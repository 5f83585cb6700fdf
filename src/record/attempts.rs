//! How often a router was tried in one run.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::run_id::rfc3339;
use crate::message::Text;

/// How often a router was tried in one run, where once was not enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// How many times, at least twice.
    pub count: u32,
    /// When the last attempt ended, as `2026-11-30T03:12:07.000Z`.
    pub last_at: String,
}

impl Attempts {
    /// So many, the last of which has just ended.
    pub fn until_now(count: u32) -> Self {
        Self { count, last_at: rfc3339(SystemTime::now()) }
    }

    /// The same in words.
    pub fn text(&self) -> Text {
        let Self { count, last_at } = self;
        Text::new(format!("tried {count} times, last at {last_at}"), format!("{count} 回試行しました(最後: {last_at})"))
    }
}
