//! All knowledge of the IX and the only place for it: its command language, hardware models, and what it says.
//!
//! Pure: no input or output, no clock, nothing asynchronous.

pub mod flow;
pub mod grammar;
pub mod line;
pub mod lint;
pub mod mask;
pub mod model;
mod parse;
pub mod print;
pub mod tree;

pub use grammar::Grammar;
pub use tree::{Config, Node};
