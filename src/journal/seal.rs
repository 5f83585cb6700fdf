//! Sealing: unmasked backups and old secret values are in the journal only encrypted.
//! The backup that is taken before the first write, a snapshot of both configurations, is among them.
//!
//! The key is a file beside the journal, readable by its owner alone, made the first time it is needed. Sealed text is bound to its
//! run, router and name, so that one cannot be put in another's place.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, Zeroizing};

use super::error::JournalError;
use crate::file;
use crate::message::{Text, system_words};
use crate::private::{self, Access};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// The key, ready for use.
pub(super) struct Key(XChaCha20Poly1305);

impl Key {
    /// Reads the key file; makes it where it is missing and `may_make` says that nothing was sealed with a lost one.
    pub(super) fn load(path: &Path, access: Access, may_make: bool) -> Result<Self, JournalError> {
        let bad = |cause: Text| JournalError::Key { path: PathBuf::from(path), cause };
        let io = |error: std::io::Error| bad(system_words(&error));
        let mut key = Zeroizing::new([0_u8; KEY_BYTES]);
        if may_make && !path.exists() {
            getrandom::fill(key.as_mut_slice()).map_err(|error| bad(Text::untranslated(error.to_string())))?;
            let mut file = private::create_new(path, access).map_err(io)?;
            file.write_all(key.as_slice()).and_then(|()| file.sync_all()).map_err(io)?;
        }
        private::state_file(path, access).map_err(|refusal| bad(refusal.text()))?;
        let mut file = file::open(path).map_err(|error| bad(error.reason()))?;
        file.read_exact(key.as_mut_slice()).map_err(io)?;
        let cipher = XChaCha20Poly1305::new(key.as_slice().into());
        key.zeroize();
        Ok(Self(cipher))
    }

    /// Seals bytes for one place.
    pub(super) fn seal(&self, place: &str, plain: &[u8]) -> Option<Vec<u8>> {
        let mut sealed = vec![0_u8; NONCE_BYTES];
        getrandom::fill(&mut sealed).ok()?;
        let nonce = XNonce::clone_from_slice(&sealed);
        let cipher = self.0.encrypt(&nonce, Payload { msg: plain, aad: place.as_bytes() }).ok()?;
        sealed.extend_from_slice(&cipher);
        Some(sealed)
    }

    /// Opens what was sealed for this place; nothing when it was another place, another key, or changed.
    pub(super) fn open(&self, place: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, cipher) = sealed.split_at_checked(NONCE_BYTES)?;
        let plain = self.0.decrypt(XNonce::from_slice(nonce), Payload { msg: cipher, aad: place.as_bytes() }).ok()?;
        Some(Zeroizing::new(plain))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{Access, Key};

    #[test]
    fn sealed_text_opens_only_in_its_place_and_unchanged() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let key = Key::load(&path, Access::Owner, true).unwrap();
        let mut sealed = key.seal("run/r1/before", b"username admin password hash ABC@").unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"admin"));
        let again = Key::load(&path, Access::Owner, true).unwrap();
        assert_eq!(again.open("run/r1/before", &sealed).unwrap().as_slice(), b"username admin password hash ABC@");
        assert!(again.open("run/r2/before", &sealed).is_none());
        *sealed.last_mut().unwrap() ^= 1;
        assert!(again.open("run/r1/before", &sealed).is_none());
    }

    #[test]
    fn a_lost_key_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Key::load(&dir.path().join("key"), Access::Owner, false).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn a_key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        Key::load(&path, Access::Owner, true).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Key::load(&path, Access::Owner, true).err().unwrap().to_string().contains("others may use it"));
    }
}
