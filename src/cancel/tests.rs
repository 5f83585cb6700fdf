//! What each press and each signal means, at the moment it comes.

use super::{Cancel, InFlight, Interruptible, Press};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

struct Work(bool);

fn r1() -> Vec<InFlight> {
    let (stops_within, ends_within) = (Duration::from_secs(7), Duration::from_secs(9));
    vec![InFlight { router: "r1".to_owned(), stops_within, ends_within }]
}

impl Interruptible for Work {
    fn changes(&self) -> bool {
        self.0
    }
    fn in_flight(&self) -> Vec<InFlight> {
        r1()
    }
    fn abandoned(&self) {}
}

struct Rollout;

impl Interruptible for Rollout {
    fn changes(&self) -> bool {
        true
    }
    fn finishes(&self) -> bool {
        true
    }
    fn in_flight(&self) -> Vec<InFlight> {
        r1()
    }
    fn abandoned(&self) {}
}

#[test]
fn in_a_rollout_the_first_press_lets_what_is_in_flight_finish_and_the_second_stops_it() {
    let cancel = Cancel::default();
    let _under_way = cancel.begin(Arc::new(Rollout));
    assert!(matches!(cancel.signalled(), Press::Finishing { in_flight } if in_flight == r1()));
    assert!(cancel.is_finishing() && !cancel.is_asked(), "no wait ends, nothing is undone");
    assert!(matches!(cancel.signalled(), Press::AskedBefore), "several signals are one wish");
    assert!(!cancel.is_asked());
    assert!(matches!(cancel.press(), Press::Asked { changes: true, .. }));
    assert!(cancel.is_asked());
    assert!(matches!(cancel.press(), Press::Abandon(_)));
}

#[test]
fn a_stop_request_ends_a_wait_before_its_deadline() {
    let cancel = Cancel::default();
    assert!(!cancel.wait_until(Instant::now()), "the moment has come, no one asked");
    let other = cancel.clone();
    let asking = std::thread::spawn(move || other.ask());
    assert!(cancel.wait_until(Instant::now() + Duration::from_secs(60)));
    assert!(asking.join().is_ok());
    assert!(cancel.is_asked());
}

#[test]
fn a_child_is_asked_with_its_parent_and_not_the_other_way_round() {
    let parent = Cancel::default();
    let (one, other) = (parent.child(), parent.child());
    one.ask();
    assert!(one.is_asked() && !parent.is_asked() && !other.is_asked());
    parent.press();
    assert!(other.is_asked() && parent.child().is_asked());
}

#[test]
fn a_press_before_anything_may_end_the_program() {
    assert!(matches!(Cancel::default().press(), Press::Idle));
    let cancel = Cancel::default();
    drop(cancel.begin(Arc::new(Work(false))));
    assert!(matches!(cancel.press(), Press::Idle), "reading leaves nothing behind");
    let cancel = Cancel::default();
    drop(cancel.begin(Arc::new(Work(true))));
    assert!(matches!(cancel.press(), Press::Ending), "the result of a change is worth its line");
}

#[test]
fn a_press_at_a_question_is_an_empty_answer_and_no_question_follows() {
    let cancel = Cancel::default();
    let (answer, answered) = channel();
    assert!(cancel.open_question(answer.clone()));
    assert!(matches!(cancel.press(), Press::Answered));
    assert_eq!(answered.try_recv(), Ok(Some(String::new())));
    assert!(!cancel.open_question(answer));
}

#[test]
fn a_press_at_a_question_in_the_middle_of_work_answers_it_and_asks_the_work_to_stop() {
    let cancel = Cancel::default();
    let _under_way = cancel.begin(Arc::new(Work(true)));
    let (answer, answered) = channel();
    assert!(cancel.open_question(answer));
    assert!(matches!(cancel.press(), Press::Asked { changes: true, .. }));
    assert_eq!(answered.try_recv(), Ok(Some(String::new())));
}

#[test]
fn the_first_press_asks_the_work_to_stop_and_the_second_abandons_it() {
    let cancel = Cancel::default();
    let in_flight = cancel.begin(Arc::new(Work(true)));
    assert!(matches!(cancel.press(), Press::Asked { changes: true, .. }));
    assert!(cancel.is_asked());
    assert!(matches!(cancel.press(), Press::Abandon(work) if work.changes()));
    drop(in_flight);
    assert!(matches!(cancel.press(), Press::Ending));
}

#[test]
fn signals_only_ever_ask_and_a_key_behind_them_abandons() {
    let cancel = Cancel::default();
    let _under_way = cancel.begin(Arc::new(Work(true)));
    let Press::Asked { in_flight, .. } = cancel.signalled() else { panic!("nothing was asked") };
    assert_eq!(in_flight, r1());
    assert!(matches!(cancel.signalled(), Press::AskedBefore));
    assert!(matches!(cancel.press(), Press::Abandon(_)));
}

#[test]
fn a_closing_console_abandons_only_the_work_in_flight() {
    let cancel = Cancel::default();
    assert!(matches!(cancel.closing(), Press::Idle));
    let _under_way = cancel.begin(Arc::new(Work(true)));
    assert!(matches!(cancel.closing(), Press::Abandon(_)));
}

#[test]
fn work_within_work_is_asked_first_and_its_end_leaves_the_outer_work_in_flight() {
    let cancel = Cancel::default();
    let outer = cancel.begin(Arc::new(Work(false)));
    let inner = cancel.begin(Arc::new(Rollout));
    assert!(matches!(cancel.signalled(), Press::Finishing { .. }));
    drop(inner);
    assert!(matches!(cancel.signalled(), Press::Asked { changes: false, .. }), "the program does not end by itself");
    drop(outer);
    assert!(matches!(cancel.press(), Press::Ending));
}

#[test]
fn a_waiter_elsewhere_is_woken_by_a_stop_request_and_can_make_one() {
    struct Waiting(Cancel, std::sync::atomic::AtomicBool);
    impl crate::cancel::Wake for Waiting {
        fn wake(&self) {
            self.1.store(self.0.is_asked(), std::sync::atomic::Ordering::SeqCst);
        }
    }
    let cancel = Cancel::default();
    let waiting = Arc::new(Waiting(cancel.clone(), std::sync::atomic::AtomicBool::new(false)));
    let wakes: Arc<dyn crate::cancel::Wake> = waiting.clone();
    cancel.wakes(&wakes);
    cancel.press();
    assert!(waiting.1.load(std::sync::atomic::Ordering::SeqCst));
}
