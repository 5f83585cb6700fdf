//! When sites may be touched: the days of Japanese clinics as tables, clocks that are set, and any rules against a slow oracle.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::Schedule;
use crate::window::{Holidays, Interval, Recurring, Zone};

const HOLIDAYS: &str =
    "2026/4/29,昭和の日\n2026/5/3,憲法記念日\n2026/5/4,みどりの日\n2026/5/5,こどもの日\n2026/5/6,休日\n";

fn rules_of(texts: &[&str]) -> Option<Arc<[Recurring]>> {
    let rules: Vec<Recurring> = texts.iter().flat_map(|text| Recurring::parse(text).unwrap()).collect();
    (!rules.is_empty()).then(|| rules.into())
}

fn schedule(zone: &str, windows: &[&str], opening: &[&str]) -> Schedule {
    schedule_of(zone, rules_of(windows), rules_of(opening))
}

fn schedule_of(zone: &str, windows: Option<Arc<[Recurring]>>, opening: Option<Arc<[Recurring]>>) -> Schedule {
    let (holidays, wrong) = Holidays::parse(HOLIDAYS);
    assert_eq!(wrong, []);
    Schedule { zone: Zone::named(zone).unwrap(), windows, opening, holidays: Arc::new(holidays) }
}

/// The intervals between two times by the site's clocks, as that clock shows them.
fn shown(schedule: &Schedule, from: &str, until: &str) -> Vec<String> {
    let instant = |text: &str| {
        text.parse::<DateTime>().unwrap().to_zoned_datetime(schedule.zone.of_jiff().clone()).unwrap().timestamp()
    };
    let show = |instant: Timestamp| schedule.zone.at(instant).strftime("%d %H:%M").to_string();
    let intervals = schedule.intervals(instant(from), instant(until));
    intervals.iter().map(|one| format!("{} - {}", show(one.start), show(one.end))).collect()
}

#[test]
fn a_window_over_midnight_belongs_to_the_date_on_which_it_opens() {
    // 2026-11-27 is a Friday.
    let site = schedule("Asia/Tokyo", &["fri 22:00-05:00"], &[]);
    assert_eq!(shown(&site, "2026-11-26T00:00", "2026-12-03T00:00"), ["27 22:00 - 28 05:00"]);
    // In the middle of it, only the rest is left.
    assert_eq!(shown(&site, "2026-11-28T03:00", "2026-12-03T00:00"), ["28 03:00 - 28 05:00"]);
    assert_eq!(shown(&site, "2026-11-28T05:00", "2026-12-03T00:00"), [""; 0]);
}

#[test]
fn a_clinic_closed_on_thursday_afternoons_may_be_touched_then() {
    let opening = ["mon,tue,wed,fri 09:00-12:30 14:00-18:00", "thu,sat 09:00-12:30"];
    let site = schedule("Asia/Tokyo", &[], &opening);
    // Thursday 2026-12-03.
    assert_eq!(shown(&site, "2026-12-03T08:00", "2026-12-04T12:30"), ["03 08:00 - 03 09:00", "03 12:30 - 04 09:00"]);
    // Wednesday has its lunch break between.
    assert_eq!(shown(&site, "2026-12-02T09:00", "2026-12-03T00:00"), ["02 12:30 - 02 14:00", "02 18:00 - 03 00:00"]);
}

#[test]
fn an_open_clinic_is_not_touched_even_inside_a_window() {
    // A clinic that sees patients until 23:00, and a night that begins at 22:00.
    let site = schedule("Asia/Tokyo", &["daily 22:00-05:00"], &["tue 14:00-23:00", "wed 04:00-06:00"]);
    // Tuesday 2026-12-01.
    assert_eq!(shown(&site, "2026-12-01T12:00", "2026-12-02T12:00"), ["01 23:00 - 02 04:00"]);
}

#[test]
fn in_golden_week_what_is_said_of_weekdays_does_not_hold() {
    // 2026-04-28 is a Tuesday; the 29th and 3 to 6 May are holidays.
    let nights = schedule("Asia/Tokyo", &["mon-fri 22:00-05:00"], &[]);
    assert_eq!(
        shown(&nights, "2026-04-28T12:00", "2026-05-08T12:00"),
        ["28 22:00 - 29 05:00", "30 22:00 - 01 05:00", "01 22:00 - 02 05:00", "07 22:00 - 08 05:00"]
    );
    let holidays = schedule("Asia/Tokyo", &["holidays 10:00-16:00"], &[]);
    assert_eq!(
        shown(&holidays, "2026-04-28T00:00", "2026-05-04T12:00"),
        ["29 10:00 - 29 16:00", "03 10:00 - 03 16:00", "04 10:00 - 04 12:00"]
    );
    // A clinic is closed on a holiday unless it says otherwise.
    let clinic = schedule("Asia/Tokyo", &["daily 12:00-13:00"], &["mon-fri 09:00-18:00", "holidays 12:30-15:00"]);
    assert_eq!(shown(&clinic, "2026-05-05T00:00", "2026-05-08T00:00"), ["05 12:00 - 05 12:30", "06 12:00 - 06 12:30"]);
}

