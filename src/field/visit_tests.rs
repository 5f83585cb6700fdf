//! Visits as sequences of events, without a cable, a clock or a screen.

use super::{At, Visit};
use crate::field::event::{Answering, Asked, End, Event, Order, PlanShown, Problem};
use crate::field::pace::Outgoing;
use crate::field::page;
use crate::field::page::Input;
use crate::field::recognise::tests::{candidate, seen};
use crate::inventory::ConsoleHere;
use crate::ix::Identity;
use crate::ix::ports::{Link, PortUse, SeenLink};
use crate::message::{Lang, Text};
use crate::run::{BoxSeen, Candidate, Exit, LookRequest};
use crate::transport::serial::Port;

pub(in crate::field) const PORT: &str = "/dev/ttyUSB0";

fn console(speed: u32) -> ConsoleHere {
    ConsoleHere { port: PORT.to_owned(), speed }
}

pub(in crate::field) fn ports(names: &[&str]) -> Event {
    let ports = names.iter().map(|name| Port { name: (*name).to_owned(), usb: None }).collect();
    Event::Ports { ports, trouble: Vec::new() }
}

pub(in crate::field) fn typed(text: &str) -> Event {
    Event::Typed(text.to_owned())
}

pub(in crate::field) fn box_of(serial: &str) -> Event {
    Event::Seen(Box::new(BoxSeen { identity: seen(serial), speed: 9600, ..BoxSeen::default() }))
}

fn look(any_speed: bool, login_of: Option<&str>) -> Order {
    Order::Look(LookRequest { console: console(9600), any_speed, login_of: login_of.map(str::to_owned) })
}

fn problem(is_silent: bool, asks_for_login: bool) -> Event {
    let text = Text::new("no answer", "応答がありません");
    Event::NotSeen(Problem { text, hints: Vec::new(), is_silent, asks_for_login, refuses_login: false })
}

pub(in crate::field) fn question(answering: Answering) -> Event {
    Event::Asked(Asked { question: "Change 1 of 1 router(s)?".to_owned(), answering })
}

pub(in crate::field) fn ended(router: &str, exit: Exit) -> Event {
    Event::Ended(End {
        router: Some(router.to_owned()),
        text: format!("{router}: saved, and more"),
        brief: format!("{router}: saved"),
        exit,
        is_proven: true,
        ..End::default()
    })
}

/// A visit with a cable in its box, which is looked at.
pub(in crate::field) fn looking(candidates: &[Candidate]) -> Visit {
    let mut visit = Visit::new(candidates.to_vec(), 9600, Lang::En);
    assert!(visit.on(ports(&[PORT])).is_empty());
    assert_eq!(visit.on(typed("1")), [look(false, None)]);
    visit
}

pub(in crate::field) fn all(visit: &mut Visit, events: impl IntoIterator<Item = Event>) -> Vec<Order> {
    events.into_iter().flat_map(|event| visit.on(event)).collect()
}

pub(in crate::field) fn said(visit: &Visit) -> String {
    page(visit).lines.join("\n")
}

#[test]
fn nothing_is_opened_before_the_number_of_a_port_is_typed() {
    let mut visit = Visit::new(vec![candidate("r1", None)], 9600, Lang::En);
    let orders = all(&mut visit, [ports(&[]), typed("1"), ports(&[PORT]), typed(""), typed("2"), typed("y")]);
    assert!(orders.is_empty(), "{orders:?}");
    assert!(said(&visit).contains("Nothing is opened before you press its number"), "{}", said(&visit));
    assert_eq!(visit.on(typed("1")), [look(false, None)]);
}

