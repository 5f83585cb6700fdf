//! The name of a run: the time it began, short enough to be read out on the phone, and four characters that make it the only one.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use serde::Serialize;

/// A run's name, such as `20261122-114603-7k3f`; the time is UTC.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RunId(String);

/// No letters that look like digits or like each other.
const LETTERS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz0";

impl RunId {
    /// A new name.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn new(now: SystemTime) -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 4];
        getrandom::fill(&mut bytes)?;
        let tail: String =
            bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|b| char::from(*b)).collect();
        Ok(Self(format!("{}-{tail}", shown(milliseconds(now), "%Y%m%d-%H%M%S"))))
    }

    /// The name of a run that the journal holds.
    pub fn known(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Milliseconds since 1970 as a person reads them, `2026-11-22 11:46:03`, UTC.
pub fn utc(at_ms: i64) -> String {
    shown(at_ms, "%Y-%m-%d %H:%M:%S")
}

const RFC3339: &str = "%Y-%m-%dT%H:%M:%S%.3fZ";

/// A time as programs read it, `2026-11-22T11:46:03.042Z`, UTC.
pub fn rfc3339(at: SystemTime) -> String {
    rfc3339_ms(milliseconds(at))
}

/// Milliseconds since 1970, likewise.
pub fn rfc3339_ms(at_ms: i64) -> String {
    shown(at_ms, RFC3339)
}

/// Milliseconds since 1970; a clock before that year counts as 1970.
pub(crate) fn milliseconds(now: SystemTime) -> i64 {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The instant of so many milliseconds since 1970; one that this system's clock cannot hold (that of Windows ends before others) counts as 1970.
pub fn instant(at_ms: i64) -> SystemTime {
    let since = Duration::from_millis(u64::try_from(at_ms).unwrap_or_default());
    UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
}

/// The time in the civil calendar, UTC, as the pattern says; one that no calendar holds is shown as the nearest that it does.
fn shown(at_ms: i64, pattern: &str) -> String {
    let nearest = if at_ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(at_ms).unwrap_or(nearest).strftime(pattern).to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{RunId, instant, milliseconds, rfc3339, utc};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn days_are_those_of_the_calendar() {
        for (ms, text) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_399_000, "2000-02-28 23:59:59"),
            (951_868_799_999, "2000-02-29 23:59:59"),
            (1_772_323_200_000, "2026-03-01 00:00:00"),
            (1_798_761_599_000, "2026-12-31 23:59:59"),
            (-1, "1969-12-31 23:59:59"),
        ] {
            assert_eq!(utc(ms), text);
        }
        assert!(utc(i64::MAX).starts_with("9999-"), "a clock gone mad is shown, not a panic");
    }

    #[test]
    fn programs_read_the_time_with_its_milliseconds() {
        let at = UNIX_EPOCH + Duration::from_millis(1_772_323_200_042);
        assert_eq!(rfc3339(at), "2026-03-01T00:00:00.042Z");
    }

    #[test]
    fn an_instant_that_no_clock_holds_is_no_panic() {
        assert_eq!(milliseconds(instant(1_772_323_200_042)), 1_772_323_200_042);
        assert_eq!(instant(-1), UNIX_EPOCH);
        assert!(instant(i64::MAX) >= UNIX_EPOCH);
    }

    #[test]
    fn a_name_begins_with_its_time_and_is_not_repeated() {
        let at = UNIX_EPOCH + Duration::from_secs(1_772_323_200);
        let (one, other) = (RunId::new(at).unwrap(), RunId::new(at).unwrap());
        assert!(one.as_str().starts_with("20260301-000000-"), "{one}");
        assert_eq!(one.as_str().len(), 20);
        assert_ne!(one, other);
    }
}