#[test]
fn windows_that_touch_are_one() {
    let site = schedule("Asia/Tokyo", &["mon 20:00-24:00", "tue 00:00-03:00", "mon 22:00-01:00"], &[]);
    assert_eq!(shown(&site, "2026-11-30T00:00", "2026-12-02T00:00"), ["30 20:00 - 01 03:00"]);
}

#[test]
fn a_site_without_times_may_be_touched_always() {
    let site = schedule("Asia/Tokyo", &[], &[]);
    assert!(site.is_always());
    assert_eq!(shown(&site, "2026-12-01T00:00", "2026-12-02T00:00"), ["01 00:00 - 02 00:00"]);
    assert_eq!(shown(&site, "2026-12-02T00:00", "2026-12-02T00:00"), [""; 0]);
}

#[test]
fn where_a_clock_is_set_a_window_is_as_short_as_it_can_be_meant() {
    // Berlin: on 2026-03-29 there is no 02:00-03:00, on 2026-10-25 there are two.
    let night = schedule("Europe/Berlin", &["daily 01:00-04:00"], &[]);
    let long = |from: &str, until: &str| {
        let instants: Vec<Timestamp> = [from, until].iter().map(|text| text.parse().unwrap()).collect();
        night
            .intervals(instants[0], instants[1])
            .iter()
            .map(|one| one.start.duration_until(one.end).as_mins())
            .collect::<Vec<_>>()
    };
    assert_eq!(long("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), [120]);
    assert_eq!(long("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), [240]);
    let edge = schedule("Europe/Berlin", &["sun 02:30-04:00"], &[]);
    // It begins when 02:30 has passed by any reading.
    assert_eq!(shown(&edge, "2026-03-28T12:00", "2026-03-29T12:00"), ["29 03:30 - 29 04:00"]);
    assert_eq!(shown(&edge, "2026-10-24T12:00", "2026-10-25T12:00"), ["25 02:30 - 25 04:00"]);
    let second = edge.intervals("2026-10-24T12:00:00Z".parse().unwrap(), "2026-10-25T12:00:00Z".parse().unwrap());
    assert_eq!(second[0].start, "2026-10-25T01:30:00Z".parse().unwrap(), "the second 02:30");
    // A window inside what is left out, or comes twice, opens for no one.
    let inside = schedule("Europe/Berlin", &["sun 02:15-02:45"], &[]);
    assert_eq!(shown(&inside, "2026-03-28T12:00", "2026-03-29T12:00"), [""; 0]);
    assert_eq!(shown(&inside, "2026-10-24T12:00", "2026-10-25T12:00"), [""; 0]);
}

#[test]
fn where_a_clock_is_set_opening_hours_are_as_long_as_they_can_be_meant() {
    let site = schedule("Europe/Berlin", &[], &["sun 02:15-02:45"]);
    let closed = site.intervals("2026-10-25T00:00:00Z".parse().unwrap(), "2026-10-25T03:00:00Z".parse().unwrap());
    let show: Vec<String> = closed.iter().map(|one| format!("{} {}", one.start, one.end)).collect();
    assert_eq!(show, ["2026-10-25T00:00:00Z 2026-10-25T00:15:00Z", "2026-10-25T01:45:00Z 2026-10-25T03:00:00Z"]);
}

#[test]
fn the_next_window_and_now() {
    let site = schedule("Asia/Tokyo", &["fri 22:00-05:00"], &[]);
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let next = site.next(at("2026-11-25T00:00:00Z"), 14).unwrap();
    assert_eq!((next.start, next.end), (at("2026-11-27T13:00:00Z"), at("2026-11-27T20:00:00Z")));
    assert!(!site.allows(at("2026-11-27T12:59:59Z")));
    assert!(site.allows(at("2026-11-27T13:00:00Z")));
    assert!(site.allows(at("2026-11-27T19:59:59Z")));
    assert!(!site.allows(at("2026-11-27T20:00:00Z")));
    // Nothing within the days looked at.
    assert_eq!(site.next(at("2026-11-27T20:00:00Z"), 2), None);
    // Open around the clock: never.
    assert_eq!(
        schedule("Asia/Tokyo", &["daily 22:00-05:00"], &["daily 00:00-24:00"]).next(at("2026-11-25T00:00:00Z"), 400),
        None
    );
}

/// What the words say of one minute by the wall clock, without any arithmetic of intervals: rules of this date, and of the date before.
fn oracle(schedule: &Schedule, at: Timestamp) -> bool {
    let local = schedule.zone.at(at).datetime();
    let holds = |rules: &[Recurring]| {
        rules.iter().any(|rule| {
            [Some(local.date()), local.date().yesterday().ok()].into_iter().flatten().any(|date| {
                let is_holiday = schedule.holidays.contains(date);
                let midnight = date.to_datetime(Time::midnight());
                let minutes = midnight.duration_until(local).as_mins();
                let (from, to) = span(rule);
                rule.days.holds(date.weekday(), is_holiday) && (from..to).contains(&minutes)
            })
        })
    };
    schedule.windows.as_deref().is_none_or(holds) && !schedule.opening.as_deref().is_some_and(holds)
}

/// Minutes after midnight from and to, from the words of the rule.
fn span(rule: &Recurring) -> (i64, i64) {
    let text = rule.hours.to_string();
    let minutes = |part: &str| part[..2].parse::<i64>().unwrap() * 60 + part[3..].parse::<i64>().unwrap();
    let (from, to) = text.split_once('-').map(|(from, to)| (minutes(from), minutes(to))).unwrap();
    (from, if to > from { to } else { to + 1440 })
}

fn any_rule() -> impl Strategy<Value = String> {
    let days = prop_oneof![
        Just("daily"),
        Just("mon-fri"),
        Just("thu"),
        Just("sat,sun"),
        Just("fri-mon"),
        Just("holidays"),
        Just("tue,holidays"),
    ];
    let time = || (0..24_u8, prop_oneof![Just(0_u8), Just(30), 0..60_u8]);
    (days, time(), time()).prop_filter_map("an empty range", |(days, from, to)| {
        (from != to).then(|| format!("{days} {:02}:{:02}-{:02}:{:02}", from.0, from.1, to.0, to.1))
    })
}

fn any_schedule() -> impl Strategy<Value = Schedule> {
    let rules = || prop::collection::vec(any_rule(), 0..4);
    let zone = prop_oneof![Just("Asia/Tokyo"), Just("Asia/Kathmandu"), Just("Europe/Berlin"), Just("America/St_Johns")];
    (zone, rules(), rules()).prop_map(|(zone, windows, opening)| {
        let texts = |all: &[String]| rules_of(&all.iter().map(String::as_str).collect::<Vec<_>>());
        schedule_of(zone, texts(&windows), texts(&opening))
    })
}

#[test]
fn any_rules_give_what_a_slow_oracle_says_of_every_minute() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[14; 32]);
    let mut runner =
        TestRunner::new_with_rng(Config { cases: 200, failure_persistence: None, ..Config::default() }, rng);
    // Days around Golden Week, and around both days on which Berlin and St. John's set their clocks.
    let days = prop_oneof![
        Just(1_777_334_400_i64),
        Just(1_774_656_000),
        Just(1_792_800_000),
        Just(1_772_928_000),
        Just(1_793_404_800)
    ];
    let strategy = (any_schedule(), days, 0..1440_i64, 1..5000_i64);
    let held = runner.run(&strategy, |(schedule, day, minute, length)| {
        let from = Timestamp::from_second(day + minute * 60).unwrap();
        let until = from + SignedDuration::from_mins(length);
        let intervals = schedule.intervals(from, until);
        prop_assert!(intervals.iter().all(|one| one.start < one.end && from <= one.start && one.end <= until));
        prop_assert!(
            intervals.windows(2).all(|pair| pair[0].end < pair[1].start),
            "they overlap or touch: {intervals:?}"
        );
        let mut at = from;
        while at < until {
            let inside = intervals.iter().any(|one: &Interval| one.contains(at));
            let said = oracle(&schedule, at);
            // Where a clock was set that day, less may be allowed than the words say, never more.
            let is_plain = ["Asia/Tokyo", "Asia/Kathmandu"].contains(&schedule.zone.name());
            prop_assert!(!inside || said, "{at} is inside and not allowed");
            prop_assert!(inside || !said || !is_plain, "{at} is allowed and not inside");
            at += SignedDuration::from_mins(7);
        }
        Ok(())
    });
    if let Err(error) = held {
        panic!("{error}");
    }
}
