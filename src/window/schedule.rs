//! When one site may be touched, from an instant on.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use jiff::tz::AmbiguousTimestamp;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::holidays::Holidays;
use super::interval::{Interval, union, without};
use super::recurring::Recurring;
use super::zone::Zone;

/// Days that are looked at in one question, at most.
const HORIZON_DAYS: u16 = 400;

/// The times of one site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    /// Where its clocks are.
    pub zone: Zone,
    /// When it may be touched; nothing where that was never said.
    pub windows: Option<Arc<[Recurring]>>,
    /// When it is open, and not to be touched.
    pub opening: Option<Arc<[Recurring]>>,
    /// The days that are holidays.
    pub holidays: Arc<Holidays>,
}

/// Which instant a time by the wall clock is, where that clock is set back and has it twice, or forward and leaves it out.
#[derive(Clone, Copy)]
enum Edge {
    Earlier,
    Later,
}

impl Schedule {
    /// Whether it may be touched at any time.
    pub fn is_always(&self) -> bool {
        self.windows.is_none() && self.opening.is_none()
    }

    /// When the site may be touched between two instants: in order, without overlaps. What is further away than about a year is not looked
    /// for. Where a clock is set, windows are as short as they can be meant, and opening hours as long.
    pub fn intervals(&self, from: Timestamp, until: Timestamp) -> Vec<Interval> {
        // Windows and opening hours to the same instant: what is not looked at is not allowed.
        let until = until.min(self.until(from, HORIZON_DAYS));
        let Some(all) = Interval::new(from, until) else { return Vec::new() };
        let windows = match &self.windows {
            Some(rules) => union(self.occurrences(rules, all, Edges { start: Edge::Later, end: Edge::Earlier })),
            None => vec![all],
        };
        let opening = self.opening.as_deref().unwrap_or_default();
        let opening = union(self.occurrences(opening, all, Edges { start: Edge::Earlier, end: Edge::Later }));
        without(windows, &opening)
    }

    /// The same zone and holidays without any rule: it may be touched at any time.
    #[must_use]
    pub fn without_rules(&self) -> Self {
        Self { windows: None, opening: None, ..self.clone() }
    }

    /// The instant that is so many days of 24 hours later.
    pub fn until(&self, from: Timestamp, days: u16) -> Timestamp {
        from.checked_add(SignedDuration::from_hours(i64::from(days) * 24)).unwrap_or(Timestamp::MAX)
    }

    /// The first stretch in which it may be touched, at an instant or later; nothing within the days looked at.
    pub fn next(&self, from: Timestamp, days: u16) -> Option<Interval> {
        self.intervals(from, self.until(from, days)).into_iter().next()
    }

    /// Whether it may be touched at an instant.
    pub fn allows(&self, instant: Timestamp) -> bool {
        let Ok(after) = instant.checked_add(SignedDuration::from_mins(1)) else { return false };
        self.intervals(instant, after).first().is_some_and(|first| first.contains(instant))
    }

    fn occurrences(&self, rules: &[Recurring], within: Interval, edges: Edges) -> Vec<Interval> {
        // What began yesterday may still go on.
        let first = self.zone.at(within.start).date().yesterday().unwrap_or(Date::MIN);
        let last = self.zone.at(within.end).date();
        let dates = first.series(1.day()).take_while(|date| *date <= last);
        let mut found = Vec::new();
        for date in dates {
            let is_holiday = self.holidays.contains(date);
            for rule in rules.iter().filter(|rule| rule.days.holds(date.weekday(), is_holiday)) {
                let begins = rule.hours.begins(date).and_then(|time| self.instant(time, edges.start));
                let ends = rule.hours.ends(date).and_then(|time| self.instant(time, edges.end));
                let whole = begins.zip(ends).and_then(|(start, end)| Interval::new(start, end));
                found.extend(whole.and_then(|whole| whole.within(within.start, within.end)));
            }
        }
        found
    }

    fn instant(&self, time: DateTime, edge: Edge) -> Option<Timestamp> {
        let either: AmbiguousTimestamp = self.zone.of_jiff().to_ambiguous_timestamp(time);
        match edge {
            Edge::Earlier => either.earlier().ok(),
            Edge::Later => either.later().ok(),
        }
    }
}

/// How the two ends of a rule are read where a clock is set.
#[derive(Clone, Copy)]
struct Edges {
    start: Edge,
    end: Edge,
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
