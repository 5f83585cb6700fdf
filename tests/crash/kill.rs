//! The process dies at a write of the journal.

use mock_device::DeadLock;

use crate::child::{self, Trouble};
use crate::ends::Ends;
use crate::points::every;
use crate::stage::{RESUME, Stage, Story};

fn every_kill_is_survived(story: Story, dead_lock: DeadLock, sample: usize) {
    let ends = Ends::observed(story);
    let whole = Stage::of(story, dead_lock, None);
    let (output, writes) = child::run(&whole.bench, &whole.words(), Trouble::None);
    assert!(output.status.code().is_some(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(writes > 5, "{writes} writes");
    // Before and after each write.
    let what = format!("{story:?} killed at a write of the journal, lock {dead_lock:?}");
    every(&what, 1..=writes * 2, sample, |point| {
        let number = point.div_ceil(2);
        let trouble = if point % 2 == 1 { Trouble::KilledBefore(number) } else { Trouble::KilledAfter(number) };
        let name = format!("{what}: {trouble:?}");
        let stage = Stage::of(story, dead_lock, None);
        let (output, _) = child::run(&stage.bench, &stage.words(), trouble);
        assert_eq!(output.status.code(), None, "{name}: it did not die");
        let resumed = stage.bench.run(&RESUME);
        assert!([0, 3].contains(&resumed.status), "{name}\n{}\n{}", resumed.stdout, resumed.stderr);
        let end = ends.judge(&stage.bench, &name);
        // Whatever happened, the next apply succeeds.
        if story == Story::Push {
            let again = ["apply", "crash.yaml", "-i", "clinics.yaml", "--yes", "--take-over"];
            stage.bench.run(&again).exits(0);
            assert_eq!(Some(stage.bench.snapshot("r3")), ends.after, "{name}");
        }
        end.to_owned()
    });
}

#[test]
fn with_the_dead_sessions_lock_freed_at_once() {
    every_kill_is_survived(Story::Push, DeadLock::Freed, 5);
}

#[test]
fn with_the_dead_sessions_lock_held_to_a_timeout() {
    every_kill_is_survived(Story::Push, DeadLock::HeldMillis(1500), 3);
}

#[test]
fn with_the_dead_sessions_lock_held_for_ever() {
    every_kill_is_survived(Story::Push, DeadLock::HeldForever, 3);
}

#[test]
fn during_the_undo() {
    every_kill_is_survived(Story::Undo, DeadLock::Freed, 4);
}

#[test]
fn around_a_restart() {
    every_kill_is_survived(Story::Restart, DeadLock::Freed, 3);
}

#[test]
fn where_a_removal_has_two_forms() {
    every_kill_is_survived(Story::Forms, DeadLock::Freed, 3);
}
