//! Sealing under one key, chunk by chunk: XChaCha20-Poly1305 in the STREAM construction, so that no chunk can be left out, doubled,
//! moved or put at the end.
//!
//! The first chunk is empty and covers the header, as every chunk does: it tells a wrong key from changed bytes.

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::Payload;
use chacha20poly1305::aead::stream::{DecryptorBE32, EncryptorBE32};
use zeroize::Zeroizing;

use super::Flaw;

/// The bytes of a key.
pub(super) const KEY: usize = 32;
/// The bytes of a nonce that are drawn; five more count the chunks and mark the last one.
pub(super) const NONCE: usize = 19;
/// The bytes of a chunk before they are sealed.
const CHUNK: usize = 64 * 1024;
/// The bytes by which sealing makes a chunk longer.
const TAG: usize = 16;

/// A key that is wiped when dropped.
pub(super) type Key = Zeroizing<[u8; KEY]>;

/// Random bytes.
///
/// # Errors
/// [`Flaw::Machine`] where the system gives none.
pub(super) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, Flaw> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| Flaw::Machine)?;
    Ok(bytes)
}

/// Appends the sealed bytes to their header.
///
/// # Errors
/// [`Flaw::TooLarge`] where there are more chunks than can be counted.
pub(super) fn seal(key: &Key, nonce: &[u8; NONCE], header: Vec<u8>, plain: &[u8]) -> Result<Vec<u8>, Flaw> {
    let too_large = |_| Flaw::TooLarge;
    let mut encryptor = EncryptorBE32::<XChaCha20Poly1305>::new(key.as_slice().into(), nonce.as_slice().into());
    let payload = |msg| Payload { msg, aad: &header };
    let mut sealed = encryptor.encrypt_next(payload(&[])).map_err(too_large)?;
    let mut chunks = plain.chunks(CHUNK).peekable();
    loop {
        let chunk = chunks.next().unwrap_or_default();
        if chunks.peek().is_none() {
            sealed.extend(encryptor.encrypt_last(payload(chunk)).map_err(too_large)?);
            break;
        }
        sealed.extend(encryptor.encrypt_next(payload(chunk)).map_err(too_large)?);
    }
    let mut file = header;
    file.extend(sealed);
    Ok(file)
}

/// Opens what follows a header.
///
/// # Errors
/// [`Flaw::Key`] or [`Flaw::Changed`].
pub(super) fn open(key: &Key, nonce: &[u8; NONCE], header: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Flaw> {
    let mut decryptor = DecryptorBE32::<XChaCha20Poly1305>::new(key.as_slice().into(), nonce.as_slice().into());
    let payload = |msg| Payload { msg, aad: header };
    let (first, rest) = sealed.split_at_checked(TAG).ok_or(Flaw::Changed)?;
    decryptor.decrypt_next(payload(first)).map_err(|_| Flaw::Key)?;
    // As large as it can become, so that no copy of a secret is left behind in memory.
    let mut plain = Zeroizing::new(Vec::with_capacity(rest.len()));
    let mut chunks = rest.chunks(CHUNK + TAG).peekable();
    loop {
        let chunk = chunks.next().ok_or(Flaw::Changed)?;
        if chunks.peek().is_none() {
            let last = decryptor.decrypt_last(payload(chunk)).map_err(|_| Flaw::Changed)?;
            plain.extend_from_slice(&Zeroizing::new(last));
            return Ok(plain);
        }
        let next = decryptor.decrypt_next(payload(chunk)).map_err(|_| Flaw::Changed)?;
        plain.extend_from_slice(&Zeroizing::new(next));
    }
}