#[test]
fn a_box_that_the_inventory_names_is_deployed_after_a_yes_and_one_question() {
    let mut visit = looking(&[candidate("r1", Some("111222333"))]);
    assert!(visit.on(box_of("111222333")).is_empty());
    assert!(said(&visit).contains("why: the inventory has its serial number"), "{}", said(&visit));
    assert!(!said(&visit).contains("111222333"), "its end may be asked for");
    let deploy = Order::Deploy { router: "r1".to_owned(), console: console(9600) };
    assert_eq!(visit.on(typed("y")), [deploy]);
    let plan = PlanShown { text: "+ hostname x".to_owned(), lengths: vec![10, 10], ..PlanShown::default() };
    all(&mut visit, [Event::Planned(plan), Event::Summed("1 change".to_owned()), question(Answering::Change)]);
    assert!(said(&visit).starts_with("1 change"), "{}", said(&visit));
    assert!(visit.on(typed("c")).is_empty());
    assert!(said(&visit).starts_with("+ hostname x"), "{}", said(&visit));
    assert!(visit.on(typed("")).is_empty(), "Return alone agrees to nothing");
    assert_eq!(visit.on(typed("y")), [Order::Answer("yes".to_owned())]);
    all(&mut visit, [Event::Sending(Outgoing { number: 1, at_ms: 0 }), Event::Said("r1: 1/2 hostname x".to_owned())]);
    assert_eq!(said(&visit), "r1: 1/2 hostname x");
    let left = |visit: &Visit| page(visit).left.map(|left| left.whole);
    assert_eq!(left(&visit).as_deref(), Some("0:00 left for the lines; then they are read again, checked and saved"));
    visit.on(Event::Said("r1: → verifying".to_owned()));
    assert_eq!(left(&visit), None, "the lines are out");
    visit.on(ended("r1", Exit::Done));
    assert_eq!(visit.on(typed("q")), [Order::Leave(Exit::Done)]);
}

#[test]
fn what_was_warned_of_before_the_visit_stands_on_its_first_screen_and_at_each_question() {
    let visit = Visit::new(vec![candidate("r1", Some("1"))], 9600, Lang::En);
    let mut visit = visit.warned_of(vec!["the kit is for yesterday".to_owned()]);
    visit.on(Event::Ports { ports: Vec::new(), trouble: Vec::new() });
    assert!(said(&visit).ends_with("  ! the kit is for yesterday"), "{}", said(&visit));
    let mut visit = looking(&[candidate("r1", Some("1"))]).warned_of(vec!["the kit is for yesterday".to_owned()]);
    all(&mut visit, [box_of("1"), typed("y"), Event::Summed("1 change".to_owned()), question(Answering::Change)]);
    assert!(said(&visit).contains("  ! the kit is for yesterday"), "{}", said(&visit));
}

#[test]
fn where_boxes_are_exchanged_a_new_one_takes_a_place_after_a_yes_and_a_known_one_takes_none() {
    let recorded = Some(Identity { serial_number: Some("111".to_owned()), ..Identity::default() });
    let saved = Candidate { recorded, ..candidate("r1", Some("111")) };
    let swap = |serial: &str| {
        let mut visit = Visit::new(vec![saved.clone(), candidate("r2", None)], 9600, Lang::En).swapping(true);
        all(&mut visit, [ports(&[PORT]), typed("1"), box_of(serial)]);
        visit
    };
    let mut visit = swap("999");
    let page = said(&visit);
    assert!(page.contains("Is this box swapped for that of:") && page.contains("serial number: 111"), "{page}");
    let order = Order::Swap { router: "r1".to_owned(), console: console(9600) };
    assert_eq!(visit.on(typed("y")), [order]);
    let mut known = swap("111");
    assert!(said(&known).contains("it replaces none"), "{}", said(&known));
    assert!(matches!(known.on(typed("y")).as_slice(), [Order::Deploy { .. }]));
    // One of a model that none of them has takes no place, and the reason is said.
    let other_model = Candidate {
        declared: Identity { model: Some("IX2310".to_owned()), ..saved.declared.clone() },
        ..saved.clone()
    };
    let unplaced = |candidates: Vec<Candidate>| {
        let mut visit = Visit::new(candidates, 9600, Lang::En).swapping(true);
        all(&mut visit, [ports(&[PORT]), typed("1"), box_of("999")]);
        said(&visit)
    };
    let page = unplaced(vec![other_model]);
    assert!(
        page.contains("No router fits.") && page.contains("declared as IX2310") && page.contains("--map"),
        "{page}"
    );
    // A search for other words finds none of a router that could be meant.
    let mut visit = swap("999");
    all(&mut visit, [typed("f"), typed("nowhere")]);
    assert!(said(&visit).contains("No router fits.") && !said(&visit).contains("declared as"), "{}", said(&visit));
    let page = unplaced(vec![candidate("r2", None)]);
    assert!(page.contains("has a saved state on this computer"), "{page}");
    // In a visit without that, a box with another number than the inventory's is no router of it.
    let mut other = looking(std::slice::from_ref(&saved));
    other.on(box_of("999"));
    assert!(matches!(&other.at, At::Find { found, .. } if found.is_empty()), "{}", said(&other));
}

