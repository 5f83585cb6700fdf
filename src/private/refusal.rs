//! Why a file or folder is not what its owner alone, or its group, may use.

use std::io;

use crate::message::{Text, system_words};

/// Why it is refused.
#[derive(Debug)]
#[cfg_attr(windows, allow(dead_code, reason = "there the access list decides about owner and others"))]
pub(crate) enum Refusal {
    /// It is a symbolic link: what it leads to could be exchanged.
    Link,
    /// A folder where a file belongs, or the reverse.
    Kind,
    /// It belongs to another user.
    Owner(u32),
    /// Others may use it.
    Exposed(u32),
    /// The system does not let us look, or make it.
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Refusal {
    /// In words.
    pub(crate) fn text(&self) -> Text {
        match self {
            Self::Link => Text::new("it is a symbolic link", "シンボリックリンクです"),
            Self::Kind => Text::new(
                "it is a folder where a file belongs, or a file where a folder belongs",
                "ファイルとフォルダの種類が違います",
            ),
            Self::Owner(uid) => {
                Text::new(format!("it belongs to another user (uid {uid})"), format!("別のユーザ(uid {uid})の所有です"))
            }
            Self::Exposed(mode) => Text::new(
                format!("others may use it (mode {mode:04o})"),
                format!("他のユーザが使用できます(モード {mode:04o})"),
            ),
            Self::Io(error) => system_words(error),
        }
    }
}
