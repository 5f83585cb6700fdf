//! The backups of a router that runs have sealed, in the order in which they were made.
//!
//! Says where they are; what is in them is unsealed one by one.

use super::error::JournalError;
use super::store::Journal;
use crate::record::Kind;

/// A configuration of a router that a run has sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedBackup {
    /// The run.
    pub run: String,
    /// Whether it is what ran after the run's change was saved; else what ran before the first line.
    pub is_after: bool,
    /// When it was read, in milliseconds since 1970, by this machine's clock.
    pub at_ms: i64,
}

impl Journal {
    /// The backups of a router, the newest first. Some may have been pruned since.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn backups_of(&self, router: &str) -> Result<Vec<SealedBackup>, JournalError> {
        let sealed = self.select("router = ?1 AND kind = 'sealed'", &[router])?;
        let backups = sealed.into_iter().rev().filter_map(|stored| {
            let is_after = match stored.record? {
                Kind::Sealed { name, .. } if name == "after" => true,
                Kind::Sealed { name, .. } if name == "before" => false,
                _ => return None,
            };
            Some(SealedBackup { run: stored.run, is_after, at_ms: stored.at_ms })
        });
        Ok(backups.collect())
    }
}
