//! What some work costs in time and memory.

use std::time::{Duration, Instant};

use ixdeploy::session::MEMORY;

use crate::memory::{alone, cost};

/// Does the work, and insists that it costs no more than a session may.
pub fn within_memory<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let _turn = alone();
    let mut result = None;
    let spent = cost(|| result = Some(work()));
    assert!(spent <= MEMORY, "{what}: {} KiB", spent / 1024);
    result.unwrap()
}

/// Does the work, and insists that it ends within the bound and a second.
pub fn within_time<T>(what: &str, bound: Duration, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let result = work();
    let (took, most) = (started.elapsed(), bound + Duration::from_secs(1));
    assert!(took <= most, "{what}: {took:?}, bound {bound:?}");
    result
}
