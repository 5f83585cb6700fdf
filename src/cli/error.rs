//! The one border where an error becomes what a person sees: kind, stable code, message, hints, exit status.
//!
//! Below this border errors are types; above it there is only text. Nothing else in the program prints an error.

use std::{fmt, io};

use serde::Serialize;

use super::usage_error::UsageError;
use crate::inventory::Diagnostic;
use crate::message::{Explain, Lang, Text};
use crate::run::{InputError, RunError};
use crate::visible;

pub use crate::run::Exit;

/// An error at the border.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The stable code, such as `inventory.unknown-key`.
    pub code: String,
    /// What happened and where.
    pub text: Text,
    /// What to do next.
    pub hints: Vec<Text>,
    /// How the program ends because of it.
    pub exit: Exit,
    /// Where in a file, for what people wrote: shown with the source line.
    finding: Option<Box<Diagnostic>>,
}

/// One failure is everything that went wrong: `?` makes the list of it.
impl From<Failure> for Vec<Failure> {
    fn from(failure: Failure) -> Self {
        vec![failure]
    }
}

impl Failure {
    /// What an explained error looks like at the border; it ends the program with `exit`.
    pub fn new(error: &(impl Explain + ?Sized), exit: Exit) -> Self {
        Self { code: error.code().to_owned(), text: error.text(), hints: error.hints(), exit, finding: None }
    }

    /// Our own machine could not read or write something.
    pub fn machine(what: impl Into<String>, cause: io::Error) -> Self {
        InputError::Machine { what: what.into(), cause }.into()
    }

    /// Something wrong in what people wrote.
    pub fn finding(found: &Diagnostic) -> Self {
        Self {
            code: found.code.to_owned(),
            text: (*found.text).clone(),
            hints: found.hints.clone(),
            exit: Exit::Usage,
            finding: Some(Box::new(found.clone())),
        }
    }

    /// Whether it shows lines of a file, which keep their form.
    pub fn is_drawn(&self) -> bool {
        self.finding.is_some()
    }

    /// The lines shown on stderr.
    pub fn render(&self, lang: Lang) -> String {
        if let Some(finding) = &self.finding {
            return finding.render(lang).trim_end().to_owned();
        }
        let word = lang.pick("error", "エラー");
        let mut out = format!("{word}[{}]: {}", self.code, visible::hanging(self.text.get(lang), 4));
        for hint in &self.hints {
            out.push_str(&format!("\n  {} {}", lang.pick("hint:", "対処:"), visible::hanging(hint.get(lang), 4)));
        }
        out
    }

    /// The same for `--format json`.
    pub fn json(&self, lang: Lang) -> ErrorRecord {
        ErrorRecord {
            code: self.code.clone(),
            message: self.text.get(lang).to_owned(),
            hints: self.hints.iter().map(|hint| hint.get(lang).to_owned()).collect(),
            exit: self.exit.status(),
            place: self
                .finding
                .as_ref()
                .and_then(|finding| finding.position())
                .map(|(file, line, column)| PlaceRecord { file: file.to_owned(), line, column }),
        }
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::new(&error, Exit::Usage)
    }
}

impl From<UsageError> for Failure {
    fn from(error: UsageError) -> Self {
        Self::new(&error, Exit::Usage)
    }
}

/// Why a run was not begun, with every finding and every router on its own.
impl From<RunError> for Vec<Failure> {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Findings(found) => found.iter().map(Failure::finding).collect(),
            RunError::Several { first, others } => std::iter::once(*first).chain(others).flat_map(Self::from).collect(),
            error => vec![Failure::new(&error, Exit::Usage)],
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Lang::En))
    }
}

/// An error in the JSON output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorRecord {
    /// The stable code.
    pub code: String,
    /// What happened, in the language of the run.
    pub message: String,
    /// What to do next.
    pub hints: Vec<String>,
    /// The exit status of this error.
    pub exit: u8,
    /// Where in a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceRecord>,
}

/// A place in a file, in the JSON output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaceRecord {
    /// The file as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

#[cfg(test)]
mod tests {
    use super::{Failure, UsageError};
    use crate::message::Lang;

    #[test]
    fn a_failure_reads_the_same_in_both_languages() {
        let failure = Failure::from(UsageError::NoHome);
        assert_eq!(
            failure.render(Lang::En),
            "error[machine.no-home]: this user has no home folder\n  hint: name a folder with --state-dir"
        );
        assert_eq!(
            failure.render(Lang::Ja),
            "エラー[machine.no-home]: ホームフォルダがありません\n  対処: --state-dir でフォルダを指定してください"
        );
    }
}
