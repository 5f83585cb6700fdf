//! The record that a report is made from, with as much of each router as the report shows.

use crate::journal::Journal;
use crate::report::{Depth, WorkRecord};
use crate::run::{self, Evidence, RunError};

/// The record of a run whose evidence is needed afterwards.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn record_of(journal: &Journal, evidence: &Evidence, depth: Depth) -> Result<WorkRecord, RunError> {
    match evidence.read_until {
        Some(_) => WorkRecord::of_many(evidence, depth, |router| run::records_of(journal, evidence, router)),
        None => Ok(WorkRecord::of(evidence)),
    }
}

/// The same of a run whose evidence is not needed any more.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn record_from(journal: &Journal, evidence: Evidence, depth: Depth) -> Result<WorkRecord, RunError> {
    match evidence.read_until {
        Some(_) => record_of(journal, &evidence, depth),
        None => Ok(WorkRecord::made_of(evidence)),
    }
}
