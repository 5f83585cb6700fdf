//! Phrases: the words after which a line holds a secret where no command of the table knows it whole, and words that only look
//! as if they announced one.
//!
//! Read from the table's sections `[hidden]` and `[shown]`; what is made of them is decided where secrets are hidden.

use super::operational::cuts_short;
use super::{Grammar, words};

/// Words in their order; `*` is any one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    words: Vec<String>,
}

impl Phrase {
    /// Reads `WORDS | SURE`.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let (phrase, sure) = line.rsplit_once('|')?;
        let words: Vec<String> = words(phrase).into_iter().map(str::to_owned).collect();
        (!words.is_empty() && matches!(sure.trim(), "T" | "C" | "M" | "I" | "G")).then_some(Self { words })
    }

    /// The words before the first that may be any.
    pub fn leading(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str).take_while(|word| *word != "*")
    }

    /// Whether a line begins with it and goes on.
    fn begins(&self, line: &[&str], fits: impl Fn(&str, &str) -> bool) -> bool {
        line.len() > self.words.len()
            && self.words.iter().zip(line).all(|(word, typed)| word == "*" || fits(typed, word))
    }

    /// Whether a word of a line is part of it.
    fn stands_around(&self, line: &[&str], at: usize) -> bool {
        let fits = |(word, typed): (&String, &&str)| word == "*" || typed.eq_ignore_ascii_case(word);
        let starts = at.saturating_sub(self.words.len() - 1)..=at;
        starts
            .into_iter()
            .filter_map(|start| line.get(start..start + self.words.len()))
            .any(|part| self.words.iter().zip(part).all(fits))
    }
}

impl Grammar {
    /// Where what a line hides begins, if it begins with words that a secret follows; abbreviated ones count if they may.
    pub(crate) fn hidden_from(&self, line: &[&str], abbreviated: bool) -> Option<usize> {
        let fits = |typed: &str, word: &str| {
            if abbreviated { cuts_short(typed, word) } else { typed.eq_ignore_ascii_case(word) }
        };
        // The better a line is known, the less of it is hidden.
        let found = self.hidden.iter().filter(|phrase| phrase.begins(line, fits));
        found.map(|phrase| phrase.words.len()).max()
    }

    /// Whether a word of a line only looks as if it announced a secret.
    pub(crate) fn is_shown(&self, line: &[&str], at: usize) -> bool {
        self.shown.iter().any(|phrase| phrase.stands_around(line, at))
    }

    /// The phrases that a secret follows.
    pub(crate) fn hidden(&self) -> &[Phrase] {
        &self.hidden
    }

    /// The modes that have commands.
    pub(crate) fn modes(&self) -> impl Iterator<Item = &str> {
        self.contexts.iter().map(String::as_str)
    }
}
