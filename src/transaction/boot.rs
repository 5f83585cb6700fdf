//! Whether a router has restarted between two readings, decided by what `show version` says.
//!
//! `System started at` changes with a restart and with a clock that was set; the cause of the last start and the uptime
//! distinguish the two. Nothing is decided by this: what the router runs decides. It is reported and recorded.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use jiff::Timestamp;

use crate::ix::clock;
use crate::ix::display::Version;
use crate::message::Text;
use crate::record::{Kind, Stored};

/// What a router says about its last start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boot {
    /// `System started at`, in its words.
    pub started_at: Option<String>,
    /// `System woke up by`, in its words.
    pub woke_up_by: Option<String>,
    /// `System uptime is`, in minutes.
    pub uptime_minutes: Option<u64>,
    /// When we read this, by our own clock, in seconds since 1970.
    pub read_at: u64,
    /// How many seconds its clock was ahead of ours when its configuration was read; negative where it was behind. Nothing where it does
    /// not say the time, or was never set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_offset: Option<i64>,
}

/// What two readings say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BootComparison {
    /// It has been up all the time, as far as it says.
    Up,
    /// It restarted.
    Restarted,
    /// It has been up all the time and its clock was set.
    ClockSet,
    /// It restarted, or its clock was set.
    Unclear,
}

/// Uptimes are whole minutes, and a clock may be corrected a little.
const SLACK_MINUTES: u64 = 2;

impl Boot {
    /// What `show version` says, read now.
    pub(super) fn of(version: &Version) -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Self {
            started_at: version.started_at.clone(),
            woke_up_by: version.woke_up_by.clone(),
            uptime_minutes: version.uptime_minutes(),
            read_at: now.as_secs(),
            clock_offset: None,
        }
    }

    /// The same with what the display of the running configuration says of the router's clock. It was shown between these two instants, and
    /// is at least so far off.
    pub(super) fn with_clock(self, display: &str, begun: Timestamp, ended: Timestamp) -> Self {
        let off = |says: Timestamp| says.as_second() - says.clamp(begun, ended.max(begun)).as_second();
        Self { clock_offset: clock::current_time(display).map(off), ..self }
    }

    /// The start that the router's records name last: what was found before is none that has ended a save since.
    pub(super) fn last_found(self, records: &[Stored]) -> Self {
        let found = |stored: &Stored| match &stored.record {
            Some(Kind::RestartFound { started_at, woke_up_by, .. }) => Some(Self {
                started_at: started_at.clone(),
                woke_up_by: woke_up_by.clone(),
                uptime_minutes: None,
                read_at: u64::try_from(stored.at_ms / 1000).unwrap_or_default(),
                clock_offset: self.clock_offset,
            }),
            _ => None,
        };
        records.iter().rev().find_map(found).unwrap_or(self)
    }

    /// Whether this is another start than that of an earlier reading.
    pub(super) fn since(&self, before: &Self) -> BootComparison {
        let differ = |now: &Option<String>, then: &Option<String>| now.is_some() && then.is_some() && now != then;
        let shorter = matches!((self.uptime_minutes, before.uptime_minutes), (Some(now), Some(then)) if now < then);
        if differ(&self.woke_up_by, &before.woke_up_by) || shorter {
            return BootComparison::Restarted;
        }
        if !differ(&self.started_at, &before.started_at) {
            return BootComparison::Up;
        }
        // A router that restarted since the earlier reading cannot be up for longer than that is ago.
        let ago = self.read_at.checked_sub(before.read_at).map(|seconds| seconds / 60);
        match (self.uptime_minutes, ago) {
            (Some(up), Some(ago)) if up > ago + SLACK_MINUTES => BootComparison::ClockSet,
            _ => BootComparison::Unclear,
        }
    }

    /// What the operator is told about it; `None` if there is nothing to tell.
    pub(super) fn told(&self, before: &Self) -> Option<(BootComparison, Text)> {
        let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".to_owned());
        let (then, now, cause) = (said(&before.started_at), said(&self.started_at), said(&self.woke_up_by));
        let since = self.since(before);
        let text = match since {
            BootComparison::Up => return None,
            BootComparison::Restarted => Text::new(
                format!("the router restarted (woke up by {cause}): it started at {now}, before it was {then}"),
                format!("ルータが再起動しました(起動要因: {cause})。起動時刻は {then} から {now} になりました"),
            ),
            BootComparison::ClockSet => Text::new(
                format!(
                    "the router's clock was set, it did not restart: it says it started at {now}, before it was {then}"
                ),
                format!(
                    "ルータの時刻が変更されました(再起動ではありません)。起動時刻の表示が {then} から {now} になりました"
                ),
            ),
            BootComparison::Unclear => Text::new(
                format!(
                    "the router restarted, or its clock was set (woke up by {cause}): it says it started at {now}, before it was {then}"
                ),
                format!(
                    "ルータの再起動または時刻変更です(起動要因: {cause})。起動時刻の表示が {then} から {now} になりました"
                ),
            ),
        };
        Some((since, text))
    }
}

