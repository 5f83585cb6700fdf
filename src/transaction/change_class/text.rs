//! A text of a class: words as they are, and placeholders. `{0}` is the first placeholder; a brace of the text itself is doubled.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// A text with placeholders, in the one form in which it can be written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClassText(String);

/// A part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text as it is.
    Text(&'t str),
    /// The value with this number, from 0.
    Value(usize),
}

impl ClassText {
    /// A text without placeholders.
    pub fn literal(text: &str) -> Self {
        let mut own = Self::default();
        own.push_text(text);
        own
    }

    /// Adds text as it is.
    pub fn push_text(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, '{' | '}') {
                self.0.push(c);
            }
            self.0.push(c);
        }
    }

    /// Adds a placeholder.
    pub fn push_value(&mut self, number: usize) {
        // Writing to a text cannot fail.
        let _ = write!(self.0, "{{{number}}}");
    }

    /// Its parts; a brace of the text is one of its own.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let mut rest = self.0.as_str();
        std::iter::from_fn(move || {
            let at = rest.find(['{', '}']).unwrap_or(rest.len());
            let (piece, length) = match (at, rest.as_bytes().get(1)) {
                (0, _) if rest.is_empty() => return None,
                (0, Some(second)) if rest.as_bytes().first() == Some(second) => (Piece::Text(rest.get(..1)?), 2),
                (0, _) => {
                    let end = rest.find('}')?;
                    (Piece::Value(rest.get(1..end)?.parse().ok()?), end + 1)
                }
                (at, _) => (Piece::Text(rest.get(..at)?), at),
            };
            rest = rest.get(length..)?;
            Some(piece)
        })
    }

    /// The text with these values in their places; nothing where one is missing.
    pub fn with<T: AsRef<str>>(&self, values: &[T]) -> Option<String> {
        let mut text = String::with_capacity(self.0.len());
        for piece in self.pieces() {
            text.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Value(number) => values.get(number)?.as_ref(),
            });
        }
        Some(text)
    }

    /// The numbers of its placeholders.
    pub fn numbers(&self) -> impl Iterator<Item = usize> {
        self.pieces().filter_map(|piece| if let Piece::Value(number) = piece { Some(number) } else { None })
    }
}

impl From<ClassText> for String {
    fn from(text: ClassText) -> Self {
        text.0
    }
}

impl TryFrom<String> for ClassText {
    type Error = NoClassText;

    fn try_from(text: String) -> Result<Self, NoClassText> {
        let read = Self(text);
        let mut again = Self::default();
        for piece in read.pieces() {
            match piece {
                Piece::Text(text) => again.push_text(text),
                Piece::Value(number) => again.push_value(number),
            }
        }
        // What was not understood, or is not written as we would write it, is missing or different now.
        if again == read { Ok(read) } else { Err(NoClassText) }
    }
}

/// A text whose braces are no placeholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a text with braces that are no placeholders")]
pub struct NoClassText;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::ClassText;

    #[test]
    fn a_brace_of_the_text_is_never_taken_for_a_placeholder() {
        let mut text = ClassText::literal("a {0} }");
        text.push_value(0);
        text.push_text("{");
        assert_eq!(text.with(&["v"]).unwrap(), "a {0} }v{");
        assert_eq!(text.numbers().collect::<Vec<_>>(), [0]);
        assert_eq!(text.with(&[] as &[&str]), None);
        let kept: String = text.clone().into();
        assert_eq!(ClassText::try_from(kept).unwrap(), text);
    }

    #[test]
    fn a_text_that_could_be_written_otherwise_is_refused() {
        for wrong in ["{", "}", "{}", "{a}", "{00}", "{+1}", "{0", "a}b", "{ 0}", "{99999999999999999999999}"] {
            assert!(ClassText::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn two_texts_are_kept_as_the_same_only_where_they_are_the_same(parts in prop::collection::vec(("[ -~é]{0,8}", 0..3_usize), 0..6)) {
            let mut text = ClassText::default();
            let mut literal = String::new();
            let values = ["x", "", "{y}"];
            for (words, number) in &parts {
                text.push_text(words);
                text.push_value(*number);
                literal.push_str(words);
                literal.push_str(values[*number]);
            }
            prop_assert_eq!(text.with(&values), Some(literal));
            let kept: String = text.clone().into();
            prop_assert_eq!(ClassText::try_from(kept), Ok(text));
        }
    }
}
