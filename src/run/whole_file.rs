//! A file that the operator names for a result: it is there whole, or as it was before.

use std::io::Write as _;
use std::path::Path;

use super::input_error::InputError;

/// Writes a file, complete or not at all. Its user alone may read it.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), InputError> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = (|| {
        let mut whole = tempfile::NamedTempFile::new_in(dir)?;
        whole.write_all(bytes)?;
        whole.as_file().sync_all()?;
        whole.persist(path).map(drop).map_err(|error| error.error)
    })();
    written.map_err(|cause| InputError::machine(path, cause))
}
