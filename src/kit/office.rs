//! The office's key: what is sealed to its public half is opened by the office alone, not even by who has sealed it.
//!
//! X25519 with a key of the moment, SHA-256 over both public halves and what they agree on, and the chunks under that. It says nothing of
//! who has sealed it.
//!
//! | bytes | what |
//! |---|---|
//! | 17 | `ixdeploy-visit/1` and a line end |
//! | 32 | the public half of the key of the moment |
//! | 32 | the office's public half |
//! | 19 | nonce |
//! | the rest | the sealed chunks |

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use curve25519_dalek::montgomery::MontgomeryPoint;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::chunks::{self, KEY, Key, NONCE};
use super::{Flaw, newer};

const MAGIC: &[u8] = b"ixdeploy-visit/1\n";
pub(super) const FAMILY: &[u8] = b"ixdeploy-visit/";

/// The public half, which a kit carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; KEY]);

impl PublicKey {
    /// Reads its text.
    pub fn parse(text: &str) -> Option<Self> {
        // Longer texts are not decoded at all.
        let text = Some(text).filter(|text| text.len() == KEY.div_ceil(3) * 4 - 1)?;
        Some(Self(BASE64_STANDARD_NO_PAD.decode(text).ok()?.try_into().ok()?))
    }

    /// Seals bytes for the office.
    ///
    /// # Errors
    /// [`Flaw::Key`] where it is no key that keeps a secret, [`Flaw::Machine`], or [`Flaw::TooLarge`].
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, Flaw> {
        let (moment, nonce) = (OfficeKey::random()?, chunks::random::<NONCE>()?);
        let own = moment.public();
        let key = agreed(&moment, self, &Halves { moment: own, office: *self })?;
        let mut header = MAGIC.to_vec();
        header.extend(own.0);
        header.extend(self.0);
        header.extend_from_slice(nonce.as_slice());
        chunks::seal(&key, &nonce, header, plain)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_STANDARD_NO_PAD.encode(self.0))
    }
}

/// The secret half. It has no form that could be shown.
pub struct OfficeKey(Key);

impl OfficeKey {
    /// A new one.
    ///
    /// # Errors
    /// [`Flaw::Machine`] where the system gives no random bytes.
    pub fn random() -> Result<Self, Flaw> {
        Ok(Self(chunks::random()?))
    }

    /// From its bytes, which are wiped by who gives them.
    pub fn from_bytes(bytes: &[u8; KEY]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// Its bytes, for the file that keeps it. The caller is responsible for where they go.
    pub fn expose(&self) -> &[u8; KEY] {
        &self.0
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(MontgomeryPoint::mul_base_clamped(*self.0).0)
    }

    /// Opens what was sealed for it.
    ///
    /// # Errors
    /// Any [`Flaw`]: [`Flaw::Key`] where it was sealed for another office.
    pub fn open(&self, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Flaw> {
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| newer(bytes, FAMILY))?;
        let (moment, rest) = rest.split_first_chunk::<KEY>().ok_or(Flaw::Changed)?;
        let (office, rest) = rest.split_first_chunk::<KEY>().ok_or(Flaw::Changed)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(Flaw::Changed)?;
        let (moment, office) = (PublicKey(*moment), PublicKey(*office));
        if office != self.public() {
            return Err(Flaw::Key);
        }
        let key = agreed(self, &moment, &Halves { moment, office })?;
        let (header, _) = bytes.split_at(bytes.len() - sealed.len());
        chunks::open(&key, nonce, header, sealed)
    }
}

impl fmt::Debug for OfficeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<office key>")
    }
}

/// Both public halves, on which the key of a file depends.
struct Halves {
    moment: PublicKey,
    office: PublicKey,
}

/// The key that both sides come to.
fn agreed(own: &OfficeKey, other: &PublicKey, halves: &Halves) -> Result<Key, Flaw> {
    let shared = Zeroizing::new(MontgomeryPoint(other.0).mul_clamped(*own.0).0);
    // A point of small order: anyone could come to this key.
    if shared.iter().all(|byte| *byte == 0) {
        return Err(Flaw::Key);
    }
    let hash = Sha256::new()
        .chain_update(MAGIC)
        .chain_update(halves.moment.0)
        .chain_update(halves.office.0)
        .chain_update(shared.as_slice());
    Ok(Zeroizing::new(hash.finalize().into()))
}
