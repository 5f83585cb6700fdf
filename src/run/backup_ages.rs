//! How old the backups are that a plan was made from: by what the routers said when they showed them, and where a file does not hold
//! that, by the time at which the file was written.
//!
//! Pure. A router's own clock is shown as it said it: it may be wrong, and its zone may not be ours.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::message::Lang;
use crate::transaction::BaseRecord;

/// How a router shows the time above its configuration; its zone follows.
const SHOWN: &str = "%b %d-%a-%Y %H:%M:%S";

/// How old some backups are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupAges {
    /// Those that say when the router showed them, by its own clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<AgeSpan>,
    /// The others, by when the file was written, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<AgeSpan>,
    /// Those of which neither is known.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unknown: usize,
}

/// The oldest and the newest of some backups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeSpan {
    /// How many they are.
    pub backups: usize,
    /// The time of the oldest.
    pub oldest: String,
    /// The router of the oldest; nothing in what earlier versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_of: Option<String>,
    /// The time of the newest.
    pub newest: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with the field")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl BackupAges {
    /// Of these backups, by router; nothing where there is none.
    pub fn of(backups: &HashMap<String, BaseRecord>) -> Option<Self> {
        let (mut shown, mut written, mut unknown) = (Vec::new(), Vec::new(), 0);
        for (router, backup) in backups {
            let time = backup.shown.as_deref().and_then(|words| Some((read(words)?, words)));
            match (time, backup.written.as_deref()) {
                (Some((time, words)), _) => shown.push(Aged { time, words, router }),
                (None, Some(time)) => written.push(Aged { time, words: time, router }),
                (None, None) => unknown += 1,
            }
        }
        let ages = Self { shown: span(&shown), written: span(&written), unknown };
        (ages != Self::default()).then_some(ages)
    }

    /// The oldest and the newest times alone, in no language.
    pub fn times(&self) -> String {
        let spans = [&self.shown, &self.written].into_iter().flatten();
        spans.map(|span| format!("{} - {}", span.oldest, span.newest)).collect::<Vec<_>>().join("; ")
    }

    /// The same in words; where a time is given, as RFC 3339, with how many days before it the oldest was made.
    pub fn words(&self, at: Option<&str>, lang: Lang) -> String {
        let at: Option<DateTime> = at.and_then(|at| Some(TimeZone::UTC.to_datetime(at.parse::<Timestamp>().ok()?)));
        let days = |oldest: &str| -> Option<i64> {
            let then = read(oldest).or_else(|| Some(TimeZone::UTC.to_datetime(oldest.parse::<Timestamp>().ok()?)))?;
            let hours = at?.duration_since(then).as_hours();
            // A router's clock may be ahead of ours, and its zone another one.
            Some(hours.max(0) / 24)
        };
        let span = |span: &AgeSpan, en: &str, ja: &str| {
            let AgeSpan { backups, oldest, oldest_of, newest } = span;
            let oldest = &match (days(oldest), lang) {
                (None, _) => oldest.clone(),
                (Some(days), Lang::En) => format!("{oldest} ({days} day(s) old)"),
                (Some(days), Lang::Ja) => format!("{oldest}({days} 日前)"),
            };
            let newest = if span.oldest == span.newest { oldest } else { newest };
            let of = oldest_of.as_ref().map(|router| format!(" ({router})")).unwrap_or_default();
            match (lang, oldest == newest) {
                (Lang::En, true) => format!("{backups} {en} at {oldest}"),
                (Lang::En, false) => format!("{backups} {en}, the oldest{of} at {oldest}, the newest at {newest}"),
                (Lang::Ja, true) => format!("{ja} {backups} 件: {oldest}"),
                (Lang::Ja, false) => format!("{ja} {backups} 件: 最古{of} {oldest}、最新 {newest}"),
            }
        };
        let shown = self.shown.as_ref().map(|one| span(one, "shown by the router's clock", "ルータの表示時刻"));
        let written = self.written.as_ref().map(|one| {
            span(one, "without a time in it, so by the time of the file", "表示時刻がなくファイルの書き込み時刻")
        });
        let unknown = (self.unknown > 0).then(|| match lang {
            Lang::En => format!("{} of unknown age", self.unknown),
            Lang::Ja => format!("日時不明 {} 件", self.unknown),
        });
        [shown, written, unknown].into_iter().flatten().collect::<Vec<_>>().join(lang.pick("; ", "。"))
    }
}

