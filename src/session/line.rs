//! A line to be typed, what must follow it, and what came of it.
//!
//! The text of a line may hold a secret: it is wiped when dropped and no message is built from it unless it is plain.

use std::fmt;

use zeroize::Zeroizing;

use super::error::SessionError;
use super::line_name::LineName;
use crate::dialect::Dialect;
use crate::dialect::diagnostic::{DeviceDiagnostic, DiagnosticKind};
use crate::dialect::grammar::GLOBAL;
use crate::dialect::prompt::{Mode, Prompt};
use crate::ix::line;
use crate::ix::mask;
use crate::plan;

/// A line to be typed.
pub struct SendLine {
    number: usize,
    text: Zeroizing<String>,
    secret: bool,
    /// It is in a plan: then it must be configuration.
    planned: bool,
}

impl SendLine {
    /// A line by its number in the plan, counted from 1. A `secret` line is named by its number alone, everywhere.
    pub fn new(number: usize, text: impl Into<String>, secret: bool) -> Self {
        Self { number, text: Zeroizing::new(text.into()), secret, planned: true }
    }

    /// A line of the program's own (a mode, a save, something to look at) that is in no plan and hides nothing.
    pub fn own(text: &str) -> Self {
        Self { planned: false, ..Self::new(0, text, false) }
    }

    pub(super) fn text(&self) -> &str {
        self.text.trim_end()
    }

    /// The bytes to type: what was read from a router in another encoding goes back in that encoding.
    pub(super) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(line::to_bytes(self.text()))
    }

    /// Whether it may be typed at all in this mode; a last fence, whatever checked it before.
    pub(super) fn check(&self, dialect: &Dialect, mode: &Mode) -> Result<(), SessionError> {
        let forbidden = |byte: u8| byte < b' ' || byte == 0x7f || byte == b'?';
        // A submode is known by its prompt only: there counts what is configuration in no mode. `exit` is how it is left.
        let (global, text) = (*mode == Mode::Global, self.text().trim_start());
        let leaves = text == dialect.commands().exit && !global;
        // What some series carries out at once is typed for none.
        let acts_in =
            |dialect: &Dialect| line::check_command(dialect.grammar(), global.then_some(GLOBAL), text).is_err();
        let acts = || !leaves && (acts_in(Dialect::any()) || acts_in(dialect));
        if self.text().bytes().any(forbidden) || (self.planned && acts()) {
            return Err(SessionError::Untypable { line: self.name() });
        }
        Ok(())
    }

    /// Whether it holds a secret.
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// How messages call it. Masked all the same: a line that no one marked may hold a secret.
    pub fn name(&self) -> LineName {
        let text = (!self.secret).then(|| mask::mask_line(self.text()));
        LineName { number: (self.number > 0).then_some(self.number), text }
    }
}

impl fmt::Debug for SendLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SendLine({})", self.name())
    }
}

/// A line, and the mode that it must lead to.
#[derive(Debug)]
pub struct ExpectedLine {
    /// The line.
    pub line: SendLine,
    /// The mode after it.
    pub expect: ExpectedMode,
}

/// The mode the prompt must show after a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedMode {
    /// Operation mode.
    Operation,
    /// Global configuration mode.
    Global,
    /// A submode: this one (`config-GigaEthernet2.0`), or any where none is attested.
    Sub(Option<String>),
    /// Any configuration mode.
    Config,
}

impl ExpectedMode {
    /// Exactly this mode.
    pub fn from_mode(mode: &Mode) -> Self {
        match mode {
            Mode::Operation => Self::Operation,
            Mode::Global => Self::Global,
            Mode::Sub(mode) => Self::Sub(Some(mode.clone())),
        }
    }

