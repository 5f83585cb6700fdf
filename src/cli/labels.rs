//! The labels of a run's routers, put together from the journal: site by site, with the configurations of each however many there are.

use crate::journal::Journal;
use crate::report::{Labels, WorkRecord};
use crate::run::{self, Evidence};

/// The labels that the evidence of a run gives.
pub fn labels_of(journal: &Journal, evidence: Evidence) -> Labels {
    let of_sites = run::by_site(journal, evidence).map(|evidence| Labels::of(&WorkRecord::made_of(evidence)));
    of_sites.fold(Labels::default(), Labels::and)
}
