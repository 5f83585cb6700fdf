//! Reads the answers of show commands: version, hardware, flash, and small ones that checks use.
//!
//! Every parser takes the text without echo and prompt and never fails on unknown lines: what it does not find is `None`.
//! Shapes are from recorded outputs (fact sheet, section 8).

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
    /// Reads the answer of `show version`.
    pub fn parse(text: &str) -> Self {
        let mut version = Self::default();
        for line in text.lines().map(str::trim) {
            if let (Some(rest), Some(firmware)) = (line.strip_prefix("IX Series "), after(line, "Version ")) {
                version.family = rest.split_whitespace().next().map(str::to_owned);
                version.firmware = Some(firmware).map(|rest| rest.split([',', ' ']).next().unwrap_or(rest).to_owned());
            } else if let Some(rest) = line.strip_prefix("System uptime is ") {
                version.uptime = Some(rest.to_owned());
            } else if let Some(rest) = line.strip_prefix("System woke up by ") {
                version.woke_up_by = Some(rest.to_owned());
            } else if let Some(rest) = line.strip_prefix("System started at ") {
                version.started_at = Some(rest.to_owned());
            } else if let Some(rest) = line.strip_prefix("System image file is ") {
                version.image = Some(unquoted(rest));
            } else if let Some(rest) = line.strip_prefix("Current configuration is based on ") {
                version.based_on = Some(unquoted(rest));
            }
        }
        version
    }

    /// The time since the start in minutes: `6 days 21 hours 45 minutes`; nothing if a word of it is not known.
    pub fn uptime_minutes(&self) -> Option<u64> {
        let mut words = self.uptime.as_deref()?.split([' ', ',']).filter(|word| !word.is_empty());
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

/// What `show hardware` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hardware {
    /// The model, `IX2215`.
    pub model: Option<String>,
    /// The serial number.
    pub serial_number: Option<String>,
}

impl Hardware {
    /// Reads the answer of `show hardware`.
    pub fn parse(text: &str) -> Self {
        let mut hardware = Self::default();
        for line in text.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("IX Series ") {
                hardware.model = rest.split_whitespace().next().map(str::to_owned);
            } else if let Some(rest) = line.strip_prefix("S/N:") {
                hardware.serial_number = Some(rest.trim().to_owned()).filter(|number| !number.is_empty());
            }
        }
        hardware
    }
}

/// Whether `show flash` lists the SSH host key, which appears as `SYSTEM-PRIVATE-KEY` (fact sheet 8).
pub fn has_host_key(flash: &str) -> bool {
    flash.contains("SYSTEM-PRIVATE-KEY")
}

/// The state words of `show ip interface` or `show interfaces`: the interface and its line protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterfaceState {
    /// Its name.
    pub name: String,
    /// `up`, `down` or `administratively down`.
    pub state: String,
    /// The line protocol, where the answer has one.
    pub protocol: Option<String>,
    /// The IPv4 address with its prefix, where the answer has one.
    pub address: Option<String>,
}

impl InterfaceState {
    /// Reads the first interface of the answer.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let head = lines.find_map(|line| line.trim().strip_prefix("Interface "))?;
        let (name, rest) = head.split_once(" is ")?;
        let (state, protocol) = match rest.split_once(", line protocol is ") {
            Some((state, protocol)) => (state, Some(protocol.trim().to_owned())),
            None => (rest, None),
        };
        let address = lines
            .take_while(|line| !line.starts_with("Interface "))
            .find_map(|line| line.trim().strip_prefix("Internet address is "))
            .map(|address| address.trim().to_owned());
        Some(Self { name: name.to_owned(), state: state.trim().to_owned(), protocol, address })
    }
}

/// The counts of a `ping`, from its statistics line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ping {
    /// Packets sent.
    pub sent: u32,
    /// Packets that were answered.
    pub received: u32,
}

impl Ping {
    /// Reads the statistics of a `ping`: `5 packets transmitted, 5 packets received, 0% packet loss`.
    pub fn parse(text: &str) -> Option<Self> {
        let line = text.lines().find(|line| line.contains("packets transmitted"))?;
        let count = |part: &str| part.split_whitespace().next()?.parse().ok();
        let mut parts = line.split(',');
        Some(Self { sent: count(parts.next()?)?, received: count(parts.next()?)? })
    }
}

fn after<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    line.split_once(mark).map(|(_, rest)| rest)
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches('"').to_owned()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Hardware, InterfaceState, Ping, Version, firmware_numbers, has_host_key};

    #[test]
    fn version_and_hardware_are_read() {
        let version = Version::parse(
            "NEC Portable Internetwork Core Operating System Software\n\
             IX Series IX2215 (magellan-sec) Software, Version 10.7.18, RELEASE SOFTWARE\n\
             System uptime is 6 days 21 hours 45 minutes\nSystem woke up by reload, caused by power-on\n\
             System started at May 19-Sun-2024 19:37:55 JST\nSystem image file is \"ix2215-ms-10.7.18.ldc\"\n\
             Current configuration is based on \"startup-configuration\"\n",
        );
        assert_eq!(version.family.as_deref(), Some("IX2215"));
        assert_eq!(version.firmware_numbers(), Some(vec![10, 7, 18]));
        assert_eq!(version.woke_up_by.as_deref(), Some("reload, caused by power-on"));
        assert_eq!(version.started_at.as_deref(), Some("May 19-Sun-2024 19:37:55 JST"));
        assert_eq!(version.uptime_minutes(), Some(6 * 1440 + 21 * 60 + 45));
        assert_eq!(version.image.as_deref(), Some("ix2215-ms-10.7.18.ldc"));
        assert_eq!(version.based_on.as_deref(), Some("startup-configuration"));
        let hardware = Hardware::parse("IX Series IX2215 Hardware Platform\n\nS/N: ABC0123456\n\nZTP<0>:\n");
        assert_eq!(hardware.model.as_deref(), Some("IX2215"));
        assert_eq!(hardware.serial_number.as_deref(), Some("ABC0123456"));
        assert_eq!(Hardware::parse("S/N:\n").serial_number, None);
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

    #[test]
    fn small_answers_are_read() {
        assert!(has_host_key("  [B] SYSTEM-PRIVATE-KEY"));
        assert!(!has_host_key("ix2215-ms-10.7.18.ldc"));
        let state = InterfaceState::parse(
            "Interface GigaEthernet2.0 is administratively down, line protocol is down\n  Internet protocol processing disabled\n",
        );
        assert_eq!(state.unwrap().state, "administratively down");
        let state =
            InterfaceState::parse("Interface G.0 is up, line protocol is up\n  Internet address is 10.0.0.1/24\n");
        assert_eq!(state.unwrap().address.as_deref(), Some("10.0.0.1/24"));
        let lost = Ping::parse(
            "PING a > b 56 data bytes\n\n--- b ping statistics ---\n5 packets transmitted, 0 packets received, 100% packet loss\n",
        );
        assert_eq!(lost, Some(Ping { sent: 5, received: 0 }));
    }
}