#[test]
fn of_a_used_box_whose_password_no_one_knows_it_is_said_what_only_a_person_may_do() {
    let refused = || {
        let text = Text::new("refused", "拒否");
        let (hints, is_silent, asks_for_login) = (Vec::new(), false, false);
        Event::NotSeen(Problem { text, hints, is_silent, asks_for_login, refuses_login: true })
    };
    let mut visit = Visit::new(vec![candidate("r1", None)], 9600, Lang::En).swapping(true);
    all(&mut visit, [ports(&[PORT]), typed("1"), refused()]);
    assert!(said(&visit).contains("boot monitor") && said(&visit).contains("types nothing there"), "{}", said(&visit));
    let mut usual = looking(&[candidate("r1", None)]);
    usual.on(refused());
    assert!(!said(&usual).contains("boot monitor"));
}

#[test]
fn a_port_says_its_link_once_a_check_has_seen_it_and_not_after_an_undo() {
    let port = |interface: &str| PortUse { interface: interface.to_owned(), is_on: true, ..PortUse::default() };
    let plan = PlanShown { ports: vec![port("GigaEthernet0.0"), port("GigaEthernet1.0")], ..PlanShown::default() };
    let worked = |more: Event| {
        let mut visit = looking(&[candidate("r1", Some("1"))]);
        let links = vec![SeenLink { interface: "GigaEthernet0.0".to_owned(), link: Link::Down }];
        all(&mut visit, [box_of("1"), typed("y"), Event::Planned(plan.clone()), Event::Links(links), more]);
        said(&visit)
    };
    for more in [question(Answering::FailedChecks), ended("r1", Exit::Done)] {
        let page = worked(more);
        assert!(page.contains("GigaEthernet0.0: NO LINK") && !page.contains("GigaEthernet1.0"), "{page}");
    }
    assert!(!worked(ended("r1", Exit::NotDone)).contains("LINK"));
}

#[test]
fn a_speed_that_was_found_is_the_speed_of_the_deployment() {
    let mut visit = looking(&[candidate("r1", Some("1"))]);
    assert!(visit.on(problem(true, false)).is_empty());
    assert_eq!(visit.on(typed("s")), [look(true, None)], "other speeds only where that was typed");
    let seen = BoxSeen { identity: seen("1"), speed: 115_200, ..BoxSeen::default() };
    visit.on(Event::Seen(Box::new(seen)));
    assert_eq!(visit.on(typed("y")), [Order::Deploy { router: "r1".to_owned(), console: console(115_200) }]);
}

#[test]
fn other_speeds_are_offered_only_where_nothing_readable_came() {
    let mut visit = looking(&[candidate("r1", None)]);
    visit.on(problem(false, false));
    assert!(visit.on(typed("s")).is_empty());
    assert_eq!(visit.on(typed("r")), [look(false, None)]);
}

#[test]
fn a_login_is_typed_only_once_it_is_known_whose() {
    let two = [candidate("r1", None), candidate("r2", None)];
    let mut visit = looking(&two);
    assert!(visit.on(problem(false, true)).is_empty());
    assert!(said(&visit).contains("Which router is it? Its login is used then"), "{}", said(&visit));
    assert_eq!(visit.on(typed("2")), [look(false, Some("r2"))]);
    visit.on(box_of("9"));
    assert!(said(&visit).contains("router r2") && said(&visit).contains("you chose it"), "{}", said(&visit));
    // Of one router only that login can be meant.
    let mut visit = looking(&[Candidate { is_done_today: true, ..candidate("r1", None) }]);
    assert_eq!(visit.on(problem(false, true)), [look(false, Some("r1"))]);
    visit.on(box_of("9"));
    assert!(said(&visit).contains("it is the only router of today's list"), "{}", said(&visit));
}

