//! What the unfinished line under the cursor is: a prompt, the pager, a question, a login.
//!
//! A judgement over one line of text. Whether more is about to arrive on it is for the caller to find out.

use std::borrow::Cow;

use crate::dialect::Dialect;
use crate::dialect::prompt::{Prompt, Right};

/// What is at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TailKind {
    /// Nothing: the line is empty or blank.
    Nothing,
    /// A prompt, exactly.
    Prompt(Prompt),
    /// The pager waits for a key.
    Pager,
    /// A user name is asked for.
    Login,
    /// A password is asked for.
    Password,
    /// A program such as `ssh` asks for the password of `user@host`.
    NamedPassword(String),
    /// A question of a recorded form, with its text.
    Question(String),
    /// The boot monitor.
    BootMonitor,
    /// Any other text.
    Text(String),
}

/// Longest unfinished line that is looked at whole: no prompt and no question comes near it.
const LONGEST: usize = 4 * 1024;

/// An unfinished line as text; of an endless one its end.
pub fn shown(tail: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(tail.get(tail.len().saturating_sub(LONGEST)..).unwrap_or(tail))
}

/// Judges an unfinished line.
pub fn kind_of(dialect: &Dialect, tail: &[u8]) -> TailKind {
    let strings = dialect.strings();
    let text = shown(tail);
    if tail.len() > LONGEST {
        return TailKind::Text(text.into_owned());
    }
    let bare = text.trim();
    if bare.is_empty() {
        return TailKind::Nothing;
    }
    if bare == strings.pager {
        return TailKind::Pager;
    }
    if strings.is_boot_monitor(&text) {
        return TailKind::BootMonitor;
    }
    if let Some(prompt) = dialect.prompts().read(&text) {
        return TailKind::Prompt(prompt);
    }
    if strings.is_login(bare) {
        return TailKind::Login;
    }
    if bare == strings.password {
        return TailKind::Password;
    }
    if let Some(owner) = bare.strip_suffix("'s password:") {
        return TailKind::NamedPassword(owner.to_owned());
    }
    if strings.is_question(bare) { TailKind::Question(bare.to_owned()) } else { TailKind::Text(text.into_owned()) }
}

/// The prompt a row begins with, with its text as shown there.
pub fn leading_prompt(dialect: &Dialect, row: &[u8]) -> Option<(Prompt, String)> {
    let text = String::from_utf8_lossy(row);
    let (prompt, typed) = dialect.prompts().split(&text)?;
    // Its blank is part of it: without one more may be about to come.
    let end = text.len() - typed.strip_prefix(' ')?.len();
    Some((prompt, text.get(..end)?.to_owned()))
}

/// Whether a line is an administrator's prompt with something typed on it: no question, whatever its end looks like.
pub fn is_half_typed(dialect: &Dialect, text: &str) -> bool {
    let prompt = dialect.prompts().split(text).filter(|(_, typed)| typed.starts_with(' '));
    prompt.is_some_and(|(prompt, _)| prompt.right == Right::Administrator)
}

/// Whether a line that no one has recorded looks as if someone is being asked.
pub fn may_be_question(text: &str) -> bool {
    text.trim_end().ends_with([':', '?', ']'])
}

#[cfg(test)]
mod tests {
    use super::TailKind;
    use crate::dialect::Dialect;

    fn kind_of(tail: &[u8]) -> TailKind {
        super::kind_of(Dialect::ix(), tail)
    }

    fn is_half_typed(text: &str) -> bool {
        super::is_half_typed(Dialect::ix(), text)
    }

    #[test]
    fn a_half_typed_line_is_no_question() {
        assert!(is_half_typed("Router(config)# show ip route ?"));
        assert!(!is_half_typed("Overwrite? [yes/no]: ") && !is_half_typed("choose # 1 or 2:"));
    }

    #[test]
    fn an_endless_line_is_text_and_only_its_end_is_looked_at() {
        let blanks = [b' '; 1 << 20];
        assert!(matches!(kind_of(&blanks), TailKind::Text(text) if text.len() < 1 << 16));
    }

    #[test]
    fn every_recorded_line_is_known() {
        assert_eq!(kind_of(b"   "), TailKind::Nothing);
        assert_eq!(kind_of(b"--More--"), TailKind::Pager);
        assert_eq!(kind_of(b"login: "), TailKind::Login);
        assert_eq!(kind_of(b"Password: "), TailKind::Password);
        assert_eq!(kind_of(b"ops@gate's password: "), TailKind::NamedPassword("ops@gate".to_owned()));
        assert_eq!(kind_of(b"boot[0]> "), TailKind::BootMonitor);
        let question = "Are you sure you want to reload the router? (Yes or [No]): ";
        assert!(matches!(kind_of(question.as_bytes()), TailKind::Question(text) if text.starts_with("Are you sure")));
        assert!(matches!(kind_of(b"Router(config)# "), TailKind::Prompt(_)));
        for text in ["login: admin", "Router# show", " --More-- x", "description Password:"] {
            assert!(matches!(kind_of(text.as_bytes()), TailKind::Text(_)), "{text}");
        }
    }
}
