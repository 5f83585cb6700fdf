//! A cable that is pulled, wherever the visit is.

use crate::field::at::At;
use crate::field::event::{Answering, Event, Order};
use crate::field::pace::Outgoing;
use crate::field::recognise::tests::candidate;
use crate::field::visit::tests::{PORT, all, box_of, ended, looking, ports, question, said, typed};
use crate::run::Exit;

#[test]
fn a_pulled_cable_leads_back_to_the_cable_until_a_router_is_worked_on() {
    let mut visit = looking(&[candidate("r1", Some("1"))]);
    all(&mut visit, [box_of("1"), ports(&[])]);
    assert!(said(&visit).contains("The cable was pulled. Nothing was changed."), "{}", said(&visit));
    all(&mut visit, [ports(&[PORT]), typed("1"), box_of("1"), typed("y"), ports(&[])]);
    assert!(matches!(visit.at, At::Working), "its own session waits for the cable");
    // What a look says that began before the cable was pulled is about another moment.
    let mut late = looking(&[candidate("r1", Some("1"))]);
    all(&mut late, [ports(&[]), box_of("1")]);
    assert!(matches!(late.at, At::Cable { pulled: true }));
}

#[test]
fn a_cable_pulled_before_anything_was_sent_leads_back_to_the_cable_and_costs_nothing() {
    let working = || {
        let mut visit = looking(&[candidate("r1", Some("1"))]);
        all(&mut visit, [box_of("1"), typed("y")]);
        visit
    };
    // At the question: it is answered with nothing.
    let mut visit = working();
    visit.on(question(Answering::Change));
    assert_eq!(visit.on(ports(&[])), [Order::Answer(String::new())]);
    visit.on(ended("r1", Exit::NotDone));
    assert!(said(&visit).contains("The cable was pulled. Nothing was changed."), "{}", said(&visit));
    all(&mut visit, [ports(&[PORT]), typed("1"), box_of("1"), typed("y"), ended("r1", Exit::Done)]);
    assert_eq!(visit.on(typed("q")), [Order::Leave(Exit::Done)], "it is as if the cable had never been pulled");
    // After it, before the first line: its session has no way in.
    let mut visit = working();
    all(&mut visit, [question(Answering::Change), typed("y"), ports(&[]), ended("r1", Exit::NotDone)]);
    assert!(matches!(visit.at, At::Cable { pulled: true }));
    assert_eq!(visit.on(typed("q")), [Order::Leave(Exit::NotDone)]);
}

#[test]
fn a_cable_pulled_while_a_question_about_what_was_sent_is_open_is_said_there() {
    let mut visit = looking(&[candidate("r1", Some("1"))]);
    let sent = Event::Sending(Outgoing { number: 1, at_ms: 0 });
    all(&mut visit, [box_of("1"), typed("y"), question(Answering::Change), typed("y"), sent]);
    visit.on(question(Answering::FailedChecks));
    assert!(visit.on(ports(&[])).is_empty(), "the answer is the engineer's");
    assert!(said(&visit).starts_with("The cable was pulled: plug it in again"), "{}", said(&visit));
    visit.on(ports(&[PORT]));
    assert!(!said(&visit).contains("The cable was pulled"), "{}", said(&visit));
    all(&mut visit, [ports(&[]), typed(""), ended("r1", Exit::NotDone)]);
    assert!(matches!(visit.at, At::End(_)), "lines were sent: its end is told");
}
