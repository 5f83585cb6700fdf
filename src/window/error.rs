//! What is wrong with hours, days and time zones as people write them.

use crate::message::{Explain, Text, Wording};

/// How such a rule is written.
const FORM: Wording = Wording::new(
    "write days and hours: `mon-fri 22:00-05:00`, `sat,sun 09:00-12:30 14:00-18:00`, or hours alone for every day",
    "曜日と時刻を書きます: `mon-fri 22:00-05:00`、`sat,sun 09:00-12:30 14:00-18:00`。毎日なら時刻だけでもかまいません",
);

/// A text that says no time.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum WindowError {
    /// No range of hours.
    #[explain(
        code = "window.hours",
        en = "`{text}` is not a range of hours",
        ja = "`{text}` は時間帯として読めません",
        hint(shared = FORM)
    )]
    Hours {
        /// The word.
        text: String,
    },
    /// A range that begins where it ends.
    #[explain(
        code = "window.hours",
        en = "`{text}` ends when it begins",
        ja = "`{text}` は開始と終了が同じ時刻です",
        hint(en = "write `00:00-24:00` for a whole day", ja = "終日の場合は `00:00-24:00` と書いてください")
    )]
    NoLength {
        /// The word.
        text: String,
    },
    /// No day.
    #[explain(
        code = "window.days",
        en = "`{text}` is not a day",
        ja = "`{text}` は曜日として読めません",
        hints = near.clone(),
        hint(
            en = "days are `mon` to `sun`, `holidays` and `daily`; ranges and lists of them: `mon-fri`, `sat,holidays`",
            ja = "使えるのは `mon`～`sun`、`holidays`、`daily` と、その範囲やリスト(`mon-fri`、`sat,holidays`)です"
        )
    )]
    Day {
        /// The word.
        text: String,
        /// What it may have been meant to be.
        near: Option<Text>,
    },
    /// Days without hours, or nothing.
    #[explain(
        code = "window.hours",
        en = "`{text}` names no hours",
        ja = "`{text}` に時間帯がありません",
        hint(shared = FORM)
    )]
    NoHours {
        /// The whole rule.
        text: String,
    },
    /// More in one rule than anyone means.
    #[explain(
        code = "window.hours",
        en = "one rule names at most {most} ranges of hours",
        ja = "1 つの指定に書ける時間帯は {most} 個までです"
    )]
    TooMany {
        /// The bound.
        most: usize,
    },
    /// No such time zone.
    #[explain(
        code = "window.time-zone",
        en = "no time zone is named `{name}`",
        ja = "`{name}` というタイムゾーンはありません",
        hints = near.clone(),
        hint(
            en = "write a name of the IANA database, such as `Asia/Tokyo`",
            ja = "IANA データベースの名前で書いてください(例: `Asia/Tokyo`)"
        )
    )]
    Zone {
        /// The name.
        name: String,
        /// What it may have been meant to be.
        near: Option<Text>,
    },
}
