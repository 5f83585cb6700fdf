//! What a line of an answer means: refused, a notice, or something no one has recorded.
//!
//! A sign at the start of a line is not always an error (fact sheet, section 4): the texts of the series decide (`ix.rs`, `ix_r.rs`).
//! Matching is on the common part of a text, since sources differ in the rest. A refused line is quoted back by the router, so the text of
//! a diagnostic may hold a secret: the code that prints it must know whether the line sent was secret.

use super::device_strings::Around;

/// What one line of an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceDiagnostic {
    /// What it means.
    pub kind: DiagnosticKind,
    /// The router's own words.
    pub text: String,
}

/// The meanings that are distinguished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DiagnosticKind {
    /// The line was not executed.
    Refused,
    /// Somebody else holds configuration mode.
    Occupied,
    /// The line was accepted and needs a restart to take effect.
    RestartRequired,
    /// Running differs from startup (printed before a reload).
    NotSaved,
    /// A user was added: the usual answer to a `username` line.
    UserAdded,
    /// Harmless and recorded: warnings of a save, progress.
    Notice,
    /// Starts with the sign and is recorded nowhere: shown to the user, not taken for a failure.
    Unknown,
}

/// The texts of a series by which a line of an answer is judged. Matching is in their order here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiagnosticTexts {
    /// Begins a line that the device says by itself.
    pub sign: char,
    /// Anywhere in a line, with or without the sign: another session holds configuration mode.
    pub occupied: &'static [&'static str],
    /// Beginnings of refusals that have no sign.
    pub bare_refusals: &'static [&'static str],
    /// Between the line quoted back and the reason why it is refused.
    pub quote: &'static str,
    /// How a reason begins that refuses whatever else the line says.
    pub reasons: &'static [&'static str],
    /// Accepted, and in effect only after a restart.
    pub restart_required: &'static [&'static str],
    /// Running differs from startup.
    pub not_saved: &'static [&'static str],
    /// A user was added: how the line begins, and what it says behind the name.
    pub user_added: Around,
    /// Phrases of harmless lines.
    pub notices: &'static [&'static str],
    /// Beginnings of harmless lines, after the sign.
    pub notice_begins: &'static [&'static str],
    /// Phrases of a refusal, in any letters.
    pub refusals: &'static [&'static str],
    /// What a save says when it went wrong, in any letters, with or without the sign.
    pub save_failures: &'static [&'static str],
}

impl DiagnosticTexts {
    /// Classifies one line of the answer to `sent`; `None` for ordinary output.
    pub fn classify(&self, line: &str, sent: &str) -> Option<DeviceDiagnostic> {
        let body = line.trim();
        let make = |kind| Some(DeviceDiagnostic { kind, text: body.to_owned() });
        let says = |text: &str, phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
        if says(body, self.occupied) {
            return make(DiagnosticKind::Occupied);
        }
        if self.bare_refusals.iter().any(|refusal| body.starts_with(refusal)) {
            return make(DiagnosticKind::Refused);
        }
        let message = body.strip_prefix(self.sign)?.trim_start();
        // The quoted input comes first: words in it must not decide.
        let reason = message.rsplit_once(self.quote).map(|(_, reason)| reason.trim_start());
        if reason.is_some_and(|reason| self.reasons.iter().any(|word| reason.starts_with(word))) {
            return make(DiagnosticKind::Refused);
        }
        if says(message, self.restart_required) {
            return make(DiagnosticKind::RestartRequired);
        }
        if says(message, self.not_saved) {
            return make(DiagnosticKind::NotSaved);
        }
        if message.starts_with(self.user_added.before) && message.contains(self.user_added.behind) {
            return make(DiagnosticKind::UserAdded);
        }
        if says(message, self.notices) || self.notice_begins.iter().any(|begin| message.starts_with(begin)) {
            return make(DiagnosticKind::Notice);
        }
        // The line and a reason, with one blank or two between, whatever the reason.
        let quotes = reason.is_some()
            || (!sent.is_empty() && message.starts_with(sent.trim()) && message.contains(self.quote.trim()));
        let refusal = self.refusals.iter().any(|phrase| contains_ignoring_case(message, phrase));
        make(if quotes || refusal { DiagnosticKind::Refused } else { DiagnosticKind::Unknown })
    }

