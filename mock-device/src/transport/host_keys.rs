//! The built-in, throw-away RSA host keys: published test data that protects nothing. And keys of types that no router was seen with.

use std::sync::OnceLock;

use russh::keys::key::safe_rng;
use russh::keys::{Algorithm, EcdsaCurve, PrivateKey};

use crate::error::MockError;
use crate::keys::COUNT;

const PEM: [&str; COUNT] = [
    include_str!("../../keys/throw-away-a"),
    include_str!("../../keys/throw-away-b"),
    include_str!("../../keys/throw-away-c"),
    include_str!("../../keys/throw-away-d"),
];

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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use russh::keys::HashAlg;

    use crate::keys::{COUNT, fingerprint};

    #[test]
    fn every_built_in_key_can_be_read_and_has_its_fingerprint() {
        for slot in 0..COUNT {
            let key = super::key(slot).unwrap();
            assert_eq!(key.public_key().fingerprint(HashAlg::Sha256).to_string(), fingerprint(slot));
        }
    }
}
