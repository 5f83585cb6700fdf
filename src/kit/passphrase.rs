//! A file that a passphrase opens: Argon2id makes the key, its cost is written in the header and judged before it is paid.
//!
//! | bytes | what |
//! |---|---|
//! | 15 | `ixdeploy-kit/1` and a line end |
//! | 4, 4, 4 | memory in KiB, passes, lanes; the first byte counts most |
//! | 16 | salt |
//! | 19 | nonce |
//! | the rest | the sealed chunks |

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::Zeroizing;

use super::chunks::{self, KEY, Key, NONCE};
use super::{Flaw, newer};
use crate::secret::Secret;

const MAGIC: &[u8] = b"ixdeploy-kit/1\n";
const FAMILY: &[u8] = b"ixdeploy-kit/";
const SALT: usize = 16;

/// The most memory that is given to open a file: 1 GiB.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
/// The most passes over it, and the most lanes.
const MOST_PASSES: u32 = 16;
const MOST_LANES: u32 = 16;
/// Memory times passes: some ten seconds of a slow laptop.
const MOST_WORK: u64 = 4 * 1024 * 1024;
/// Argon2 itself needs as many KiB a lane.
const LEAST_A_LANE: u32 = 8;

/// What one guess of the passphrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    /// Twice the memory of the second choice of RFC 9106: a laptop has it free.
    fn default() -> Self {
        Self { memory_kib: 128 * 1024, passes: 3, lanes: 4 }
    }
}

impl Cost {
    /// Whether it is within what we pay.
    fn is_bearable(self) -> bool {
        let Self { memory_kib, passes, lanes } = self;
        (1..=MOST_LANES).contains(&lanes)
            && (1..=MOST_PASSES).contains(&passes)
            && (LEAST_A_LANE * lanes..=MOST_MEMORY_KIB).contains(&memory_kib)
            && u64::from(memory_kib) * u64::from(passes) <= MOST_WORK
    }

    fn key(self, passphrase: &Secret, salt: &[u8]) -> Result<Key, Flaw> {
        if !self.is_bearable() {
            return Err(Flaw::Cost);
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(KEY)).map_err(|_| Flaw::Cost)?;
        let mut memory: Vec<Block> = Vec::new();
        memory.try_reserve_exact(params.block_count()).map_err(|_| Flaw::Machine)?;
        memory.resize(params.block_count(), Block::new());
        let mut key = Zeroizing::new([0; KEY]);
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let derived = argon2.hash_password_into_with_memory(
            passphrase.expose().as_bytes(),
            salt,
            key.as_mut_slice(),
            memory.as_mut_slice(),
        );
        // The key follows from its last blocks.
        memory.fill(Block::new());
        std::hint::black_box(&memory);
        derived.map_err(|_| Flaw::Cost)?;
        Ok(key)
    }
}

/// The header, read.
struct Header<'b> {
    cost: Cost,
    salt: &'b [u8; SALT],
    nonce: &'b [u8; NONCE],
    length: usize,
}

impl<'b> Header<'b> {
    fn read(bytes: &'b [u8]) -> Result<Self, Flaw> {
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| newer(bytes, FAMILY))?;
        let (memory_kib, rest) = number(rest)?;
        let (passes, rest) = number(rest)?;
        let (lanes, rest) = number(rest)?;
        let (salt, rest) = rest.split_first_chunk::<SALT>().ok_or(Flaw::Changed)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(Flaw::Changed)?;
        Ok(Self { cost: Cost { memory_kib, passes, lanes }, salt, nonce, length: bytes.len() - rest.len() })
    }
}

fn number(bytes: &[u8]) -> Result<(u32, &[u8]), Flaw> {
    let (number, rest) = bytes.split_first_chunk::<4>().ok_or(Flaw::Changed)?;
    Ok((u32::from_be_bytes(*number), rest))
}

/// Seals bytes under a passphrase.
///
/// # Errors
/// [`Flaw::Cost`], [`Flaw::TooLarge`], or [`Flaw::Machine`].
pub(super) fn seal(passphrase: &Secret, cost: Cost, plain: &[u8]) -> Result<Vec<u8>, Flaw> {
    let (salt, nonce) = (chunks::random::<SALT>()?, chunks::random::<NONCE>()?);
    let key = cost.key(passphrase, salt.as_slice())?;
    let mut header = MAGIC.to_vec();
    for number in [cost.memory_kib, cost.passes, cost.lanes] {
        header.extend(number.to_be_bytes());
    }
    header.extend_from_slice(salt.as_slice());
    header.extend_from_slice(nonce.as_slice());
    chunks::seal(&key, &nonce, header, plain)
}

/// Opens what was sealed.
///
/// # Errors
/// Any [`Flaw`]: [`Flaw::Key`] for another passphrase.
pub(super) fn open(passphrase: &Secret, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Flaw> {
    let Header { cost, salt, nonce, length } = Header::read(bytes)?;
    let (header, sealed) = bytes.split_at(length);
    let key = cost.key(passphrase, salt)?;
    chunks::open(&key, nonce, header, sealed)
}
