//! Holidays: dates with their names, from a file that the inventory names.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::message::Explain;

/// Dates in one file.
const MOST: usize = 20_000;
/// Characters of a name.
const LONGEST_NAME: usize = 100;

/// A line of the file that is no holiday.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum HolidayError {
    /// It does not begin with a date.
    #[explain(
        code = "holidays.date",
        en = "a line of the holidays begins with a date",
        ja = "祝日ファイルの行は日付で始まります",
        hint(
            en = "write `2026-05-03 NAME` or `2026/5/3,NAME`, one a line; `#` begins a comment",
            ja = "`2026-05-03 名称` または `2026/5/3,名称` を 1 行に 1 件書きます(`#` から行末まではコメント)"
        )
    )]
    NoDate,
    /// Its name is not fit to be shown.
    #[explain(
        code = "holidays.name",
        en = "the name of a holiday has at most {most} visible characters",
        ja = "祝日の名称は、目に見える {most} 文字以内です"
    )]
    Name {
        /// The bound.
        most: usize,
    },
    /// Too many.
    #[explain(
        code = "holidays.too-many",
        en = "the file holds more than {most} dates",
        ja = "祝日ファイルの日付が {most} 件を超えています"
    )]
    TooMany {
        /// The bound.
        most: usize,
    },
}

/// Dates that are holidays, each with its name, which may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays(BTreeMap<Date, String>);

impl Holidays {
    /// Reads dates with their names, and what is wrong by its line, counted from 1. The first line may be the heading of a table, as in
    /// the file that the Cabinet Office of Japan publishes.
    pub fn parse(text: &str) -> (Self, Vec<(u32, HolidayError)>) {
        let (mut holidays, mut wrong) = (Self::default(), Vec::new());
        for (number, line) in (1_u32..).zip(text.lines()) {
            let line = line.split('#').next().unwrap_or_default().trim();
            let is_heading = number == 1 && !line.starts_with(|c: char| c.is_ascii_digit());
            if line.is_empty() || is_heading {
                continue;
            }
            if holidays.0.len() == MOST {
                wrong.push((number, HolidayError::TooMany { most: MOST }));
                break;
            }
            match holiday(line) {
                Ok((date, name)) => drop(holidays.0.insert(date, name)),
                Err(error) => wrong.push((number, error)),
            }
        }
        (holidays, wrong)
    }

    /// The holidays of both.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Whether a date is one.
    pub fn contains(&self, date: Date) -> bool {
        self.0.contains_key(&date)
    }

    /// What a date is called.
    pub fn name(&self, date: Date) -> Option<&str> {
        self.0.get(&date).map(String::as_str)
    }

    /// The last one that is known: after it a weekday may be a holiday and no one says so.
    pub fn last(&self) -> Option<Date> {
        self.0.last_key_value().map(|(date, _)| *date)
    }
}

fn holiday(line: &str) -> Result<(Date, String), HolidayError> {
    let end = line.find([',', ' ', '\t', '\u{3000}']).unwrap_or(line.len());
    let (date, name) = line.split_at(end);
    let mut parts = date.split(['-', '/']);
    let mut number = |digits: usize| {
        let part = parts.next().filter(|part| (1..=digits).contains(&part.len()))?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i16>().ok()).flatten()
    };
    let (year, month, day) = (number(4), number(2), number(2));
    let whole = year.filter(|year| *year >= 1900 && parts.next().is_none()).zip(month).zip(day);
    let date =
        whole.and_then(|((year, month), day)| Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok());
    let name = name.trim_matches([',', ' ', '\t', '\u{3000}', '"']).to_owned();
    if name.chars().count() > LONGEST_NAME || name.chars().any(crate::visible::is_unseen) {
        return Err(HolidayError::Name { most: LONGEST_NAME });
    }
    date.map(|date| (date, name)).ok_or(HolidayError::NoDate)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{HolidayError, Holidays};

    #[test]
    fn golden_week_is_read_in_both_forms() {
        let text = "国民の祝日・休日月日,国民の祝日・休日名称\n2026/5/3,憲法記念日\n2026/5/4,みどりの日\n\n# clinic's own\n2026-05-05 こどもの日\n2026-05-06　休日 # in lieu\n2026-05-07\n";
        let (holidays, wrong) = Holidays::parse(text);
        assert_eq!(wrong, []);
        assert_eq!(holidays.name(date(2026, 5, 3)), Some("憲法記念日"));
        assert_eq!(holidays.name(date(2026, 5, 6)), Some("休日"));
        assert_eq!(holidays.name(date(2026, 5, 7)), Some(""));
        assert!(!holidays.contains(date(2026, 5, 8)));
        assert_eq!(holidays.last(), Some(date(2026, 5, 7)));
    }

    #[test]
    fn what_is_no_holiday_is_found_by_its_line() {
        let (holidays, wrong) = Holidays::parse("2026-05-03 a\nmay 4\n2026-02-30 x\n26-05-05 y\n2026-05-03-04 z\n");
        assert_eq!(holidays.last(), Some(date(2026, 5, 3)));
        assert_eq!(wrong, [2, 3, 4, 5].map(|line| (line, HolidayError::NoDate)));
        let (_, wrong) = Holidays::parse("2026-05-03 a\u{202e}b\n");
        assert_eq!(wrong, [(1, HolidayError::Name { most: 100 })]);
    }
}
