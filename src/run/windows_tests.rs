//! What is told of windows, word for word.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{LookFrom, SiteTimes, next_windows};
use crate::window::{Holidays, Recurring, Schedule, Zone};

fn schedule(windows: &str, opening: &str) -> Schedule {
    let rules = |text: &str| (!text.is_empty()).then(|| Arc::from(Recurring::parse(text).unwrap()));
    Schedule { windows: rules(windows), opening: rules(opening), ..Schedule::default() }
}

/// Friday, 2026-11-27, 20:00 in Japan.
fn now() -> Timestamp {
    "2026-11-27T11:00:00Z".parse().unwrap()
}

fn told(sites: &[(&str, &Schedule)]) -> Vec<String> {
    let sites = sites.iter().map(|(site, schedule)| SiteTimes { site, schedule });
    next_windows(sites, LookFrom::new(now(), None)).into_iter().map(|text| text.en).collect()
}

#[test]
fn a_window_that_closes_before_a_site_may_end_is_not_one_in_which_it_may_be_touched() {
    let late = schedule("daily 12:00-20:07", "");
    let brief = schedule("daily 22:00-22:05", "");
    assert_eq!(
        told(&[("a", &late), ("b", &brief)]),
        [
            "1 site(s) with no window of 10 min (first estimate; `needed_time` sets it) in the next 31 days: b",
            "1 site(s) need about 10 min (first estimate; `needed_time` sets it) and their window closes at 2026-11-27 20:07: they wait until 2026-11-28 12:00 (Asia/Tokyo): a",
        ]
    );
    let sites = [SiteTimes { site: "a", schedule: &late }];
    let declared = LookFrom::new(now(), Some(Duration::from_secs(300)));
    let told: Vec<String> = next_windows(sites, declared).into_iter().map(|text| text.en).collect();
    assert_eq!(told, ["1 site(s) may be touched now, until 2026-11-27 20:07 (Asia/Tokyo): a"]);
}

#[test]
fn sites_of_the_same_times_are_told_together_and_those_without_a_window_first() {
    let night = schedule("daily 22:00-05:00", "");
    let same = schedule("22:00-05:00", "");
    let never = schedule("daily 22:00-05:00", "daily 00:00-24:00");
    let closed = schedule("", "mon-fri 09:00-18:00");
    let free = schedule("", "");
    assert_eq!(
        told(&[("a", &night), ("b", &free), ("c", &never), ("d", &same), ("a", &night), ("e", &closed)]),
        [
            "1 site(s) with no window in the next 31 days: c",
            "1 site(s) may be touched now, until 2026-11-30 09:00 (Asia/Tokyo): e",
            "2 site(s) may be touched from 2026-11-27 22:00 until 2026-11-28 05:00 (Asia/Tokyo): a, d",
            "1 site(s) without windows and opening hours, at any time: b",
        ]
    );
}

#[test]
fn where_no_site_has_times_nothing_is_told() {
    let free = schedule("", "");
    let far = Schedule { zone: Zone::named("Europe/Berlin").unwrap(), ..schedule("", "") };
    assert_eq!(told(&[("a", &free), ("b", &far)]), [""; 0]);
}

#[test]
fn many_sites_are_counted_and_holidays_that_end_are_told() {
    let holidays = Arc::new(Holidays::parse("2026-12-01 x\n").0);
    let night = Schedule { holidays, ..schedule("mon-fri 22:00-05:00", "") };
    let names: Vec<String> = (0..9).map(|n| format!("c{n}")).collect();
    let sites: Vec<(&str, &Schedule)> = names.iter().map(|name| (name.as_str(), &night)).collect();
    assert_eq!(
        told(&sites),
        [
            "9 site(s) may be touched from 2026-11-27 22:00 until 2026-11-28 05:00 (Asia/Tokyo): c0, c1, c2, c3, c4 and 4 more",
            "the holidays that the inventory names end with 2026-12-01: later ones are taken for working days",
        ]
    );
}