impl BootComparison {
    /// The word for it in records.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Restarted => "restarted",
            Self::ClockSet => "clock-set",
            Self::Unclear => "unclear",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Boot, BootComparison};
    use crate::record::{Kind, Stored};

    fn boot(started: &str, cause: &str, up: Option<u64>, read_at: u64) -> Boot {
        let (started_at, woke_up_by) = (Some(started.to_owned()), Some(cause.to_owned()));
        Boot { started_at, woke_up_by, uptime_minutes: up, read_at, clock_offset: None }
    }

    const POWER: &str = "reload, caused by power-on";
    const COMMAND: &str = "reload, caused by command execution";

    #[test]
    fn another_cause_or_a_shorter_uptime_is_a_restart() {
        let before = boot("May 19", POWER, Some(600), 0);
        assert_eq!(boot("May 26", COMMAND, Some(700), 6000).since(&before), BootComparison::Restarted);
        assert_eq!(boot("May 26", POWER, Some(0), 60).since(&before), BootComparison::Restarted);
        // A clock that was set back after the restart may show the very same moment: the uptime tells.
        assert_eq!(boot("May 19", POWER, Some(1), 60).since(&before), BootComparison::Restarted);
    }

    #[test]
    fn another_moment_with_an_uptime_that_goes_on_is_a_clock_that_was_set() {
        let before = boot("May 19", POWER, Some(600), 1000);
        assert_eq!(boot("May 18", POWER, Some(610), 1600).since(&before), BootComparison::ClockSet);
    }

    #[test]
    fn an_undecidable_restart_is_called_unclear() {
        // Up for less than the time between the readings: both are possible.
        let young = boot("May 19", POWER, Some(0), 1000);
        assert_eq!(boot("May 20", POWER, Some(0), 1010).since(&young), BootComparison::Unclear);
        // Our own clock went back, so no one knows how long ago the first reading is.
        let before = boot("May 19", POWER, Some(600), 1000);
        assert_eq!(boot("May 20", POWER, Some(610), 900).since(&before), BootComparison::Unclear);
        assert_eq!(boot("May 20", POWER, None, 1600).since(&before), BootComparison::Unclear);
    }

    #[test]
    fn a_restart_that_is_on_record_is_not_found_a_second_time() {
        let record = |number: i64, started: &str, cause: &str| Stored {
            number,
            at_ms: number * 600_000,
            run: "run".to_owned(),
            router: "r1".to_owned(),
            record: Some(Kind::RestartFound {
                found: "restarted".to_owned(),
                started_at: Some(started.to_owned()),
                woke_up_by: Some(cause.to_owned()),
            }),
            hash: String::new(),
        };
        let read = boot("May 19", POWER, Some(600), 0);
        let records = [record(1, "May 20", POWER), record(2, "May 26", COMMAND)];
        let known = read.clone().last_found(&records);
        let now = boot("May 26", COMMAND, Some(3), 1500);
        assert_eq!((now.since(&read), now.since(&known)), (BootComparison::Restarted, BootComparison::Up));
        assert_eq!(boot("May 27", POWER, Some(0), 1500).since(&known), BootComparison::Restarted);
        assert_eq!(boot("May 27", COMMAND, Some(3), 1500).since(&known), BootComparison::Unclear);
        assert_eq!(read.clone().last_found(&[]), read);
    }

    #[test]
    fn a_clock_is_as_far_off_as_its_display_cannot_be_explained_by_how_long_it_took() {
        let offset = |time: &str| {
            let (begun, ended) = ("2026-11-29T13:00:00Z".parse(), "2026-11-29T13:00:30Z".parse());
            let display = format!("! Current time Nov 29-Sun-2026 {time} JST\n!\n");
            let both = begun.ok().zip(ended.ok());
            both.and_then(|(begun, ended)| Boot::default().with_clock(&display, begun, ended).clock_offset)
        };
        assert_eq!(offset("22:00:10"), Some(0));
        assert_eq!(offset("21:58:30"), Some(-90));
        assert_eq!(offset("22:02:00"), Some(90));
        assert_eq!(offset("never"), None);
    }

    #[test]
    fn the_same_start_and_a_router_that_says_nothing_are_no_restart() {
        let before = boot("May 19", POWER, Some(600), 0);
        assert_eq!(boot("May 19", POWER, Some(660), 3600).since(&before), BootComparison::Up);
        assert_eq!(Boot { read_at: 5, ..Boot::default() }.since(&before), BootComparison::Up);
        assert!(before.told(&before).is_none());
    }
}
