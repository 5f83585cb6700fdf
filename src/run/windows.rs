//! When the routers of a run may be touched: told to people, and as rules for the dispatcher.
//!
//! What the words of an inventory mean is decided in `window`, and what is begun when in `fleet`.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use super::operator::{Notice, Operator};
use super::target::Target;
use crate::fleet::{Moment, Needed, Window, WindowRules};
use crate::message::Text;
use crate::transaction::Outcome;
use crate::window::{Interval, Recurring, Schedule};

/// How far windows are looked for. A run that is begun waits no longer for one.
const DAYS: u16 = 31;
/// Sites that are named where several have the same times.
const NAMED: usize = 5;
/// A clock that is so far from ours is told of.
const CLOCK_SECONDS: u64 = 60;
/// Different times that are told one by one.
const TOLD: usize = 12;

/// A site and when it may be touched.
#[derive(Clone, Copy)]
pub struct SiteTimes<'a> {
    /// Its name.
    pub site: &'a str,
    /// Its times.
    pub schedule: &'a Schedule,
}

/// From when on windows are looked for, and for what.
#[derive(Clone, Copy)]
pub struct LookFrom {
    /// From when on.
    pub now: Timestamp,
    /// What a site is taken to need: a window that closes before is none.
    pub needed: Needed,
}

impl LookFrom {
    /// From this instant on, by what is known before a run begins.
    pub fn new(now: Timestamp, needed_time: Option<Duration>) -> Self {
        Self { now, needed: Needed::before_a_run(needed_time) }
    }

    fn find(self, schedule: &Schedule) -> Found {
        let fits = |one: &Interval| {
            let ends = one.start.max(self.now).checked_add(self.needed.time);
            ends.is_ok_and(|ends| ends <= one.end)
        };
        let all = schedule.intervals(self.now, schedule.until(self.now, DAYS));
        let too_short = all.first().copied().filter(|first| !fits(first));
        Found { next: all.into_iter().find(fits), too_short }
    }
}

/// The windows of a schedule that matter.
#[derive(Clone, Copy)]
struct Found {
    /// The first that is long enough.
    next: Option<Interval>,
    /// The first of all, where it is not.
    too_short: Option<Interval>,
}

/// Routers whose sites have the same times.
struct SameTimes<'a> {
    schedule: &'a Schedule,
    /// Their places among all.
    members: Vec<usize>,
    sites: BTreeSet<&'a str>,
}

/// The windows of these routers from now on, which are the tasks of a run in this order.
pub(super) fn window_rules<'a>(targets: impl IntoIterator<Item = &'a Target>, now: Timestamp) -> Vec<WindowRules> {
    let restricted = by_times(targets.into_iter().map(times)).into_iter().filter(|same| !same.schedule.is_always());
    let rules = restricted.map(|SameTimes { schedule, members, .. }| {
        let until = schedule.until(now, DAYS);
        let windows = schedule.intervals(now, until).into_iter().map(window).collect();
        WindowRules { members, windows }
    });
    rules.collect()
}

/// Tells the operator when the sites of these routers may be touched, where any of them is not to be touched at any time.
pub(super) fn tell_windows(operator: &dyn Operator, targets: &[Target], from: LookFrom) {
    for text in next_windows(targets.iter().map(times), from) {
        operator.tell(&Notice::Note(&text));
    }
}

/// Tells the operator of routers whose clocks are far from ours, where windows depend on it. Where most of them were, the run was held.
pub(super) fn warn_of_clocks(operator: &dyn Operator, outcomes: &[Outcome]) {
    let far = |outcome: &Outcome| {
        let seconds = outcome.clock_offset.filter(|seconds| seconds.unsigned_abs() >= CLOCK_SECONDS)?;
        Some(format!("{} {seconds:+} s", outcome.router))
    };
    let routers: Vec<String> = outcomes.iter().filter_map(far).collect();
    if routers.is_empty() {
        return;
    }
    let (count, named) = (routers.len(), routers.iter().take(NAMED).cloned().collect::<Vec<_>>());
    let (en, ja) = (named.join(", "), named.join("、"));
    operator.tell(&Notice::Warning(&Text::new(
        format!("the clocks of {count} router(s) and of this machine are a minute or more apart: {en}"),
        format!("時計がこの端末と 1 分以上ずれているルータが {count} 台あります: {ja}"),
    )));
}

