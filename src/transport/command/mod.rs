//! Any program on a terminal of its own: `ssh -J`, a terminal program, a vendor's tool.
//!
//! Exists where the system has such terminals; elsewhere opening says so. The program is resolved before it is started and runs
//! without a shell, so that no word of the inventory is ever interpreted.

mod openssh;
#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

use crate::message::{Explain, Text};

pub use self::openssh::names_every_prompt;
pub use self::platform::{CommandLink, open};

/// The program, and what is behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandTarget {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// The speed of the console behind it in bit/s, where there is one: it decides the pace.
    pub console: Option<u32>,
}

/// Why a program could not be started.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// There is no such program.
    #[error("{program} is no program that can be started")]
    NotFound {
        /// What was named.
        program: String,
    },
    /// It could not be started.
    #[error("{program} cannot be started: {reason}")]
    Start {
        /// What was named.
        program: String,
        /// The system's words.
        reason: String,
    },
}

impl Explain for CommandError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "command.not-found",
            Self::Start { .. } => "command.start",
        }
    }

    fn text(&self) -> Text {
        let ja = match self {
            Self::NotFound { program } => format!("{program} は実行できるプログラムではありません"),
            Self::Start { program, reason } => format!("{program} を起動できません: {reason}"),
        };
        Text::new(self.to_string(), ja)
    }

    fn hints(&self) -> Vec<Text> {
        vec![Text::new(
            "name a program on the search path, or its full path; it is started without a shell",
            "検索パス上のプログラム名、またはフルパスを指定してください。シェルは介しません",
        )]
    }
}
