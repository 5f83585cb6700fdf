//! The lines of a display, and the notes that a reader takes of them. Both are bounded: the text comes from a device.

use super::item::Item;

/// The most lines of a display that are read.
const MOST_LINES: usize = 20_000;
/// The most bytes of a line that are read.
const MOST_BYTES: usize = 512;
/// The most unknown lines that are kept.
const MOST_UNKNOWN: usize = 64;

/// A line without what ends it. Its indent says what it belongs to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Blanks before the text.
    pub(super) indent: usize,
    /// The text, without blanks around it.
    pub(super) text: &'a str,
}

/// The lines that say something.
pub(super) struct Lines<'a> {
    lines: Vec<Line<'a>>,
    too_many: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut all = text.split(['\n', '\r']).map(without_rest).filter(|line| !line.text.is_empty());
        let lines = all.by_ref().take(MOST_LINES).collect();
        Self { lines, too_many: all.next().is_some() }
    }

    pub(super) fn all(&self) -> &[Line<'a>] {
        &self.lines
    }

    pub(super) fn are_too_many(&self) -> bool {
        self.too_many
    }
}

/// A line as far as it is read.
fn without_rest(line: &str) -> Line<'_> {
    let end = (0..=line.len().min(MOST_BYTES)).rev().find(|end| line.is_char_boundary(*end)).unwrap_or_default();
    let line = line.get(..end).unwrap_or_default().trim_end();
    let text = line.trim_start();
    Line { indent: line.len() - text.len(), text }
}

/// What a reader has noted.
#[derive(Default)]
pub(super) struct Notes {
    items: Vec<Item>,
    unknown: Vec<String>,
    unknown_lines: usize,
}

impl Notes {
    /// Notes a value of a subject; of the router as a whole where that is empty.
    pub(super) fn say(&mut self, of: &str, field: &'static str, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.items.push(Item { of: of.to_owned(), field, value: value.to_owned() });
        }
    }

    /// Keeps a line that is not understood.
    pub(super) fn unknown(&mut self, line: &Line<'_>) {
        self.unknown_lines += 1;
        if self.unknown.len() < MOST_UNKNOWN {
            self.unknown.push(line.text.to_owned());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many values of a field are noted.
    pub(super) fn count(&self, field: &str) -> usize {
        self.items.iter().filter(|item| item.field == field).count()
    }

    pub(super) fn into_parts(self) -> Noted {
        Noted { items: self.items, unknown: self.unknown, unknown_lines: self.unknown_lines }
    }
}

/// The notes that a reader leaves.
pub(super) struct Noted {
    pub(super) items: Vec<Item>,
    pub(super) unknown: Vec<String>,
    pub(super) unknown_lines: usize,
}

/// What is behind a mark at the beginning of a line.
pub(super) fn after<'a>(line: &Line<'a>, mark: &str) -> Option<&'a str> {
    line.text.strip_prefix(mark).map(str::trim)
}

/// The number at the beginning of a text: `3 dynamic`.
pub(super) fn number(text: &str) -> Option<u64> {
    let text = text.trim_start();
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The number before a word: `40` of `40 dynamic, 2008 free`.
pub(super) fn counted(text: &str, word: &str) -> Option<u64> {
    text.split([',', '-', ':']).find_map(|part| number(part.trim().strip_suffix(word)?))
}

/// Whether a word is an IPv4 or IPv6 address.
pub(super) fn is_address(word: &str) -> bool {
    word.parse::<std::net::IpAddr>().is_ok()
}

/// The state line of an interface: `Interface X is up, line protocol is up`.
pub(super) fn interface<'a>(line: &Line<'a>) -> Option<InterfaceLine<'a>> {
    let (name, rest) = line.text.strip_prefix("Interface ")?.split_once(" is ")?;
    if line.indent > 0 || name.contains(' ') {
        return None;
    }
    let (state, protocol) = match rest.split_once(", line protocol is ") {
        Some((state, protocol)) => (state, Some(protocol)),
        None => (rest, None),
    };
    Some(InterfaceLine { name, state, protocol })
}

/// An interface, and how it is.
pub(super) struct InterfaceLine<'a> {
    pub(super) name: &'a str,
    /// `up`, `down`, `administratively down`, or what a display says of its own matter: `active`.
    pub(super) state: &'a str,
    pub(super) protocol: Option<&'a str>,
}

impl InterfaceLine<'_> {
    /// Notes its two states.
    pub(super) fn note(&self, notes: &mut Notes) {
        notes.say(self.name, "state", self.state);
        if let Some(protocol) = self.protocol {
            notes.say(self.name, "protocol", protocol);
        }
    }
}
