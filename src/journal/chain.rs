//! The chain: each record's hash covers the one before it, so that an edit, a gap or a rewriting shows.
//! Known elsewhere as a hash chain; its last hash is the head that a person can note down.
//!
//! The hash covers what is stored, byte for byte, and not what it means, so that any later version can verify it.

use std::borrow::Cow;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::message::wording::Localised;
use crate::message::{Lang, Text};

/// The hash before the first record.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A record's stored columns.
pub(super) struct Row<'a> {
    pub(super) number: i64,
    pub(super) at_ms: i64,
    pub(super) run: &'a str,
    pub(super) router: &'a str,
    pub(super) kind: &'a str,
    pub(super) body: &'a str,
}

/// The hash of a record that follows another.
pub(super) fn link(previous: &str, row: &Row<'_>) -> String {
    let mut hash = Sha256::new();
    // Lengths first, so that no text can move from one column to the next.
    for part in [previous, &row.number.to_string(), &row.at_ms.to_string(), row.run, row.router, row.kind, row.body] {
        hash.update(part.len().to_be_bytes().as_slice());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainCheck {
    /// Records in the file.
    pub records: i64,
    /// The hash of the last one.
    pub head: String,
    /// The first thing that is wrong.
    pub fault: Option<Fault>,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// A record is missing before this number.
    Gap {
        /// The number that should be there.
        missing: i64,
    },
    /// A record does not have the hash that it and its predecessor give.
    Edited {
        /// The record.
        number: i64,
    },
    /// No record has the hash that was noted elsewhere: the file was cut off or written again.
    HeadUnknown {
        /// The hash that was asked for.
        head: String,
    },
    /// Something sealed is not what the chain says.
    Sealed {
        /// The run.
        run: String,
        /// The router.
        router: String,
        /// Its name.
        name: String,
    },
    /// The file of an imported run is not what was imported.
    Imported {
        /// The run.
        run: String,
        /// What is wrong with it.
        why: Box<Text>,
    },
    /// The projection's state of a run, or of a router in it, is not what the records say.
    Projection {
        /// The run; empty if the fault belongs to no record.
        run: String,
        /// The router; empty where it is the run itself.
        router: String,
    },
}

impl Localised for Fault {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        self.text().into_language(lang).into()
    }
}

impl Fault {
    /// In words.
    pub fn text(&self) -> Text {
        match self {
            Self::Gap { missing } => {
                Text::new(format!("record {missing} is missing"), format!("記録 {missing} が欠けています"))
            }
            Self::Edited { number } => Text::new(
                format!("record {number} is not what was written"),
                format!("記録 {number} が書き換えられています"),
            ),
            Self::HeadUnknown { head } => Text::new(
                format!("no record has the hash {head}: the journal was cut off or rewritten"),
                format!("ハッシュ {head} の記録がありません。末尾が切り詰められたか、作り直されています"),
            ),
            Self::Projection { run, router } => {
                let place = [run.as_str(), router].join(" ");
                let place = place.trim();
                Text::new(
                    format!(
                        "what the lists say of {place} is not what the records say; they are rebuilt from the records"
                    ),
                    format!("一覧の内容({place})が記録と一致しません。記録から作り直します"),
                )
            }
            Self::Imported { why, .. } => (**why).clone(),
            Self::Sealed { run, router, name } => Text::new(
                format!("what was sealed as `{name}` for {router} in run {run} is missing or was changed"),
                format!("実行 {run} の {router} の封印データ「{name}」が欠けているか、変更されています"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GENESIS, Row, link};

    fn row(run: &'static str, router: &'static str) -> String {
        link(GENESIS, &Row { number: 1, at_ms: 5, run, router, kind: "moved", body: "{}" })
    }

    #[test]
    fn text_cannot_move_between_columns() {
        assert_ne!(row("ab", "c"), row("a", "bc"));
        assert_ne!(row("ab", ""), row("", "ab"));
        assert_eq!(row("a", "b").len(), 64);
    }
}
