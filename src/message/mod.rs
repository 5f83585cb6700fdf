//! The two languages we speak, and what every error can say about itself.
//!
//! Everything a person reads exists in Japanese and English, side by side in the module that knows the matter; the text a
//! router sent is never translated. This module decides nothing about layout: `cli` renders, `report` stores.

use std::fmt;

pub(crate) use explain_derive::Explain;
use serde::{Deserialize, Serialize};

pub(crate) mod wording;

/// The language of messages. Device text stays as the router sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Lang {
    /// The language a locale name such as `ja_JP.UTF-8` asks for; anything but Japanese is English.
    pub fn from_locale(locale: &str) -> Self {
        let primary = locale.split(['-', '_', '.']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("ja") { Self::Ja } else { Self::En }
    }

    /// The one of two texts that is in this language.
    pub fn pick<'a>(self, en: &'a str, ja: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Ja => ja,
        }
    }
}

/// One message in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Text {
    /// English.
    pub en: String,
    /// Japanese.
    pub ja: String,
}

impl Text {
    /// A message from its two wordings.
    pub fn new(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self { en: en.into(), ja: ja.into() }
    }

    /// Words that exist in one language only, such as a library's.
    pub fn untranslated(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { en: words.clone(), ja: words }
    }

    /// The wording in one language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.ja)
    }

    /// The wording in one language, alone.
    pub fn into_language(self, lang: Lang) -> String {
        match lang {
            Lang::En => self.en,
            Lang::Ja => self.ja,
        }
    }
}

/// Why the system would not do something with a file, a folder or a connection, in both languages; the number stays, so that it can be searched for.
pub fn system_words(cause: &std::io::Error) -> Text {
    use std::io::ErrorKind;
    let japanese = match cause.kind() {
        ErrorKind::NotFound => "ファイルまたはフォルダがありません",
        ErrorKind::PermissionDenied => "アクセス権がありません",
        ErrorKind::IsADirectory => "ファイルではなくフォルダです",
        ErrorKind::NotADirectory => "途中のパスがフォルダではありません",
        ErrorKind::AlreadyExists => "すでに存在します",
        ErrorKind::StorageFull => "空き容量がありません",
        ErrorKind::ReadOnlyFilesystem => "読み取り専用です",
        ErrorKind::ConnectionRefused => "接続を拒否されました",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => "接続が切断されました",
        ErrorKind::HostUnreachable => "ホストに到達できません",
        ErrorKind::NetworkUnreachable => "ネットワークに到達できません",
        ErrorKind::NetworkDown => "ネットワークが停止しています",
        ErrorKind::NotConnected => "接続されていません",
        ErrorKind::AddrInUse => "アドレスがすでに使用されています",
        ErrorKind::AddrNotAvailable => "そのアドレスはこの端末にありません",
        ErrorKind::BrokenPipe => "相手側がすでに閉じられています",
        ErrorKind::TimedOut => "時間切れです",
        ErrorKind::WouldBlock => "今は応答できません",
        ErrorKind::Interrupted => "処理が中断されました",
        ErrorKind::UnexpectedEof => "データが途中で終わっています",
        ErrorKind::InvalidData => "データの形式が正しくありません",
        ErrorKind::InvalidInput => "指定が正しくありません",
        ErrorKind::WriteZero => "書き込めませんでした",
        ErrorKind::ResourceBusy => "ほかのプログラムが使用中です",
        ErrorKind::ExecutableFileBusy => "プログラムファイルが使用中です",
        ErrorKind::FileTooLarge => "ファイルが大きすぎます",
        ErrorKind::QuotaExceeded => "割り当て容量を超えました",
        ErrorKind::DirectoryNotEmpty => "フォルダが空ではありません",
        ErrorKind::Unsupported => "この OS では利用できません",
        ErrorKind::OutOfMemory => "メモリが不足しています",
        ErrorKind::ArgumentListTooLong => "引数が長すぎます",
        // No Japanese of ours says what the system means: its own words say it, named as what they are.
        _ => return Text::new(cause.to_string(), format!("システムのエラー: {cause}")),
    };
    let number = cause.raw_os_error().map(|number| format!(" (os error {number})")).unwrap_or_default();
    Text::new(cause.to_string(), format!("{japanese}{number}"))
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// What an error tells a person: what went wrong and where (`text`), and what to do next (`hints`).
///
/// Errors derive it: code, both languages and hints are written beside each variant (`explain-derive` has the form), and
/// `docs/errors.md` is made from them. `code` is stable across releases and languages. No implementation may put a secret, or a line
/// the router quoted back from a secret line, into any of the three.
pub trait Explain: fmt::Debug + fmt::Display {
    /// The stable code, such as `ssh.host-key-changed`: area, dot, matter.
    fn code(&self) -> &'static str;
    /// What happened and where, with its cause.
    fn text(&self) -> Text;
    /// What to do next, the most useful first.
    fn hints(&self) -> Vec<Text> {
        Vec::new()
    }
}

impl<T: Explain + ?Sized> Explain for Box<T> {
    fn code(&self) -> &'static str {
        (**self).code()
    }

    fn text(&self) -> Text {
        (**self).text()
    }

    fn hints(&self) -> Vec<Text> {
        (**self).hints()
    }
}

/// What is known about a code before anything happened: the form of its text, with the names of what is filled in between
/// braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeEntry {
    /// The stable code.
    pub code: &'static str,
    /// The text.
    pub text: Wording,
    /// What to do, those of some cases included.
    pub hints: &'static [Wording],
    /// What the text and the hints leave open.
    pub note: Option<Wording>,
}

/// The form of a text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wording {
    /// English.
    pub en: &'static str,
    /// Japanese.
    pub ja: &'static str,
}

impl Wording {
    /// A form from its two wordings.
    pub const fn new(en: &'static str, ja: &'static str) -> Self {
        Self { en, ja }
    }

    /// The form in one language.
    pub fn get(&self, lang: Lang) -> &'static str {
        lang.pick(self.en, self.ja)
    }
}

impl From<&std::io::Error> for Text {
    /// The system's words.
    fn from(cause: &std::io::Error) -> Self {
        system_words(cause)
    }
}

impl From<Wording> for Text {
    fn from(Wording { en, ja }: Wording) -> Self {
        Self::new(en, ja)
    }
}

#[cfg(test)]
#[path = "explain_tests.rs"]
mod explain_tests;

#[cfg(test)]
mod tests {
    use super::{Lang, system_words};

    #[test]
    fn the_systems_words_are_said_in_japanese_with_their_number() {
        let refused = system_words(&std::io::ErrorKind::ConnectionRefused.into());
        assert_eq!((refused.en.as_str(), refused.ja.as_str()), ("connection refused", "接続を拒否されました"));
        assert_eq!(system_words(&std::io::ErrorKind::BrokenPipe.into()).ja, "相手側がすでに閉じられています");
        let other = system_words(&std::io::Error::other("tape on fire"));
        assert_eq!((other.en.as_str(), other.ja.as_str()), ("tape on fire", "システムのエラー: tape on fire"));
    }

    #[test]
    fn a_locale_chooses_the_language() {
        for (locale, lang) in [
            ("ja_JP.UTF-8", Lang::Ja),
            ("ja-JP", Lang::Ja),
            ("JA", Lang::Ja),
            ("en_US.UTF-8", Lang::En),
            ("C", Lang::En),
            ("", Lang::En),
            ("jam", Lang::En),
        ] {
            assert_eq!(Lang::from_locale(locale), lang, "{locale}");
        }
    }
}
