//! Why the router refuses a line, and in which words.

use crate::grammar::Miss;
use crate::scenario::{Quote, Readings};

/// A refusal. The names inside are what the diagnostic quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named after its matter")]
pub enum Refusal {
    Grammar(Miss),
    Monitor,
    NoInterface(String),
    Duplicate(String),
    NoList(String),
    SequenceTaken(String),
    Absent(String),
    NoVrf(String),
    Port(String),
    Fixed(String),
    /// A text the scenario chose.
    Text(String),
}

impl Refusal {
    /// The line the router prints for `line`, in which `offending` is the word that it does not take.
    pub fn text(&self, readings: &Readings, line: &str, offending: &str) -> String {
        let texts = &readings.texts;
        let typed = match readings.quote {
            Quote::OffendingWord => offending,
            Quote::FirstWord => line.split_ascii_whitespace().next().unwrap_or_default(),
            Quote::WholeLine => line.trim(),
        };
        match self {
            Self::Grammar(Miss::Invalid) => fill(&texts.invalid, typed),
            Self::Grammar(Miss::Ambiguous) => fill(&texts.ambiguous, typed),
            Self::Grammar(Miss::Incomplete) => fill(&texts.incomplete, typed),
            Self::Grammar(Miss::OutOfRange) => fill(&texts.out_of_range, typed),
            Self::Monitor => fill(&texts.monitor, typed),
            Self::NoInterface(name) => fill(&texts.no_interface, name),
            Self::Duplicate(name) => fill(&texts.duplicate, name),
            Self::NoList(name) => fill(&texts.no_list, name),
            Self::SequenceTaken(name) => fill(&texts.sequence_taken, name),
            Self::Absent(name) => fill(&texts.absent, name),
            Self::NoVrf(name) => fill(&texts.no_vrf, name),
            Self::Port(name) => fill(&texts.port, name),
            Self::Fixed(name) => fill(&texts.fixed, name),
            Self::Text(text) => fill(text, typed),
        }
    }
}

/// Puts the quoted word into a text.
pub fn fill(text: &str, word: &str) -> String {
    text.replace("{0}", word)
}
