//! Reads a credential from a file.

use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use super::{CredentialName, Secret, SecretError};
use crate::file::{self, FileError};
use crate::message::Explain;
use crate::private::{self, Access};

/// The most bytes a source may give; an IX user name and password together hold 250.
pub(super) const LIMIT: usize = 4096;

/// The content of a file that only its owner can read, without the line end at its end.
pub(super) fn read(name: &CredentialName, path: &Path) -> Result<Secret, SecretError> {
    let unreadable = |error: FileError| SecretError::FileUnreadable { name: name.clone(), reason: error.text() };
    let system = |cause| unreadable(FileError::System { path: path.to_owned(), cause });
    let file = file::open(path).map_err(unreadable)?;
    // Judged on the open file, so that it cannot be exchanged between the look and the read.
    let metadata = file.metadata().map_err(system)?;
    if let Some(mode) = private::exposed(&metadata, Access::Owner) {
        return Err(SecretError::FileExposed { name: name.clone(), path: path.to_owned(), mode });
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT + 1));
    file.take(LIMIT as u64 + 1).read_to_end(&mut bytes).map_err(system)?;
    from_bytes(name, &bytes)
}

/// A value from what a source gave: one line end at its end dropped, and the mark that some editors begin a file with; size and
/// encoding checked.
pub(super) fn from_bytes(name: &CredentialName, bytes: &[u8]) -> Result<Secret, SecretError> {
    if bytes.len() > LIMIT {
        return Err(SecretError::TooLong { name: name.clone(), limit: LIMIT });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| SecretError::NotText(name.clone()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    Ok(Secret::new(text.to_owned()))
}
