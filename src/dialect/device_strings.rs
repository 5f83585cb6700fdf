//! The commands the tool types by itself, and the fixed texts it waits for.
//!
//! Constants only. Which of them may be typed when is decided in `session`; a line of the plan never passes through here.

/// Asks for configuration mode; refused while somebody else holds it (fact sheet 2).
pub const ENABLE_CONFIG: &str = "enable-config";
/// Takes configuration mode from its holder; administrators only (fact sheet 2).
pub const STEAL_CONFIG: &str = "svintr-config";
/// From any submode to global configuration mode (fact sheet 2).
pub const TOP: &str = "configure";
/// Leaves one level; in operation mode it logs out (fact sheet 2).
pub const EXIT: &str = "exit";
/// Turns the pager off for this session; configuration mode only (fact sheet 3).
pub const NO_PAGER: &str = "terminal length 0";
/// Widens the terminal so that echoes do not fold; its refusal is harmless (fact sheet 3).
pub const WIDE: &str = "terminal width 512";
/// Silences log lines on the console for this session (fact sheet 1).
pub const NO_EVENTS: &str = "event-terminal stop";
/// Saves running to startup without a question (fact sheet 5).
pub const SAVE: &str = "write memory";
/// Restarts the router after a question (fact sheet 5).
pub const RELOAD: &str = "reload";
/// What the reload question wants (fact sheet 5).
pub const YES: &str = "yes";
/// What leaves the reload question unharmed: its default (fact sheet 5).
pub const NO: &str = "no";
/// Generates the SSH host key (fact sheet 9).
pub const GENERATE_HOST_KEY: &str = "pki private-key generate rsa";
/// The running configuration; configuration mode only.
pub const SHOW_RUNNING: &str = "show running-config";
/// The startup configuration; configuration mode only.
pub const SHOW_STARTUP: &str = "show startup-config";
/// The same in another form, of the IX2000 and IX3000 series alone: a firmware may know one of them only (M).
pub const SHOW_CONFIG: &str = "show config";
/// Firmware, uptime and what the running configuration is based on.
pub const SHOW_VERSION: &str = "show version";
/// Model and serial number.
pub const SHOW_HARDWARE: &str = "show hardware";
/// The router's clock: short, and answered in every mode (fact sheet 8); a waiting session shows with it that it is alive.
pub const SHOW_CLOCK: &str = "show clock";
/// The configuration line that turns the SSH server on; it needs a host key (fact sheet 9: T that it had to be generated on
/// one firmware, M that SSH is impossible without, T that another made it by itself).
pub const SSH_SERVER: &str = "ssh-server ip enable";
/// Files in flash memory, the SSH host key among them; configuration mode only.
pub const SHOW_FLASH: &str = "show flash";

/// The pager's text, complete (fact sheet 3).
pub const PAGER: &str = "--More--";
/// The key for the next page.
pub const PAGER_NEXT: u8 = b' ';
/// The key that leaves the pager.
pub const PAGER_QUIT: u8 = b'q';
/// Ctrl-U: erases the line being typed (fact sheet 10).
pub const ERASE_LINE: u8 = 0x15;

/// The login prompt's beginning; telnet drivers of others expect `Username:`, which is tolerated (fact sheet 16).
pub const LOGIN: [&str; 2] = ["login:", "Username:"];
/// The password prompt's beginning (fact sheet 1).
pub const PASSWORD: &str = "Password:";
/// First line of the banner after a login (fact sheet 1).
pub const BANNER: &str = "NEC Portable Internetwork Core Operating System Software";

/// The terminal width of a fresh session in columns: an echo folds after one column less (fact sheet 3).
pub const WIDTH: usize = 80;
/// The console's factory speed in bit/s, 8N1, no flow control (fact sheet 1).
pub const CONSOLE_SPEED: u32 = 9600;
/// The speeds a console may be set to, most likely first (fact sheet 1: 9600 from the factory, 38400 and 115200
/// seen).
pub const CONSOLE_SPEEDS: [u32; 6] = [9600, 115_200, 38_400, 19_200, 57_600, 4800];
/// A host name before any is configured.
pub const FACTORY_HOST: &str = "Router";

/// Whether an unfinished line asks for a user as the router's console does (fact sheet 1): no driver has seen another word there.
pub fn is_console_login(line: &[u8]) -> bool {
    LOGIN.first().is_some_and(|login| line.trim_ascii() == login.as_bytes())
}

