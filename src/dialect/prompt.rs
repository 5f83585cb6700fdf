//! What a prompt says: the host's name, the mode, the user's right.
//!
//! The shape is common to all series: a name, a mode in brackets or none, a sign for the right, a blank. Signs and words are data of
//! a series (`ix.rs`, `ix_r.rs`). Prompts of modes no one has recorded are taken by their common shape.

use std::fmt;

/// How a series writes its prompts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PromptForm {
    /// Ends the prompt of a user who may change the router.
    pub administrator: char,
    /// Ends the prompt of a user who may only look.
    pub monitor: char,
    /// The word in brackets that shows configuration mode; of a submode it is followed by `-` and the submode's name.
    pub config: &'static str,
}

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
/// Room for the text of a submode after the host's name: the longest attested names a profile of 31 characters.
const SUBMODE: usize = 64;

impl PromptForm {
    /// Reads a whole unfinished line as a prompt; `None` when it is not exactly one.
    ///
    /// One trailing blank is usual (raw serial bytes, fact sheet 1) and may be missing.
    pub fn read(&self, line: &str) -> Option<Prompt> {
        if line.len() > LONGEST {
            return None;
        }
        let body = line.strip_suffix(' ').unwrap_or(line);
        let (body, right) = match body.strip_suffix(self.administrator) {
            Some(body) => (body, Right::Administrator),
            None => (body.strip_suffix(self.monitor)?, Right::Monitor),
        };
        let (host, mode) = match body.strip_suffix(')') {
            None => (body, Mode::Operation),
            Some(inner) => {
                let (host, text) = inner.split_once('(')?;
                let mode = text.strip_prefix(self.config)?;
                if !mode.is_empty() && !mode.starts_with('-') || mode.contains(['(', ')']) {
                    return None;
                }
                (host, if mode.is_empty() { Mode::Global } else { Mode::Sub(text.to_owned()) })
            }
        };
        // A host name may be quoted by no one: a blank, a bracket or a sign in it means that this is text.
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        (!host.is_empty() && host.chars().all(plain)).then(|| Prompt { host: host.to_owned(), mode, right })
    }

    /// The prompt that a line begins with, and what is typed after it; the blank between them belongs to neither.
    pub fn split<'l>(&self, line: &'l str) -> Option<(Prompt, &'l str)> {
        let signs = [self.administrator, self.monitor];
        let end = line.find(|c| c == ' ' || c == '\t' || signs.contains(&c))?;
        let sign = line.get(end..)?.chars().next().filter(|sign| signs.contains(sign))?;
        let (shown, typed) = line.split_at_checked(end + sign.len_utf8())?;
        Some((self.read(shown)?, typed))
    }

    /// Whether the prompts of a router of this name can be read, in every mode. Under any other name no one finds it again.
    pub fn can_show(&self, host: &str) -> bool {
        let deepest = Prompt {
            host: host.to_owned(),
            mode: Mode::Sub(format!("{}-{}", self.config, "x".repeat(SUBMODE))),
            right: Right::Administrator,
        };
        // Its trailing blank counts too: the router prints it.
        self.read(&(self.write(&deepest) + " ")) == Some(deepest)
    }

    /// The prompt as the router prints it, without its trailing blank.
    pub fn write(&self, prompt: &Prompt) -> String {
        let sign = match prompt.right {
            Right::Administrator => self.administrator,
            Right::Monitor => self.monitor,
        };
        let host = &prompt.host;
        match &prompt.mode {
            Mode::Operation => format!("{host}{sign}"),
            Mode::Global => format!("{host}({}){sign}", self.config),
            Mode::Sub(mode) => format!("{host}({mode}){sign}"),
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Mode, PromptForm, Right};
    use crate::dialect::Dialect;

    fn form() -> &'static PromptForm {
        Dialect::ix().prompts()
    }

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
            let prompt = form().read(text).unwrap();
            assert_eq!((prompt.host.as_str(), &prompt.mode, prompt.right), (host, &mode, right), "{text}");
            assert_eq!(form().write(&prompt), text.trim_end());
            assert_eq!(form().read(text.trim_end()), Some(prompt), "without its blank");
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
            assert_eq!(form().read(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_host_name_that_no_prompt_can_show_is_refused() {
        for name in ["Router", "ix-1.example_jp", "医院", &"a".repeat(85)] {
            assert!(form().can_show(name), "{name}");
        }
        for name in ["", "sato/r1", "a b", "r1#", "r1%", "a(config)", "r:1", "<secret:x>", "\"r1\"", &"a".repeat(86)] {
            assert!(!form().can_show(name), "{name}");
        }
    }

    #[test]
    fn what_is_typed_at_a_prompt_is_told_from_it() {
        for (line, typed) in [
            ("Router(config)# show version", Some(" show version")),
            ("r1% x # y", Some(" x # y")),
            ("Router#", Some("")),
            ("Router #", None),
            ("description a# b", None),
            ("100%", Some("")),
            ("", None),
        ] {
            assert_eq!(form().split(line).map(|(_, typed)| typed), typed, "{line:?}");
        }
    }
}
