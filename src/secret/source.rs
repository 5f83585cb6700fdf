//! The places a credential can come from.

use std::path::PathBuf;

use crate::message::Text;

/// Where a credential comes from. None of these is read before the value is needed for a connection or a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An environment variable.
    Env(String),
    /// A file that only its owner can read; one line end at its end is dropped.
    File(PathBuf),
    /// A program and its arguments, run without a shell; its standard output is the value.
    Command(Vec<String>),
    /// A question to the operator at the terminal.
    Prompt(Text),
}

impl Source {
    /// The key that names this kind of source in an inventory.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Env(_) => "env",
            Self::File(_) => "file",
            Self::Command(_) => "command",
            Self::Prompt(_) => "prompt",
        }
    }
}
