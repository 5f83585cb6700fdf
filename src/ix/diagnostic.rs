//! What a line of an answer means: refused, a notice, or something nobody has recorded.
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

/// Phrases of a refusal. The first four are recorded on devices, the rest appear in drivers' pattern lists only and are matched
/// behind a `%` alone.
const REFUSALS: [&str; 15] = [
    "-- Invalid command",
    "-- Ambiguous command",
    "Expects a subcommand or item selection",
    "?Invalid command",
    "Incomplete command",
    "Invalid input",
    "Invalid parameter",
    "Permission denied",
    "Command not found",
    "out of range",
    "already exists",
    "not found",
    "not exist",
    "cannot",
    "failed",
];

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
    if let Some((_, verdict)) = message.rsplit_once(" -- ")
        && ["Invalid", "Ambiguous", "Incomplete"].iter().any(|word| verdict.starts_with(word))
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
    let echoes_input = !sent.is_empty() && message.starts_with(sent.trim()) && message.contains(" -- ");
    let refusal = REFUSALS.iter().any(|phrase| contains_ignoring_case(message, phrase));
    make(if echoes_input || refusal { DiagnosticKind::Refused } else { DiagnosticKind::Unknown })
}

/// The first diagnostic of an answer that says the line did not happen.
pub fn refusal<'a>(lines: impl IntoIterator<Item = &'a str>, sent: &str) -> Option<Diagnostic> {
    let stops = |kind| matches!(kind, DiagnosticKind::Refused | DiagnosticKind::Occupied);
    lines.into_iter().filter_map(|line| classify(line, sent)).find(|diagnostic| stops(diagnostic.kind))
}

fn contains_ignoring_case(text: &str, phrase: &str) -> bool {
    text.to_ascii_lowercase().contains(&phrase.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{DiagnosticKind, classify};

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
            ("% Something nobody wrote down.", Some(Unknown)),
            ("Building configuration...", None),
            ("Interface GigaEthernet0.0 is up", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(kind(line, "x"), expected, "{line}");
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
