//! How long the tool waits for a router, per kind of wait.

use std::time::Duration;

use super::finding::ValueFinding;
use super::yaml::{Content, Field};

/// Deadlines that were written; what is `None` is left to the engine's own default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deadlines {
    /// Until the connection is open.
    pub connect: Option<Duration>,
    /// A login.
    pub login: Wait,
    /// The answer to one line.
    pub command: Wait,
    /// A long answer, such as the running configuration. Its total is what it may take before its size counts.
    pub read: Wait,
    /// Until a colleague gives the configuration mode back.
    pub lock: Option<Duration>,
    /// How long a session that waits for something else may be silent before it is kept awake.
    pub idle: Option<Duration>,
    /// A save.
    pub save: Wait,
    /// Until a restarted router answers again.
    pub reload: Option<Duration>,
}

/// The two bounds of a wait on the router: how long it may be silent, and how long the whole may take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wait {
    /// Longest silence.
    pub silence: Option<Duration>,
    /// Longest time altogether.
    pub total: Option<Duration>,
}

impl Wait {
    fn or(self, weaker: Self) -> Self {
        // The two belong together: a total of one place says nothing about a silence of another.
        if self == Self::default() { weaker } else { self }
    }
}

impl Deadlines {
    /// These deadlines, filled up from weaker ones.
    #[must_use]
    pub fn or(self, weaker: Self) -> Self {
        Self {
            connect: self.connect.or(weaker.connect),
            login: self.login.or(weaker.login),
            command: self.command.or(weaker.command),
            read: self.read.or(weaker.read),
            lock: self.lock.or(weaker.lock),
            idle: self.idle.or(weaker.idle),
            save: self.save.or(weaker.save),
            reload: self.reload.or(weaker.reload),
        }
    }
}

/// Reads `deadlines:`.
pub(super) fn read(field: &Field<'_>) -> Deadlines {
    let Some(mut table) = field.table("the deadlines", "待ち時間") else { return Deadlines::default() };
    let mut both = |key| table.get(key).map(|field| wait(&field)).unwrap_or_default();
    let (login, command, read, save) = (both("login"), both("command"), both("read"), both("save"));
    let mut wait = |key| table.get(key).and_then(|field| duration(&field));
    let deadlines = Deadlines {
        connect: wait("connect"),
        login,
        command,
        read,
        lock: wait("lock"),
        idle: wait("idle"),
        save,
        reload: wait("reload"),
    };
    table.finish();
    deadlines
}

/// A time, which is the silence, or a table of both bounds.
fn wait(field: &Field<'_>) -> Wait {
    if !matches!(field.content(), Content::Mapping(_)) {
        return Wait { silence: duration(field), total: None };
    }
    let Some(mut table) = field.table("the bounds", "待ち時間の上限") else { return Wait::default() };
    let silence = table.get("silence").and_then(|field| duration(&field));
    let total = table.get("total").and_then(|field| Some((duration(&field)?, field)));
    if let (Some(silence), Some((total, field))) = (silence, &total)
        && silence > *total
    {
        field.refuse(&ValueFinding::ShorterThanSilence);
    }
    let total = total.map(|(total, _)| total);
    table.finish();
    Wait { silence, total }
}

/// A time with its unit: `500ms`, `10s`, `2m`; more than nothing, at most a day.
pub(crate) fn duration(field: &Field<'_>) -> Option<Duration> {
    let text = field.text()?;
    let time = parse_duration(&text);
    if time.is_none() {
        field.refuse(&ValueFinding::NoTime { text });
    }
    time
}

/// The same of a text alone.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(split)?;
    let factor = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let millis = number.parse::<u64>().ok().zip(factor).and_then(|(n, f)| n.checked_mul(f));
    millis.filter(|m| (1..=86_400_000).contains(m)).map(Duration::from_millis)
}
