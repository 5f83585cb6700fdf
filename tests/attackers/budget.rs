//! What some work costs in time and memory.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ixdeploy::session::MEMORY;

/// One at a time: memory is counted for the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// A value of the system's account of this process, in bytes; nothing where the system keeps none.
fn account(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let value = status.lines().find_map(|line| line.strip_prefix(name));
    let value = value.and_then(|line| line.trim_matches([':', ' ', '\t']).split(' ').next()?.parse::<usize>().ok());
    value.unwrap_or_default() * 1024
}

/// Does the work, and insists that the process never had more than a session's budget beyond what it has now.
pub fn within_memory<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // Where the account of the peak cannot be begun anew, a peak of before counts too.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = account("VmRSS");
    let result = work();
    let spent = account("VmHWM").saturating_sub(before);
    assert!(spent <= MEMORY, "{what}: {} KiB", spent / 1024);
    result
}

/// Does the work, and insists that it ends within the bound and a second.
pub fn within_time<T>(what: &str, bound: Duration, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let result = work();
    let (took, most) = (started.elapsed(), bound + Duration::from_secs(1));
    assert!(took <= most, "{what}: {took:?}, bound {bound:?}");
    result
}
