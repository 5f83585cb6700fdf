//! A file that the operator names for a result: it is there whole, or as it was before.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::input_error::InputError;

/// Writes a file, complete or not at all. Its user alone may read it. A link is followed; what is no file is left alone.
///
/// # Errors
/// When the folder cannot be written, or something else than a file has the name.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), InputError> {
    let file = place(path)?;
    let dir = file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = (|| {
        let mut whole = tempfile::NamedTempFile::new_in(dir)?;
        whole.write_all(bytes)?;
        whole.as_file().sync_all()?;
        whole.persist(&file).map(drop).map_err(|error| error.error)
    })();
    written.map_err(|cause| InputError::machine(path, cause))
}

/// The file that a path means: what is written takes its place, so it may be no device (`/dev/null` would be gone), pipe or folder.
fn place(path: &Path) -> Result<PathBuf, InputError> {
    let Ok(about) = fs::symlink_metadata(path) else { return Ok(path.to_owned()) };
    // A link that leads nowhere has no place to write to.
    let file = if about.is_symlink() {
        path.canonicalize().map_err(|cause| InputError::machine(path, cause))?
    } else {
        path.to_owned()
    };
    match fs::metadata(&file) {
        Ok(about) if about.is_file() => Ok(file),
        Ok(_) => Err(InputError::NotAFile { path: path.to_owned() }),
        Err(cause) => Err(InputError::machine(path, cause)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::fs;

    use super::{InputError, write_whole};

    #[test]
    fn a_result_takes_the_place_of_a_file_and_of_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let (file, folder) = (dir.path().join("plan.json"), dir.path().join("folder"));
        write_whole(&file, b"one").unwrap();
        write_whole(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        fs::create_dir(&folder).unwrap();
        assert!(matches!(write_whole(&folder, b"x"), Err(InputError::NotAFile { .. })));
        assert!(folder.is_dir());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_a_socket_stays() {
        use std::os::unix::fs::symlink;
        use std::os::unix::net::UnixListener;
        let dir = tempfile::tempdir().unwrap();
        let [file, link, lost, socket] = ["plan.json", "latest", "lost", "socket"].map(|name| dir.path().join(name));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        write_whole(&link, b"new").unwrap();
        assert_eq!((fs::read(&file).unwrap(), link.is_symlink()), (b"new".to_vec(), true));
        symlink(dir.path().join("nowhere"), &lost).unwrap();
        assert!(matches!(write_whole(&lost, b"x"), Err(InputError::Machine { .. })));
        let _listener = UnixListener::bind(&socket).unwrap();
        assert!(matches!(write_whole(&socket, b"x"), Err(InputError::NotAFile { .. })));
        assert!(!fs::symlink_metadata(&socket).unwrap().is_file());
    }
}
