//! What happened and what we were about to do: written and synced before it is done, so that it survives a power cut.
//!
//! One SQLite file in the state folder. Records are only ever appended, each bound to the one before it by SHA-256; what must stay
//! secret is kept beside them, sealed. Many sessions share one sync (`commit`), and where each run and router is can be read without
//! reading the record (`projection`). Nothing here knows what a record means to a router, and nothing here touches one.

mod append;
#[cfg(test)]
mod attempt_tests;
mod backups;
mod chain;
mod claims;
mod commit;
mod error;
mod files;
mod glance;
mod history;
mod hooks;
mod imported;
mod lock;
mod mark;
mod portable;
mod projection;
#[cfg(test)]
mod projection_damage_tests;
#[cfg(test)]
mod projection_tests;
mod retention;
mod router_journal;
mod router_run;
mod run_summary;
mod schema;
mod seal;
mod store;
mod stream;
#[cfg(test)]
mod tests;
mod unended;
mod walk;

pub use backups::SealedBackup;
pub use chain::{ChainCheck, Fault};
pub use error::JournalError;
pub use history::{LAST, RunListing};
pub use hooks::JournalHooks;
pub use lock::{RouterLock, RunLock, Sharing};
pub use mark::Mark;
pub use portable::{ChainRecord, ChainWalk};
pub use retention::Pruned;
pub use router_journal::{RouterJournal, RunLog};
pub use router_run::{Resumption, RouterRun, SeenPrefix};
pub use run_summary::RunSummary;
pub use store::Journal;
pub use unended::InFlight;

pub use crate::record::EndCount;

use crate::message::CodeEntry;

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[JournalError::CODES];