/// How many days before an instant a router showed something, by its own clock; nothing where that is written in another way.
pub(super) fn days_since_shown(words: &str, at: Timestamp) -> Option<u64> {
    let hours = TimeZone::UTC.to_datetime(at).duration_since(read(words)?).as_hours();
    // A router's clock may be ahead of ours, and its zone another one.
    Some(u64::try_from(hours).unwrap_or_default() / 24)
}

/// A router's time; nothing where it is written in another way.
fn read(words: &str) -> Option<DateTime> {
    let (time, _zone) = words.trim().rsplit_once(' ')?;
    strtime::parse(SHOWN, time).ok()?.to_datetime().ok()
}

/// A backup with its time, as it is compared and in its words.
struct Aged<'b, T> {
    time: T,
    words: &'b str,
    router: &'b str,
}

fn span<T: Ord + Copy>(backups: &[Aged<'_, T>]) -> Option<AgeSpan> {
    let oldest = backups.iter().min_by_key(|one| (one.time, one.router))?;
    let newest = backups.iter().max_by_key(|one| (one.time, one.router))?;
    Some(AgeSpan {
        backups: backups.len(),
        oldest: oldest.words.to_owned(),
        oldest_of: Some(oldest.router.to_owned()),
        newest: newest.words.to_owned(),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::collections::HashMap;

    use super::{BackupAges, days_since_shown};
    use crate::message::Lang;
    use crate::transaction::BaseRecord;

    fn backup(shown: Option<&str>, written: Option<&str>) -> BaseRecord {
        let text = |text: Option<&str>| text.map(str::to_owned);
        BaseRecord { file: String::new(), written: text(written), shown: text(shown), firmware: None, masked: false }
    }

    #[test]
    fn the_age_is_the_routers_word_and_only_without_it_that_of_the_file() {
        let backups = [
            backup(Some("Nov 02-Mon-2026 08:00:00 JST"), Some("2026-11-20T00:00:00Z")),
            backup(Some("May 26-Sun-2024 16:08:00 JST"), None),
            backup(Some("Dec 30-Tue-2025 16:08:00 JST"), None),
            backup(Some("yesterday"), Some("2026-11-21T00:00:00Z")),
            backup(None, Some("2026-11-19T00:00:00Z")),
            backup(None, None),
        ];
        let backups = backups.into_iter().enumerate().map(|(number, one)| (format!("r{number}"), one)).collect();
        let ages = BackupAges::of(&backups).unwrap();
        assert_eq!(
            ages.words(None, Lang::En),
            "3 shown by the router's clock, the oldest (r1) at May 26-Sun-2024 16:08:00 JST, the newest at Nov 02-Mon-2026 08:00:00 JST; 2 without a time in it, so by the time of the file, the oldest (r4) at 2026-11-19T00:00:00Z, the newest at 2026-11-21T00:00:00Z; 1 of unknown age"
        );
        let said = ages.words(Some("2026-11-30T00:00:00Z"), Lang::En);
        assert!(said.contains("the oldest (r1) at May 26-Sun-2024 16:08:00 JST (917 day(s) old)"), "{said}");
        assert!(said.contains("the oldest (r4) at 2026-11-19T00:00:00Z (11 day(s) old)"), "{said}");
        assert!(ages.words(None, Lang::Ja).starts_with("ルータの表示時刻 3 件: 最古 (r1) May 26-Sun-2024"));
        assert_eq!(BackupAges::of(&HashMap::new()), None);
        let read: BackupAges = serde_json::from_str(&serde_json::to_string(&ages).unwrap()).unwrap();
        assert_eq!(read, ages);
    }

    #[test]
    fn a_clock_that_is_ahead_makes_no_age() {
        let at = "2026-11-30T00:00:00Z".parse().unwrap();
        assert_eq!(days_since_shown("Nov 26-Thu-2026 16:08:00 JST", at), Some(3));
        assert_eq!(days_since_shown("Dec 26-Sat-2026 16:08:00 JST", at), Some(0));
        assert_eq!(days_since_shown("yesterday", at), None);
    }
}
