//! The link is cut after a byte.

use std::ops::RangeInclusive;

use mock_device::{DeadLock, Event, Fault, What, When};

use crate::ends::Ends;
use crate::points::every;
use crate::stage::{RESUME, Stage, Story};

fn cut(byte: usize, executed: bool) -> Fault {
    Fault::Drop { when: When::byte(byte as u64), executed, times: 1 }
}

/// The bytes that a router receives during a story, counted from 1; the undo begins with the refusal.
fn bytes(story: Story) -> RangeInclusive<usize> {
    let stage = Stage::of(story, DeadLock::Freed, None);
    let received = || stage.bench.events("r3").last().map_or(0, |event| event.received);
    let begun = received();
    stage.bench.run(&stage.words());
    let refusal = |event: &Event| matches!(&event.what, What::Fault { name } if name == "refuse");
    let first = stage.bench.events("r3").iter().find(|event| refusal(event)).map_or(1, |event| event.received - begun);
    let count = |bytes: u64| usize::try_from(bytes).unwrap();
    count(first)..=count(received() - begun)
}

fn every_cut_is_survived(story: Story, dead_lock: DeadLock, executed: bool, sample: usize) {
    let ends = Ends::observed(story);
    let what = format!("{story:?} cut after a byte, lock {dead_lock:?}, line carried out {executed}");
    every(&what, bytes(story), sample, |point| {
        let name = format!("{what}: byte {point}");
        let stage = Stage::of(story, dead_lock, Some(cut(point, executed)));
        let run = stage.bench.run(&stage.words());
        assert!([0, 3, 4].contains(&run.status), "{name}\n{}\n{}", run.stdout, run.stderr);
        // What the run itself could not decide, the resume decides.
        if run.status == 4 {
            let resumed = stage.bench.run(&RESUME);
            assert!([0, 3].contains(&resumed.status), "{name}\n{}\n{}", resumed.stdout, resumed.stderr);
        }
        let end = ends.judge(&stage.bench, &name);
        assert!(run.status != 0 || end == "saved", "{name}: exit status 0, and the router is {end}");
        format!("{end} (exit status {})", run.status)
    });
}

#[test]
fn with_the_dead_sessions_lock_freed_at_once() {
    every_cut_is_survived(Story::Push, DeadLock::Freed, true, 5);
}

#[test]
fn before_the_line_was_carried_out() {
    every_cut_is_survived(Story::Push, DeadLock::Freed, false, 4);
}

#[test]
fn with_the_dead_sessions_lock_held_to_a_timeout() {
    every_cut_is_survived(Story::Push, DeadLock::HeldMillis(1500), true, 3);
}

#[test]
fn with_the_dead_sessions_lock_held_for_ever() {
    every_cut_is_survived(Story::Push, DeadLock::HeldForever, true, 3);
}

#[test]
fn where_the_login_is_typed() {
    every_cut_is_survived(Story::Login, DeadLock::Freed, true, 4);
}

#[test]
fn during_the_undo() {
    every_cut_is_survived(Story::Undo, DeadLock::Freed, true, 4);
}

#[test]
fn during_the_undo_before_the_line_was_carried_out() {
    every_cut_is_survived(Story::Undo, DeadLock::Freed, false, 3);
}

#[test]
fn around_a_restart() {
    every_cut_is_survived(Story::Restart, DeadLock::Freed, true, 4);
}

#[test]
fn where_a_removal_has_two_forms() {
    every_cut_is_survived(Story::Forms, DeadLock::Freed, true, 4);
}
