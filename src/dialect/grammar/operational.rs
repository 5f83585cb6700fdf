//! Commands that are no configuration: the router takes them wherever a configuration line is possible, and they act at once.
//!
//! The words are in the table (`[not-configuration]`); this is how a line is matched with them. The router completes
//! abbreviations, so these are found too, unless the line may also be an abbreviation of configuration.

use std::borrow::Cow;

use super::row::{Confidence, Row};
use super::{GLOBAL, Grammar};
use crate::message::wording::Localised;
use crate::message::{Lang, Text};

/// What such a command does, and why no configuration and no plan may hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Saves, erases or copies what the router keeps.
    Files,
    /// Ends what runs.
    Restart,
    /// Enters or leaves a mode, or ends the session.
    Mode,
    /// Concerns this session only.
    Session,
    /// Only looks.
    Look,
    /// Makes a key.
    Key,
}

impl Effect {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "files" => Self::Files,
            "restart" => Self::Restart,
            "mode" => Self::Mode,
            "session" => Self::Session,
            "look" => Self::Look,
            "key" => Self::Key,
            _ => return None,
        })
    }

    /// What the command does, as the end of a sentence.
    pub fn text(self) -> Text {
        match self {
            Self::Files => Text::new(
                "it acts on what the router keeps, and a change is saved only after its proof",
                "ルータの保存内容に作用します。保存は変更の検証後にだけ行います",
            ),
            Self::Restart => Text::new("it ends what runs", "動作中の処理を終わらせます"),
            Self::Mode => Text::new(
                "it enters or leaves a mode, or ends the session",
                "モードを切り替えるか、セッションを終了します",
            ),
            Self::Session => Text::new("it concerns one session only", "そのセッションにだけ作用します"),
            Self::Look => Text::new("it only looks", "表示・確認だけのコマンドです"),
            Self::Key => Text::new("it makes a key, which no line undoes", "鍵を生成し、行では取り消せません"),
        }
    }
}

impl Localised for Effect {
    fn localised(&self, lang: Lang) -> Cow<'_, str> {
        self.text().into_language(lang).into()
    }
}

/// A command that is no configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operational {
    /// Its first words, written out.
    pub words: Vec<String>,
    /// What it does.
    pub effect: Effect,
}

impl Operational {
    /// Reads `WORDS | EFFECT | SURE`.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let mut columns = line.split(" | ").map(str::trim);
        let words: Vec<String> = super::words(columns.next()?).into_iter().map(str::to_owned).collect();
        let effect = Effect::parse(columns.next()?)?;
        let sure = ["T", "C", "M", "I", "G"].contains(&columns.next()?);
        (sure && !words.is_empty() && columns.next().is_none()).then_some(Self { words, effect })
    }

    fn begins(&self, line: &[&str]) -> bool {
        line.len() >= self.words.len() && self.words.iter().zip(line).all(|(word, typed)| abbreviates(typed, word))
    }

    fn is_written_out(&self, line: &[&str]) -> bool {
        self.words.iter().zip(line).all(|(word, typed)| typed.eq_ignore_ascii_case(word))
    }
}

/// Whether a word may be typed for another one. The router may not mind capitals; nothing says that it does.
pub(crate) fn abbreviates(typed: &str, word: &str) -> bool {
    word.as_bytes().get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(typed.as_bytes()))
}

/// The same for a word that is cut short: what ends where the next part of the word begins is a word by itself (`authentication`
/// is not short for `authentication-key`).
pub(crate) fn cuts_short(typed: &str, word: &str) -> bool {
    abbreviates(typed, word) && word.as_bytes().get(typed.len()) != Some(&b'-')
}

impl Grammar {
    /// Whether a line may begin like one of these commands: a quick no for most.
    pub fn may_be_operational(&self, line: &str) -> bool {
        let line = line.trim_start();
        let negated = line.strip_prefix("no").filter(|rest| rest.starts_with([' ', '\t']));
        let positive = negated.map_or(line, str::trim_start);
        let initial = positive.bytes().next().map(|byte| byte.to_ascii_lowercase());
        let begins = |word: &String| word.bytes().next() == initial;
        self.operational.iter().any(|command| command.words.first().is_some_and(begins))
    }

    /// The command of a line that is no configuration. The mode is the one the line is typed in, where it is known: in any other,
    /// a line that only looks is left alone, since the same word may be configuration there.
    pub fn operational(&self, mode: Option<&str>, line: &[&str]) -> Option<&Operational> {
        let line = match line {
            ["no", rest @ ..] if !rest.is_empty() => rest,
            line => line,
        };
        self.operational.iter().find(|command| command.begins(line))?;
        let mode = mode.filter(|mode| self.modes.contains_key(*mode));
        let rows =
            || self.rows.iter().filter(|row| mode.is_none_or(|mode| row.context == mode || row.context == GLOBAL));
        if rows().any(|row| !row.family && row.pattern.matches(&row.args, line).is_some()) {
            return None;
        }
        let written_out = self.operational.iter().find(|command| command.begins(line) && command.is_written_out(line));
        let found = written_out.or_else(|| {
            let abbreviated = |command: &&Operational| {
                let typed = line.get(..command.words.len()).unwrap_or_default();
                command.begins(line) && !rows().any(|row| may_begin(row, typed))
            };
            self.operational.iter().find(abbreviated)
        })?;
        (mode.is_some() || found.effect != Effect::Look).then_some(found)
    }
}

