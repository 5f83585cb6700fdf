//! What a prompt says: the host's name, the mode, the user's right.
//!
//! Forms are from the fact sheet, section 2: `Router# `, `Router(config)# `, `Router(config-GigaEthernet2.0)# `, with `%`
//! in place of `#` for a monitor user. Prompts of unrecorded modes are recognised by their common shape.

use std::fmt;

/// A prompt that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// The router's host name.
    pub host: String,
    /// Its mode.
    pub mode: Mode,
    /// What the user may do.
    pub right: Right,
}

/// The mode a prompt shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `Router# `: show and ping, no configuration.
    Operation,
    /// `Router(config)# `.
    Global,
    /// Any submode, by the text in its brackets: `config-GigaEthernet2.0`.
    Sub(String),
}

/// The user's right as the prompt's last character shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// `#`.
    Administrator,
    /// `%`: may look, may not change.
    Monitor,
}

/// Longest prompt considered, in bytes: no host name and interface name come near it.
const LONGEST: usize = 160;
/// Room for the text of a submode behind the host's name: the longest attested names a profile of 31 characters.
const SUBMODE: usize = 64;

impl Prompt {
    /// Reads a whole unfinished line as a prompt; `None` when it is not exactly one.
    ///
    /// One trailing blank is usual (raw serial bytes, fact sheet 1) and may be missing.
    pub fn parse(line: &str) -> Option<Self> {
        if line.len() > LONGEST {
            return None;
        }
        let body = line.strip_suffix(' ').unwrap_or(line);
        let (body, right) = match body.strip_suffix('#') {
            Some(body) => (body, Right::Administrator),
            None => (body.strip_suffix('%')?, Right::Monitor),
        };
        let (host, mode) = match body.strip_suffix(')') {
            None => (body, Mode::Operation),
            Some(inner) => {
                let (host, mode) = inner.split_once("(config")?;
                if !mode.is_empty() && !mode.starts_with('-') || mode.contains(['(', ')']) {
                    return None;
                }
                let mode = if mode.is_empty() { Mode::Global } else { Mode::Sub(format!("config{mode}")) };
                (host, mode)
            }
        };
        // A host name may be quoted by no one: a blank, a bracket or a sign in it means that this is text.
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        (!host.is_empty() && host.chars().all(plain)).then(|| Self { host: host.to_owned(), mode, right })
    }

    /// Whether the prompts of a router of this name can be read, in every mode. Under any other name no one finds it again.
    pub fn can_show(host: &str) -> bool {
        let deepest = Self {
            host: host.to_owned(),
            mode: Mode::Sub(format!("config-{}", "x".repeat(SUBMODE))),
            right: Right::Administrator,
        };
        Self::parse(&deepest.text()) == Some(deepest)
    }

    /// The prompt as the router prints it, with its trailing blank.
    pub fn text(&self) -> String {
        format!("{self} ")
    }

    /// Columns the prompt takes on the screen: a folded echo goes on under its end (fact sheet 3).
    pub fn columns(&self) -> usize {
        self.text().chars().count()
    }
}

impl fmt::Display for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.right {
            Right::Administrator => '#',
            Right::Monitor => '%',
        };
        match &self.mode {
            Mode::Operation => write!(f, "{}{sign}", self.host),
            Mode::Global => write!(f, "{}(config){sign}", self.host),
            Mode::Sub(mode) => write!(f, "{}({mode}){sign}", self.host),
        }
    }
}

impl Mode {
    /// Whether this is configuration mode or one of its submodes.
    pub fn is_config(&self) -> bool {
        *self != Self::Operation
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation => f.write_str("operation"),
            Self::Global => f.write_str("config"),
            Self::Sub(mode) => f.write_str(mode),
        }
    }
}

/// Whether an unfinished line is the boot monitor's prompt, `boot[0]> ` (fact sheet 5).
pub fn is_boot_monitor(line: &str) -> bool {
    let inner = line.trim_end().strip_prefix("boot[").and_then(|rest| rest.strip_suffix("]>"));
    inner.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Mode, Prompt, Right, is_boot_monitor};

    #[test]
    fn every_recorded_prompt_is_read_and_printed_back() {
        let cases = [
            ("Router# ", "Router", Mode::Operation, Right::Administrator),
            ("Router(config)# ", "Router", Mode::Global, Right::Administrator),
            ("ix-fixture(config)% ", "ix-fixture", Mode::Global, Right::Monitor),
            ("ix-fixture% ", "ix-fixture", Mode::Operation, Right::Monitor),
            (
                "r1(config-GigaEthernet2:1.0)# ",
                "r1",
                Mode::Sub("config-GigaEthernet2:1.0".into()),
                Right::Administrator,
            ),
            ("r1(config-watch-cloud-10)# ", "r1", Mode::Sub("config-watch-cloud-10".into()), Right::Administrator),
        ];
        for (text, host, mode, right) in cases {
            let prompt = Prompt::parse(text).unwrap();
            assert_eq!((prompt.host.as_str(), &prompt.mode, prompt.right), (host, &mode, right), "{text}");
            assert_eq!(prompt.text(), text);
            assert_eq!(Prompt::parse(text.trim_end()), Some(prompt), "without its blank");
        }
    }

    #[test]
    fn text_is_not_a_prompt() {
        for text in [
            "",
            "#",
            "# ",
            "%",
            " Router# ",
            "Router#  ",
            "Router# exit",
            "description Router(config)# ",
            "% Warning #",
            "Router(conf)# ",
            "Router(config",
            "Router(configx)# ",
            "a b# ",
            "boot[0]> ",
            "login: ",
            "100%%",
        ] {
            assert_eq!(Prompt::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_host_name_that_no_prompt_can_show_is_refused() {
        for name in ["Router", "ix-1.example_jp", "医院", &"a".repeat(80)] {
            assert!(Prompt::can_show(name), "{name}");
        }
        for name in ["", "sato/r1", "a b", "r1#", "r1%", "a(config)", "r:1", "<secret:x>", "\"r1\"", &"a".repeat(100)] {
            assert!(!Prompt::can_show(name), "{name}");
        }
    }

    #[test]
    fn the_boot_monitor_is_known() {
        assert!(is_boot_monitor("boot[0]> "));
        assert!(is_boot_monitor("boot[1]>"));
        assert!(!is_boot_monitor("boot[]> "));
        assert!(!is_boot_monitor("boot[0]> cc"));
    }
}
