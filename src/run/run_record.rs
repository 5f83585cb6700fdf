//! A run as `show` tells it: everything that was recorded of it, in this journal or in the file of an imported run.

use super::error::RunError;
use super::named_run::{NoRun, named_run};
use super::portable::imported_run;
use crate::journal::{Journal, JournalError, RunListing, RunSummary};
use crate::record::Stored;

/// A run and its records.
#[derive(Debug)]
pub struct RunRecord {
    /// The run with all its parts.
    pub run: RunSummary,
    /// The same as a list has it.
    pub listing: RunListing,
    /// Its records.
    pub records: Vec<Stored>,
}

/// The run that a person means.
///
/// # Errors
/// When there is no such run, or it cannot be read.
pub fn run_record(journal: &Journal, named: &str) -> Result<RunRecord, RunError> {
    let (listing, records) = match named_run(journal, named) {
        Ok(summary) => (journal.listing(&summary.run)?, journal.records(&summary.run)?),
        Err(NoRun::Journal(JournalError::Imported { run, from })) => {
            let imported = imported_run(journal, &run)?.ok_or(JournalError::Imported { run, from })?;
            (RunListing::imported(imported.record), imported.exported.records)
        }
        Err(error) => return Err(error.into()),
    };
    Ok(RunRecord { run: RunSummary::of_records(&listing.run.run, &records), listing, records })
}
