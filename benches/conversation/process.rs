//! What a process needs: seconds, processor time and memory, as Linux tells in `/proc`.

use std::fs;
use std::process::{Child, Command};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Ticks in a second of the times in `/proc/PID/stat`; the same on every Linux that is not very old.
const TICKS: f64 = 100.0;
/// How often a running process is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// What a process needed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// From start to end.
    pub seconds: f64,
    /// Processor seconds, of all its threads, and in the kernel for it.
    pub cpu: f64,
    /// The most memory it had at once, in KiB.
    pub resident: usize,
    /// The most connections it had open at once, about: every open file counts.
    pub files: usize,
    /// The most threads it had at once.
    pub threads: usize,
}

/// Runs a command to its end.
pub fn measured(command: &mut Command) -> (Option<i32>, Usage) {
    let (before, started) = (children(), Instant::now());
    let mut child = command.spawn().expect("it starts");
    let mut usage = Usage::default();
    let (_keep, never) = mpsc::channel::<()>();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        look(&child, &mut usage);
        let _ = never.recv_timeout(LOOK);
    };
    usage.seconds = started.elapsed().as_secs_f64();
    usage.cpu = children() - before;
    (status.code(), usage)
}

fn look(child: &Child, usage: &mut Usage) {
    let folder = format!("/proc/{}", child.id());
    let status = fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
    let number = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or_default()
    };
    usage.resident = usage.resident.max(number("VmHWM:"));
    usage.threads = usage.threads.max(number("Threads:"));
    usage.files = usage.files.max(fs::read_dir(format!("{folder}/fd")).map_or(0, Iterator::count));
}

/// Processor seconds of this process so far.
pub fn own() -> f64 {
    let (user, system) = (stat(13), stat(14));
    user + system
}

/// Processor seconds of all children that have ended.
fn children() -> f64 {
    stat(15) + stat(16)
}

/// A field of this process's `stat`, counted from 0, in seconds.
fn stat(field: usize) -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in parentheses may hold blanks.
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    rest.split_whitespace().nth(field - 2).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or_default() / TICKS
}
