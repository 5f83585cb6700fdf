//! Times as the clock of this machine has them, with their zone: a person looks from the screen to the clock on the wall. Programs get UTC,
//! and papers the clock of their site.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The zone of this machine; UTC where it does not say.
static ZONE: LazyLock<TimeZone> = LazyLock::new(TimeZone::system);

/// Milliseconds since 1970 as a person reads them, `2026-11-22 20:46:03 JST`.
pub fn local_time(at_ms: i64) -> String {
    shown(at_ms, &ZONE)
}

/// A time that is kept as text, `2026-11-22T11:46:03Z`, in the same form; one that cannot be read, as it is.
pub fn local_time_of(kept: &str) -> String {
    kept.parse().map_or_else(|_| kept.to_owned(), |at: Timestamp| shown(at.as_millisecond(), &ZONE))
}

fn shown(at_ms: i64, zone: &TimeZone) -> String {
    let nearest = if at_ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
    let at = Timestamp::from_millisecond(at_ms).unwrap_or(nearest);
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use jiff::tz::{TimeZone, TimeZoneDatabase};

    use super::{local_time, local_time_of, shown};

    #[test]
    fn a_person_reads_the_clock_of_the_machine_and_which_zone_that_is() {
        let tokyo = TimeZoneDatabase::bundled().get("Asia/Tokyo").unwrap();
        assert_eq!(shown(1_795_348_763_000, &tokyo), "2026-11-22 20:59:23 JST");
        assert_eq!(shown(1_795_348_763_000, &TimeZone::fixed(jiff::tz::offset(9))), "2026-11-22 20:59:23 +09");
        assert_eq!(shown(1_795_348_763_000, &TimeZone::UTC), "2026-11-22 11:59:23 UTC");
        assert!(shown(i64::MAX, &TimeZone::UTC).starts_with("9999-"), "a clock gone mad is shown, not a panic");
    }

    #[test]
    fn a_time_that_is_no_time_is_shown_as_it_is() {
        assert_eq!(local_time_of("2026-11-22T11:59:23Z"), local_time(1_795_348_763_000));
        assert_eq!(local_time_of("tomorrow"), "tomorrow");
    }
}
