//! All knowledge of the router, and the only place for it.
//!
//! Pure: no I/O, no clock, no async. What a line means, how a prompt looks, which words the router answers with.

pub mod diagnostic;
pub mod prompt;
pub mod show;
pub mod wire;
