//! The conversation with routers, measured in ratios: beside other people's libraries, and beside what the wire itself needs.
//!
//! `benches/run.sh` makes the virtual environment with the others and runs everything; `cargo bench --bench conversation -- ssh`
//! (or `serial`, `crowd`, `fleet-plan`, `fleet`) runs one part alone, without them if `IX_PEER_PYTHON` names no Python. Every router is a mock on this
//! machine. A figure that is not as expected is said, and is no failure: this is a benchmark, not a test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark fails by panicking and speaks to its reader"
)]

mod clinic;
mod crowd;
mod fleet;
mod fleet_plan;
mod floor;
mod journal;
mod path;
mod peers;
mod process;
mod serial;
mod ssh;
mod stage;
mod table;
mod tape;

use peers::Peers;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wants = |part: &str| wanted.is_empty() || wanted.iter().any(|word| word == part);
    let peers = Peers::found();
    if wants("ssh") {
        ssh::run(peers.as_ref());
    }
    if wants("serial") {
        serial::run();
    }
    if wants("crowd") {
        crowd::run(peers.as_ref());
    }
    if wants("fleet-plan") {
        fleet_plan::run(peers.as_ref());
    }
    if wants("fleet") {
        fleet::run(peers.as_ref());
    }
}
