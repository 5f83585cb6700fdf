//! What can go wrong with a credential. No variant may carry a value, or text that a program printed.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use super::CredentialName;
use crate::message::wording::Localised;
use crate::message::{Explain, Lang, Text, Wording};

const BY_HAND: Wording = Wording {
    en: "run the command by hand; it runs here without a shell and without a terminal to ask on",
    ja: "コマンドを手で実行して確かめてください。ここではシェルも端末入力も使わずに実行します",
};
const PRINTABLE: Wording = Wording {
    en: "choose a value of printable ASCII characters without blank and `?`",
    ja: "空白と `?` を除く、印字可能な ASCII 文字の値にしてください",
};

/// Why a credential has no value, or one that must not be used.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum SecretError {
    /// The text is not a credential name; it is not quoted, since it may be a password.
    #[explain(
        code = "secret.bad-name",
        en = "this is not a credential name: 1 to 64 of A-Z a-z 0-9 . _ - are allowed",
        ja = "認証情報の名前として使えません。使える文字は A-Z a-z 0-9 . _ - で、1～64 文字です",
        note(
            en = "What was written is not shown, since it may be a password.",
            ja = "パスワードの恐れがあるため、書かれた値は表示しません。"
        )
    )]
    BadName,
    /// No credential of that name is declared.
    #[explain(
        code = "secret.undeclared",
        en = "no credential named `{name}` is declared in the inventory",
        ja = "認証情報 `{name}` がインベントリに定義されていません",
        with(name = _0),
        hint(
            en = "declare it: `credentials: {{ {name}: {{ env: SOME_VARIABLE }} }}`",
            ja = "定義してください: `credentials: {{ {name}: {{ env: 環境変数名 }} }}`"
        )
    )]
    Undeclared(CredentialName),
    /// The environment variable is not set.
    #[explain(
        code = "secret.env-missing",
        en = "credential `{name}`: the environment variable `{variable}` is not set",
        ja = "認証情報 `{name}`: 環境変数 `{variable}` が設定されていません",
        hint(
            en = "set it in this shell without echoing it: `read -rs {variable} && export {variable}`; in PowerShell: `$env:{variable} = [Net.NetworkCredential]::new('', (Read-Host -AsSecureString)).Password`",
            ja = "このシェルで、画面に表示せずに設定してください: `read -rs {variable} && export {variable}`、PowerShell では `$env:{variable} = [Net.NetworkCredential]::new('', (Read-Host -AsSecureString)).Password`"
        )
    )]
    EnvMissing {
        /// The credential.
        name: CredentialName,
        /// The variable.
        variable: String,
    },
    /// The value is not UTF-8 text.
    #[explain(
        code = "secret.not-text",
        en = "credential `{name}`: its value is not UTF-8 text",
        ja = "認証情報 `{name}`: 値が UTF-8 の文字列ではありません",
        with(name = _0),
        hint(shared = PRINTABLE)
    )]
    NotText(CredentialName),
    /// The file cannot be read.
    #[explain(
        code = "secret.file-unreadable",
        en = "credential `{name}`: {reason}",
        ja = "認証情報 `{name}`: {reason}",
        hint(
            en = "a relative path counts from the folder of the inventory file",
            ja = "相対パスはインベントリファイルのあるフォルダが起点です"
        ),
        note(
            en = "The file that the credential names cannot be read.",
            ja = "認証情報に指定されたファイルを読めません。"
        )
    )]
    FileUnreadable {
        /// The credential.
        name: CredentialName,
        /// Why, with the file's path.
        reason: Text,
    },
    /// The file is readable by others than its owner.
    #[explain(
        code = "secret.file-exposed",
        en = "credential `{name}`: `{path}` can be read by other users (mode {mode:03o})",
        ja = "認証情報 `{name}`: `{path}` がほかの利用者からも読める状態です(モード {mode:03o})",
        hint(
            en = "`chmod 600 {path}`, and change the password if others may have read it",
            ja = "`chmod 600 {path}` を実行し、読まれた恐れがあればパスワードも変更してください"
        )
    )]
    FileExposed {
        /// The credential.
        name: CredentialName,
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The program cannot be started.
    #[explain(
        code = "secret.command-missing",
        en = "credential `{name}`: cannot start `{program}`: {reason}",
        ja = "認証情報 `{name}`: `{program}` を起動できません: {reason}",
        hint(shared = BY_HAND)
    )]
    CommandMissing {
        /// The credential.
        name: CredentialName,
        /// The program, without its arguments.
        program: String,
        /// Why.
        reason: Text,
    },
    /// The program ended with a failure.
    #[explain(
        code = "secret.command-failed",
        en = "credential `{name}`: `{program}` ended with {status}; its output was not used",
        ja = "認証情報 `{name}`: `{program}` が失敗しました({status})。その出力は使っていません",
        hint(shared = BY_HAND)
    )]
    CommandFailed {
        /// The credential.
        name: CredentialName,
        /// The program, without its arguments.
        program: String,
        /// How it ended.
        status: String,
    },
    /// The program did not end in time.
    #[explain(
        code = "secret.command-slow",
        en = "credential `{name}`: `{program}` did not end within {seconds} s and was stopped",
        ja = "認証情報 `{name}`: `{program}` が {seconds} 秒以内に終わらないため、打ち切りました",
        with(seconds = after.as_secs()),
        hint(shared = BY_HAND)
    )]
    CommandSlow {
        /// The credential.
        name: CredentialName,
        /// The program, without its arguments.
        program: String,
        /// The deadline.
        after: Duration,
    },
    /// No one can be asked, or nothing was entered.
    #[explain(
        code = "secret.prompt-failed",
        en = "credential `{name}`: {reason}",
        ja = "認証情報 `{name}`: 入力を受け取れませんでした({reason})",
        hint(
            en = "run at a terminal, or use `env:`, `file:` or `command:` for this credential",
            ja = "端末で実行するか、この認証情報を `env:`、`file:`、`command:` のいずれかにしてください"
        ),
        note(
            en = "No one could be asked, or nothing was entered.",
            ja = "入力を求められないか、入力がありませんでした。"
        )
    )]
    PromptFailed {
        /// The credential.
        name: CredentialName,
        /// Why there is no answer.
        reason: String,
    },
    /// The source gives more than a secret can be.
    #[explain(
        code = "secret.too-long",
        en = "credential `{name}`: its source gives more than {limit} bytes",
        ja = "認証情報 `{name}`: 値が {limit} バイトを超えています",
        hint(shared = PRINTABLE)
    )]
    TooLong {
        /// The credential.
        name: CredentialName,
        /// The most bytes that are read.
        limit: usize,
    },
    /// The source gives an empty value.
    #[explain(
        code = "secret.empty",
        en = "credential `{name}`: its value is empty",
        ja = "認証情報 `{name}`: 値が空です",
        with(name = _0),
        hint(shared = PRINTABLE)
    )]
    Empty(CredentialName),
    /// The value holds a character that must not be typed on a router.
    #[explain(
        code = "secret.untypable",
        en = "credential `{name}`: its value holds {what}, which must not be typed on a router",
        ja = "認証情報 `{name}`: ルータに入力してはいけない文字({what})を含んでいます",
        hint(shared = PRINTABLE)
    )]
    Untypable {
        /// The credential.
        name: CredentialName,
        /// The kind of character.
        what: Forbidden,
    },
    /// A placeholder in a line is broken.
    #[explain(
        code = "secret.broken-placeholder",
        en = "the line holds a broken secret placeholder: `<secret:NAME>` is the form",
        ja = "秘密情報の参照が壊れています。正しい形は `<secret:名前>` です"
    )]
    BrokenPlaceholder,
}

/// A kind of character that would change the line around a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// It ends the word.
    Blank,
    /// It asks the router for help.
    QuestionMark,
    /// It asks the router to complete the word.
    Tab,
    /// It is a key.
    Control,
    /// What the router makes of it is not known.
    NotAscii,
}

impl Localised for Forbidden {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        let words = match self {
            Self::Blank => lang.pick("a blank", "空白"),
            Self::QuestionMark => "`?`",
            Self::Tab => lang.pick("a TAB", "タブ"),
            Self::Control => lang.pick("a control character", "制御文字"),
            Self::NotAscii => lang.pick("a character outside ASCII", "ASCII 以外の文字"),
        };
        words.into()
    }
}
