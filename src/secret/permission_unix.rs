//! Who may read a credential file, on Unix.

use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt;

/// The permission bits, when anyone but the owner has any.
pub(super) fn exposed(metadata: &Metadata) -> Option<u32> {
    let mode = metadata.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}
