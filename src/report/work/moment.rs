//! A time in a work record: for programs in UTC, for people by the clock of the site.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::record::rfc3339_ms;
use crate::window::Zone;

/// An instant by the clock of the machine that recorded it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Milliseconds since 1970.
    at_ms: i64,
}

impl Moment {
    /// So many milliseconds since 1970.
    pub fn of_ms(at_ms: i64) -> Self {
        Self { at_ms }
    }

    /// From the text of [`Self::rfc3339`].
    pub fn read(text: &str) -> Option<Self> {
        text.parse::<Timestamp>().ok().map(|instant| Self { at_ms: instant.as_millisecond() })
    }

    /// Seconds from this to a later one, never fewer than they were; none where the clock was set back.
    pub fn seconds_until(self, later: Self) -> u64 {
        u64::try_from(later.at_ms.saturating_sub(self.at_ms)).unwrap_or_default().div_ceil(1000)
    }

    /// By the clock of a zone, `2026-11-22 20:46:03`.
    pub fn in_zone(self, zone: &Zone) -> String {
        let nearest = if self.at_ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let instant = Timestamp::from_millisecond(self.at_ms).unwrap_or(nearest);
        zone.at(instant).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// In UTC as XML Schema and JSON have it, `2026-11-22T11:46:03.042Z`.
    pub fn rfc3339(self) -> String {
        rfc3339_ms(self.at_ms.max(0))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;
    use crate::window::Zone;

    #[test]
    fn people_read_the_sites_clock_and_programs_utc() {
        let at = Moment::of_ms(1_772_323_200_042);
        assert_eq!(at.in_zone(&Zone::default()), "2026-03-01 09:00:00");
        assert_eq!(at.rfc3339(), "2026-03-01T00:00:00.042Z");
        assert_eq!(Moment::read(&at.rfc3339()), Some(at));
        assert_eq!(Moment::read("yesterday"), None);
    }

    #[test]
    fn a_length_is_never_shorter_than_it_was() {
        let at = Moment::of_ms;
        assert_eq!([at(0).seconds_until(at(1)), at(0).seconds_until(at(2_000)), at(5).seconds_until(at(0))], [1, 2, 0]);
    }
}
