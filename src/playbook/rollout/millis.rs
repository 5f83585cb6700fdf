//! Times in kept plans: whole milliseconds.

use std::time::Duration;

use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

fn whole(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Writes a time, or that there is none.
pub(super) fn serialize<S: Serializer>(time: &Option<Duration>, out: S) -> Result<S::Ok, S::Error> {
    time.map(whole).serialize(out)
}

/// Reads it again.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    Ok(Option::<u64>::deserialize(from)?.map(Duration::from_millis))
}

/// The same for a time that is always there.
pub(super) mod always {
    use super::*;

    /// Writes it.
    pub(in super::super) fn serialize<S: Serializer>(time: &Duration, out: S) -> Result<S::Ok, S::Error> {
        whole(*time).serialize(out)
    }

    /// Reads it again.
    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_millis)
    }
}
