//! What can go wrong with a credential. No variant may carry a value, or text that a program printed.

use std::path::PathBuf;
use std::time::Duration;

use crate::message::{Explain, Text};

use super::CredentialName;

/// A credential that cannot be had, or must not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The text is not a credential name; it is not quoted, since it may be a password.
    #[error("this is not a credential name: 1 to 64 of A-Z a-z 0-9 . _ - are allowed")]
    BadName,
    /// No credential of that name is declared.
    #[error("no credential named `{0}` is declared in the inventory")]
    Undeclared(CredentialName),
    /// The environment variable is not set.
    #[error("credential `{name}`: the environment variable `{variable}` is not set")]
    EnvMissing {
        /// The credential.
        name: CredentialName,
        /// The variable.
        variable: String,
    },
    /// The value is not UTF-8 text.
    #[error("credential `{0}`: its value is not UTF-8 text")]
    NotText(CredentialName),
    /// The file cannot be read.
    #[error("credential `{name}`: cannot read `{}`: {}", path.display(), reason.en)]
    FileUnreadable {
        /// The credential.
        name: CredentialName,
        /// The file.
        path: PathBuf,
        /// Why, in the system's words.
        reason: Text,
    },
    /// The file is readable by others than its owner.
    #[error("credential `{name}`: `{}` can be read by other users (mode {mode:03o})", path.display())]
    FileExposed {
        /// The credential.
        name: CredentialName,
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The program cannot be started.
    #[error("credential `{name}`: cannot start `{program}`: {reason}")]
    CommandMissing {
        /// The credential.
        name: CredentialName,
        /// The program, without its arguments.
        program: String,
        /// The system's reason.
        reason: String,
    },
    /// The program ended with a failure.
    #[error("credential `{name}`: `{program}` ended with {status}; its output was not used")]
    CommandFailed {
        /// The credential.
        name: CredentialName,
        /// The program, without its arguments.
        program: String,
        /// How it ended.
        status: String,
    },
    /// The program did not end in time.
    #[error("credential `{name}`: `{program}` did not end within {} s and was stopped", after.as_secs())]
    CommandSlow {
        /// The credential.
        name: CredentialName,
        /// The program, without its arguments.
        program: String,
        /// The deadline.
        after: Duration,
    },
    /// No one can be asked, or nothing was entered.
    #[error("credential `{name}`: {reason}")]
    PromptFailed {
        /// The credential.
        name: CredentialName,
        /// Why there is no answer.
        reason: String,
    },
    /// The source gives more than a secret can be.
    #[error("credential `{name}`: its source gives more than {limit} bytes")]
    TooLong {
        /// The credential.
        name: CredentialName,
        /// The most bytes that are read.
        limit: usize,
    },
    /// The source gives an empty value.
    #[error("credential `{0}`: its value is empty")]
    Empty(CredentialName),
    /// The value holds a byte that must not be typed on a router.
    #[error("credential `{name}`: its value holds {what}, which must not be typed on a router")]
    Untypable {
        /// The credential.
        name: CredentialName,
        /// The kind of byte, in words.
        what: &'static str,
    },
    /// A placeholder in a line is broken.
    #[error("the line holds a broken secret placeholder: `<secret:NAME>` is the form")]
    BrokenPlaceholder,
}

impl SecretError {
    fn japanese(&self) -> String {
        match self {
            Self::BadName => "認証情報の名前として使えません。使える文字は A-Z a-z 0-9 . _ - で、1～64 文字です".into(),
            Self::Undeclared(name) => format!("認証情報 `{name}` がインベントリに定義されていません"),
            Self::EnvMissing { name, variable } => {
                format!("認証情報 `{name}`: 環境変数 `{variable}` が設定されていません")
            }
            Self::NotText(name) => format!("認証情報 `{name}`: 値が UTF-8 の文字列ではありません"),
            Self::FileUnreadable { name, path, reason } => {
                format!("認証情報 `{name}`: `{}` を読み込めません: {}", path.display(), reason.ja)
            }
            Self::FileExposed { name, path, mode } => {
                format!("認証情報 `{name}`: `{}` がほかの利用者からも読める状態です(モード {mode:03o})", path.display())
            }
            Self::CommandMissing { name, program, reason } => {
                format!("認証情報 `{name}`: `{program}` を起動できません: {reason}")
            }
            Self::CommandFailed { name, program, status } => {
                format!("認証情報 `{name}`: `{program}` が失敗しました({status})。その出力は使っていません")
            }
            Self::CommandSlow { name, program, after } => {
                format!("認証情報 `{name}`: `{program}` が {} 秒以内に終わらないため、打ち切りました", after.as_secs())
            }
            Self::PromptFailed { name, reason } => {
                format!("認証情報 `{name}`: 入力を受け取れませんでした({reason})")
            }
            Self::TooLong { name, limit } => format!("認証情報 `{name}`: 値が {limit} バイトを超えています"),
            Self::Empty(name) => format!("認証情報 `{name}`: 値が空です"),
            Self::Untypable { name, what } => {
                format!("認証情報 `{name}`: ルータに入力してはいけない文字({})を含んでいます", untypable_ja(what))
            }
            Self::BrokenPlaceholder => "秘密情報の参照が壊れています。正しい形は `<secret:名前>` です".into(),
        }
    }
}

