//! What says who works at a site and where it is: shown to the operator where it is needed, and left out of everything that is exported.

use std::fmt;

/// A phone number, an address, the reading of a name. It has no form for JSON, and its debug form does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Personal(String);

impl Personal {
    pub(super) fn new(text: String) -> Self {
        Self(text)
    }

    /// The words, for a person who needs them now, or for an export that was asked to hold them.
    pub fn shown(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(...)")
    }
}
