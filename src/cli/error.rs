//! The one border where an error becomes what a person sees: kind, stable code, message, hints, exit status.
//!
//! Below this border errors are types; above it there is only text. Nothing else in the program prints an error.

use std::fmt;

use serde::Serialize;

use crate::inventory::Diagnostic;
use crate::message::{Explain, Lang, Text, system_words};
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

    /// Wrong usage, where no module below has an error of its own.
    pub fn usage(code: &str, text: Text, hint: Text) -> Self {
        Self { code: code.to_owned(), text, hints: vec![hint], exit: Exit::Usage, finding: None }
    }

    /// Our own machine could not read or write something.
    pub fn machine(what: &str, cause: &std::io::Error) -> Self {
        let words = system_words(cause);
        Self {
            code: "machine.io".to_owned(),
            text: Text::new(format!("{what}: {}", words.en), format!("{what}: {}", words.ja)),
            hints: vec![Text::new(
                "check that the path exists and that you may use it",
                "パスが存在し、アクセス権があることを確認してください",
            )],
            exit: Exit::Usage,
            finding: None,
        }
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

/// Why a run was not begun, with every finding and every router on its own.
impl From<RunError> for Vec<Failure> {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Findings(found) => found.iter().map(Failure::finding).collect(),
            RunError::Several(all) => all.into_iter().flat_map(Self::from).collect(),
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
    /// The exit status it stands for.
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
    use super::Failure;
    use crate::message::{Lang, Text};

    #[test]
    fn a_failure_reads_the_same_in_both_languages() {
        let failure = Failure::usage(
            "usage.x",
            Text::new("no such file", "ファイルがありません"),
            Text::new("name one", "指定してください"),
        );
        assert_eq!(failure.render(Lang::En), "error[usage.x]: no such file\n  hint: name one");
        assert_eq!(failure.render(Lang::Ja), "エラー[usage.x]: ファイルがありません\n  対処: 指定してください");
    }
}