#[test]
fn where_several_may_be_meant_none_is_proposed_and_the_engineer_finds_it() {
    let mut other = candidate("tanaka-r1", None);
    other.clinic.title = Some("たなか歯科".to_owned());
    let mut visit = looking(&[candidate("sato-r1", None), other]);
    visit.on(box_of("9"));
    assert!(matches!(&visit.at, At::Find { found, .. } if found == &[0, 1]));
    visit.on(typed("タナカ"));
    assert!(said(&visit).contains("たなか歯科") && !said(&visit).contains("sato-r1"), "{}", said(&visit));
    visit.on(typed("1"));
    let orders = visit.on(typed("y"));
    assert!(matches!(orders.as_slice(), [Order::Deploy { router, .. }] if router == "tanaka-r1"), "{orders:?}");
}

#[test]
fn a_warning_is_read_again_where_the_question_is_asked() {
    let mut visit = looking(&[candidate("r1", Some("1"))]);
    all(&mut visit, [box_of("1"), typed("y"), Event::Warned("the line has no prefix".to_owned())]);
    assert_eq!(said(&visit), "the line has no prefix");
    all(&mut visit, [Event::Summed("1 change".to_owned()), question(Answering::Change)]);
    assert!(said(&visit).starts_with("1 change\n  ! the line has no prefix\n"), "{}", said(&visit));
}

#[test]
fn a_password_that_is_asked_for_at_the_login_of_a_look_leads_back_to_the_look() {
    let asked = || {
        let mut visit = looking(&[candidate("r1", None)]);
        assert_eq!(visit.on(problem(false, true)), [look(false, Some("r1"))]);
        assert_eq!(visit.on(question(Answering::Secret)), []);
        visit
    };
    let mut given = asked();
    assert_eq!(all(&mut given, [typed(""), box_of("1")]), []);
    assert!(matches!(given.at, At::Confirm), "{:?}", given.at);
    let mut stopped = asked();
    assert_eq!(stopped.on(Event::Stop), [Order::Answer(String::new())]);
    assert_eq!(stopped.on(problem(false, false)), [Order::Leave(Exit::NotDone)]);
    // A look whose cable was pulled still asks: no one answers it.
    let mut late = looking(&[candidate("r1", None)]);
    assert_eq!(all(&mut late, [ports(&[]), question(Answering::Secret)]), [Order::Answer(String::new())]);
    assert!(matches!(late.at, At::Cable { pulled: true }));
}

#[test]
fn a_login_that_was_found_at_another_speed_is_typed_at_any_speed() {
    let mut visit = looking(&[candidate("r1", None)]);
    visit.on(problem(true, false));
    assert_eq!(visit.on(typed("s")), [look(true, None)]);
    assert_eq!(visit.on(problem(false, true)), [look(true, Some("r1"))]);
    visit.on(problem(false, false));
    assert_eq!(visit.on(typed("r")), [look(true, Some("r1"))]);
}

#[test]
fn a_box_that_is_not_proven_is_not_called_saved_and_leaves_its_router_to_do() {
    for (is_of_last_save, title) in
        [(false, "6 As declared, box not proven"), (true, "6 As declared, box known from the last save")]
    {
        let mut visit = looking(&[candidate("r1", None), candidate("r2", None)]);
        let router = Some("r1".to_owned());
        let end = End { router, exit: Exit::Done, is_of_last_save, ..End::default() };
        all(&mut visit, [box_of("9"), typed("1"), typed("y"), Event::Ended(end)]);
        assert_eq!(page(&visit).title, title);
        all(&mut visit, [typed("n"), typed("1"), box_of("8")]);
        assert!(!said(&visit).contains("the only one left"), "{}", said(&visit));
    }
}

#[test]
fn a_key_that_means_something_elsewhere_saves_no_change_whose_checks_failed() {
    for key in ["q", "n", "u", "no", "Yes", "止"] {
        let mut visit = looking(&[candidate("r1", Some("1"))]);
        all(&mut visit, [box_of("1"), typed("y"), question(Answering::FailedChecks)]);
        assert_eq!(visit.on(typed(key)), [], "{key}");
        assert_eq!(visit.on(typed("")), [Order::Answer(String::new())], "it is still asked");
    }
}

#[test]
fn failed_checks_are_repeated_saved_with_a_reason_or_undone() {
    for (answer, ordered) in [("r", "r"), ("the line opens on Friday", "the line opens on Friday"), ("", "")] {
        let mut visit = looking(&[candidate("r1", Some("1"))]);
        all(&mut visit, [box_of("1"), typed("y"), question(Answering::FailedChecks)]);
        assert!(matches!(page(&visit).input, Input::Line(words) if words.contains("run the checks again")));
        assert_eq!(visit.on(typed(answer)), [Order::Answer(ordered.to_owned())]);
    }
}

