//! Any program on a terminal of its own: `ssh -J`, a terminal program, a vendor's tool.
//!
//! Exists where the system has such terminals; elsewhere opening says so. The program is resolved before it is started and runs
//! without a shell, so that no word of the inventory is ever interpreted.

mod openssh;
#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

use crate::message::{Explain, Text, Wording};

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

const NAMED: Wording = Wording {
    en: "name a program on the search path, or its full path; it is started without a shell",
    ja: "検索パス上のプログラム名、またはフルパスを指定してください。シェルは介しません",
};

/// Why a program could not be started.
#[derive(Debug, Explain)]
pub enum CommandError {
    /// There is no such program.
    #[explain(
        code = "command.not-found",
        en = "{program} is not a program that can be started",
        ja = "{program} は実行できるプログラムではありません",
        hint(shared = NAMED)
    )]
    NotFound {
        /// What was named.
        program: String,
    },
    /// It could not be started.
    #[explain(
        code = "command.start",
        en = "{program} cannot be started: {reason}",
        ja = "{program} を起動できません: {reason}",
        hint(shared = NAMED)
    )]
    Start {
        /// What was named.
        program: String,
        /// The system's words.
        reason: Text,
    },
}
