//! Who may read a credential file, where permission bits do not exist: the folder's access list decides, and is not judged.

use std::fs::Metadata;

/// Never: nothing is known about other readers.
pub(super) fn exposed(_: &Metadata) -> Option<u32> {
    None
}
