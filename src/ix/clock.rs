//! What a router says the time is: in the head of its configuration display, `Current time May 26-Sun-2024 16:08:00 JST`, and in
//! `show clock`, `Wednesday, 15 March 2023 02:01:17 +09 00`.
//!
//! Where it is not said, in a zone whose distance from UTC is not known here, or by a clock that no one has set since the router started,
//! there is no time.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

/// Lines of a display that are looked at.
const HEAD: usize = 16;
/// A clock that says an earlier year was never set.
const OLDEST_YEAR: i16 = 2020;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Zones as the router names them, with their hours from UTC.
const ZONES: [(&str, i8); 3] = [("JST", 9), ("UTC", 0), ("GMT", 0)];

/// The time in the head of a running configuration's display.
pub fn current_time(display: &str) -> Option<Timestamp> {
    let said = display
        .lines()
        .take(HEAD)
        .find_map(|line| line.trim_start_matches(['!', '#', ' ', '\t']).strip_prefix("Current time "));
    read(said?.trim())
}

/// `May 26-Sun-2024 16:08:00 JST`.
fn read(text: &str) -> Option<Timestamp> {
    let mut words = text.split_whitespace();
    let (month, date, time, zone) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|known| *known == month)? + 1;
    let mut date = date.split('-');
    let day: i8 = date.next()?.parse().ok()?;
    let year: i16 = date.nth(1)?.parse().ok().filter(|year| *year >= OLDEST_YEAR)?;
    let mut time = time.split(':').map(|part| part.parse::<i8>().ok());
    let time = Time::new(time.next()??, time.next()??, time.next()??, 0).ok()?;
    let date = Date::new(year, i8::try_from(month).ok()?, day).ok()?;
    let (_, hours) = ZONES.iter().find(|(known, _)| *known == zone)?;
    TimeZone::fixed(Offset::constant(*hours)).to_timestamp(date.to_datetime(time)).ok()
}

/// A time as `show clock` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LongTime {
    /// The instant.
    pub instant: Timestamp,
    /// The year that it says.
    pub year: i16,
}

/// The time in the long form, with its distance from UTC in hours and minutes. A clock that was never set says a time, too.
pub fn long_time(text: &str) -> Option<LongTime> {
    let (_, text) = text.split_once(", ")?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let [day, month, year, time, hours, minutes] = words.as_slice() else { return None };
    let month = MONTHS.iter().position(|known| month.starts_with(known))? + 1;
    let year = year.parse().ok()?;
    let date = Date::new(year, i8::try_from(month).ok()?, day.parse().ok()?).ok()?;
    let mut time = time.split(':').map(|part| part.parse::<i8>().ok());
    let time = Time::new(time.next()??, time.next()??, time.next()??, 0).ok()?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if !(-14..=14).contains(&hours) || !(0..60).contains(&minutes) {
        return None;
    }
    let away = (hours.abs() * 60 + minutes) * 60 * if hours < 0 { -1 } else { 1 };
    let zone = TimeZone::fixed(Offset::from_seconds(away).ok()?);
    Some(LongTime { instant: zone.to_timestamp(date.to_datetime(time)).ok()?, year })
}

#[cfg(test)]
mod tests {
    use super::{current_time, long_time};

    #[test]
    fn the_long_form_of_a_time_has_its_distance_from_utc() {
        let said = |text: &str| long_time(text).map(|time| time.instant.to_string());
        assert_eq!(said("Wednesday, 15 March 2023 02:01:17 +09 00").as_deref(), Some("2023-03-14T17:01:17Z"));
        assert_eq!(said("Tuesday, 7 July 2026 21:06:07 -03 30").as_deref(), Some("2026-07-08T00:36:07Z"));
        for text in [
            "",
            "Wednesday",
            "Wednesday, 32 March 2023 02:01:17 +09 00",
            "Wednesday, 15 March 2023 02:01 +09 00",
            "Wednesday, 15 March 2023 02:01:17 +99 99",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }

    fn said(line: &str) -> Option<String> {
        let display = format!("! NEC Portable\n! IX Series IX2215\n! {line}\n!\nhostname a\n");
        current_time(&display).map(|time| time.to_string())
    }

    #[test]
    fn the_time_in_the_head_of_a_display_is_an_instant() {
        assert_eq!(said("Current time May 26-Sun-2024 16:08:00 JST").as_deref(), Some("2024-05-26T07:08:00Z"));
        assert_eq!(said("Current time Nov 1-Sun-2026 00:00:00 UTC").as_deref(), Some("2026-11-01T00:00:00Z"));
    }

    #[test]
    fn what_is_not_known_is_no_time() {
        for line in [
            "",
            "Current time",
            "Current time none",
            "Current time Jan 01-Thu-1970 00:00:12 JST",
            "Current time May 26-Sun-2024 16:08:00 XST",
            "Current time May 32-Sun-2024 16:08:00 JST",
            "Current time May 26-Sun-2024 25:08:00 JST",
            "Current time Mai 26-Sun-2024 16:08:00 JST",
            "Last updated May 26-Sun-2024 16:08:00 JST",
        ] {
            assert_eq!(said(line), None, "{line}");
        }
        assert_eq!(current_time("hostname a\n! Current time none\n"), None);
    }
}
