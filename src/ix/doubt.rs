//! Lines whose place is in doubt: they could belong to another mode than the one they were read in.
//!
//! Says what depends on it. Reading never stops for a doubt: the code that judges or plans a text decides.

use std::sync::Arc;

use super::mask::mask_line;
use crate::message::Text;

/// A line that could belong to another mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Its line in the text, from 1.
    pub line: u32,
    /// The line.
    pub text: Arc<str>,
    /// Where it was read.
    pub read: Reading,
    /// Where it could also belong.
    pub other: Reading,
    /// What hangs on it.
    pub weight: Weight,
}

/// A mode in which a line may be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// The global mode.
    Global,
    /// The block with this header.
    Block(Arc<str>),
    /// A mode of the line above it, which is not known to open one.
    Above,
}

/// What hangs on the place of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Only one of the modes is known to have the command.
    Slight,
    /// Both may have it.
    Real,
    /// It decides who can reach the router.
    Grave,
}

impl Reading {
    fn text(&self) -> Text {
        match self {
            Self::Global => Text::new("the global mode", "グローバルモード"),
            Self::Block(header) => {
                let header = mask_line(header);
                Text::new(format!("`{header}`"), format!(" `{header}` "))
            }
            Self::Above => Text::new("a mode of the line above it", "直前の行のモード"),
        }
    }
}

impl Doubt {
    /// Both readings in a sentence; the line and the headers masked.
    pub fn explain(&self) -> Text {
        let (line, read, other) = (mask_line(&self.text), self.read.text(), self.other.text());
        match self.weight {
            Weight::Slight => Text::new(
                format!("`{line}` is read as a line of {}: {} is not known to have it", read.en, other.en),
                format!("`{line}` は{}の行として読みました({}のコマンドとしては知られていません)", read.ja, other.ja),
            ),
            Weight::Real | Weight::Grave => Text::new(
                format!("`{line}` is read as a line of {}, and could as well be one of {}", read.en, other.en),
                format!("`{line}` は{}の行として読みましたが、{}の行である可能性もあります", read.ja, other.ja),
            ),
        }
    }
}
