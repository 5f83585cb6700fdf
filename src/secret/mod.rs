//! Secret values: where they come from, and how they get into a line without ever being printable.
//!
//! In files a credential has a name and a [`Source`]; in configuration text it is the placeholder `<secret:NAME>`. The value
//! appears only in a [`Secret`] or a [`Filled`] line, neither of which can be displayed, serialized or logged. This module
//! knows nothing about routers, except which bytes must never be typed on one.

mod command;
mod error;
mod file;
mod known;
mod name;
mod placeholder;
mod source;
mod value;
mod vault;

pub use error::{Forbidden, SecretError};
pub use known::KnownSecrets;
pub use name::CredentialName;
pub use placeholder::{Filled, OPENING, fill, placeholder, placeholders};
pub use source::Source;
pub use value::Secret;
pub use vault::{Again, NoPrompt, Prompter, SourceVault, Vault};

use crate::message::CodeEntry;

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[SecretError::CODES];
