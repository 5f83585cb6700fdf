//! One rule as people write it: days, and the hours on them.

use std::fmt;

use super::days::Days;
use super::error::WindowError;
use super::hours::Hours;

/// Ranges of hours in one rule.
const MOST_RANGES: usize = 16;

/// Hours that come again on some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recurring {
    /// The dates on which it begins.
    pub days: Days,
    /// From when to when.
    pub hours: Hours,
}

impl Recurring {
    /// Reads `mon-fri 09:00-12:30 14:00-18:00`; without days it holds every day. One for each range of hours.
    ///
    /// # Errors
    /// The first word that is wrong.
    pub fn parse(text: &str) -> Result<Vec<Self>, WindowError> {
        let mut words = text.split_whitespace().peekable();
        let names_days = words.peek().is_some_and(|first| !first.contains(':'));
        let days = match words.next_if(|_| names_days) {
            Some(word) => Days::parse(word)?,
            None => Days::DAILY,
        };
        let mut rules = Vec::new();
        for word in words {
            if rules.len() == MOST_RANGES {
                return Err(WindowError::TooMany { most: MOST_RANGES });
            }
            rules.push(Self { days, hours: Hours::parse(word)? });
        }
        if rules.is_empty() { Err(WindowError::NoHours { text: text.to_owned() }) } else { Ok(rules) }
    }
}

impl fmt::Display for Recurring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.days, self.hours)
    }
}

#[cfg(test)]
mod tests {
    use super::Recurring;
    use crate::message::Explain;

    #[test]
    fn a_rule_has_days_and_one_or_more_ranges() {
        let read = |text: &str| {
            Recurring::parse(text).map(|rules| rules.iter().map(Recurring::to_string).collect::<Vec<_>>().join(" / "))
        };
        assert_eq!(read("22:00-05:00").as_deref(), Ok("daily 22:00-05:00"));
        assert_eq!(
            read(" mon,tue,wed,fri  09:00-12:30 14:00-18:00").as_deref(),
            Ok("mon-wed,fri 09:00-12:30 / mon-wed,fri 14:00-18:00")
        );
        for (text, code) in [("", "window.hours"), ("mon-fri", "window.hours"), ("mn 09:00-10:00", "window.days")] {
            assert_eq!(read(text).map_err(|error| error.code()), Err(code), "{text}");
        }
        assert!(read(&"09:00-10:00 ".repeat(17)).is_err());
    }
}
