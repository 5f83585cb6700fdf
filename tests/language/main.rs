//! The command language and its plans, over generated, mutated and real configurations, on the pure model of the router and on the
//! mock over its real command line.
//!
//! Everything is seeded. `IX_SEED` starts elsewhere, `IX_ROUNDS` changes how much is tried, `IX_SECONDS` runs for that long.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking"
)]

mod anything;
mod backups;
mod corpus;
mod dialects;
mod dice;
mod documents;
mod flow;
mod generated;
mod hostile;
mod keys;
mod mock;
mod public;
mod replaced;
mod samples;
mod security;
mod table;
mod turned;
mod walk;
mod windows;
mod written;

use test_support::program;
