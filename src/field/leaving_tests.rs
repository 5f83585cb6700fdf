//! Visits that are left, by every way and from every screen, and what is said then.

use super::farewell;
use crate::field::event::{Answering, End, Event, Order};
use crate::field::recognise::tests::candidate;
use crate::field::visit::Visit;
use crate::field::visit::tests::{all, box_of, ended, looking, ports, question, said, typed};
use crate::message::Lang;
use crate::run::Exit;

const NOTHING: &str = "Nothing was changed on any router.\n";

#[test]
fn to_stop_agrees_to_nothing_and_leaves_a_known_state() {
    let mut visit = looking(&[candidate("r1", Some("1"))]);
    visit.on(box_of("1"));
    assert_eq!(visit.on(Event::Stop), [Order::Leave(Exit::NotDone)]);
    all(&mut visit, [typed("y"), question(Answering::Change)]);
    assert_eq!(visit.on(Event::Stop), [Order::Stop, Order::Answer(String::new())]);
    assert_eq!(visit.on(Event::Stop), [Order::Stop], "what is in progress ends safely");
    visit.on(ended("r1", Exit::NotDone));
    assert_eq!(visit.on(Event::Stop), [Order::Leave(Exit::NotDone)]);
}

#[test]
fn a_visit_that_is_asked_to_stop_from_outside_shows_how_the_router_ended_and_is_over() {
    let mut visit = looking(&[candidate("r1", Some("1"))]);
    all(&mut visit, [box_of("1"), typed("y"), question(Answering::Change)]);
    assert_eq!(visit.on(Event::Stopping), [Order::Answer(String::new())]);
    assert_eq!(visit.on(Event::Stopping), []);
    assert!(said(&visit).contains("Stopping:"), "{}", said(&visit));
    visit.on(Event::Told("finishing this line\n  r1: ends in 7 s at the latest".to_owned()));
    assert!(said(&visit).ends_with("finishing this line\n  r1: ends in 7 s at the latest"), "{}", said(&visit));
    visit.on(ended("r1", Exit::NotDone));
    assert_eq!(visit.on(Event::Stopping), [Order::Leave(Exit::NotDone)], "no router is begun after it");
}

#[test]
fn who_leaves_while_the_box_is_asked_leaves_its_console_logged_out() {
    for wish in [|| Event::Stop, || Event::Stopping, || Event::LeftAlone] {
        let mut visit = looking(&[candidate("r1", Some("1"))]);
        assert_eq!(visit.on(wish()), []);
        assert!(said(&visit).contains("Leaving once the console is logged out"), "{}", said(&visit));
        assert_eq!(visit.on(box_of("1")), [Order::Leave(Exit::NotDone)]);
    }
    let mut hasty = looking(&[candidate("r1", Some("1"))]);
    assert_eq!(all(&mut hasty, [Event::Stop, Event::Stop]), [Order::Leave(Exit::NotDone)]);
    let mut pulled = looking(&[candidate("r1", Some("1"))]);
    assert_eq!(all(&mut pulled, [Event::Stop, ports(&[])]), [Order::Leave(Exit::NotDone)]);
}

#[test]
fn no_one_at_the_terminal_is_no_second_press_and_agrees_to_nothing() {
    let mut visit = looking(&[candidate("r1", Some("1"))]);
    all(&mut visit, [box_of("1"), typed("y"), question(Answering::Change)]);
    assert_eq!(visit.on(Event::LeftAlone), [Order::Answer(String::new())]);
    assert_eq!(visit.on(Event::LeftAlone), [], "what is in progress ends safely");
}

#[test]
fn whoever_leaves_before_a_router_was_worked_on_is_told_that_nothing_was_changed_and_sees_no_old_screen() {
    for events in [vec![], vec![typed("1")], vec![typed("1"), box_of("1")], vec![typed("1"), ports(&[])]] {
        let mut visit = Visit::new(vec![candidate("r1", Some("1"))], 9600, Lang::En);
        visit.on(ports(&["/dev/ttyUSB0"]));
        all(&mut visit, events);
        visit.on(Event::Stop);
        for was_on_screen in [true, false] {
            assert_eq!(farewell(&visit, was_on_screen), NOTHING);
        }
    }
    let visit = Visit::new(Vec::new(), 9600, Lang::Ja);
    assert_eq!(farewell(&visit, true), "どのルータも変更していません。\n");
}

#[test]
fn a_lost_router_is_named_with_what_to_do_however_far_the_visit_went_on_behind_it() {
    let now = "r1: lost: the session is gone\n  `ixdeploy resume 01A`";
    let lost = || End {
        router: Some("r1".to_owned()),
        text: "all about r1".to_owned(),
        brief: now.to_owned(),
        exit: Exit::NeedsPerson,
        ..End::default()
    };
    let mut visit = looking(&[candidate("r1", Some("1")), candidate("r2", None)]);
    all(&mut visit, [box_of("1"), typed("y"), Event::Ended(lost())]);
    assert_eq!(farewell(&visit, true), "all about r1\n", "the whole page was on a screen that is gone");
    assert_eq!(farewell(&visit, false), "", "the whole page stands there");
    visit.on(typed("n"));
    assert_eq!(farewell(&visit, true), format!("{now}\n"));
    assert_eq!(visit.on(Event::Stop), [Order::Leave(Exit::NeedsPerson)]);
    all(&mut visit, [typed("1"), box_of("2"), typed("y"), ended("r2", Exit::Done)]);
    assert_eq!(farewell(&visit, true), format!("r2: saved, and more\n{now}\n"));
    assert_eq!(farewell(&visit, false), format!("{now}\n"));
}
