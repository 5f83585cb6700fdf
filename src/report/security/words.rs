//! Words of the security facts, the same on a page and in a spreadsheet.

use crate::ix::security::{Answer, Stored, UserKind};
use crate::message::{Text, Wording};

/// What the facts are, and what they are not.
pub(super) const NO_JUDGEMENT: Wording = Wording::new(
    "These are facts read from the newest backups and from the record; no router was asked. They are no legal judgement, no certificate and no result of an inspection: whether they suffice for a rule is for its reader to decide.",
    "これは最新のバックアップと記録から読み取った事実であり、ルータには接続していません。法令上の判断、証明、検査結果ではありません。基準を満たすかどうかは、読む方が判断してください。",
);

/// An answer.
pub(super) fn answer(answer: Answer) -> Text {
    match answer {
        Answer::Yes => Text::new("yes", "はい"),
        Answer::No => Text::new("no", "いいえ"),
        Answer::NotKnown => Text::new("not known", "不明"),
    }
}

/// How a secret is kept.
pub(super) fn stored(stored: Stored) -> Text {
    match stored {
        Stored::Hash => Text::new("as a hash", "ハッシュ"),
        Stored::Clear => Text::new("in clear", "平文"),
        Stored::NotKnown => Text::new("not known", "不明"),
    }
}

/// For what a user logs in.
pub(super) fn kind(kind: UserKind) -> Text {
    match kind {
        UserKind::Login => Text::new("command line", "コマンドライン"),
        UserKind::Web => Text::new("web", "Web"),
        UserKind::Snmp => Text::new("SNMPv3", "SNMPv3"),
    }
}

/// A number of days.
pub(super) fn days(days: u64) -> Text {
    Text::new(format!("{days} day(s)"), format!("{days} 日"))
}
