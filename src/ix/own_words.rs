//! The words of a line that one router's, or its site's, own variables decided.
//!
//! Where many routers get the same lines, these are the words in which each differs from the others. Kept as places in the line, and
//! the names of the variables: what is written there is in the line.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A part of one word of a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OwnWord {
    /// The word, from 0.
    pub word: u16,
    /// How many bytes of the word come before the part.
    pub before: u16,
    /// How many come after it.
    pub after: u16,
    /// The variable: `hostname`, `router.name`.
    pub name: Arc<str>,
}

impl OwnWord {
    /// What a word of another line says in its place; nothing where that word is too short for it.
    pub fn of<'w>(&self, word: &'w str) -> Option<&'w str> {
        let (before, after) = (usize::from(self.before), usize::from(self.after));
        word.get(before..word.len().checked_sub(after)?).filter(|text| !text.is_empty())
    }

    /// Whether two words are the same around it.
    pub fn same_around(&self, one: &str, other: &str) -> bool {
        let around = |word: &str| {
            let (before, after) = (usize::from(self.before), word.len().checked_sub(usize::from(self.after))?);
            Some((word.get(..before)?.to_owned(), word.get(after.max(before)..)?.to_owned()))
        };
        around(one).is_some_and(|parts| around(other) == Some(parts))
    }
}

/// A part of a line that a variable decided.
#[derive(Debug, Clone)]
pub struct OwnPart {
    /// Its bytes.
    pub bytes: Range<usize>,
    /// The variable.
    pub name: Arc<str>,
}

/// The words of a line in which these parts are. Of two parts of one word the name of the first is kept, for all between them.
pub fn own_words(line: &str, parts: &[OwnPart]) -> Vec<OwnWord> {
    let narrow = |number: usize| u16::try_from(number).ok();
    let mut found = Vec::new();
    for (at, word) in word_places(line).enumerate() {
        let within = |part: &&OwnPart| part.bytes.start < word.end && word.start < part.bytes.end;
        let mut inside = parts.iter().filter(within);
        let Some(first) = inside.next() else { continue };
        let last = inside.next_back().unwrap_or(first);
        let (start, end) = (first.bytes.start.max(word.start), last.bytes.end.min(word.end));
        let places = (narrow(at), narrow(start - word.start), narrow(word.end - end));
        if let (Some(at), Some(before), Some(after)) = places {
            found.push(OwnWord { word: at, before, after, name: Arc::clone(&first.name) });
        }
    }
    found
}

/// Where the words of a line are.
pub fn word_places(line: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = line.get(from..)?;
        let start = from + rest.find(|c: char| !c.is_ascii_whitespace())?;
        let end =
            line.get(start..)?.find(|c: char| c.is_ascii_whitespace()).map_or(line.len(), |length| start + length);
        from = end;
        Some(start..end)
    })
}

/// The form in which it is kept: `2:0:3:hostname`.
impl fmt::Display for OwnWord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}:{}", self.word, self.before, self.after, self.name)
    }
}

impl From<OwnWord> for String {
    fn from(word: OwnWord) -> Self {
        word.to_string()
    }
}

impl TryFrom<String> for OwnWord {
    type Error = NoOwnWord;

    fn try_from(text: String) -> Result<Self, NoOwnWord> {
        let mut parts = text.splitn(4, ':');
        let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or(NoOwnWord);
        let (word, before, after) = (number()?, number()?, number()?);
        let name = parts.next().filter(|name| is_name(name)).ok_or(NoOwnWord)?;
        Ok(Self { word, before, after, name: name.into() })
    }
}

/// Whether a text can be the name of a variable.
pub fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.');
    !text.is_empty() && text.chars().all(is_part)
}

/// A text that names no word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not WORD:BEFORE:AFTER:NAME")]
pub struct NoOwnWord;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{OwnPart, OwnWord, own_words};

    fn word(text: &str) -> OwnWord {
        OwnWord::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn the_words_of_a_line_that_hold_a_part_are_found_with_what_is_around_it() {
        let part = |bytes, name: &str| OwnPart { bytes, name: name.into() };
        let line = "  ip address 192.0.2.1/24 secondary";
        let found = own_words(line, &[part(13..22, "wan"), part(23..25, "length")]);
        assert_eq!(found, [word("2:0:0:wan")]);
        assert_eq!(own_words(line, &[part(13..22, "wan")]), [word("2:0:3:wan")]);
        let two_words = own_words("permit a b", &[part(7..10, "names")]);
        assert_eq!(two_words, [word("1:0:0:names"), word("2:0:0:names")]);
        assert_eq!(own_words("permit a b", &[]), []);
    }

    #[test]
    fn a_part_is_read_out_of_another_line_only_where_it_fits() {
        let wan = word("2:0:3:wan");
        assert_eq!(wan.of("198.51.100.7/24"), Some("198.51.100.7"));
        assert_eq!([wan.of("/24"), wan.of("1"), wan.of("")], [None; 3]);
        assert!(wan.same_around("192.0.2.1/24", "198.51.100.7/24"));
        assert!(!wan.same_around("192.0.2.1/24", "198.51.100.7/25"));
        assert!(!wan.same_around("192.0.2.1/24", "1"));
    }

    #[test]
    fn it_is_kept_as_text_and_what_is_none_is_refused() {
        let kept = serde_json::to_string(&word("2:0:3:router.name")).unwrap();
        assert_eq!(kept, r#""2:0:3:router.name""#);
        for wrong in ["", "2:0:3", "2:0:3:", "-1:0:0:a", "2:0:70000:a", "2:0:3:A b", "2:0:3:\u{1b}"] {
            assert!(OwnWord::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
