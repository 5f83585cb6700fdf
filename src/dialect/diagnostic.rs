//! What a line of an answer means: refused, a notice, or something no one has recorded.
//!
//! `%` at the start of a line is not always an error (fact sheet, section 4): the texts below decide. Matching is on the common
//! part of a text, since sources differ in the rest. A refused line is quoted back by the router, so the text of a diagnostic
//! may hold a secret: whoever prints it must know whether the line sent was secret.

/// What one line of an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What it means.
    pub kind: DiagnosticKind,
    /// The router's own words.
    pub text: String,
}

/// The meanings that are told apart.
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
    /// Starts with `%` and is recorded nowhere: shown to the user, not taken for a failure.
    Unknown,
}

/// Phrases of a refusal, matched behind a `%` alone. The first six are recorded on devices (sequence number 5 `has been ignored`:
/// the line was taken with another meaning than was typed); the rest appear in drivers' lists only.
const REFUSALS: [&str; 25] = [
    "-- Invalid command",
    "-- Ambiguous command",
    "Expects a subcommand or item selection",
    "?Invalid command",
    "out of range",
    "has been ignored",
    "Incomplete command",
    "Invalid input",
    "Invalid parameter",
    "Command not found",
    "already exists",
    "ambiguous",
    "cannot",
    "denied",
    "duplicate",
    "error",
    "failed",
    "insufficient",
    "not allowed",
    "not exist",
    "not found",
    "not permitted",
    "not supported",
    "unable",
    "unsupported",
];

/// What a save says when it went wrong, whatever stands before it on the line.
const SAVE_FAILURES: [&str; 10] =
    ["error", "fail", "denied", "unable", "cannot", "insufficient", "not present", "not enough", "no space", "aborted"];

/// Phrases of harmless lines (fact sheet, section 4).
const NOTICES: [&str; 7] = [
    "do NOT enter CNTL/Z while saving",
    "Downloading",
    "Check ...",
    "Update file name is",
    "Writing ...",
    "Software update completed",
    "is cleared.",
];

/// Classifies one line of the answer to `sent`; `None` for ordinary output.
///
/// A monitor user's refusal is `?Invalid command` without a `%`, and the occupied text appears with and without it (fact
/// sheet 4 and 16).
pub fn classify(line: &str, sent: &str) -> Option<Diagnostic> {
    let body = line.trim();
    let make = |kind| Some(Diagnostic { kind, text: body.to_owned() });
    if body.contains("CONFIG process is occupied") {
        return make(DiagnosticKind::Occupied);
    }
    if body.strip_prefix('?').is_some_and(|rest| rest.starts_with("Invalid command")) {
        return make(DiagnosticKind::Refused);
    }
    let message = body.strip_prefix('%')?.trim_start();
    // The quoted input comes first: words in it must not decide.
    let verdict = message.rsplit_once(" -- ").map(|(_, verdict)| verdict.trim_start());
    if verdict
        .is_some_and(|verdict| ["Invalid", "Ambiguous", "Incomplete"].iter().any(|word| verdict.starts_with(word)))
    {
        return make(DiagnosticKind::Refused);
    }
    if message.contains("You must restart the router") {
        return make(DiagnosticKind::RestartRequired);
    }
    if message.contains("running-configuration is not saved yet") {
        return make(DiagnosticKind::NotSaved);
    }
    if message.starts_with("User ") && message.contains("has been added") {
        return make(DiagnosticKind::UserAdded);
    }
    if NOTICES.iter().any(|notice| message.contains(notice)) || message.starts_with("You may use `svintr-config'") {
        return make(DiagnosticKind::Notice);
    }
    // `% WORD -- reason`, with one blank or two, whatever the reason.
    let quotes = verdict.is_some() || (!sent.is_empty() && message.starts_with(sent.trim()) && message.contains("--"));
    let refusal = REFUSALS.iter().any(|phrase| contains_ignoring_case(message, phrase));
    make(if quotes || refusal { DiagnosticKind::Refused } else { DiagnosticKind::Unknown })
}

/// The first diagnostic of an answer that says the line did not happen.
pub fn refusal<'a>(lines: impl IntoIterator<Item = &'a str>, sent: &str) -> Option<Diagnostic> {
    let stops = |kind| matches!(kind, DiagnosticKind::Refused | DiagnosticKind::Occupied);
    lines.into_iter().filter_map(|line| classify(line, sent)).find(|diagnostic| stops(diagnostic.kind))
}

/// The line of a save's answer that says that it went wrong, with or without `%`.
pub fn save_failure<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    lines.into_iter().map(str::trim).find(|line| match classify(line, "").map(|found| found.kind) {
        Some(DiagnosticKind::Refused) => true,
        Some(DiagnosticKind::Unknown) | None => SAVE_FAILURES.iter().any(|word| contains_ignoring_case(line, word)),
        Some(_) => false,
    })
}

fn contains_ignoring_case(text: &str, phrase: &str) -> bool {
    text.to_ascii_lowercase().contains(&phrase.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{DiagnosticKind, classify, save_failure};

    fn kind(line: &str, sent: &str) -> Option<DiagnosticKind> {
        classify(line, sent).map(|diagnostic| diagnostic.kind)
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
            ("% User 'admin' has been added.", Some(UserAdded)),
            ("% Warning: do NOT enter CNTL/Z while saving to avoid config corruption.", Some(Notice)),
            ("% You must restart the router for this configuration to take effect.", Some(RestartRequired)),
            ("% Warning: current running-configuration is not saved yet.", Some(NotSaved)),
            ("% 50  -- Out of range.", Some(Refused)),
            ("% LAN10  -- A reason that is recorded nowhere.", Some(Refused)),
            ("% Warning: Sequence number 5 has been ignored.", Some(Refused)),
            ("% Something nobody wrote down.", Some(Unknown)),
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
        assert_eq!(save_failure(good), None);
        for bad in ["% Non-volatile configuration memory is not present", "Flash write error.", "% x  -- Out of range."]
        {
            assert_eq!(save_failure(good.into_iter().chain([bad])), Some(bad));
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