#[test]
fn a_test_from_the_laptop_is_made_again_attested_in_words_or_left_and_no_other_key_answers() {
    for answer in ["r", "2 ok seen on the terminal", "1 NG 端末で開けた", ""] {
        let mut visit = looking(&[candidate("r1", Some("1"))]);
        all(&mut visit, [box_of("1"), typed("y"), question(Answering::HandOver { tests: 2 })]);
        assert!(matches!(page(&visit).input, Input::Line(words) if words.contains("test again")));
        for key in ["y", "q", "ok", "2 ok", "3 ok seen"] {
            assert_eq!(visit.on(typed(key)), [], "{key}");
        }
        assert_eq!(visit.on(typed(answer)), [Order::Answer(answer.to_owned())]);
    }
}

#[test]
fn the_next_router_of_the_clinic_is_the_one_that_is_left_and_the_worst_end_is_that_of_the_visit() {
    let mut visit = looking(&[candidate("r1", Some("1")), candidate("r2", None)]);
    all(&mut visit, [box_of("1"), typed("y"), ended("r1", Exit::Done), typed("n"), typed("1"), box_of("2")]);
    assert!(said(&visit).contains("router r2") && said(&visit).contains("the only one left"), "{}", said(&visit));
    all(&mut visit, [typed("y"), ended("r2", Exit::NeedsPerson)]);
    assert_eq!(page(&visit).title, "6 A person is needed: read this first");
    all(&mut visit, [typed("n"), typed("1"), box_of("1"), typed("y"), ended("r1", Exit::Done)]);
    assert_eq!(visit.on(typed("q")), [Order::Leave(Exit::NeedsPerson)]);
}

#[test]
fn no_text_of_a_device_or_a_file_acts_on_a_screen() {
    let mut evil = candidate("r1", Some("1"));
    evil.clinic.title = Some("\u{1b}[2Jclinic".to_owned());
    let mut visit = looking(&[evil]);
    let mut identity = seen("1");
    identity.host_name = Some("\u{1b}]0;x\u{7}".to_owned());
    visit.on(Event::Seen(Box::new(BoxSeen { identity, speed: 9600, ..BoxSeen::default() })));
    assert!(!said(&visit).contains('\u{1b}'), "{}", said(&visit));
}

#[test]
fn a_line_is_looked_at_before_the_change_and_what_is_found_is_no_end_of_the_router() {
    let one = candidate("r1", Some("111"));
    let probe = Order::Probe { router: "r1".to_owned(), console: console(9600) };
    let deploy = Order::Deploy { router: "r1".to_owned(), console: console(9600) };
    let found = |exit| {
        let text = "r1: line looked at".to_owned();
        Event::Ended(End {
            router: Some("r1".to_owned()),
            text,
            exit,
            is_proven: true,
            is_look: true,
            ..End::default()
        })
    };
    let begin = |probes| {
        let mut visit = Visit::new(vec![one.clone()], 9600, Lang::En).probing(probes);
        all(&mut visit, [ports(&[PORT]), typed("1"), box_of("111")]);
        visit
    };
    assert_eq!(begin(false).on(typed("l")), [], "the playbook declares none");
    for exit in [Exit::Done, Exit::Differs, Exit::NotDone] {
        let mut visit = begin(true);
        assert_eq!(visit.on(typed("l")), std::slice::from_ref(&probe));
        assert_eq!(visit.on(found(exit)), []);
        assert!(!visit.candidates[0].is_done_today, "{exit:?}");
        assert_eq!(visit.on(typed("y")), std::slice::from_ref(&deploy), "it goes on with the same router");
        assert_eq!(all(&mut visit, [ended("r1", Exit::Done), typed("q")]), [Order::Leave(Exit::Done)]);
    }
    let mut visit = begin(true);
    all(&mut visit, [typed("l"), found(Exit::NeedsPerson)]);
    assert_eq!(visit.on(typed("y")), [], "a person is needed first");
    assert_eq!(visit.on(typed("q")), [Order::Leave(Exit::NeedsPerson)]);
}
