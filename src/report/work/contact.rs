//! Whom to call about a clinic. Pure.

use super::Contact;
use crate::inventory::Personal;
use crate::run::{Clinic, Evidence};

/// That of a site, where the evidence names it.
pub(super) fn contact(evidence: &Evidence, site: &str) -> Option<Contact> {
    evidence.clinics.get(site).map(Contact::of)
}

impl Contact {
    /// A clinic as it is called and called up.
    pub fn of(clinic: &Clinic) -> Self {
        let shown = |personal: Option<&Personal>| personal.map(|one| one.shown().to_owned());
        Self {
            title: clinic.title.clone(),
            reading: shown(clinic.reading.as_ref()),
            phone: shown(clinic.phone.as_ref()),
            address: shown(clinic.address.as_ref()),
        }
    }
}
