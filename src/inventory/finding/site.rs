//! What is said about the fields of a site and of its groups.

use crate::message::{Explain, Text};

/// A finding about what a site is and when it may be touched.
#[derive(Debug, Explain)]
pub(in crate::inventory) enum SiteFinding {
    /// Too long, or nothing.
    #[explain(code = "value.text", en = "expected 1 to {most} characters", ja = "1～{most} 文字で書いてください")]
    Length { most: usize },
    /// A character that no one sees.
    #[explain(
        code = "value.text",
        en = "the text holds a character that cannot be seen",
        ja = "目に見えない文字が含まれています",
        hint(
            en = "type it anew: text copied from a web page or a spreadsheet may hold such characters",
            ja = "入力し直してください。Web ページや表計算ソフトからのコピーには、見えない文字が含まれることがあります"
        )
    )]
    Unseen,
    /// A number where digits are meant.
    #[explain(
        code = "value.number",
        en = "`{text}` is a number here, and a zero in front of a number is lost",
        ja = "`{text}` は数値として扱われ、先頭の 0 が失われるおそれがあります",
        hint(en = "write it between quotes: `\"{text}\"`", ja = "引用符で囲んでください: `\"{text}\"`")
    )]
    Number { text: String },
    /// Nothing to dial; the text is not shown.
    #[explain(
        code = "value.phone",
        en = "this is not a phone number",
        ja = "電話番号として読めません",
        hints = near.clone(),
        hint(en = "write it with plain digits: `\"03-1234-5678\"`", ja = "半角の数字で書いてください: `\"03-1234-5678\"`")
    )]
    NoPhone { near: Option<Text> },
    /// No code.
    #[explain(
        code = "value.code",
        en = "`{text}` is not a code: 1 to 32 of A-Z a-z 0-9 - . _ /",
        ja = "`{text}` はコードに使えません。A-Z a-z 0-9 - . _ / で 1～32 文字です",
        hints = near.clone()
    )]
    NoCode { text: String, near: Option<Text> },
    /// No day of the calendar.
    #[explain(
        code = "value.date",
        en = "`{text}` is not a date",
        ja = "`{text}` は日付として読めません",
        hint(en = "write year, month and day: `2026-12-31`", ja = "年月日を書いてください: `2026-12-31`")
    )]
    NoDate { text: String },
    /// An empty list of rules.
    #[explain(
        code = "window.rules",
        en = "no hours are named",
        ja = "時間帯がありません",
        hint(
            en = "write days and hours (`mon-fri 22:00-05:00`), or leave the key out",
            ja = "曜日と時刻(`mon-fri 22:00-05:00`)を書くか、この項目を削除してください"
        )
    )]
    NoRules,
    /// More rules than anyone writes.
    #[explain(
        code = "window.rules",
        en = "a list of hours has at most {most} entries",
        ja = "時間帯のリストは {most} 件までです"
    )]
    TooManyRules { most: usize },
    /// Two groups that do not agree.
    #[explain(
        code = "inventory.groups-differ",
        en = "the groups `{first}` and `{second}` of site `{site}` give it different values of `{key}`",
        ja = "拠点 `{site}` のグループ `{first}` と `{second}` で `{key}` の値が異なります",
        hint(
            en = "give the site its own `{key}`, which is stronger than any group, or take it out of one of the two",
            ja = "拠点自身に `{key}` を書く(グループより優先されます)か、どちらかのグループから外してください"
        ),
        note(
            en = "region, carrier, time_zone, opening and windows are not decided by the order of the groups",
            ja = "region、carrier、time_zone、opening、windows は、グループの並び順では決まりません"
        )
    )]
    GroupsDiffer { key: &'static str, site: String, first: String, second: String },
}
