//! `show version` and `show uptime`.

use super::item::{End, Field, moves, stays};
use super::lines::{Line, Notes};

pub(super) const FIELDS: &[Field] = &[
    stays("family"),
    stays("firmware"),
    moves("uptime"),
    moves("uptime-minutes"),
    stays("woke-up-by"),
    // A clock that is set moves it, too; that the router restarted is in the log.
    moves("started-at"),
    stays("image"),
    stays("based-on"),
];

pub(super) const UPTIME_FIELDS: &[Field] = &[moves("uptime"), moves("uptime-minutes")];

/// What begins a line, and the field that is behind it.
const MARKS: [(&str, &str); 5] = [
    ("System uptime is ", "uptime"),
    ("System woke up by ", "woke-up-by"),
    ("System started at ", "started-at"),
    ("System image file is ", "image"),
    ("Current configuration is based on ", "based-on"),
];

/// Beginnings and ends of lines that say nothing that is asked.
const KNOWN: [&str; 8] = [
    "NEC Portable Internetwork Core Operating System",
    "Compiled ",
    "ROM: ",
    "System Diagnostic, ",
    "Initialization Program, ",
    "Processor board ID ",
    "Copyright ",
    "All rights reserved",
];
const KNOWN_ENDS: [&str; 6] =
    ["bytes of memory.", "interface", "interfaces", "configuration memory.", "(Read/Write)", "(Read ONLY)"];

/// What `show version` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Version {
    /// The image family, `IX2215`: an IX2015 prints IX2010 here, so identity is read from the hardware.
    pub family: Option<String>,
    /// The firmware, `10.7.18`.
    pub firmware: Option<String>,
    /// Time since the start, in the router's words.
    pub uptime: Option<String>,
    /// Why it started: `reload, caused by power-on`.
    pub woke_up_by: Option<String>,
    /// When it started, in the router's words. A change between two readings means that it restarted.
    pub started_at: Option<String>,
    /// The image file.
    pub image: Option<String>,
    /// What the running configuration was loaded from: `startup-configuration`.
    pub based_on: Option<String>,
}

impl Version {
    /// Reads the answer of `show version`. It never fails: what it does not find is nothing.
    pub fn parse(text: &str) -> Self {
        let mut version = Self::default();
        for line in text.lines().map(str::trim) {
            if let Some(product) = product(line) {
                version.family = product.family.map(str::to_owned);
                version.firmware = Some(product.firmware.to_owned());
                continue;
            }
            let Some((field, value)) = marked(line) else { continue };
            let place = match field {
                "uptime" => &mut version.uptime,
                "woke-up-by" => &mut version.woke_up_by,
                "started-at" => &mut version.started_at,
                "image" => &mut version.image,
                _ => &mut version.based_on,
            };
            *place = Some(value.to_owned());
        }
        version
    }

    /// The time since the start in minutes; nothing if a word of it is not known.
    pub fn uptime_minutes(&self) -> Option<u64> {
        minutes(self.uptime.as_deref()?)
    }

    /// The firmware as numbers, so that `10.10.2` is newer than `10.9.34`; letters after a number are dropped.
    pub fn firmware_numbers(&self) -> Option<Vec<u32>> {
        firmware_numbers(self.firmware.as_deref()?)
    }
}

/// A firmware version's text as numbers: `9.7.54M` gives 9, 7, 54. `None` when it does not start with a number.
pub fn firmware_numbers(text: &str) -> Option<Vec<u32>> {
    let number = |part: &str| part.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok());
    let numbers: Vec<u32> = text.trim().split('.').map_while(number).collect();
    (!numbers.is_empty()).then_some(numbers)
}

/// `6 days 21 hours 45 minutes`; nothing if a word of it is not known.
fn minutes(uptime: &str) -> Option<u64> {
    let mut words = uptime.split([' ', ',']).filter(|word| !word.is_empty());
    let mut minutes = 0_u64;
    while let Some(number) = words.next() {
        let unit = match words.next()?.trim_end_matches('s') {
            "year" => 365 * 1440,
            "week" => 7 * 1440,
            "day" => 1440,
            "hour" => 60,
            "minute" => 1,
            "second" => 0,
            _ => return None,
        };
        minutes = minutes.checked_add(number.parse::<u64>().ok()?.checked_mul(unit)?)?;
    }
    Some(minutes)
}

