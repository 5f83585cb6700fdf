//! The link is cut after a byte.

use mock_device::{DeadLock, Fault, When};

use crate::points::points;
use crate::stage::{APPLY, Ends, RESUME, bench};

/// How many bytes the router received in a run in which nothing goes wrong: the last cut point that strikes.
fn last_byte(dead_lock: DeadLock) -> usize {
    let strikes = |byte: usize| {
        let cut = Fault::Drop { when: When::byte(byte as u64), executed: true, times: 1 };
        let bench = bench(dead_lock, vec![cut]);
        bench.run(&APPLY);
        bench.events("r3").iter().any(|event| matches!(event.what, mock_device::What::Fault { .. }))
    };
    let (mut low, mut high) = (1, 4096);
    assert!(strikes(low));
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        if strikes(middle) { low = middle } else { high = middle }
    }
    low
}

fn every_cut_is_survived(dead_lock: DeadLock, executed: bool, sample: usize) {
    let ends = Ends::observed();
    let what = format!("cut after a byte, lock {dead_lock:?}, line carried out {executed}");
    for point in points(&what, last_byte(dead_lock), sample) {
        let name = format!("{what}: byte {point}");
        let cut = Fault::Drop { when: When::byte(point as u64), executed, times: 1 };
        let bench = bench(dead_lock, vec![cut]);
        let run = bench.run(&APPLY);
        assert!([0, 3, 4].contains(&run.status), "{name}\n{}\n{}", run.stdout, run.stderr);
        // What our own run could not settle is settled by coming back.
        if run.status == 4 {
            let resumed = bench.run(&RESUME);
            assert!([0, 3].contains(&resumed.status), "{name}\n{}\n{}", resumed.stdout, resumed.stderr);
        }
        let end = ends.judge(&bench, &name);
        assert!(run.status != 0 || end == "saved", "{name}: exit status 0, and the router is {end}");
        eprintln!("{name}: exit status {}, {end}", run.status);
    }
}

#[test]
fn with_the_dead_sessions_lock_freed_at_once() {
    every_cut_is_survived(DeadLock::Freed, true, 6);
}

#[test]
fn before_the_line_was_carried_out() {
    every_cut_is_survived(DeadLock::Freed, false, 4);
}

#[test]
fn with_the_dead_sessions_lock_held_for_ever() {
    every_cut_is_survived(DeadLock::HeldForever, true, 3);
}
