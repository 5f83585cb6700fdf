//! Days of the week, and holidays as a day of their own kind.

use std::fmt;

use jiff::civil::Weekday;

use super::error::WindowError;
use crate::message::Text;

/// The words, Monday first.
const WORDS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Kinds of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(u8);

impl Days {
    /// Every day, holidays included.
    pub const DAILY: Self = Self(0xff);
    const HOLIDAYS: u8 = 0x80;

    /// Reads `mon-fri`, `sat,sun`, `thu,holidays` or `daily`. A range may go over Sunday: `sat-mon`.
    ///
    /// # Errors
    /// [`WindowError::Day`].
    pub fn parse(text: &str) -> Result<Self, WindowError> {
        let mut days = 0;
        for part in text.split(',') {
            days |= match (part, part.split_once('-')) {
                ("daily", _) => Self::DAILY.0,
                ("holidays", _) => Self::HOLIDAYS,
                (_, Some((first, last))) => range(place(first)?, place(last)?),
                (day, None) => 1 << place(day)?,
            };
        }
        Ok(Self(days))
    }

    /// Whether what is said of these days holds on a date of this weekday.
    pub fn holds(self, weekday: Weekday, is_holiday: bool) -> bool {
        let bit = if is_holiday { Self::HOLIDAYS } else { 1 << weekday.to_monday_zero_offset() };
        self.0 & bit != 0
    }
}

fn place(word: &str) -> Result<usize, WindowError> {
    WORDS.iter().position(|known| *known == word).ok_or_else(|| {
        let text = word.to_owned();
        let near = meant(word)
            .map(|near| Text::new(format!("did you mean `{near}`?"), format!("`{near}` の誤りではありませんか?")));
        WindowError::Day { text, near }
    })
}

/// The word for a day that was written in full, in capitals, or in Japanese.
fn meant(word: &str) -> Option<&'static str> {
    let small = word.to_lowercase();
    let japanese = || "月火水木金土日".chars().position(|day| word.starts_with(day)).and_then(|at| WORDS.get(at));
    match small.as_str() {
        "祝" | "祝日" | "holiday" | "holydays" | "public" => return Some("holidays"),
        "毎日" | "everyday" | "every" | "all" | "dayly" => return Some("daily"),
        "平日" | "weekday" | "weekdays" => return Some("mon-fri"),
        "weekend" | "weekends" | "週末" => return Some("sat,sun"),
        _ => {}
    }
    WORDS.iter().find(|known| small.starts_with(**known)).or_else(japanese).copied()
}

/// The bits from one day to another, in the order of the week.
fn range(first: usize, last: usize) -> u8 {
    let length = (last + 7 - first) % 7;
    (0..=length).map(|step| 1 << ((first + step) % 7)).sum()
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::DAILY {
            return f.write_str("daily");
        }
        let has = |day: usize| self.0 & (1 << day) != 0;
        let mut parts: Vec<String> = Vec::new();
        let mut day = 0;
        while day < WORDS.len() {
            let length = (day..WORDS.len()).take_while(|next| has(*next)).count();
            let word = |at: usize| WORDS.get(at).copied().unwrap_or_default();
            match length {
                0 => {}
                1 => parts.push(word(day).to_owned()),
                2 => parts.extend([word(day).to_owned(), word(day + 1).to_owned()]),
                _ => parts.push(format!("{}-{}", word(day), word(day + length - 1))),
            }
            day += length.max(1);
        }
        if self.0 & Self::HOLIDAYS != 0 {
            parts.push("holidays".to_owned());
        }
        f.write_str(&parts.join(","))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;

    use super::Days;
    use crate::message::Explain;

    #[test]
    fn days_are_read_and_printed_shortly() {
        for (written, printed) in [
            ("mon-fri", "mon-fri"),
            ("mon,tue,wed,fri", "mon-wed,fri"),
            ("sat-mon", "mon,sat,sun"),
            ("sun-sat", "mon-sun"),
            ("thu,holidays", "thu,holidays"),
            ("daily", "daily"),
            ("mon-sun,holidays", "daily"),
            ("sat,sun", "sat,sun"),
        ] {
            assert_eq!(Days::parse(written).map(|days| days.to_string()).as_deref(), Ok(printed), "{written}");
        }
    }

    #[test]
    fn a_word_that_is_no_day_gets_a_near_miss() {
        for (written, near) in [
            ("Mon", Some("did you mean `mon`?")),
            ("monday", Some("did you mean `mon`?")),
            ("木", Some("did you mean `thu`?")),
            ("木曜", Some("did you mean `thu`?")),
            ("祝日", Some("did you mean `holidays`?")),
            ("weekdays", Some("did you mean `mon-fri`?")),
            ("", None),
            ("x", None),
        ] {
            let error = Days::parse(written).err();
            let hints = error.map(|error| error.hints()).unwrap_or_default();
            let said = hints.iter().find(|hint| hint.en.starts_with("did you")).map(|hint| hint.en.as_str());
            assert_eq!(said, near, "{written}");
        }
        assert!(
            Days::parse("mon-").is_err() && Days::parse("mon-tue-wed").is_err() && Days::parse("mon,,tue").is_err()
        );
    }

    #[test]
    fn a_weekday_says_nothing_about_a_holiday() {
        let holds = |text: &str, holiday| Days::parse(text).is_ok_and(|days| days.holds(Weekday::Monday, holiday));
        assert!(holds("mon-fri", false) && !holds("mon-fri", true));
        assert!(!holds("holidays", false) && holds("holidays", true));
        assert!(holds("daily", false) && holds("daily", true));
    }
}