/// The line that names the software.
struct Product<'a> {
    family: Option<&'a str>,
    firmware: &'a str,
}

/// `IX Series IX2215 (magellan-sec) Software, Version 10.7.18, RELEASE SOFTWARE`.
fn product(line: &str) -> Option<Product<'_>> {
    let rest = line.strip_prefix("IX Series ")?;
    let (_, firmware) = line.split_once("Version ")?;
    let firmware = firmware.split([',', ' ']).next().unwrap_or(firmware);
    Some(Product { family: rest.split_whitespace().next(), firmware })
}

/// The field that a line holds, and its value without quotes.
fn marked(line: &str) -> Option<(&'static str, &str)> {
    MARKS.iter().find_map(|(mark, field)| Some((*field, line.strip_prefix(mark)?.trim().trim_matches('"'))))
}

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut end = End::CutOff;
    for line in lines {
        if let Some(product) = product(line.text) {
            notes.say("", "family", product.family.unwrap_or_default());
            notes.say("", "firmware", product.firmware);
        } else if let Some((field, value)) = marked(line.text) {
            note(notes, field, value);
            if field == "based-on" {
                end = End::Whole;
            }
        } else if !is_known(line.text) {
            notes.unknown(line);
        }
    }
    end
}

pub(super) fn read_uptime(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut end = End::CutOff;
    for line in lines {
        match marked(line.text) {
            Some(("uptime", value)) => {
                note(notes, "uptime", value);
                end = End::Open;
            }
            _ => notes.unknown(line),
        }
    }
    end
}

fn note(notes: &mut Notes, field: &'static str, value: &str) {
    notes.say("", field, value);
    if let Some(minutes) = (field == "uptime").then(|| minutes(value)).flatten() {
        notes.say("", "uptime-minutes", &minutes.to_string());
    }
}

fn is_known(line: &str) -> bool {
    KNOWN.iter().any(|mark| line.starts_with(mark)) || KNOWN_ENDS.iter().any(|end| line.ends_with(end))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Version, firmware_numbers};

    #[test]
    fn a_version_is_read() {
        let version = Version::parse(include_str!("../../../tests/data/displays/version.txt"));
        assert_eq!(version.family.as_deref(), Some("IX2215"));
        assert_eq!(version.firmware_numbers(), Some(vec![10, 7, 18]));
        assert_eq!(version.woke_up_by.as_deref(), Some("reload, caused by power-on"));
        assert_eq!(version.started_at.as_deref(), Some("May 19-Sun-2024 19:37:55 JST"));
        assert_eq!(version.uptime_minutes().unwrap(), 6 * 1440 + 21 * 60 + 45);
        assert_eq!(version.image.as_deref(), Some("ix2215-ms-10.7.18.ldc"));
        assert_eq!(version.based_on.as_deref(), Some("startup-configuration"));
    }

    #[test]
    fn an_uptime_is_counted_in_minutes_or_not_at_all() {
        let of = |text: &str| Version { uptime: Some(text.to_owned()), ..Version::default() }.uptime_minutes();
        assert_eq!(of("1 day 1 hour 1 minute"), Some(1501));
        assert_eq!(of("0 days 0 hours 0 minutes"), Some(0));
        assert_eq!(of("2 weeks, 3 days"), Some(17 * 1440));
        assert_eq!(of("3 fortnights"), None);
        assert_eq!(of("up since May"), None);
    }

    #[test]
    fn firmware_orders_by_number() {
        assert!(firmware_numbers("10.10.2") > firmware_numbers("10.9.34"));
        assert_eq!(firmware_numbers("9.7.54M"), Some(vec![9, 7, 54]));
        assert_eq!(firmware_numbers("unknown"), None);
    }
}
