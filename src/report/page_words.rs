//! Words that every page of ours shares: headings, names with their values, times, numbers, and the marks that need no colour.

use super::page::{Block, Phrase};
use super::who;
use super::work::Moment;
use crate::message::{Lang, Text};
use crate::state::Verdict;
use crate::window::Zone;

/// A heading that nothing links to.
pub(super) fn heading(level: u8, en: &str, ja: &str) -> Block {
    Block::Heading { level, text: Phrase::words(en, ja), anchor: String::new() }
}

/// A row of a table of names and values.
pub(super) fn fact(en: &str, ja: &str, value: Phrase) -> Vec<Phrase> {
    vec![Phrase::words(en, ja), value]
}

/// Sentences, one a line.
pub(super) fn sentences(texts: &[Text]) -> Phrase {
    let phrases = texts.iter().cloned().map(Phrase::of);
    phrases.reduce(Phrase::below).unwrap_or_else(|| Phrase::recorded(None))
}

/// A time by the clock of the sites.
pub(super) fn time(at: Option<Moment>) -> Phrase {
    at.map_or_else(|| Phrase::recorded(None), |at| Phrase::time(at.in_zone(&Zone::default()), at.rfc3339()))
}

/// A time that is kept as text in UTC, by the clock of the sites; one that cannot be read, as it stands.
pub(super) fn time_of(text: &str) -> Phrase {
    Moment::read(text).map_or_else(|| Phrase::data(text), |at| time(Some(at)))
}

/// A user of a machine.
pub(super) fn account(by: &str, machine: &str) -> Phrase {
    Phrase::words(who(by, machine, Lang::En), who(by, machine, Lang::Ja))
}

/// A number.
pub(super) fn number(count: usize) -> Phrase {
    Phrase::data(count.to_string())
}

/// A mark that says how something ended; nothing where it has not.
pub(super) fn mark(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Done) => "✓",
        Some(Verdict::NotDone) => "✗",
        Some(Verdict::NeedsPerson) => "‼",
        None => "…",
    }
}

/// Whether something went well, where it can go wrong.
pub(super) fn went(ok: Option<bool>) -> Phrase {
    match ok {
        Some(true) => Phrase::words("✓ OK", "✓ OK"),
        Some(false) => Phrase::words("✗ failed", "✗ NG"),
        None => Phrase::default(),
    }
}
