//! Peers that mean harm: endless, dripping, silent, lying. Each one has to end within the bound of the wait it attacks, and to
//! cost no more than a session may.
//!
//! Everything stays on the loopback, is bounded in bytes and in time, and stops by itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it measured"
)]

mod budget;
mod consoles;
mod memory;
mod networks;
mod own_process;
mod peer;
#[cfg(unix)]
mod ports;
#[cfg(unix)]
mod programs;
mod ssh;
mod stage;
