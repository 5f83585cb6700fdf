//! What people write about their sites and routers: reading, checking, and choosing among them.
//!
//! Reads YAML (`yaml`), reports everything that is wrong at once (`diagnostic`), and holds the result as plain structs. Only
//! `load` touches the file system. Nothing here knows how a router is reached or what is done to it.

mod book;
mod completion;
mod connection;
mod credential;
mod deadlines;
mod diagnostic;
mod do_not_touch;
mod finding;
mod fingerprint;
mod holiday_files;
mod limit;
mod load;
mod name;
mod names;
mod nearest;
#[cfg(feature = "kit")]
mod part;
mod pattern;
mod personal;
mod router;
mod setting;
mod site;
mod source;
mod support;
mod text;
mod value;
pub(crate) mod yaml;

pub use book::Inventory;
pub use connection::{
    Baud, CommandConnection, Connection, ConnectionDefaults, ConsoleServer, ConsoleService, DeclaredLogin, Hop,
    KeyFile, Mock, PortChoice, Proof, Serial, Ssh, Telnet,
};
pub use credential::Credential;
pub use deadlines::{Deadlines, Wait};
pub(crate) use deadlines::{duration, parse_duration};
pub use diagnostic::{Diagnostic, Diagnostics, Excerpt, Severity};
pub use do_not_touch::DoNotTouch;
pub use finding::FileFinding;
pub(crate) use finding::{ModelFinding, PLAYBOOK_FIRST};
pub use fingerprint::{Fingerprint, NoFingerprint};
pub use limit::{Limit, LimitError, LimitPart};
pub use load::load;
pub(crate) use load::{attempt, names, not_read, read_file, read_playbook, unreadable};
pub(crate) use name::{is_name, read as read_name};
pub(crate) use names::Names;
pub(crate) use nearest::{choices, nearest, suggestion};
#[cfg(feature = "kit")]
pub(crate) use part::part;
pub(crate) use pattern::Pattern;
pub use personal::Personal;
pub use router::{ConsoleHere, DeclaredIdentity, DeclaredLifeline, Defaults, Router};
pub use setting::Setting;
pub use site::{Group, Site};
pub use source::{Located, Place, SourceFile};
pub use support::Support;
pub(crate) use value::check_variable_name;
pub(crate) use value::names_a_secret;
pub use value::{Value, Variables};

use crate::message::CodeEntry;

/// The codes of this room's errors and findings.
pub(crate) const CODES: &[&[CodeEntry]] = &[
    FileFinding::CODES,
    yaml::YamlFinding::CODES,
    finding::ValueFinding::CODES,
    finding::SiteFinding::CODES,
    diagnostic::CODES,
    finding::InventoryFinding::CODES,
    ModelFinding::CODES,
    connection::CODES,
    finding::CredentialFinding::CODES,
    LimitError::CODES,
];
