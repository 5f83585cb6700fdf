//! A run as one file that goes to another machine: its records, its configurations masked, its plan, its recordings and its page.
//!
//! The form is `ixdeploy-export/1` (docs/journal.md): a tar archive of one canonical form, so that every byte of it is covered by the hash of
//! its last part, which is the head of the journal that it was written from. What was sealed does not leave its journal. A file that
//! comes in is hostile until all of it was read; its parts are never unpacked to a disk.

mod archive;
mod error;
mod exported;
mod flaw;
mod import;
mod imported;
mod layout;
mod read;
mod recordings;
mod room;
mod verify;
mod write;

pub use error::ExportError;
pub use exported::ExportedRun;
pub use import::{ImportEnd, Imported, import};
pub use imported::{ImportedRun, imported_recording, imported_run, names_of_imported_runs};
pub use verify::{HeadProof, VerifiedExport, VerifiedJournal, verify_export, verify_journal};
pub use write::{ExportRequest, Exported, export};

#[cfg(test)]
mod tests;