    /// The first diagnostic of an answer that says the line did not happen.
    pub fn refusal<'a>(&self, lines: impl IntoIterator<Item = &'a str>, sent: &str) -> Option<DeviceDiagnostic> {
        let stops = |kind| matches!(kind, DiagnosticKind::Refused | DiagnosticKind::Occupied);
        lines.into_iter().filter_map(|line| self.classify(line, sent)).find(|diagnostic| stops(diagnostic.kind))
    }

    /// The line of a save's answer that says that it went wrong, with or without the sign.
    pub fn save_failure<'a>(&self, lines: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        lines.into_iter().map(str::trim).find(|line| match self.classify(line, "").map(|found| found.kind) {
            Some(DiagnosticKind::Refused) => true,
            Some(DiagnosticKind::Unknown) | None => {
                self.save_failures.iter().any(|word| contains_ignoring_case(line, word))
            }
            Some(_) => false,
        })
    }

    /// Whether the answer to a command that shows a configuration is one, empty or not: a text of the device alone, such as
    /// `% Non-volatile configuration memory is not present` (M), shows none.
    pub fn shows_configuration(&self, answer: &str) -> bool {
        let mut lines = answer.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
        lines.peek().is_none() || lines.any(|line| !line.starts_with(self.sign))
    }
}

fn contains_ignoring_case(text: &str, phrase: &str) -> bool {
    text.to_ascii_lowercase().contains(&phrase.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{DiagnosticKind, DiagnosticTexts};
    use crate::dialect::Dialect;

    fn texts() -> &'static DiagnosticTexts {
        Dialect::ix().diagnostics()
    }

    fn kind(line: &str, sent: &str) -> Option<DiagnosticKind> {
        texts().classify(line, sent).map(|diagnostic| diagnostic.kind)
    }

    #[test]
    fn recorded_texts_are_told_apart() {
        use DiagnosticKind::{NotSaved, Notice, Occupied, Refused, RestartRequired, Unknown, UserAdded};
        let cases = [
            ("% terminal -- Invalid command.", Some(Refused)),
            ("% halp  -- Invalid command.", Some(Refused)),
            ("% sh -- Ambiguous command.", Some(Refused)),
            ("% Expects a subcommand or item selection.", Some(Refused)),
            ("?Invalid command", Some(Refused)),
            ("% CONFIG process is occupied.", Some(Occupied)),
            ("CONFIG process is occupied by another session.", Some(Occupied)),
            ("% You may use `svintr-config' command with administrator privilege.", Some(Notice)),
            ("% Something else. You may use `svintr-config' then.", Some(Unknown)),
            ("% Internal error. You may use `svintr-config' then.", Some(Refused)),
            ("% User 'admin' has been added.", Some(UserAdded)),
            ("% Warning: do NOT enter CNTL/Z while saving to avoid config corruption.", Some(Notice)),
            ("% You must restart the router for this configuration to take effect.", Some(RestartRequired)),
            ("% Warning: current running-configuration is not saved yet.", Some(NotSaved)),
            ("% 50  -- Out of range.", Some(Refused)),
            ("% LAN10  -- A reason that is recorded nowhere.", Some(Refused)),
            ("% Warning: Sequence number 5 has been ignored.", Some(Refused)),
            ("% Something no one wrote down.", Some(Unknown)),
            ("% Non-volatile configuration memory is not present", Some(Unknown)),
            ("Building configuration...", None),
            ("Interface GigaEthernet0.0 is up", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(kind(line, "x"), expected, "{line}");
        }
    }

    #[test]
    fn refusals_of_other_drivers_stop_in_any_letters() {
        for reason in [
            "Ambiguous parameter.",
            "Internal error.",
            "Access denied",
            "Unable to set the address.",
            "Insufficient memory.",
            "This is not allowed here.",
            "Not permitted.",
            "not supported on this model",
            "Duplicate entry",
            "Unsupported feature",
            "Value out of range",
        ] {
            assert_eq!(kind(&format!("% {reason}"), "ip address"), Some(DiagnosticKind::Refused), "{reason}");
            assert_eq!(kind(reason, "ip address"), None, "only behind a percent sign: {reason}");
        }
    }

    #[test]
    fn a_save_says_in_its_own_words_that_it_failed() {
        let good =
            ["Building configuration...", "% Warning: do NOT enter CNTL/Z while saving to avoid config corruption."];
        assert_eq!(texts().save_failure(good), None);
        for bad in ["% Non-volatile configuration memory is not present", "Flash write error.", "% x  -- Out of range."]
        {
            assert_eq!(texts().save_failure(good.into_iter().chain([bad])), Some(bad));
        }
    }

    #[test]
    fn words_inside_the_quoted_line_do_not_decide() {
        assert_eq!(kind("% User 'failed' has been added.", "username failed"), Some(DiagnosticKind::UserAdded));
        assert_eq!(kind("% description User x has been added -- Invalid command.", "d"), Some(DiagnosticKind::Refused));
        assert_eq!(
            kind("% ip foo -- Bad thing.", "ip foo"),
            Some(DiagnosticKind::Refused),
            "the sent line quoted back"
        );
    }
}
