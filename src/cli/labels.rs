//! The labels of a run's routers, put together from the journal: site by site, with the configurations of each however many there are.

use crate::journal::Journal;
use crate::report::{Labels, WorkRecord};
use crate::run::{self, Evidence, RunError};

/// The labels that the evidence of a run gives.
///
/// # Errors
/// When the journal cannot be read.
pub fn labels_of(journal: &Journal, evidence: Evidence) -> Result<Labels, RunError> {
    let mut of_sites = run::by_site(journal, evidence);
    of_sites.try_fold(Labels::default(), |labels, site| Ok(labels.and(Labels::of(&WorkRecord::made_of(site?)))))
}
