//! A configuration as text and as a tree, read and written in the dialect that it is given, and what the show commands say.
//!
//! Pure: no input or output, no clock, nothing asynchronous. Reading and writing: `statement`, `spelling`, `place`, `tree`, `parse`,
//! `walk`, `opens`, `doubt`, `print`, `line`; where lines come from: `origin`, `origins`, `own_words`. Judging: `lint`, `coverage`, `mask`, `made`, `factory`, `security`. For a person with a cable: `ports`. Displays: `display`, `identity`, `clock`; what they say of the access line: `access_line`.
//! Files that others keep: `backup`, `masked`.

pub mod access_line;
pub mod backup;
pub mod clock;
mod config_text;
pub mod coverage;
#[cfg(test)]
mod coverage_tests;
pub mod display;
pub mod doubt;
pub mod factory;
pub mod flow;
mod identity;
pub mod line;
mod line_cache;
pub mod lint;
pub mod made;
pub mod mask;
pub mod masked;
pub mod opens;
pub mod origin;
pub mod origins;
pub mod own_words;
mod parse;
pub mod place;
pub mod ports;
pub mod print;
pub mod security;
pub mod shapes;
mod spelling;
pub mod statement;
pub mod tree;
mod walk;

pub use config_text::ConfigText;
pub use identity::{CONFIRMING, Identity, without_end};
pub use made::router_made;
pub use tree::{Config, Node};

use crate::message::CodeEntry;

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[line::LineError::CODES];
