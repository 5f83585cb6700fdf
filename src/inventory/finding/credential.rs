//! What is said about passwords and their names. The name is never quoted: it may be a password that looks like a name.

use crate::message::{Explain, Text, Wording};

/// Where a password belongs.
const DECLARE: Wording = Wording::new(
    "declare it under `credentials:` as `NAME: { env: VARIABLE }` (or file:, command:, prompt:) and write NAME here",
    "`credentials:` に `名前: { env: 環境変数名 }`(または file:、command:、prompt:)と定義し、ここにはその名前を書いてください",
);

/// What a password in a file means.
const CHANGE: Wording = Wording::new(
    "a password that has been in a file should be changed: copies and version history keep it",
    "ファイルに書いたパスワードは変更してください。複製や変更履歴に残ります",
);

/// A finding about a credential.
#[derive(Debug, Explain)]
pub(in crate::inventory) enum CredentialFinding {
    /// A name that no credential has. `near`: the declared ones, one like it first.
    #[explain(
        code = "credential.undefined",
        en = "`{path}` names a credential that is not declared",
        ja = "`{path}` が指す認証情報は定義されていません",
        hints = near.clone(),
        hint(shared = DECLARE),
        hint(shared = CHANGE)
    )]
    Undefined { path: String, near: Option<Text> },
    /// No name where one belongs.
    #[explain(
        code = "credential.plain-text",
        en = "`{path}` must be the name of a credential, not a password",
        ja = "`{path}` には、パスワードそのものではなく、認証情報の名前を書きます",
        hint(shared = DECLARE),
        hint(shared = CHANGE)
    )]
    NoName { path: String },
    /// A value in the declaration.
    #[explain(
        code = "credential.plain-text",
        en = "a credential is never written into the file itself",
        ja = "認証情報の値をファイルに直接書くことはできません",
        hint(shared = DECLARE),
        hint(shared = CHANGE)
    )]
    InTheFile,
    /// No name of an environment variable; not quoted either.
    #[explain(
        code = "credential.variable",
        en = "this is not the name of an environment variable",
        ja = "環境変数の名前ではありません",
        hint(shared = DECLARE),
        hint(shared = CHANGE)
    )]
    NoVariable,
    /// A command without words.
    #[explain(
        code = "credential.command",
        en = "the command is empty",
        ja = "コマンドが空です",
        hint(
            en = "write the program and its arguments as a list: `command: [pass, show, clinics/admin]`",
            ja = "プログラムと引数をリストで書いてください: `command: [pass, show, clinics/admin]`"
        )
    )]
    EmptyCommand,
    /// An invalid name.
    #[explain(
        code = "name.invalid",
        en = "`{name}` is not a credential name: 1 to 64 of A-Z a-z 0-9 . _ -",
        ja = "`{name}` は認証情報の名前に使えません。A-Z a-z 0-9 . _ - で 1～64 文字です"
    )]
    BadName { name: String },
}