/// A configuration's text without the log lines that the console printed into the middle of it: no configuration line has
/// their form.
pub fn without_log_lines(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !is_log_line(line.trim_end())).collect()
}

/// Whether the answer to a command that shows a configuration is one, empty or not: a text of the device alone, such as `% Non-volatile
/// configuration memory is not present` (M), shows none.
pub fn shows_configuration(answer: &str) -> bool {
    let mut lines = answer.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.peek().is_none() || lines.any(|line| !line.starts_with('%'))
}

/// What owns the password of a user, as `mask::secret_owner` names it.
pub fn owner_of_password(user: &str) -> String {
    format!("username {user}")
}

/// The user whom a line makes an administrator (fact sheet 1, T: the right is the line's last word).
pub fn administrator(line: &str) -> Option<&str> {
    let mut words = line.split_ascii_whitespace();
    let user = (words.next()? == "username").then(|| words.next())??;
    (words.next_back()? == "administrator").then_some(user)
}

/// Whether a line sets, changes or removes a user.
pub fn concerns_user(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let first = words.next();
    first == Some("username") || first == Some("no") && words.next() == Some("username")
}

/// Beginnings of lines that only a booting router prints (sample of an IX2105's boot).
const BOOT: [&str; 8] = [
    "NEC Diagnostic Software",
    "NEC Bootstrap Software",
    "%DIAG-INFO",
    "%BOOT-INFO",
    "Loading: #",
    "Starting at 0x",
    "Configuring router subsystems",
    "Initializing router subsystems",
];

/// Whether a line is one that only a booting router prints.
pub fn is_boot_line(line: &str) -> bool {
    BOOT.iter().any(|start| line.starts_with(start))
}

/// Whether a line is a log message the router printed on the terminal by itself.
///
/// A message starts with a facility and a number such as `CNFG.003: `, behind a time stamp or not (fact sheet 5 shows one in
/// `show logging`; its form on a terminal is not attested, so the stamp is optional).
pub fn is_log_line(line: &str) -> bool {
    let rest = strip_stamp(line);
    let Some((facility, rest)) = rest.split_once('.') else { return false };
    let facility_ok = (2..=8).contains(&facility.len())
        && facility.starts_with(|c: char| c.is_ascii_uppercase())
        && facility.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-');
    facility_ok && rest.len() > 5 && rest.as_bytes()[..3].iter().all(u8::is_ascii_digit) && rest[3..].starts_with(": ")
}

/// The line without a leading `2023/05/06 03:44:37 `.
fn strip_stamp(line: &str) -> &str {
    let stamp = line.as_bytes();
    let fits = stamp.len() > 20
        && stamp[..20].iter().zip(b"0000/00/00 00:00:00 ").all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        });
    if fits { &line[20..] } else { line }
}

/// The host name a configuration line gives the router: `Some(Some(name))` for `hostname NAME`, `Some(None)` for its removal.
pub fn renames(line: &str) -> Option<Option<&str>> {
    let mut words = line.split_ascii_whitespace();
    match (words.next()?, words.next()) {
        ("hostname", Some(name)) => Some(Some(name)),
        ("no", Some("hostname")) => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_boot_line, is_log_line, renames};

    #[test]
    fn log_lines_are_known_with_and_without_a_stamp() {
        assert!(is_log_line("2023/05/06 03:44:37 CNFG.003: Startup config write done  (TTY:1)."));
        assert!(is_log_line("CNFG.003: Startup config write done"));
        for line in [
            "ip address 10.0.0.1/24",
            "% User 'admin' has been added.",
            "",
            "日本.003: x",
            "CNFG.0",
            "ntp server A.123",
        ] {
            assert!(!is_log_line(line), "{line}");
        }
    }

    #[test]
    fn boot_lines_are_known() {
        assert!(is_boot_line("%BOOT-INFO: Trying flash load, exec-image [ix2105-ms-8.9.17.b.ldc]."));
        assert!(!is_boot_line("NEC Portable Internetwork Core Operating System Software"));
    }

    #[test]
    fn a_rename_is_seen_before_it_is_typed() {
        assert_eq!(renames("hostname clinic-1"), Some(Some("clinic-1")));
        assert_eq!(renames("no hostname"), Some(None));
        assert_eq!(renames("hostname"), None);
        assert_eq!(renames("no ip address"), None);
    }
}
