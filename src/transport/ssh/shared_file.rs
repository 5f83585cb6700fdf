//! A file of lines about hosts that several processes, and the users of a group, read and write: bounded when it is read, locked when it is
//! written, and with the mode of its folder's files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{SshError, file_lock};
use crate::file;
use crate::private::{self, Access};

/// Bytes of the file at most: some 40,000 hosts.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The file. It need not exist.
#[derive(Debug, Clone)]
pub(super) struct SharedFile(PathBuf);

impl SharedFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is, for people.
    pub(super) fn place(&self) -> String {
        self.0.display().to_string()
    }

    pub(super) fn failed(&self, reason: impl ToString) -> SshError {
        SshError::HostKeyFile { file: self.place(), reason: reason.to_string() }
    }

    /// What it holds; nothing where there is no file.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        match file::read(&self.0, LONGEST) {
            Ok(text) => Ok(text),
            Err(error) if error.system().is_some_and(|cause| cause.kind() == io::ErrorKind::NotFound) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// A file beside, since a locked file cannot be read through a second handle everywhere, not even by ourselves.
    pub(super) fn lock(&self) -> io::Result<File> {
        if let Some(folder) = self.folder() {
            private::folder(folder)?;
        }
        let mut name = self.0.clone().into_os_string();
        name.push(".lock");
        file_lock::lock(private::open(Path::new(&name), self.access())?)
    }

    /// Writes a line at its end, while the caller holds the lock.
    pub(super) fn append(&self, mut line: String) -> io::Result<()> {
        let text = self.read()?;
        if !text.is_empty() && !text.ends_with(b"\n") {
            line.insert(0, '\n');
        }
        // Made first, so that its mode is that of its folder's files.
        drop(private::open(&self.0, self.access())?);
        let mut file = OpenOptions::new().append(true).open(&self.0)?;
        file.write_all(line.as_bytes())?;
        file.sync_all()
    }

    /// Exchanges it whole, under the lock.
    pub(super) fn exchange(&self, change: impl FnOnce(&str) -> io::Result<String>) -> io::Result<()> {
        let _lock = self.lock()?;
        // Rewritten whole, so that it must be text whole.
        let text = String::from_utf8(self.read()?).map_err(io::Error::other)?;
        let changed = change(&text)?;
        let mut whole = tempfile::NamedTempFile::new_in(self.folder().unwrap_or(Path::new(".")))?;
        whole.write_all(changed.as_bytes())?;
        private::give(whole.as_file(), self.access())?;
        whole.as_file().sync_all()?;
        whole.persist(&self.0).map(drop).map_err(|error| error.error)
    }

    fn folder(&self) -> Option<&Path> {
        self.0.parent().filter(|folder| !folder.as_os_str().is_empty())
    }

    /// Who may use the file, as its folder declares it.
    fn access(&self) -> Access {
        let folder = self.folder().unwrap_or(Path::new("."));
        fs::metadata(folder).map_or(Access::Owner, |found| private::access_of(&found))
    }
}
