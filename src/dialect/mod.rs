//! What a series of routers speaks, as data: its commands, the prompts and answers it gives, the strings we type, its models.
//!
//! Pure, and below everything that reads or writes a configuration: no tree, no file, no router. A reader asks here what a line is;
//! what follows from that is its own business.

pub mod device_strings;
pub mod diagnostic;
pub mod grammar;
pub mod model;
pub mod prompt;

pub use grammar::Grammar;
