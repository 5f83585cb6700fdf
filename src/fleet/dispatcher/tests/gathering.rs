//! Where failures gather: what one held group explains holds no other.

use super::rollout::{bearing, failed_so, of};
use super::*;

/// Two dozen routers behind two jump hosts in turns, of which these have a firmware of their own, on which a line is refused.
fn run(with_it: &[usize], concurrency: usize) -> (Vec<usize>, Vec<Hold>) {
    let firmware = |number: usize| if with_it.contains(&number) { "10.8" } else { "10.7" };
    let host = |number: usize| if number.is_multiple_of(2) { "jump-a" } else { "jump-b" };
    let traits = |number| [Trait::JumpHost(host(number).to_owned()), Trait::Firmware(firmware(number).to_owned())];
    let mut run = Dispatcher::new((0..24).map(|number| of(&traits(number))), &bearing(concurrency, 99));
    let refused = failed_so(FailureClass::LineRefused, "router.refused-line");
    let (mut tried, mut holds) = (Vec::new(), Vec::new());
    while !run.is_over() {
        let decided = steps(&mut run);
        for number in
            decided.iter().filter_map(|one| if let Decision::Begin(number) = one { Some(*number) } else { None })
        {
            run.ended(number, if with_it.contains(&number) { &refused } else { &EndFacts::done() }, NOW);
            tried.push(number);
        }
        holds.extend(
            decided.into_iter().filter_map(|one| if let Decision::Hold(_, hold) = one { Some(hold) } else { None }),
        );
    }
    (tried, holds)
}

fn is_of_the_firmware(hold: &Hold) -> bool {
    hold.of == Some(Trait::Firmware("10.8".to_owned()))
}

#[test]
fn failures_in_flight_when_their_firmware_is_held_are_no_reason_to_hold_their_jump_host() {
    // As where a run is continued: those that were held before come first.
    let (tried, holds) = run(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 23], 8);
    assert!(holds.iter().all(is_of_the_firmware), "{holds:?}");
    assert_eq!((tried.len(), holds.len()), (20, 4), "eight of it were in flight, and all others had their turn");
}

#[test]
fn of_several_in_which_the_same_failures_gather_the_narrowest_is_held() {
    let (tried, holds) = run(&[0, 2, 4, 6, 8], 1);
    assert!(holds.iter().all(is_of_the_firmware), "{holds:?}");
    assert_eq!((tried.len(), holds.len()), (22, 2), "three of it had failed behind one jump host");
}
