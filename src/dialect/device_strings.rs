//! What a router shows besides answers and prompts, the keys that it takes, and how its terminal behaves.
//!
//! A form to be filled in; what is in it is the data of a series (`ix.rs`, `ix_r.rs`).

/// The fixed texts of a series, its keys and its terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceStrings {
    /// The pager's text, complete.
    pub pager: &'static str,
    /// The key for the next page.
    pub pager_next: u8,
    /// The key that leaves the pager.
    pub pager_quit: u8,
    /// The key that erases the line being typed.
    pub erase_line: u8,
    /// The login prompt, without blanks around it.
    pub login: &'static str,
    /// Other words for it, tolerated over a network.
    pub other_logins: &'static [&'static str],
    /// The password prompt, without blanks around it.
    pub password: &'static str,
    /// First line of the banner after a login.
    pub banner: &'static str,
    /// How questions end, before their colon.
    pub question_ends: &'static [&'static str],
    /// How questions begin that end with a colon.
    pub question_begins: &'static [&'static str],
    /// The prompt of the boot monitor, around its number.
    pub boot_monitor: Around,
    /// Beginnings of lines before a configuration's display that are no part of it.
    pub around_display: &'static [&'static str],
    /// Beginnings of lines that only a booting router prints.
    pub boot: &'static [&'static str],
    /// The form of a line that the router logs on the terminal.
    pub log: LogForm,
    /// The terminal width of a fresh session in columns: an echo folds after one column less.
    pub width: usize,
    /// The console's factory speed in bit/s, 8N1, no flow control.
    pub console_speed: u32,
    /// The speeds that a console may be set to, most likely first.
    pub console_speeds: &'static [u32],
}

/// The text before and after something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around {
    /// Before it.
    pub before: &'static str,
    /// After it.
    pub behind: &'static str,
}

/// A log line: perhaps a time stamp, then a facility and a number such as `CNFG.003: `. Blanks may stand before the facility,
/// which is aligned to the right (fact sheet, November 2026: `   GW.038: `, `  ETH.031: `).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogForm {
    /// The time stamp, a `0` for every digit; it may be missing.
    pub stamp: &'static str,
    /// The shortest and the longest name of a facility, in capital letters, digits and hyphens.
    pub facility: [usize; 2],
    /// How many digits the number has.
    pub digits: usize,
}

impl DeviceStrings {
    /// Whether an unfinished line, without blanks around it, asks for a user.
    pub fn is_login(&self, line: &str) -> bool {
        line == self.login || self.other_logins.contains(&line)
    }

    /// Whether an unfinished line asks for a user as the router's console does: no driver has seen another word there.
    pub fn is_console_login(&self, line: &[u8]) -> bool {
        line.trim_ascii() == self.login.as_bytes()
    }

    /// Whether an unfinished line, without blanks around it, is a question of a recorded form.
    pub fn is_question(&self, line: &str) -> bool {
        let Some(question) = line.strip_suffix(':') else { return false };
        self.question_ends.iter().any(|end| question.ends_with(end))
            || self.question_begins.iter().any(|begin| question.starts_with(begin))
    }

    /// Whether an unfinished line is the boot monitor's prompt.
    pub fn is_boot_monitor(&self, line: &str) -> bool {
        let Around { before, behind } = self.boot_monitor;
        let inner = line.trim_end().strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
        inner.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// Whether a line is one that only a booting router prints.
    pub fn is_boot_line(&self, line: &str) -> bool {
        self.boot.iter().any(|start| line.starts_with(start))
    }

    /// Whether a line is a log message that the router printed on the terminal by itself.
    pub fn is_log_line(&self, line: &str) -> bool {
        let message = self.log.without_stamp(line).trim_start_matches(' ');
        let Some((facility, rest)) = message.split_once('.') else { return false };
        let [shortest, longest] = self.log.facility;
        let digits = self.log.digits;
        (shortest..=longest).contains(&facility.len())
            && facility.starts_with(|c: char| c.is_ascii_uppercase())
            && facility.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
            && rest.bytes().take(digits).filter(u8::is_ascii_digit).count() == digits
            && rest.get(digits..).is_some_and(|rest| rest.len() > 2 && rest.starts_with(": "))
    }

    /// A configuration's text without the log lines that the console printed into the middle of it: no configuration line has
    /// their form.
    pub fn without_log_lines(&self, text: &str) -> String {
        text.split_inclusive('\n').filter(|line| !self.is_log_line(line.trim_end())).collect()
    }
}

impl LogForm {
    fn without_stamp<'l>(&self, line: &'l str) -> &'l str {
        let fits = line.len() > self.stamp.len()
            && line.bytes().zip(self.stamp.bytes()).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                other => byte == other,
            });
        if fits { line.get(self.stamp.len()..).unwrap_or(line) } else { line }
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;

    #[test]
    fn log_lines_are_known_with_and_without_a_stamp() {
        let strings = Dialect::ix().strings();
        assert!(strings.is_log_line("2023/05/06 03:44:37 CNFG.003: Startup config write done  (TTY:1)."));
        assert!(strings.is_log_line("CNFG.003: Startup config write done"));
        for line in [
            "ip address 10.0.0.1/24",
            "% User 'admin' has been added.",
            "",
            "日本.003: x",
            "CNFG.0",
            "CNFG.003: ",
            "CNFG.03a: x",
            "ntp server A.123",
        ] {
            assert!(!strings.is_log_line(line), "{line}");
        }
    }

    #[test]
    fn the_facility_of_a_log_line_is_aligned_to_the_right() {
        let strings = Dialect::ix().strings();
        for line in [
            "2026/07/07 21:06:00   GW.038: User admin has logged on",
            "2026/07/07 21:06:07  ETH.031: Link status up",
            "2026/07/07 21:06:07   IP.021: Line protocol up",
            "2026/07/07 21:06:07  IP6.021: Line protocol up",
            "2026/07/07 21:06:07  ARP.027: Duplicate address",
            "2026/07/07 21:06:07 ICP6.025: Address",
            "   GW.038: User admin has logged on",
        ] {
            assert!(strings.is_log_line(line), "{line}");
        }
        for line in
            ["2026/07/07 21:06:00   ", "  description GW.038: x", "2026/07/07 21:06:00   .038: x", "  ip address"]
        {
            assert!(!strings.is_log_line(line), "{line}");
        }
        let text = "hostname a\n2026/07/07 21:06:00   GW.038: User admin has logged on\r\ninterface X\n  no shutdown\n";
        assert_eq!(strings.without_log_lines(text), "hostname a\ninterface X\n  no shutdown\n");
    }

    #[test]
    fn boot_lines_are_known() {
        let strings = Dialect::ix().strings();
        assert!(strings.is_boot_line("%BOOT-INFO: Trying flash load, exec-image [ix2105-ms-8.9.17.b.ldc]."));
        assert!(!strings.is_boot_line("NEC Portable Internetwork Core Operating System Software"));
    }

    #[test]
    fn the_boot_monitor_is_known() {
        let strings = Dialect::ix().strings();
        for (line, is_one) in [("boot[0]> ", true), ("boot[1]>", true), ("boot[]> ", false), ("boot[0]> cc", false)] {
            assert_eq!(strings.is_boot_monitor(line), is_one, "{line}");
        }
    }
}
