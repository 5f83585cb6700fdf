//! The built-in, throw-away RSA host keys: published test data that protects nothing.

use std::sync::OnceLock;

use russh::keys::key::safe_rng;
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PrivateKey};
use sha2::{Digest, Sha256};

use crate::error::MockError;

const PEM: [&str; COUNT] = [
    include_str!("../keys/throw-away-a"),
    include_str!("../keys/throw-away-b"),
    include_str!("../keys/throw-away-c"),
    include_str!("../keys/throw-away-d"),
];

/// How many there are.
pub const COUNT: usize = 4;

/// What a seed and a router's id decide.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// Which key.
    pub slot: usize,
    /// The router's own random seed.
    pub random: u64,
}

/// The choice for a router.
pub fn slot(seed: u64, id: &str) -> Choice {
    let digest = Sha256::digest(format!("{seed}\0{id}"));
    let random = digest.iter().take(8).fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    let slot = usize::from(digest.iter().nth(8).copied().unwrap_or(0)) % COUNT;
    Choice { slot, random }
}

/// A key, read once per process.
///
/// # Errors
/// When the compiled-in text cannot be read, which a test rules out.
pub fn key(slot: usize) -> Result<&'static PrivateKey, MockError> {
    static KEYS: OnceLock<Vec<Result<PrivateKey, String>>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        PEM.iter().map(|pem| russh::keys::decode_secret_key(pem, None).map_err(|error| error.to_string())).collect()
    });
    match keys.get(slot % COUNT) {
        Some(Ok(key)) => Ok(key),
        Some(Err(error)) => Err(MockError::HostKey(error.clone())),
        None => Err(MockError::HostKey("no such key".to_owned())),
    }
}

/// The types of keys that no router was seen with.
pub const OTHER_TYPES: [Algorithm; 4] = [
    Algorithm::Ed25519,
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
];

/// A key of each of these types, made once per process.
///
/// # Errors
/// When one cannot be made.
pub fn of_other_types() -> Result<&'static [PrivateKey], MockError> {
    static KEYS: OnceLock<Result<Vec<PrivateKey>, String>> = OnceLock::new();
    let made = KEYS.get_or_init(|| {
        let make = |kind| PrivateKey::random(&mut safe_rng(), kind).map_err(|error| error.to_string());
        OTHER_TYPES.into_iter().map(make).collect()
    });
    made.as_deref().map_err(|error| MockError::HostKey(error.clone()))
}

/// The fingerprint of a key, `SHA256:...`.
pub fn fingerprint(slot: usize) -> String {
    key(slot).map(|key| key.public_key().fingerprint(HashAlg::Sha256).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    #[test]
    fn every_built_in_key_can_be_read() {
        let all: std::collections::BTreeSet<String> = (0..super::COUNT)
            .map(|slot| {
                super::key(slot).unwrap();
                super::fingerprint(slot)
            })
            .collect();
        assert_eq!(all.len(), super::COUNT);
        assert!(all.iter().all(|text| text.starts_with("SHA256:")));
    }
}
