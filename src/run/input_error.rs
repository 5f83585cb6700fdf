//! Why something that a person named cannot be used: a file, a folder, a plan, a backup.
//!
//! One type for them all: each has a code, a place and a remedy, and none is handled otherwise than by showing it.

use std::fmt;
use std::io;
use std::path::Path;

use crate::file::FileError;
use crate::message::{Explain, Text, system_words};

/// One of them. The place is part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    code: &'static str,
    text: Text,
    hints: Vec<Text>,
}

impl InputError {
    /// An error with what to do about it.
    pub fn new(code: &'static str, text: Text, hint: Text) -> Self {
        Self { code, text, hints: vec![hint] }
    }

    /// Our own machine could not read or write `path`.
    pub fn machine(path: &Path, cause: &io::Error) -> Self {
        Self::system(&path.display().to_string(), cause)
    }

    /// Our own machine could not do `what`.
    pub fn system(what: &str, cause: &io::Error) -> Self {
        let words = system_words(cause);
        let hint = Text::new(
            "check that the path exists and that you may use it",
            "パスが存在し、アクセス権があることを確認してください",
        );
        let text = Text::new(format!("{what}: {}", words.en), format!("{what}: {}", words.ja));
        Self::new("machine.io", text, hint)
    }

    /// A file that was not read.
    pub(crate) fn file(path: &Path, error: &FileError) -> Self {
        match error.system() {
            Some(cause) => Self::machine(path, cause),
            None => Self { code: error.code(), text: error.text(), hints: error.hints() },
        }
    }

    /// The same, with more to do about it.
    #[must_use]
    pub fn hint(mut self, hint: Text) -> Self {
        self.hints.push(hint);
        self
    }

    /// The same, with this to do about it and nothing else.
    #[must_use]
    pub fn with_hint(self, hint: Text) -> Self {
        Self { hints: vec![hint], ..self }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text.en)
    }
}

impl std::error::Error for InputError {}

impl Explain for InputError {
    fn code(&self) -> &'static str {
        self.code
    }
    fn text(&self) -> Text {
        self.text.clone()
    }
    fn hints(&self) -> Vec<Text> {
        self.hints.clone()
    }
}
