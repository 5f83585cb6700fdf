//! What survives a crash: the process is killed at every write of the journal, the link is cut after every byte, the disk fills
//! up, or our clock is set back, at every write. Afterwards the router's own files must equal before or after, the record must
//! agree, and the next command must succeed.
//!
//! By default a sample is taken, by a seed that is printed; `IXDEPLOY_CRASH=all` takes every point, `IXDEPLOY_CRASH_SEED=N`
//! another sample. `docs/reliability.md` has the command and its figures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, reason = "a failed test is the point")]

mod child;
mod clock;
mod cut;
mod disk;
mod ends;
#[cfg(unix)]
mod enrol;
mod kill;
mod points;
mod stage;

use test_support::harness;
