//! The office's key: a file in the state folder, made once by `kit key`, and read where a visit comes back.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use zeroize::Zeroizing;

use super::error::KitError;
use crate::file;
use crate::kit::{OfficeKey, PublicKey};
use crate::message::{Text, system_words};
use crate::private::{self, Access};
use crate::run::env::RunEnv;
use crate::run::input_error::InputError;

/// The file's name.
const FILE: &str = "office.key";

/// The office's key, there or just made.
#[derive(Debug, Serialize)]
pub struct OfficeKeyMade {
    /// The file that keeps the secret half.
    pub file: PathBuf,
    /// The public half.
    pub public: String,
    /// It was made now.
    pub made: bool,
}

/// Makes the office's key where there is none.
///
/// # Errors
/// When the file cannot be written, or is there and is no key.
pub fn make_office_key(env: &RunEnv) -> Result<OfficeKeyMade, KitError> {
    let path = env.state_file(FILE);
    if let Some(key) = read(&env.state_dir)? {
        return Ok(OfficeKeyMade { file: path, public: key.public().to_string(), made: false });
    }
    let key = OfficeKey::random().map_err(|_| KitError::Machine)?;
    let written = private::folder(&env.state_dir)
        .and_then(|()| private::create_new(&path, access(&env.state_dir)))
        .and_then(|mut file| file.write_all(key.expose()).and_then(|()| file.sync_all()));
    written.map_err(|cause| InputError::machine(&path, cause))?;
    Ok(OfficeKeyMade { file: path, public: key.public().to_string(), made: true })
}

/// Its public half; nothing where there is no key.
///
/// # Errors
/// When the file is no key, or others may use it.
pub(super) fn public_key(state_dir: &Path) -> Result<Option<PublicKey>, KitError> {
    Ok(read(state_dir)?.map(|key| key.public()))
}

/// The key; nothing where there is none.
///
/// # Errors
/// When the file is no key, or others may use it.
pub(super) fn read(state_dir: &Path) -> Result<Option<OfficeKey>, KitError> {
    let path = state_dir.join(FILE);
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let bad = |why: Text| KitError::OfficeKey { file: path.clone(), why };
    private::state_file(&path, access(state_dir)).map_err(|refusal| bad(refusal.text()))?;
    let mut file = file::open(&path).map_err(|error| bad(error.reason()))?;
    let (mut bytes, mut more) = (Zeroizing::new([0; 32]), [0; 1]);
    let read = file.read_exact(bytes.as_mut_slice()).and_then(|()| file.read(&mut more));
    match read {
        Ok(0) => Ok(Some(OfficeKey::from_bytes(&bytes))),
        Ok(_) => Err(bad(Text::new("it is longer than a key", "鍵より長いファイルです"))),
        Err(error) => Err(bad(system_words(&error))),
    }
}

fn access(state_dir: &Path) -> Access {
    std::fs::metadata(state_dir).map_or(Access::Owner, |found| private::access_of(&found))
}
