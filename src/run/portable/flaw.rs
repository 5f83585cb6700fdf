//! What is wrong with the bytes of an exported run, before anyone says in which file.

use std::io;

use crate::message::Text;

/// What is wrong.
#[derive(Debug)]
pub(super) enum Flaw {
    /// The system does not give them.
    System(io::Error),
    /// They are something else.
    Foreign,
    /// They have a form of a later version.
    Newer {
        /// The form.
        schema: String,
    },
    /// They are not what was written.
    Damaged(Text),
    /// There are more of them than a run can have.
    TooLarge {
        /// Of what.
        what: Text,
    },
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::damaged("it ends too early", "途中で終わっています"),
            _ => Self::System(error),
        }
    }
}

impl Flaw {
    /// They are not what was written, in these words.
    pub(super) fn damaged(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self::Damaged(Text::new(en, ja))
    }

    /// One part is not what was written.
    pub(super) fn of_part(name: &str) -> Self {
        Self::damaged(format!("`{name}` was changed"), format!("`{name}` が変更されています"))
    }
}
