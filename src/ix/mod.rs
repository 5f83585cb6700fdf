//! All knowledge of the IX and the only place for it: its command language, hardware models, and what it says.
//!
//! Pure: no input or output, no clock, nothing asynchronous. The language: `grammar` (the one table), `statement`, `spelling`, `place`, `tree`, `parse`, `print`,
//! `mask`, `line`, `coverage`, `made`, `model`, `factory`, `opens`, `walk`, `doubt`. Which box it is: `identity`. What passes over the wire: `prompt`, `diagnostic`, `show`, `device_strings`.
//! Files that others keep: `backup`, `masked`.

pub mod backup;
mod config_text;
pub mod coverage;
#[cfg(test)]
mod coverage_tests;
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
mod parse;
pub mod place;
pub mod print;
pub mod shapes;
pub mod show;
mod spelling;
pub mod statement;
pub mod tree;
mod walk;

pub use config_text::ConfigText;
pub use identity::Identity;
pub use made::router_made;
pub use tree::{Config, Node};

use crate::message::CodeEntry;

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[line::LineError::CODES];
