//! The router's own clock: a fixed date at the start of the mock, running with real time, printed as the router does.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// 2026-04-01 09:00:00 in Japan, as seconds since 1970 of local time.
const START: u64 = 1_775_034_000;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

/// When the first router of this process was made.
static EPOCH: OnceLock<Instant> = OnceLock::new();

/// The clock of one router.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started: Instant,
    booted: Instant,
    /// How long it had been up when the mock started it.
    already_up: Duration,
    /// Seconds that the clock was set forward.
    ahead: u64,
}

/// A date taken apart.
struct Date {
    year: u64,
    month: usize,
    day: u64,
    weekday: &'static str,
    hour: u64,
    minute: u64,
    second: u64,
}

impl Clock {
    /// A clock that starts now, of a router that has been up for this many minutes.
    pub fn new(up_minutes: u64) -> Self {
        let now = Instant::now();
        EPOCH.get_or_init(|| now);
        Self { started: now, booted: now, already_up: Duration::from_secs(60 * up_minutes), ahead: 0 }
    }

    /// Notes a restart.
    pub fn boot(&mut self) {
        self.booted = Instant::now();
        self.already_up = Duration::ZERO;
    }

    /// Sets it forward.
    pub fn set_forward(&mut self, seconds: u64) {
        self.ahead += seconds;
    }

    fn now(&self) -> u64 {
        START + self.ahead + self.started.elapsed().as_secs()
    }

    /// Milliseconds since the start of the mock, the same for all its routers: their events can be put in order.
    pub fn millis(&self) -> u64 {
        let since = EPOCH.get().map_or(Duration::ZERO, Instant::elapsed);
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// How long the router is up.
    pub fn uptime(&self) -> Duration {
        self.already_up + self.booted.elapsed()
    }

    /// `May 26-Sun-2024 16:08:00 JST`, as in configuration headers.
    pub fn stamp(&self) -> String {
        stamp(&date(self.now()))
    }

    /// The same for the last start.
    pub fn boot_stamp(&self) -> String {
        let since = self.booted.duration_since(self.started).as_secs();
        stamp(&date((START + self.ahead + since).saturating_sub(self.already_up.as_secs())))
    }

    /// `Wednesday, 15 March 2023 02:01:17 +09 00`, as `show clock` prints it.
    pub fn long(&self) -> String {
        let d = date(self.now());
        let names = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let month = names.get(d.month).copied().unwrap_or_default();
        format!("{}, {} {month} {} {:02}:{:02}:{:02} +09 00", d.weekday, d.day, d.year, d.hour, d.minute, d.second)
    }

    /// `2023/05/06 03:44:37`, as in the log.
    pub fn log_stamp(&self) -> String {
        let d = date(self.now());
        format!("{}/{:02}/{:02} {:02}:{:02}:{:02}", d.year, d.month + 1, d.day, d.hour, d.minute, d.second)
    }
}

fn stamp(d: &Date) -> String {
    let month = MONTHS.get(d.month).copied().unwrap_or_default();
    let day = d.weekday.get(..3).unwrap_or_default();
    format!("{month} {:02}-{day}-{} {:02}:{:02}:{:02} JST", d.day, d.year, d.hour, d.minute, d.second)
}

/// The civil date of a day count, by the usual era arithmetic.
fn date(seconds: u64) -> Date {
    let days = seconds / 86_400;
    let z = days + 719_468;
    let era = z / 146_097;
    let of_era = z % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 2 } else { shifted - 10 };
    let weekday = usize::try_from(days % 7).unwrap_or(0);
    Date {
        year: year_of_era + era * 400 + u64::from(month < 2),
        month: usize::try_from(month).unwrap_or(0),
        day: of_year - (153 * shifted + 2) / 5 + 1,
        weekday: DAYS.get(weekday).copied().unwrap_or_default(),
        hour: seconds % 86_400 / 3_600,
        minute: seconds % 3_600 / 60,
        second: seconds % 60,
    }
}

#[cfg(test)]
mod tests {
    use super::{START, date, stamp};

    #[test]
    fn dates_are_printed_as_the_router_does() {
        assert_eq!(stamp(&date(START)), "Apr 01-Wed-2026 09:00:00 JST");
        assert_eq!(stamp(&date(1_716_739_680)), "May 26-Sun-2024 16:08:00 JST");
        assert_eq!(stamp(&date(951_782_400)), "Feb 29-Tue-2000 00:00:00 JST");
    }
}
