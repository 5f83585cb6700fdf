//! What the other side of an SSH connection may send.
//!
//! The library keeps every packet that no one asks for, encrypted or not, and nothing outside it sees how much it keeps. So the
//! bytes from the network are compared with the bytes that were useful to us; the difference may be kept by the library, and is
//! bounded.

use crate::transport::SESSION_BUDGET;

/// Bytes of a connection until its shell is open: version, keys, banner, proofs. The smallest packet before the key exchange
/// has 6 bytes and costs the library 80.
const SETTING_UP: u64 = (SESSION_BUDGET / 128) as u64;
/// Bytes beyond the useful ones, later on. The smallest encrypted packet has 28 bytes and costs the library 112, so that this is
/// half of the budget.
const STRAY: u64 = (SESSION_BUDGET / 8) as u64;
/// What may surround the echo of one typed character: a router may answer each with a packet of its own, and a long push must not
/// be cut for that. The budget grows by as much only as we type ourselves.
const PER_TYPED: u64 = 64;
/// What may surround each byte of an answer: a router may send it line by line. The session bounds how much it reads.
const PER_SHOWN: u64 = 1;
/// What a jump host may send around each byte of a tunnel: its packets may be as small as a router's.
const PER_TUNNELLED: u64 = 2;

/// Too much came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flood {
    /// This many bytes.
    pub(super) bytes: u64,
}

/// Counts what came.
#[derive(Debug)]
pub(super) struct Meter {
    came: u64,
    of_use: u64,
    allowed: u64,
}

impl Meter {
    /// Of a connection that is being set up.
    pub(super) const fn new() -> Self {
        Self { came: 0, of_use: 0, allowed: SETTING_UP }
    }

    /// The connection is open: from now on useful bytes count.
    pub(super) const fn established(&mut self) {
        (self.came, self.of_use, self.allowed) = (0, 0, STRAY);
    }

    /// This many bytes came from the network.
    pub(super) const fn came(&mut self, count: usize) -> Result<(), Flood> {
        self.came = self.came.saturating_add(count as u64);
        let bytes = self.came.saturating_sub(self.of_use);
        if bytes > self.allowed { Err(Flood { bytes }) } else { Ok(()) }
    }

    /// This many bytes were read from the shell.
    pub(super) const fn delivered(&mut self, count: usize) {
        self.of_use = self.of_use.saturating_add((count as u64).saturating_mul(1 + PER_SHOWN));
    }

    /// This many bytes were typed.
    pub(super) const fn typed(&mut self, count: usize) {
        self.allowed = self.allowed.saturating_add((count as u64).saturating_mul(PER_TYPED));
    }

    /// This many bytes went to a session that runs through a tunnel, which counts them itself.
    pub(super) const fn tunnelled(&mut self, count: u64) {
        self.of_use = self.of_use.saturating_add(count.saturating_mul(1 + PER_TUNNELLED));
    }
}

#[cfg(test)]
mod tests {
    use super::{Meter, SETTING_UP, STRAY};

    #[test]
    fn only_useful_bytes_raise_what_may_come() {
        let mut meter = Meter::new();
        assert!(meter.came(usize::try_from(SETTING_UP).unwrap_or_default()).is_ok());
        assert!(meter.came(1).is_err());
        meter.established();
        let stray = usize::try_from(STRAY).unwrap_or_default();
        assert!(meter.came(stray).is_ok(), "what came before counts no more");
        meter.delivered(1000);
        assert!(meter.came(2000).is_ok());
        assert!(meter.came(1).is_err());
    }

    #[test]
    fn an_echo_in_packets_of_one_character_is_no_flood() {
        let mut meter = Meter::new();
        meter.established();
        // AES in counter mode with HMAC-SHA2-256, as a recorded router has it; as many characters as a very long push has.
        for _ in 0..1_000_000 {
            meter.typed(1);
            assert!(meter.came(64).is_ok());
            meter.delivered(1);
        }
        assert!(meter.came(8 * 1024 * 1024).is_err(), "what is not asked for is a flood all the same");
    }
}
