//! Every code that this program can say: the rooms' own lists, in the order of the rooms. The documents are made from it.

use crate::message::CodeEntry;

/// The rooms' lists; a line for each room that has errors.
const ROOMS: &[&[&[CodeEntry]]] = &[
    crate::file::CODES,
    crate::secret::CODES,
    crate::ix::CODES,
    crate::plan::CODES,
    crate::facts::CODES,
    crate::inventory::CODES,
    crate::playbook::CODES,
    crate::transport::CODES,
    crate::session::CODES,
    crate::state::CODES,
    crate::journal::CODES,
    crate::connect::CODES,
    crate::transaction::CODES,
    crate::fleet::CODES,
    crate::run::CODES,
    super::CODES,
];

/// Every entry; a code with several texts comes once for each.
pub fn all() -> impl Iterator<Item = &'static CodeEntry> {
    ROOMS.iter().copied().flatten().copied().flatten()
}
