//! Kits: what a visit needs is packed at the office and opened on a laptop that has only the program; what the visit brings back is sealed
//! to the office's key.
//!
//! Secrets are read from their references when a kit is built and stay in memory when it is opened. Nothing here prints.

mod build;
mod content;
mod error;
mod folder;
mod for_run;
mod for_visit;
mod office;
mod open;
mod passphrase;
mod received;
mod sound;
mod visit;

pub use build::{BuiltKit, KitRequest, build_kit};
pub use content::HostWithoutProof;
pub use error::KitError;
pub use for_visit::{VisitFromKit, VisitKit, open_for_visit};
pub use office::{OfficeKeyMade, make_office_key};
pub use open::{OpenedKit, RouterInKit, ShownKit, open_kit, show_kit};
pub use received::{ReceivedVisit, is_visit_file, receive_visit};
pub use visit::{SealedVisit, VisitRequest, seal_visit};

pub(super) use for_run::states_of_kit;

#[cfg(test)]
mod enrolled_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod return_tests;
#[cfg(test)]
mod swap_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod visit_tests;