/// The Japanese name of a kind of byte that [`SecretError::Untypable`] names in English.
fn untypable_ja(what: &str) -> &'static str {
    match what {
        "a blank" => "空白",
        "`?`" => "`?`",
        "a TAB" => "タブ",
        "a character outside ASCII" => "ASCII 以外の文字",
        _ => "制御文字",
    }
}

/// How PowerShell, of Windows or newer, sets a variable to what is typed without showing it.
fn power_shell(variable: &str) -> String {
    format!("$env:{variable} = [Net.NetworkCredential]::new('', (Read-Host -AsSecureString)).Password")
}

impl Explain for SecretError {
    fn code(&self) -> &'static str {
        match self {
            Self::BadName => "secret.bad-name",
            Self::Undeclared(_) => "secret.undeclared",
            Self::EnvMissing { .. } => "secret.env-missing",
            Self::NotText(_) => "secret.not-text",
            Self::FileUnreadable { .. } => "secret.file-unreadable",
            Self::FileExposed { .. } => "secret.file-exposed",
            Self::CommandMissing { .. } => "secret.command-missing",
            Self::CommandFailed { .. } => "secret.command-failed",
            Self::CommandSlow { .. } => "secret.command-slow",
            Self::PromptFailed { .. } => "secret.prompt-failed",
            Self::TooLong { .. } => "secret.too-long",
            Self::Empty(_) => "secret.empty",
            Self::Untypable { .. } => "secret.untypable",
            Self::BrokenPlaceholder => "secret.broken-placeholder",
        }
    }

    fn text(&self) -> Text {
        Text::new(self.to_string(), self.japanese())
    }

    fn hints(&self) -> Vec<Text> {
        let hint = match self {
            Self::BadName | Self::BrokenPlaceholder => return Vec::new(),
            Self::Undeclared(name) => Text::new(
                format!("declare it: `credentials: {{ {name}: {{ env: SOME_VARIABLE }} }}`"),
                format!("定義してください: `credentials: {{ {name}: {{ env: 環境変数名 }} }}`"),
            ),
            Self::EnvMissing { variable, .. } => Text::new(
                format!(
                    "set it in this shell without echoing it: `read -rs {variable} && export {variable}`; in PowerShell: `{}`",
                    power_shell(variable)
                ),
                format!(
                    "このシェルで、画面に表示せずに設定してください: `read -rs {variable} && export {variable}`、PowerShell では `{}`",
                    power_shell(variable)
                ),
            ),
            Self::FileExposed { path, .. } => Text::new(
                format!("`chmod 600 {}`, and change the password if others may have read it", path.display()),
                format!("`chmod 600 {}` を実行し、読まれた恐れがあればパスワードも変更してください", path.display()),
            ),
            Self::FileUnreadable { .. } => Text::new(
                "a relative path counts from the folder of the inventory file",
                "相対パスはインベントリファイルのあるフォルダが起点です",
            ),
            Self::CommandMissing { .. } | Self::CommandFailed { .. } | Self::CommandSlow { .. } => Text::new(
                "run the command by hand; it runs here without a shell and without a terminal to ask on",
                "コマンドを手で実行して確かめてください。ここではシェルも端末入力も使わずに実行します",
            ),
            Self::PromptFailed { .. } => Text::new(
                "run at a terminal, or use `env:`, `file:` or `command:` for this credential",
                "端末で実行するか、この認証情報を `env:`、`file:`、`command:` のいずれかにしてください",
            ),
            Self::NotText(_) | Self::TooLong { .. } | Self::Empty(_) | Self::Untypable { .. } => Text::new(
                "choose a value of printable ASCII characters without blank and `?`",
                "空白と `?` を除く、印字可能な ASCII 文字の値にしてください",
            ),
        };
        vec![hint]
    }
}
