//! What people write about their sites and routers: reading, checking, and choosing among them.
//!
//! Reads YAML (`yaml`), reports everything that is wrong at once (`diagnostic`), and holds the result as plain structs. Only
//! `load` touches the file system. Nothing here knows how a router is reached or what is done to it.

mod diagnostic;
mod nearest;
mod source;
pub(crate) mod yaml;

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub(crate) use nearest::suggestion;
pub use source::{Located, Place, SourceFile};
