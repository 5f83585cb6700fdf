//! Which of the built-in, throw-away RSA host keys a router has. The keys themselves, published test data that protects nothing, are beside the
//! SSH server that shows them.

use sha2::{Digest, Sha256};

/// The fingerprint of each, as OpenSSH prints it.
const FINGERPRINTS: [&str; COUNT] = [
    "SHA256:Wb1FKq9VLl7LvvbF+4Nz7270hl55JyCRg7jnQnQEQCc",
    "SHA256:lpYQnVuiBKzqc7sGUFVeK+VbQaOPlT9b2sxZTANvmW4",
    "SHA256:mChiIHdA8IlPfS3GLYTjXgmTyK4P5dvm2KXBX58R5z0",
    "SHA256:c+rbXoOUK4MqRJj4sjJYiFXuBikhung2ceJdqNttG3k",
];

/// The same as MD5.
const MD5: [&str; COUNT] = [
    "cd:37:38:42:4a:18:75:a9:ef:3a:52:09:27:37:16:c2",
    "c4:07:1f:30:c8:d1:10:73:56:70:68:0d:60:80:ec:bf",
    "81:49:48:30:a4:86:16:52:d7:59:d2:40:01:29:b1:83",
    "6f:7d:2d:6c:fb:c1:3a:1f:77:df:a5:e6:10:81:00:38",
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

/// The fingerprint of a key as MD5, without the word.
pub fn md5(slot: usize) -> &'static str {
    MD5.get(slot % COUNT).copied().unwrap_or_default()
}

/// The fingerprint of a key, `SHA256:...`.
pub fn fingerprint(slot: usize) -> String {
    FINGERPRINTS.get(slot % COUNT).copied().unwrap_or_default().to_owned()
}
