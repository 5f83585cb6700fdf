//! What happened and what we were about to do: written and synced before it is done, so that it survives a power cut.
//!
//! One SQLite file in the state folder. Records are only ever appended, each bound to the one before it by SHA-256; what must stay
//! secret stands beside them, sealed. Nothing here knows what a record means to a router, and nothing here touches one.

mod chain;
mod error;
mod history;
mod lock;
mod retention;
mod router_journal;
mod schema;
mod seal;
mod store;
#[cfg(test)]
mod tests;
mod walk;

pub use chain::{Fault, Verified};
pub use error::JournalError;
pub use history::{RouterRun, RunSummary};
pub use lock::{RouterLock, Sharing};
pub use retention::Pruned;
pub use router_journal::{RouterJournal, RunLog};
pub use store::{Journal, JournalHooks};
