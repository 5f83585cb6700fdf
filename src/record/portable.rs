//! What is recorded when a run leaves this journal as a file, and when one of another journal comes in.
//!
//! Both belong to the journal itself and to no run of it: what a run did is not changed by who looks at it later.

use serde::{Deserialize, Serialize};

use super::detail::Account;
use crate::state::{FailureClass, State};

/// A run was written to a file. The hash of this record covers the whole file, through the hash of its manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRecord {
    /// The run.
    pub exported: String,
    /// SHA-256 of the file's manifest, which names every part of the file with its own.
    pub manifest_sha256: String,
    /// The user who asked for it.
    pub by: String,
    /// The machine.
    pub machine: String,
    /// The program's version.
    pub version: String,
}

/// A run of another journal was taken in: what it was, and which file proves it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRecord {
    /// The run.
    pub imported: String,
    /// SHA-256 of the file.
    pub file_sha256: String,
    /// SHA-256 of its manifest.
    pub manifest_sha256: String,
    /// The head of the other journal right after the export.
    pub head: String,
    /// Who exported it, and where.
    pub exported_by: Account,
    /// When, in milliseconds since 1970 by that machine's clock.
    pub exported_ms: i64,
    /// The user who imported it.
    pub by: String,
    /// This machine.
    pub machine: String,
    /// What the run was: `apply`, `undo`, ...
    pub action: String,
    /// Who carried it out, and where.
    pub carried_out_by: Account,
    /// The inventory's path there.
    pub inventory: String,
    /// The playbook, plan or backup.
    pub source: String,
    /// When it began.
    pub begun_ms: i64,
    /// When it ended, where it did.
    pub ended_ms: Option<i64>,
    /// The exit status, likewise.
    pub exit: Option<u8>,
    /// How many routers it concerned.
    pub routers: usize,
    /// How many of them were where.
    pub ends: Vec<EndCount>,
}

/// How many routers of a run are in the same place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndCount {
    /// The last state written; nothing where there is none yet.
    pub state: Option<State>,
    /// Why they count as failed.
    pub failure_class: Option<FailureClass>,
    /// Nothing was to be sent to them.
    pub as_declared: bool,
    /// They may be resumed.
    pub is_open: bool,
    /// How many.
    pub routers: usize,
}
