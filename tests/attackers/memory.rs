//! What an attack costs: the peak of the whole process, so that one attack is measured at a time.

#[cfg(target_os = "linux")]
use std::sync::OnceLock;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One measurement at a time; the guard is kept until the attack is over.
pub fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The most memory that some work had beyond what the process had before the first one. What an allocator kept from work before
/// counts too: a cost may be overstated, and never hides. Only Linux says it; elsewhere nothing is measured.
#[cfg(target_os = "linux")]
pub fn cost(work: impl FnOnce()) -> usize {
    static BEGINNING: OnceLock<usize> = OnceLock::new();
    let beginning = *BEGINNING.get_or_init(|| account("VmRSS"));
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    work();
    let cost = account("VmHWM").saturating_sub(beginning);
    println!("{} KiB", cost / 1024);
    cost
}

/// As on Linux, without a figure.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::print_stderr, reason = "what is not proven is said")]
pub fn cost(work: impl FnOnce()) -> usize {
    eprintln!("SKIPPED: this system does not say what memory a process had, the cost is not proven here");
    work();
    0
}

/// A value of the system's account of this process, in bytes.
#[cfg(target_os = "linux")]
fn account(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_matches([':', ' ', '\t']).split(' ').next().unwrap().parse::<usize>().unwrap() * 1024
}
