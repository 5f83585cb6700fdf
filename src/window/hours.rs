//! A range of hours of one day, which may go on after midnight.

use std::fmt;

use jiff::civil::{Date, DateTime, Time};

use super::error::WindowError;

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// From a minute of one date to a minute of the same date, or of the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hours {
    /// Minutes after midnight, below 24 hours.
    from: u16,
    /// Minutes after the same midnight, more than `from`, at most 24 hours later than it.
    to: u16,
}

impl Hours {
    /// Reads `22:00-05:00`; the end may be `24:00`, and is on the next date where it is not after the beginning.
    ///
    /// # Errors
    /// [`WindowError::Hours`], [`WindowError::NoLength`].
    pub fn parse(text: &str) -> Result<Self, WindowError> {
        let ends = text.split_once('-').and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
        match ends {
            Some((from, to)) if from == to => Err(WindowError::NoLength { text: text.to_owned() }),
            Some((from, to)) if from < DAY => Ok(Self { from, to: if to > from { to } else { to + DAY } }),
            _ => Err(WindowError::Hours { text: text.to_owned() }),
        }
    }

    /// Where it begins on a date, by the clock on the wall.
    pub(super) fn begins(self, date: Date) -> Option<DateTime> {
        at(date, self.from)
    }

    /// Where it ends that began on a date.
    pub(super) fn ends(self, date: Date) -> Option<DateTime> {
        at(date, self.to)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An end at midnight is that of this day: `24:00`.
        let to = if self.to > DAY { self.to - DAY } else { self.to };
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.from / 60, self.from % 60, to / 60, to % 60)
    }
}

/// `9:00`, `09:00` or `24:00` in minutes.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str, least: usize| {
        let digits = (least..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (number(hour, 1)?, number(minute, 2)?);
    (minute < 60).then_some(hour * 60 + minute).filter(|whole| *whole <= DAY)
}

fn at(date: Date, minutes: u16) -> Option<DateTime> {
    let date = if minutes < DAY { date } else { date.tomorrow().ok()? };
    let minutes = minutes % DAY;
    let time = Time::new((minutes / 60).try_into().ok()?, (minutes % 60).try_into().ok()?, 0, 0).ok()?;
    Some(date.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use super::Hours;
    use crate::message::Explain;

    #[test]
    fn a_range_is_read_and_printed_as_people_write_it() {
        for (written, printed) in [
            ("22:00-05:00", "22:00-05:00"),
            ("9:00-12:30", "09:00-12:30"),
            ("00:00-24:00", "00:00-24:00"),
            ("18:00-24:00", "18:00-24:00"),
            ("18:00-00:00", "18:00-24:00"),
            ("23:59-23:58", "23:59-23:58"),
        ] {
            assert_eq!(Hours::parse(written).map(|hours| hours.to_string()).as_deref(), Ok(printed), "{written}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        let wrong = ["", "-", "22", "22:00", "22-05", "24:00-05:00", "22:00-24:01", "25:00-05:00", "22:60-05:00"];
        for text in
            wrong.into_iter().chain(["22:0-05:00", "+2:00-05:00", "022:00-05:00", "22:00-05:00-06:00", "22:00~05:00"])
        {
            assert_eq!(Hours::parse(text).map_err(|error| error.code()), Err("window.hours"), "{text}");
        }
        assert!(Hours::parse("09:00-09:00").is_err());
    }
}