    /// Whether a mode is the one expected.
    pub fn fits(&self, mode: &Mode) -> bool {
        match (self, mode) {
            (Self::Operation, Mode::Operation) | (Self::Global, Mode::Global) | (Self::Sub(None), Mode::Sub(_)) => true,
            (Self::Sub(Some(wanted)), Mode::Sub(shown)) => wanted == shown,
            (Self::Config, mode) => mode.is_config(),
            _ => false,
        }
    }

    /// Whether falling back to operation mode would be an eviction.
    pub(super) fn is_config(&self) -> bool {
        *self != Self::Operation
    }
}

impl From<&Self> for ExpectedMode {
    fn from(expect: &Self) -> Self {
        expect.clone()
    }
}

impl From<&plan::ModeAfter> for ExpectedMode {
    fn from(expect: &plan::ModeAfter) -> Self {
        match expect {
            plan::ModeAfter::Global => Self::Global,
            plan::ModeAfter::Sub(mode) => Self::Sub(mode.as_deref().map(str::to_owned)),
        }
    }
}

impl fmt::Display for ExpectedMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operation => "operation",
            Self::Global => "config",
            Self::Sub(None) => "config-*",
            Self::Sub(Some(mode)) => mode,
            Self::Config => "config, config-*",
        })
    }
}

/// What came of a line that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The prompt after it.
    pub prompt: Prompt,
    /// What the router said that was not a refusal.
    pub diagnostics: Vec<DeviceDiagnostic>,
    /// The answer's lines, all of them. May hold what a secret line held.
    pub output: Vec<String>,
    /// Log lines that came in between.
    pub logs: Vec<String>,
}

impl Reply {
    /// Whether the line takes effect only after a restart.
    pub fn restart_required(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.kind == DiagnosticKind::RestartRequired)
    }
}

#[cfg(test)]
mod tests {
    use super::{ExpectedMode, SendLine};
    use crate::dialect::Dialect;
    use crate::dialect::prompt::Mode;

    #[test]
    fn a_secret_line_is_never_shown() {
        let line = SendLine::new(12, "username admin password plain 1 hunter2 administrator", true);
        for shown in [format!("{line:?}"), line.name().to_string()] {
            assert!(shown.contains("12") && !shown.contains("hunter2") && !shown.contains("username"), "{shown}");
        }
        assert_eq!(SendLine::new(3, "no shutdown ", false).name().to_string(), "#3 `no shutdown`");
    }

    #[test]
    fn operational_commands_are_refused_in_a_plan() {
        let sub = Mode::Sub("config-GigaEthernet2.0".to_owned());
        for text in ["write memory", "wr", " reload", "erase startup-config", "configure", "terminal length 0"] {
            for mode in [&Mode::Global, &sub] {
                assert!(SendLine::new(1, text, false).check(Dialect::ix(), mode).is_err(), "{text}");
                assert!(SendLine::own(text).check(Dialect::ix(), mode).is_ok(), "{text}");
            }
        }
        // How a plan leaves a section; from the global mode it would leave config mode.
        assert!(SendLine::new(1, "exit", false).check(Dialect::ix(), &sub).is_ok());
        assert!(SendLine::new(1, "exit", false).check(Dialect::ix(), &Mode::Global).is_err());
        assert!(SendLine::new(1, "terminal default-length 0", false).check(Dialect::ix(), &Mode::Global).is_ok());
    }

    #[test]
    fn modes_fit_what_is_expected() {
        let sub = Mode::Sub("config-GigaEthernet2.0".to_owned());
        assert!(
            ExpectedMode::Sub(None).fits(&sub)
                && ExpectedMode::Config.fits(&sub)
                && ExpectedMode::Config.fits(&Mode::Global)
        );
        assert!(ExpectedMode::Sub(Some("config-GigaEthernet2.0".to_owned())).fits(&sub));
        assert!(!ExpectedMode::Sub(Some("config-GigaEthernet1.0".to_owned())).fits(&sub));
        assert!(!ExpectedMode::Config.fits(&Mode::Operation) && !ExpectedMode::Global.fits(&sub));
    }
}
