//! When a detached run begins, as a person types it: a time of today or of the coming night, a date with its time, or an instant.

use std::str::FromStr as _;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ZonedDateTime, civil};

use crate::message::Explain;
use crate::visible;

/// A time of day alone is never taken for one further away: who types `22:00` at 22:05 is late, and does not mean tomorrow.
const LONGEST: SignedDuration = SignedDuration::from_hours(18);

/// Why a run does not begin at the time that was typed.
#[derive(Debug, PartialEq, Eq, Explain)]
pub enum StartTimeError {
    /// It is no time.
    #[explain(
        code = "start-time.unreadable",
        en = "`{typed}` is no time",
        ja = "`{typed}` は時刻として読めません",
        hint(
            en = "write 22:00, 2026-12-01 22:00, or 2026-12-01T22:00:00+09:00",
            ja = "22:00、2026-12-01 22:00、2026-12-01T22:00:00+09:00 のように書いてください"
        )
    )]
    Unreadable {
        /// What was typed.
        typed: String,
    },
    /// It is over.
    #[explain(
        code = "start-time.past",
        en = "{at} is over: now it is {now}",
        ja = "{at} は過ぎています(現在 {now})",
        hint(en = "write the date, too, if another day is meant", ja = "別の日であれば日付も書いてください")
    )]
    Past {
        /// The time.
        at: String,
        /// Now.
        now: String,
    },
    /// No one knows in which zone.
    #[explain(
        code = "start-time.no-zone",
        en = "this machine does not say in which time zone it is",
        ja = "この端末のタイムゾーンが分かりません",
        hint(
            en = "write the time with its offset: 2026-12-01T22:00:00+09:00",
            ja = "時差を付けて書いてください: 2026-12-01T22:00:00+09:00"
        )
    )]
    NoZone,
}

/// The instant that was typed, seen from this machine.
///
/// # Errors
/// When it is no time, or over.
pub fn start_time(typed: &str) -> Result<ZonedDateTime, StartTimeError> {
    let zone = TimeZone::try_system();
    if let Ok(at) = Timestamp::from_str(typed.trim()) {
        let zone = zone.unwrap_or(TimeZone::UTC);
        return not_past(at.to_zoned_datetime(zone.clone()), &Timestamp::now().to_zoned_datetime(zone));
    }
    read(typed, &Timestamp::now().to_zoned_datetime(zone.map_err(|_| StartTimeError::NoZone)?))
}

/// A time in the zone of `now`.
fn read(typed: &str, now: &ZonedDateTime) -> Result<ZonedDateTime, StartTimeError> {
    let unreadable = || StartTimeError::Unreadable { typed: visible::line(typed).into_owned() };
    let in_zone = |at: civil::DateTime| at.to_zoned_datetime(now.time_zone().clone()).map_err(|_| unreadable());
    let text = typed.trim();
    // With a date in it, the time alone would be another one than what was typed.
    if !text.contains('-')
        && let Ok(time) = civil::Time::from_str(text)
    {
        let today = in_zone(now.date().to_datetime(time))?;
        if today > *now {
            return Ok(today);
        }
        let tomorrow = in_zone(now.date().tomorrow().map_err(|_| unreadable())?.to_datetime(time))?;
        let is_near = tomorrow.timestamp().duration_since(now.timestamp()) <= LONGEST;
        return if is_near { Ok(tomorrow) } else { not_past(today, now) };
    }
    not_past(in_zone(civil::DateTime::from_str(text).map_err(|_| unreadable())?)?, now)
}

fn not_past(at: ZonedDateTime, now: &ZonedDateTime) -> Result<ZonedDateTime, StartTimeError> {
    if at > *now { Ok(at) } else { Err(StartTimeError::Past { at: shown(&at), now: shown(now) }) }
}

/// A time with its date and its zone, as people read it.
pub fn shown(at: &ZonedDateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M %:z").to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use jiff::ZonedDateTime;
    use jiff::tz::TimeZone;

    use super::{StartTimeError, read, shown};

    fn at(hour: i8, minute: i8) -> ZonedDateTime {
        let tokyo = TimeZone::fixed(jiff::tz::offset(9));
        jiff::civil::date(2026, 11, 30).at(hour, minute, 0, 0).to_zoned_datetime(tokyo).unwrap()
    }

    fn read_at(typed: &str, now: &ZonedDateTime) -> Result<String, StartTimeError> {
        read(typed, now).map(|at| shown(&at))
    }

    #[test]
    fn a_time_of_day_is_the_next_one_and_never_nearly_a_day_away() {
        let read = |typed, hour, minute| {
            read_at(typed, &at(hour, minute)).map_err(|error| matches!(error, StartTimeError::Past { .. }))
        };
        assert_eq!(read("22:00", 17, 5), Ok("2026-11-30 22:00 +09:00".to_owned()));
        assert_eq!(read("01:30", 23, 0), Ok("2026-12-01 01:30 +09:00".to_owned()));
        assert_eq!(read("22:00", 22, 5), Err(true), "late, and not tomorrow");
        assert_eq!(read("22:00", 22, 0), Err(true));
        assert_eq!(read("09:00", 10, 0), Err(true));
    }

    #[test]
    fn a_date_with_its_time_is_that_one_and_the_past_is_refused() {
        let now = at(12, 0);
        assert_eq!(read_at("2026-12-24 22:00", &now), Ok("2026-12-24 22:00 +09:00".to_owned()));
        assert_eq!(read_at("2026-12-24T22:00:30", &now), Ok("2026-12-24 22:00 +09:00".to_owned()));
        assert!(matches!(read_at("2026-11-30 11:59", &now), Err(StartTimeError::Past { .. })));
        for typed in ["", "10 pm", "25:00", "2026-13-01 10:00", "tomorrow", "22:00\u{1b}[2J"] {
            let error = read_at(typed, &now).unwrap_err();
            assert!(matches!(&error, StartTimeError::Unreadable { typed } if !typed.contains('\u{1b}')), "{typed}");
        }
    }
}
