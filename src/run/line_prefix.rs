//! The prefix that a clinic's line delegates, held against the one that an earlier run has seen.
//!
//! Line authentication is bound to the prefix: where that is another one, it may have to be done again. Writes nothing.

use serde::Serialize;

use super::env::RunEnv;
use super::operator::Notice;
use crate::ix::access_line::AccessLine;
use crate::message::{Explain, Text};
use crate::record::utc;

/// A prefix that is another one than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrefixChange {
    /// The one that an earlier run has seen.
    pub before: String,
    /// The one that the line delegates now.
    pub now: String,
    /// When the earlier one was seen: `2026-11-22 11:46:03`, UTC.
    pub since: String,
    /// The run that has seen it.
    pub run: String,
}

impl PrefixChange {
    /// It in words, with what to do.
    pub fn text(&self) -> Text {
        let Self { before, now, since, run } = self;
        Text::new(
            format!(
                "the prefix changed since {since} UTC ({before} in run {run}, {now} now): line authentication may have to be done again"
            ),
            format!(
                "プレフィックスが {since} (UTC) から変わっています(実行 {run} では {before}、現在 {now})。回線認証のやり直しが必要な可能性があります"
            ),
        )
    }
}

/// Whether a router's line delegates another prefix than the last run has seen that saw one. Without a journal, or where no prefix is
/// delegated now, nothing is known of that.
pub(super) fn prefix_change(env: &RunEnv, router: &str, line: &AccessLine) -> Option<PrefixChange> {
    let now = line.prefixes.first().filter(|_| env.has_journal())?;
    let part = match env.journal().and_then(|journal| journal.last_line_prefix(router)) {
        Ok(part) => part?,
        Err(error) => {
            env.operator.tell(&Notice::Warning(&error.text()));
            return None;
        }
    };
    let before = part.line_prefix?;
    let changed = !line.prefixes.contains(&before.prefix);
    changed.then(|| PrefixChange { before: before.prefix, now: now.clone(), since: utc(before.at_ms), run: part.run })
}
