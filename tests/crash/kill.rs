//! The process dies at a write of the journal.

use mock_device::DeadLock;

use crate::child::{self, Trouble};
use crate::points::points;
use crate::stage::{APPLY, Ends, RESUME, bench};

fn every_kill_is_survived(dead_lock: DeadLock, sample: usize) {
    let ends = Ends::observed();
    let whole = bench(dead_lock, Vec::new());
    let (output, writes) = child::run(&whole, &APPLY, Trouble::None);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(writes > 10, "{writes} writes");
    // Before and after each write.
    let what = format!("killed at a write of the journal, lock {dead_lock:?}");
    for point in points(&what, writes * 2, sample) {
        let number = point.div_ceil(2);
        let trouble = if point % 2 == 1 { Trouble::KilledBefore(number) } else { Trouble::KilledAfter(number) };
        let name = format!("{what}: {trouble:?}");
        let bench = bench(dead_lock, Vec::new());
        let (output, _) = child::run(&bench, &APPLY, trouble);
        assert_eq!(output.status.code(), None, "{name}: it did not die");
        let resumed = bench.run(&RESUME);
        assert!([0, 3].contains(&resumed.status), "{name}\n{}\n{}", resumed.stdout, resumed.stderr);
        let end = ends.judge(&bench, &name);
        eprintln!("{name}: {end}");
        // Whatever it was, the next apply finds its way.
        bench.run(&["apply", "crash.yaml", "-i", "clinics.yaml", "--yes", "--take-over"]).exits(0);
        assert_eq!(bench.snapshot("r3"), ends.after, "{name}");
    }
}

#[test]
fn with_the_dead_sessions_lock_freed_at_once() {
    every_kill_is_survived(DeadLock::Freed, 6);
}

#[test]
fn with_the_dead_sessions_lock_held_to_a_timeout() {
    every_kill_is_survived(DeadLock::HeldMillis(1500), 3);
}

#[test]
fn with_the_dead_sessions_lock_held_for_ever() {
    every_kill_is_survived(DeadLock::HeldForever, 3);
}
