//! What a session waits for, in the words of its errors.

use std::borrow::Cow;

use super::line_name::LineName;
use crate::message::Lang;
use crate::message::wording::Localised;

/// What was being waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Awaited {
    /// Any sign of life.
    Life,
    /// A prompt of operation mode, on the way there.
    OperationMode,
    /// That a program stops asking for itself and relays what is typed.
    Program,
    /// The answer to a user name or a password.
    LoginVerdict,
    /// The echo of a line.
    Echo(LineName),
    /// The prompt after a line.
    Prompt(LineName),
    /// The end of a save.
    SaveEnd,
    /// The end of generating a host key.
    HostKey,
    /// The question a reload asks.
    ReloadQuestion,
}

impl Localised for Awaited {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        match self {
            Self::Life => lang.pick("any answer of the console", "コンソールからの応答").into(),
            Self::OperationMode => lang.pick("the prompt of operation mode", "オペレーションモードのプロンプト").into(),
            Self::Program => lang.pick("the program to lead to the router", "プログラムがルータへつながること").into(),
            Self::LoginVerdict => lang.pick("the answer to the login", "ログインの結果").into(),
            Self::Echo(line) => match lang {
                Lang::En => format!("the echo of {line}").into(),
                Lang::Ja => format!("{line} のエコー").into(),
            },
            Self::Prompt(line) => match lang {
                Lang::En => format!("the prompt after {line}").into(),
                Lang::Ja => format!("{line} の後のプロンプト").into(),
            },
            Self::SaveEnd => lang.pick("the end of the save", "保存の完了").into(),
            Self::HostKey => lang.pick("the end of generating the host key", "ホスト鍵生成の完了").into(),
            Self::ReloadQuestion => lang.pick("the question of the reload", "再起動の確認メッセージ").into(),
        }
    }
}