/// Whether these words may abbreviate the beginning of a command. One that no one has seen makes no abbreviation ambiguous, and
/// of a family only the first words are known.
fn may_begin(row: &Row, typed: &[&str]) -> bool {
    row.sure != Confidence::G && row.pattern.could_be_abbreviated(typed, !row.family)
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;
    use crate::dialect::grammar::{GLOBAL, words};

    fn found(mode: Option<&str>, line: &str) -> Option<String> {
        Dialect::ix().grammar().operational(mode, &words(line)).map(|command| command.words.join(" "))
    }

    #[test]
    fn a_command_that_acts_at_once_is_found_in_every_form_the_router_takes() {
        for (line, command) in [
            ("write memory", "write"),
            ("wr m", "write"),
            ("WRITE memory", "write"),
            ("no write memory", "write"),
            ("erase startup-config", "erase"),
            ("reload", "reload"),
            ("rel", "reload"),
            ("restart", "restart"),
            ("copy running-config startup-config", "copy"),
            ("clear arp", "clear"),
            ("svintr-config", "svintr-config"),
            ("enable-config", "enable-config"),
            ("en", "enable-config"),
            ("configure terminal", "configure"),
            ("con t", "configure"),
            ("end", "end"),
            ("quit", "quit"),
            ("logout", "logout"),
            ("exit", "exit"),
            ("boot entry flash", "boot"),
            ("software-update http://192.0.2.1/x", "software-update"),
            ("pki private-key generate rsa", "pki private-key generate"),
            ("pki priv gen rsa", "pki private-key generate"),
            ("show running-config", "show"),
            ("sh run", "show"),
            ("check config", "check config"),
            ("che con", "check config"),
            ("ping 192.0.2.1", "ping"),
            ("ping6 2001:db8::1", "ping6"),
            ("traceroute 192.0.2.1", "traceroute"),
            ("debug ip", "debug"),
            ("event-terminal stop", "event-terminal"),
            ("terminal length 0", "terminal length"),
            ("term len 0", "terminal length"),
            ("terminal width 512", "terminal width"),
        ] {
            assert_eq!(found(Some(GLOBAL), line).as_deref(), Some(command), "{line}");
        }
        for line in ["write memory", "wr", "reload", "exit", "no terminal length 0"] {
            for mode in [Some("interface"), Some(""), Some("an unknown mode"), None] {
                assert!(found(mode, line).is_some(), "{line} in {mode:?}");
            }
        }
    }

    #[test]
    fn configuration_stays_configuration() {
        for (mode, line) in [
            (GLOBAL, "terminal default-length 0"),
            (GLOBAL, "no terminal default-length"),
            (GLOBAL, "terminal timeout 5"),
            (GLOBAL, "terminal nonsense here"),
            (GLOBAL, "pki certificate-map x"),
            (GLOBAL, "logging buffered 131072"),
            (GLOBAL, "log buffered 131072"),
            (GLOBAL, "telnet-server ip enable"),
            (GLOBAL, "telnet-s ip enable"),
            (GLOBAL, "event-terminals"),
            (GLOBAL, "check something"),
            (GLOBAL, "flux-capacitor enable"),
            ("interface", "sh"),
            ("interface", "no sh"),
            ("interface", "enc dot1q 1"),
            ("watch-group", "event 10 ip unreach-host 192.0.2.1 GigaEthernet0.0"),
            ("watch-group", "ev 10 ip"),
            ("", "ping 192.0.2.1"),
            ("network-monitor", "ping 192.0.2.1"),
        ] {
            assert_eq!(found(Some(mode), line), None, "{line} in {mode}");
        }
    }

    /// Every command of the table, with anything in place of its arguments, is configuration in its own mode.
    #[test]
    fn no_configuration_command_is_taken_for_an_operational_one() {
        let grammar = Dialect::ix().grammar();
        assert!(grammar.operational.len() > 20);
        for row in grammar.rows() {
            let line = row.pattern.fixed_words();
            for off in [false, true] {
                let typed: Vec<&str> = off.then_some("no").into_iter().chain(line.iter().copied()).collect();
                assert_eq!(grammar.operational(Some(&row.context), &typed), None, "{}: {typed:?}", row.context);
                assert_eq!(grammar.operational(None, &typed), None, "{typed:?}");
            }
        }
    }
}
