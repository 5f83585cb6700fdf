//! The fingerprint of its SSH host key that a router shows: how an answer shows it, a role's pattern says, since no form is attested.
//!
//! Pure. Exactly one fingerprint is shown, or none is read.

use std::fmt;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::condition::NoTest;
use crate::inventory::Fingerprint;
use crate::message::Text;
use crate::visible;

/// Characters of a capture that are told at most.
const MOST_TOLD: usize = 60;

/// A pattern whose one group captures a fingerprint. Equal to another one of the same text; in JSON it is that text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShownKey {
    text: String,
    pattern: Regex,
}

/// Why an answer shows no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
enum NotShown {
    /// The pattern matches nowhere.
    Nothing,
    /// What is captured is none.
    NoFingerprint(String),
    /// There are two.
    Several(Fingerprint, Fingerprint),
}

impl ShownKey {
    /// The fingerprint that an answer shows; nothing where it shows none, or more than one.
    pub(super) fn fingerprint(&self, answer: &str) -> Option<Fingerprint> {
        self.read(answer).ok()
    }

    /// Why an answer shows none, in words.
    pub(super) fn why_not(&self, answer: &str) -> Option<Text> {
        Some(match self.read(answer).err()? {
            NotShown::Nothing => Text::new("the pattern finds nothing", "パターンに一致する箇所がありません"),
            NotShown::NoFingerprint(captured) => Text::new(
                format!("`{captured}` is no fingerprint: neither SHA256:... nor 16 pairs of hexadecimal digits"),
                format!("`{captured}` は指紋の形式(SHA256:... または 16 進数 2 桁 16 組)ではありません"),
            ),
            NotShown::Several(one, other) => Text::new(
                format!("two are shown: {one} and {other}"),
                format!("2 つの指紋が表示されています: {one} と {other}"),
            ),
        })
    }

    fn read(&self, answer: &str) -> Result<Fingerprint, NotShown> {
        let mut shown = None;
        for captures in self.pattern.captures_iter(answer) {
            let captured = captures.get(1).map_or("", |group| group.as_str());
            let Ok(fingerprint) = Fingerprint::read(captured) else {
                let told: String = captured.chars().take(MOST_TOLD).collect();
                return Err(NotShown::NoFingerprint(visible::line(&told).into_owned()));
            };
            match shown {
                Some(other) if other != fingerprint => return Err(NotShown::Several(other, fingerprint)),
                _ => shown = Some(fingerprint),
            }
        }
        shown.ok_or(NotShown::Nothing)
    }
}

impl TryFrom<String> for ShownKey {
    type Error = NoTest;

    fn try_from(text: String) -> Result<Self, NoTest> {
        let pattern = Regex::new(&format!("(?m:{text})")).map_err(|error| {
            let why = error.to_string();
            NoTest::Pattern(why.lines().last().unwrap_or_default().to_owned())
        })?;
        if pattern.captures_len() != 2 {
            return Err(NoTest::Groups);
        }
        Ok(Self { text, pattern })
    }
}

impl From<ShownKey> for String {
    fn from(shown: ShownKey) -> Self {
        shown.text
    }
}

impl fmt::Display for ShownKey {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.text)
    }
}

impl PartialEq for ShownKey {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ShownKey {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{NoTest, ShownKey};

    const MD5: &str = "9a:01:de:ad:be:ef:00:11:22:33:44:55:66:77:88:ff";
    const SHA256: &str = "SHA256:z8fElQuvjNRyfEvPcXF2jyTQhQGxZIEdsVq9D8p6lOM";

    fn pattern() -> ShownKey {
        ShownKey::try_from(r"^ *Fingerprint +: (.*)$".to_owned()).unwrap()
    }

    #[test]
    fn the_one_fingerprint_of_an_answer_is_read_in_both_forms() {
        for (shown, read) in [(MD5, format!("MD5:{MD5}")), (SHA256, SHA256.to_owned())] {
            let answer = format!("SSH server\n  Type        : ssh-rsa\n  Fingerprint : {shown}\n");
            assert_eq!(pattern().fingerprint(&answer).unwrap().to_string(), read);
            // The same one twice is one.
            assert_eq!(pattern().fingerprint(&answer.repeat(2)).unwrap().to_string(), read);
            assert!(pattern().why_not(&answer).is_none());
        }
    }

    #[test]
    fn an_answer_that_shows_none_or_two_says_why() {
        let line = |shown: &str| format!("Fingerprint : {shown}\n");
        for (answer, why) in [
            (String::new(), "finds nothing"),
            ("x".repeat(1_000_000), "finds nothing"),
            (line("none"), "`none` is no fingerprint"),
            (line(&"ab:".repeat(100_000)), "is no fingerprint"),
            (line("\u{1b}[2J\u{7}"), "is no fingerprint"),
            (line(&format!("{MD5} {SHA256}")), "is no fingerprint"),
            (line(MD5) + &line(SHA256), "two are shown"),
            (line(MD5) + &line(&MD5.replace("ff", "fe")), "two are shown"),
        ] {
            let told = pattern().why_not(&answer).unwrap();
            assert!(told.en.contains(why) && told.en.len() < 400, "{told:?}");
            assert!(!told.en.chars().any(char::is_control) && !told.ja.chars().any(char::is_control), "{told:?}");
            assert_eq!(pattern().fingerprint(&answer), None);
        }
    }

    #[test]
    fn a_pattern_without_its_one_group_is_refused() {
        for text in ["Fingerprint", "(a)(b)"] {
            assert!(matches!(ShownKey::try_from(text.to_owned()), Err(NoTest::Groups)), "{text}");
        }
        assert!(matches!(ShownKey::try_from("(".to_owned()), Err(NoTest::Pattern(_))));
    }
}
