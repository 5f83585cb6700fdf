//! What is said about names, words and the values of variables.

use crate::message::{Explain, Text, Wording};

/// A finding about a single value or a name.
#[derive(Debug, Explain)]
pub(in crate::inventory) enum ValueFinding {
    /// A key that is no name.
    #[explain(
        code = "name.invalid",
        en = "`{name}` is not a name: 1 to 64 of A-Z a-z 0-9 . _ -, not starting with `.` or `-`",
        ja = "`{name}` は名前に使えません。A-Z a-z 0-9 . _ - で 1～64 文字、先頭は `.` と `-` 以外です",
        hint(en = "write the name for people under `title:`", ja = "日本語などの表示名は `title:` に書いてください")
    )]
    KeyIsNoName { name: String },
    /// A reference that is no name.
    #[explain(
        code = "name.invalid",
        en = "`{name}` is not a name: 1 to 64 of A-Z a-z 0-9 . _ -",
        ja = "`{name}` は名前に使えません。A-Z a-z 0-9 . _ - で 1～64 文字です",
        hints = full_width.clone()
    )]
    NoName { name: String, full_width: Option<Text> },
    /// A name that no variable can have.
    #[explain(
        code = "variable.name",
        en = "`{name}` is not a variable name: small letters, digits and `_`, a letter first",
        ja = "`{name}` は変数名に使えません。英小文字で始め、英小文字、数字、`_` だけを使ってください"
    )]
    NoVariableName { name: String },
    /// A name that templates have already.
    #[explain(
        code = "variable.reserved",
        en = "`{name}` already means something in templates",
        ja = "`{name}` はテンプレートで予約されている名前です",
        hint(en = "choose another name", ja = "別の名前にしてください")
    )]
    ReservedName { name: String },
    /// A list or a table in the list of a variable.
    #[explain(
        code = "yaml.type",
        en = "expected a single value: a variable is a single value or a list of them",
        ja = "単一の値が必要です。変数は単一の値か、そのリストです"
    )]
    NoSingleValue,
    /// A table as the value of a variable.
    #[explain(
        code = "yaml.type",
        en = "expected a single value or a list, found a table",
        ja = "単一の値かリストが必要ですが、項目の表です"
    )]
    Table,
    /// A variable with nothing behind it.
    #[explain(
        code = "yaml.type",
        en = "the variable has no value",
        ja = "変数に値がありません",
        hint(
            en = "write one, or remove the line where the role has a default",
            ja = "値を書いてください。ロールに既定値がある変数なら、この行を削除してもかまいません"
        )
    )]
    NoValue,
    /// A character that may not be typed on a router.
    #[explain(
        code = "value.untypable",
        en = "`{path}` holds {what}",
        ja = "`{path}` の値に使えない文字があります: {what}",
        hint(
            en = "values go into lines that are typed on the router; write plain words on one line",
            ja = "値はルータに入力する行の一部になります。1 行の通常の文字で書いてください"
        ),
        note(
            en = "a line end, a control character, a TAB, `?` or `<secret:`",
            ja = "改行、制御文字、タブ、`?`、`<secret:` が該当します"
        )
    )]
    Untypable { path: String, what: Wording },
    /// Several words, or none.
    #[explain(code = "value.word", en = "`{text}` is not one word", ja = "`{text}` は 1 語ではありません")]
    NoWord { text: String },
    /// No address.
    #[explain(
        code = "value.address",
        en = "`{text}` is not an address",
        ja = "`{text}` はアドレスではありません",
        hint(en = "write it without a prefix length", ja = "プレフィックス長を付けずに書いてください")
    )]
    NoAddress { text: String },
    /// Neither an address nor the name of a host. `port`: what is behind a colon in it.
    #[explain(
        code = "value.address",
        en = "`{text}` is neither an address nor a host name",
        ja = "`{text}` はアドレスでもホスト名でもありません",
        with(number = port.unwrap_or_default()),
        hint(
            when = port.is_some(),
            en = "write the port apart: `port: {number}`",
            ja = "ポートは `port: {number}` と分けて書いてください"
        )
    )]
    NoHost { text: String, port: Option<u16> },
    /// No time with its unit.
    #[explain(
        code = "value.duration",
        en = "`{text}` is not a time",
        ja = "`{text}` は時間として読めません",
        hint(
            en = "write a number with its unit: `500ms`, `10s`, `2m`, at most `24h`",
            ja = "単位を付けて書いてください: `500ms`、`10s`、`2m` など(`24h` まで)"
        )
    )]
    NoTime { text: String },
    /// A whole that is shorter than a part of it.
    #[explain(
        code = "value.duration",
        en = "the whole is shorter than its longest silence",
        ja = "total が silence より短くなっています",
        hint(en = "`total` is at least as long as `silence`", ja = "`total` は `silence` 以上にしてください")
    )]
    ShorterThanSilence,
    /// Probed too often.
    #[explain(
        code = "value.duration",
        en = "a connection is probed at most once a second",
        ja = "接続の確認間隔は 1 秒以上にしてください"
    )]
    ProbedTooOften,
}
