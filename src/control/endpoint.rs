//! The private file of a run in progress: where it listens, and the token that its orders must carry.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::protocol::VERSION;
use crate::file;
use crate::private::{self, Access};
use crate::secret::Secret;

/// The folder of these files below the state folder.
const FOLDER: &str = "control";
/// The file is never longer.
const LONGEST: u64 = 4 * 1024;
/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;

/// Where a run listens.
pub(super) struct Endpoint {
    pub(super) port: u16,
    pub(super) token: Secret,
}

/// The file as it is written.
#[derive(Serialize, Deserialize)]
struct Form {
    version: u32,
    port: u16,
    token: String,
}

impl Endpoint {
    /// One with a new token.
    pub(super) fn new(port: u16) -> io::Result<Self> {
        let mut bytes = Zeroizing::new([0_u8; TOKEN_BYTES]);
        getrandom::fill(&mut *bytes).map_err(io::Error::other)?;
        let mut token = String::with_capacity(2 * TOKEN_BYTES);
        for byte in bytes.iter() {
            // Writing to a string does not fail.
            let _ = write!(token, "{byte:02x}");
        }
        Ok(Self { port, token: Secret::new(token) })
    }

    /// Reads the one of a run.
    pub(super) fn read(state_dir: &Path, run: &str) -> io::Result<Self> {
        let bytes = Zeroizing::new(file::read(&path(state_dir, run)?, LONGEST).map_err(io::Error::from)?);
        let Form { version: _, port, token } = serde_json::from_slice(&bytes).map_err(io::Error::other)?;
        Ok(Self { port, token: Secret::new(token) })
    }

    /// Removes the one that a dead process left. Who calls this holds the run's lock.
    pub(super) fn forget(state_dir: &Path, run: &str) {
        if let Ok(path) = path(state_dir, run) {
            let _ = std::fs::remove_file(path);
        }
    }

    /// Writes it for its owner alone, also in a shared state folder, and atomically.
    pub(super) fn write(&self, state_dir: &Path, run: &str) -> io::Result<Written> {
        private::folder(state_dir)?;
        let access = private::access_of(&std::fs::metadata(state_dir)?);
        private::subfolder(&state_dir.join(FOLDER), access)?;
        let path = path(state_dir, run)?;
        let new = path.with_extension("new");
        // What a run of the same name left when its machine went down.
        let _ = std::fs::remove_file(&new);
        let form = Form { version: VERSION, port: self.port, token: self.token.expose().to_owned() };
        let bytes = Zeroizing::new(serde_json::to_vec(&form).map_err(io::Error::other)?);
        private::create_new(&new, Access::Owner)?.write_all(&bytes)?;
        std::fs::rename(&new, &path)?;
        Ok(Written { path })
    }
}

/// The file, which goes away with this.
pub(super) struct Written {
    path: PathBuf,
}

impl Drop for Written {
    fn drop(&mut self) {
        // One that stays leads nowhere: no one listens there any more.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The file of a run. The name was typed by a person: it must be one, and lead nowhere else.
fn path(state_dir: &Path, run: &str) -> io::Result<PathBuf> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if run.is_empty() || run.len() > 64 || !run.bytes().all(fits) {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(state_dir.join(FOLDER).join(format!("{run}.json")))
}