/// What is to be said of the windows of these sites: when the next ones open, and which sites have none. Nothing where no site says when it
/// may be touched.
pub fn next_windows<'a>(sites: impl IntoIterator<Item = SiteTimes<'a>>, from: LookFrom) -> Vec<Text> {
    let now = from.now;
    let (always, restricted): (Vec<_>, Vec<_>) =
        by_times(sites).into_iter().partition(|same| same.schedule.is_always());
    if restricted.is_empty() {
        return Vec::new();
    }
    let mut told: Vec<(Found, &SameTimes<'_>)> =
        restricted.iter().map(|same| (from.find(same.schedule), same)).collect();
    // Those without any window come first: they are what a person has to do something about.
    told.sort_by_key(|(found, _)| found.next.map(|next| next.start));
    let more: usize = told.iter().skip(TOLD).map(|(_, same)| same.sites.len()).sum();
    let mut texts: Vec<Text> = told.iter().take(TOLD).map(|(found, same)| of_times(same, *found, from)).collect();
    if more > 0 {
        texts.push(Text::new(
            format!("{more} more sites have windows at other times"),
            format!("ほかに {more} 拠点が別の時間帯です"),
        ));
    }
    let always: BTreeSet<&str> = always.iter().flat_map(|same| same.sites.iter().copied()).collect();
    if !always.is_empty() {
        let names = names(&always);
        texts.push(Text::new(
            format!("{} site(s) without windows and opening hours, at any time: {}", always.len(), names.en),
            format!("変更時間帯も診療時間もない拠点が {} か所(いつでも変更可): {}", always.len(), names.ja),
        ));
    }
    texts.extend(restricted.iter().find_map(|same| unknown_holidays(same.schedule, now)));
    texts
}

fn times(target: &Target) -> SiteTimes<'_> {
    SiteTimes { site: &target.intent.site, schedule: &target.schedule }
}

fn by_times<'a>(sites: impl IntoIterator<Item = SiteTimes<'a>>) -> Vec<SameTimes<'a>> {
    type Key<'a> = (&'a str, Option<&'a [Recurring]>, Option<&'a [Recurring]>);
    let mut places: HashMap<Key<'_>, usize> = HashMap::new();
    let mut all: Vec<SameTimes<'a>> = Vec::new();
    for (number, SiteTimes { site, schedule }) in sites.into_iter().enumerate() {
        let zone = if schedule.is_always() { "" } else { schedule.zone.name() };
        let key = (zone, schedule.windows.as_deref(), schedule.opening.as_deref());
        let place = *places.entry(key).or_insert(all.len());
        match all.get_mut(place) {
            Some(same) => {
                same.members.push(number);
                same.sites.insert(site);
            }
            None => all.push(SameTimes { schedule, members: vec![number], sites: BTreeSet::from([site]) }),
        }
    }
    all
}

fn window(interval: Interval) -> Window {
    let moment = |instant: Timestamp| Moment::from_millis(u64::try_from(instant.as_millisecond()).unwrap_or_default());
    Window { from: moment(interval.start), until: moment(interval.end) }
}

fn of_times(same: &SameTimes<'_>, found: Found, from: LookFrom) -> Text {
    let (count, names) = (same.sites.len(), names(&same.sites));
    let zone = &same.schedule.zone;
    let (minutes, by) = (from.needed.time.as_secs().div_ceil(60), from.needed.by.text());
    let Some(Interval { start, end }) = found.next else {
        if found.too_short.is_some() {
            return Text::new(
                format!(
                    "{count} site(s) with no window of {minutes} min ({}) in the next {DAYS} days: {}",
                    by.en, names.en
                ),
                format!("今後 {DAYS} 日間に {minutes} 分({})の時間帯がない拠点が {count} か所: {}", by.ja, names.ja),
            );
        }
        return Text::new(
            format!("{count} site(s) with no window in the next {DAYS} days: {}", names.en),
            format!("今後 {DAYS} 日間に変更できる時間帯がない拠点が {count} か所: {}", names.ja),
        );
    };
    let show = |instant: Timestamp| zone.at(instant).strftime("%Y-%m-%d %H:%M").to_string();
    let until = show(end);
    if let Some(Interval { end: closes, .. }) = found.too_short.filter(|short| short.start <= from.now) {
        let (closes, opens) = (show(closes), show(start));
        return Text::new(
            format!(
                "{count} site(s) need about {minutes} min ({}) and their window closes at {closes}: they wait until {opens} ({zone}): {}",
                by.en, names.en
            ),
            format!(
                "約 {minutes} 分必要({})で、時間帯が {closes} に終わるため {opens} まで待つ拠点が {count} か所({zone}): {}",
                by.ja, names.ja
            ),
        );
    }
    if start <= from.now {
        return Text::new(
            format!("{count} site(s) may be touched now, until {until} ({zone}): {}", names.en),
            format!("現在変更できる拠点が {count} か所、{until} まで({zone}): {}", names.ja),
        );
    }
    let from = show(start);
    Text::new(
        format!("{count} site(s) may be touched from {from} until {until} ({zone}): {}", names.en),
        format!("{from} から {until} まで変更できる拠点が {count} か所({zone}): {}", names.ja),
    )
}

fn names(sites: &BTreeSet<&str>) -> Text {
    let named: Vec<&str> = sites.iter().copied().take(NAMED).collect();
    let more = sites.len() - named.len();
    if more == 0 {
        return Text::new(named.join(", "), named.join("、"));
    }
    Text::new(format!("{} and {more} more", named.join(", ")), format!("{} ほか {more} か所", named.join("、")))
}

/// A file of holidays that ends before the windows that were looked at.
fn unknown_holidays(schedule: &Schedule, now: Timestamp) -> Option<Text> {
    let last: Date = schedule.holidays.last()?;
    let until = schedule.zone.at(schedule.until(now, DAYS)).date();
    (last < until).then(|| {
        Text::new(
            format!("the holidays that the inventory names end with {last}: later ones are taken for working days"),
            format!("インベントリの祝日は {last} までです。それより後の祝日は平日として扱われます"),
        )
    })
}

#[cfg(test)]
#[path = "windows_tests.rs"]
mod tests;
