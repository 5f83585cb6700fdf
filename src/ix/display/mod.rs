//! What the displays of a router say: answers of `show`, `ping` and `ping6` whose form is attested, read into named fields.
//!
//! A reader never fails and is bounded. What it does not know it keeps as unknown lines, and it says whether the display came to its
//! end, where its form tells. Forms are from recorded outputs (fact sheets 8 and of November 2026); what a sheet marks as inferred or
//! guessed is tolerated both ways. The text comes without echo and prompt; nothing is sent from here.

mod addresses;
mod clock;
mod dhcp_client;
mod flash;
mod hardware;
mod interfaces;
mod ipv6;
mod item;
mod kind;
mod lease;
mod lines;
mod log;
mod ntp;
mod ping;
mod routes;
mod sa;
mod snapshot;
mod version;

pub use flash::has_host_key;
pub use hardware::Hardware;
pub use item::{End, Field, Item};
pub use kind::Kind;
pub use snapshot::{Comparison, Difference, Shown, compare};
pub use version::{Version, firmware_numbers};

use lines::{Lines, Noted, Notes};

/// A display that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Display {
    kind: Kind,
    items: Vec<Item>,
    unknown: Vec<String>,
    unknown_lines: usize,
    end: End,
}

impl Display {
    /// Reads the answer of the command of a display.
    pub fn read(kind: Kind, text: &str) -> Self {
        let lines = Lines::of(text);
        let mut notes = Notes::default();
        let end = (kind.reader())(lines.all(), &mut notes);
        let end = if notes.is_empty() || lines.are_too_many() { End::CutOff } else { end };
        let Noted { items, unknown, unknown_lines } = notes.into_parts();
        Self { kind, items, unknown, unknown_lines, end }
    }

    /// Which display it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Everything it says, in its order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The values of a field, of one subject or of all.
    pub fn values(&self, field: &str, of: Option<&str>) -> Vec<&str> {
        let asked = |item: &&Item| item.field == field && of.is_none_or(|of| item.of.eq_ignore_ascii_case(of));
        self.items.iter().filter(asked).map(|item| item.value.as_str()).collect()
    }

    /// The first lines that were not understood, each cut where it is very long.
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// How many lines were not understood.
    pub fn unknown_lines(&self) -> usize {
        self.unknown_lines
    }

    /// Whether it came to its end.
    pub fn end(&self) -> End {
        self.end
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod tests;
