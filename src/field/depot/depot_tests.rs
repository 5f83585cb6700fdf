//! Depots as sequences of events, without a cable, a clock or a screen.

use super::{BoxEnd, Counter, DeployOrder, Depot, DepotEvent, DepotOrder};
use crate::field::event::Problem;
use crate::field::recognise::tests::{candidate, seen};
use crate::inventory::ConsoleHere;
use crate::message::{Lang, Text};
use crate::run::{BoxSeen, Candidate, Exit};
use crate::state::Verdict;
use crate::transport::serial::Port;

pub(super) fn ports(names: &[&str]) -> DepotEvent {
    let ports = names.iter().map(|name| Port { name: (*name).to_owned(), usb: None }).collect();
    DepotEvent::Ports { ports, trouble: Vec::new() }
}

pub(super) fn typed(text: &str) -> DepotEvent {
    DepotEvent::Typed(text.to_owned())
}

pub(super) fn box_of(look: u64, serial: &str) -> DepotEvent {
    DepotEvent::Seen { look, seen: Box::new(BoxSeen { identity: seen(serial), speed: 9600, ..BoxSeen::default() }) }
}

fn not_seen(look: u64, is_silent: bool, asks_for_login: bool, save_may_run: bool) -> DepotEvent {
    let text = Text::new("no answer", "応答がありません");
    let problem = Problem { text, hints: Vec::new(), is_silent, asks_for_login, refuses_login: false };
    DepotEvent::NotSeen { look, problem, save_may_run }
}

fn silent(look: u64) -> DepotEvent {
    not_seen(look, true, false, false)
}

pub(super) fn ended(router: &str, verdict: Verdict) -> DepotEvent {
    let brief = format!("{verdict:?}");
    DepotEvent::Ended { router: router.to_owned(), end: BoxEnd { verdict, brief, advice: String::new() } }
}

pub(super) fn depot(candidates: &[Candidate]) -> Depot {
    Depot::new(candidates.to_vec(), 9600, Lang::En)
}

pub(super) fn all(depot: &mut Depot, events: impl IntoIterator<Item = DepotEvent>) -> Vec<DepotOrder> {
    events.into_iter().flat_map(|event| depot.on(event)).collect()
}

/// The numbers of the looks that were ordered.
fn looks(orders: &[DepotOrder]) -> Vec<u64> {
    let look = |order: &DepotOrder| match order {
        DepotOrder::Look(look) => Some(look.look),
        _ => None,
    };
    orders.iter().filter_map(look).collect()
}

fn deploys(orders: &[DepotOrder]) -> Vec<DeployOrder> {
    let deploy = |order: &DepotOrder| match order {
        DepotOrder::Deploy(deploy) => Some(deploy.clone()),
        _ => None,
    };
    orders.iter().filter_map(deploy).collect()
}

pub(super) fn said(orders: &[DepotOrder]) -> String {
    let line = |order: &DepotOrder| match order {
        DepotOrder::Say(line) => Some(line.clone() + "\n"),
        _ => None,
    };
    orders.iter().filter_map(line).collect()
}

fn left(orders: &[DepotOrder]) -> Option<Exit> {
    orders.iter().find_map(|order| match order {
        DepotOrder::Leave(exit) => Some(*exit),
        _ => None,
    })
}

/// Lets time pass until something is ordered.
fn until_ordered(depot: &mut Depot) -> Vec<DepotOrder> {
    let orders = (0..100).map(|_| depot.on(DepotEvent::Tick)).find(|orders| !orders.is_empty());
    orders.unwrap_or_default()
}

fn on(router: &str, port: &str, serial_number: Option<&str>) -> DeployOrder {
    let console = ConsoleHere { port: port.to_owned(), speed: 9600 };
    DeployOrder { router: router.to_owned(), serial_number: serial_number.map(str::to_owned), console }
}

#[test]
fn each_box_is_the_router_that_the_inventory_says_and_all_go_at_once() {
    let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
    let orders = depot.on(ports(&["A", "B"]));
    assert_eq!(looks(&orders), [1, 2]);
    assert_eq!(deploys(&depot.on(box_of(2, "1"))), [on("r1", "B", None)]);
    assert_eq!(deploys(&depot.on(box_of(1, "2"))), [on("r2", "A", None)]);
    assert_eq!(depot.counter(), Counter { under_way: 2, ..Counter::default() });
    let orders = depot.on(ended("r2", Verdict::Done));
    assert!(said(&orders).starts_with("[1] A: ✓ r2: Done; take the box away\n"), "{}", said(&orders));
    assert!(said(&orders).ends_with("done 1, in progress 1, failed 0, waiting 0\n"), "{}", said(&orders));
    let orders = depot.on(ended("r1", Verdict::Done));
    assert_eq!(left(&orders), Some(Exit::Done), "all are done");
}

#[test]
fn the_next_box_on_a_port_is_set_up_once_the_one_before_was_taken_away() {
    let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
    all(&mut depot, [ports(&["A"]), box_of(1, "1"), ended("r1", Verdict::Done)]);
    // It is still there: nothing is done with it.
    assert_eq!(looks(&until_ordered(&mut depot)), [2]);
    assert!(depot.on(box_of(2, "1")).is_empty());
    // It asks for the login that it has now: still the same box.
    assert_eq!(looks(&until_ordered(&mut depot)), [3]);
    assert!(depot.on(not_seen(3, false, true, false)).is_empty());
    assert_eq!(looks(&until_ordered(&mut depot)), [4]);
    assert!(said(&depot.on(silent(4))).contains("nothing answers; waiting for a box"));
    assert_eq!(looks(&until_ordered(&mut depot)), [5]);
    assert!(depot.on(silent(5)).is_empty(), "it is said once");
    assert_eq!(looks(&until_ordered(&mut depot)), [6]);
    assert_eq!(deploys(&depot.on(box_of(6, "2"))), [on("r2", "A", None)]);
}

#[test]
fn a_box_that_the_list_does_not_have_waits_and_nothing_is_done_to_it() {
    let mut depot = depot(&[candidate("r1", Some("1"))]);
    let orders = all(&mut depot, [ports(&["A"]), box_of(1, "99991234")]);
    assert!(deploys(&orders).is_empty());
    assert!(said(&orders).contains("[1] A: not on the list: IX2215, serial number 9999****"), "{}", said(&orders));
    assert_eq!(looks(&until_ordered(&mut depot)), [2]);
    assert!(depot.on(box_of(2, "99991234")).is_empty(), "it is said once");
    let orders = depot.on(typed("q"));
    assert_eq!(left(&orders), Some(Exit::NotDone), "a router is left");
    assert_eq!(
        depot.result(),
        [
            "さとう内科クリニック, router r1 (role: router1): waiting for its box",
            "done 0, in progress 0, failed 0, waiting 1"
        ]
    );
}

#[test]
fn a_scanned_serial_number_belongs_to_a_router_after_a_yes() {
    let mut depot = depot(&[candidate("r1", None), candidate("r2", Some("2"))]);
    all(&mut depot, [ports(&["A"]), box_of(1, "555")]);
    assert!(said(&depot.on(typed("555"))).contains("no router of the list has this serial number"));
    assert!(
        said(&depot.on(typed("r1")))
            .contains("Is さとう内科クリニック, router r1 (role: router1) the box with serial number 555?")
    );
    let orders = depot.on(typed("yes"));
    assert_eq!(deploys(&orders), [on("r1", "A", Some("555"))], "the run is held to the box that a person named");
}

#[test]
fn a_serial_number_that_was_only_read_is_confirmed_by_its_end_as_it_is_on_the_label() {
    for (answer, deployed) in [("1234", true), ("86091234", true), ("yes", false), ("", false), ("0000", false)] {
        let mut depot = depot(&[candidate("r1", None), candidate("r2", None)]);
        all(&mut depot, [ports(&["A"]), box_of(1, "86091234")]);
        let asked = said(&depot.on(typed("r1")));
        assert!(asked.contains("8609****") && !asked.contains("1234"), "{asked}");
        let orders = depot.on(typed(answer));
        assert_eq!(!deploys(&orders).is_empty(), deployed, "{answer}: {}", said(&orders));
    }
}

#[test]
fn a_pair_can_be_given_before_its_box_comes_and_one_serial_number_is_one_routers() {
    let mut depot = depot(&[candidate("r1", None), candidate("r2", Some("2")), candidate("r3", None)]);
    assert!(said(&depot.on(typed("r1=2"))).contains("this serial number is that of"));
    assert!(said(&depot.on(typed("r2=7"))).contains("the inventory has another serial number"));
    all(&mut depot, [typed("r1=7"), typed("y")]);
    assert!(said(&depot.on(typed("r3=7"))).contains("this serial number is that of"));
    assert!(said(&depot.on(typed("7"))).contains("router r1 (role: router1): waiting for its box"));
    assert_eq!(deploys(&all(&mut depot, [ports(&["A"]), box_of(1, "7")])), [on("r1", "A", Some("7"))]);
    assert!(said(&depot.on(typed("r1=8"))).contains("in progress, or done"));
}

#[test]
fn two_boxes_of_one_serial_number_are_never_set_up_at_the_same_time() {
    let mut depot = depot(&[candidate("r1", Some("1"))]);
    let orders = all(&mut depot, [ports(&["A", "B"]), box_of(1, "1"), box_of(2, "1")]);
    assert_eq!(deploys(&orders), [on("r1", "A", None)]);
    assert!(said(&orders).contains("[2] B: refused: it shows the serial number of"), "{}", said(&orders));
}

#[test]
fn an_answer_about_a_box_that_was_unplugged_meanwhile_counts_for_nothing() {
    let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
    all(&mut depot, [ports(&["A"]), ports(&[])]);
    assert_eq!(looks(&depot.on(ports(&["A"]))), [2], "the port is back, with another box on it");
    assert!(depot.on(box_of(1, "1")).is_empty(), "the first look was about another moment");
    assert_eq!(deploys(&depot.on(box_of(2, "2"))), [on("r2", "A", None)]);
}

#[test]
fn two_boxes_swapped_between_reading_and_pushing_are_each_refused_or_set_up_as_what_they_are() {
    let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
    all(&mut depot, [ports(&["A"]), box_of(1, "1")]);
    // The session that was to deploy r1 read the serial number of r2: nothing was written.
    all(&mut depot, [ended("r1", Verdict::NotDone)]);
    assert_eq!(looks(&until_ordered(&mut depot)), [2]);
    assert_eq!(deploys(&depot.on(box_of(2, "2"))), [on("r2", "A", None)]);
    all(&mut depot, [ended("r2", Verdict::Done)]);
    assert_eq!(looks(&until_ordered(&mut depot)), [3]);
    let orders = depot.on(box_of(3, "1"));
    assert!(
        deploys(&orders).is_empty() && said(&orders).contains("to try it again, type again 1"),
        "{}",
        said(&orders)
    );
    let orders = depot.on(typed("again 1"));
    assert_eq!(looks(&orders), [4]);
    assert_eq!(deploys(&depot.on(box_of(4, "1"))), [on("r1", "A", None)]);
}

#[test]
fn a_failure_stops_no_other_box_and_one_that_needs_a_person_is_left_alone() {
    let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
    all(&mut depot, [ports(&["A", "B"]), box_of(1, "1"), box_of(2, "2")]);
    let orders = depot.on(ended("r1", Verdict::NeedsPerson));
    assert!(
        said(&orders).contains("nothing more is typed on this console until you type again 1"),
        "{}",
        said(&orders)
    );
    assert_eq!(depot.counter(), Counter { under_way: 1, failed: 1, ..Counter::default() });
    assert!(until_ordered(&mut depot).is_empty(), "neither console is looked at");
    let orders = all(&mut depot, [typed("again 1"), box_of(3, "1")]);
    assert!(deploys(&orders).is_empty() && said(&orders).contains("needs a person"), "{}", said(&orders));
    assert_eq!(left(&all(&mut depot, [ended("r2", Verdict::Done), typed("q")])), Some(Exit::NeedsPerson));
}

#[test]
fn a_box_that_is_left_alone_stays_so_when_its_port_goes_and_comes_back() {
    // The usual way to lose a box: its cable is pulled, before or after its session has given up.
    for pulled_first in [true, false] {
        let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
        all(&mut depot, [ports(&["A"]), box_of(1, "1")]);
        let (pulled, lost) = (ports(&[]), ended("r1", Verdict::NeedsPerson));
        all(&mut depot, if pulled_first { [pulled, lost] } else { [lost, pulled] });
        let orders = depot.on(ports(&["A"]));
        assert!(looks(&orders).is_empty(), "nothing is typed into it");
        let words = "[1] A: the port is back\n    nothing more is typed on this console until you type again 1";
        assert!(said(&orders).starts_with(words), "{}", said(&orders));
        all(&mut depot, [ports(&[]), ports(&["A"])]);
        assert!(until_ordered(&mut depot).is_empty(), "however often it comes and goes");
        assert_eq!(looks(&depot.on(typed("again 1"))), [2]);
    }
}

#[test]
fn a_new_port_does_not_take_the_place_of_one_whose_box_is_left_alone() {
    let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
    let names: Vec<String> = (0..9).map(|number| format!("P{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    all(&mut depot, [ports(&names[..8]), box_of(1, "1"), ended("r1", Verdict::NeedsPerson)]);
    assert!(said(&depot.on(ports(&names[1..]))).contains("P8: not used"));
    assert!(!said(&depot.on(ports(&names[2..]))).contains("P8: not used"), "the second one is free");
    assert!(looks(&depot.on(ports(&[&names[..1], &names[2..]].concat()))).is_empty(), "P0 is still left alone");
}

#[test]
fn a_port_that_goes_while_a_router_is_in_progress_is_its_sessions_affair() {
    let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
    all(&mut depot, [ports(&["A"]), box_of(1, "1")]);
    assert!(said(&depot.on(ports(&[]))).contains("the port is gone"));
    assert!(looks(&depot.on(ports(&["A"]))).is_empty(), "its session waits for the cable");
    all(&mut depot, [ports(&[]), ended("r1", Verdict::Done)]);
    assert_eq!(looks(&depot.on(ports(&["A"]))), [2]);
}

#[test]
fn other_speeds_are_tried_only_where_a_person_says_so_and_the_one_that_was_found_is_kept() {
    let mut depot = depot(&[candidate("r1", Some("1"))]);
    assert!(said(&all(&mut depot, [ports(&["A"]), silent(1)])).contains("type speeds 1"));
    let orders = depot.on(typed("speeds 1"));
    let [DepotOrder::Look(look)] = orders.as_slice() else { panic!("{orders:?}") };
    assert!(look.request.any_speed);
    let fast = BoxSeen { identity: seen("1"), speed: 115_200, ..BoxSeen::default() };
    let orders = depot.on(DepotEvent::Seen { look: look.look, seen: Box::new(fast) });
    assert_eq!(deploys(&orders)[0].console.speed, 115_200);
}

#[test]
fn a_login_is_typed_only_where_a_person_said_which_router_it_is() {
    let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", None)]);
    let orders = all(&mut depot, [ports(&["A"]), not_seen(1, false, true, false)]);
    assert!(said(&orders).contains("type 1=ROUTER"), "{}", said(&orders));
    let orders = depot.on(typed("1=r1"));
    let [DepotOrder::Look(look)] = orders.as_slice() else { panic!("{orders:?}") };
    assert_eq!(look.request.login_of.as_deref(), Some("r1"));
    assert_eq!(deploys(&depot.on(box_of(look.look, "1"))), [on("r1", "A", None)]);
}

#[test]
fn to_say_which_router_a_box_is_does_not_try_one_again_that_failed_unless_that_was_asked_for() {
    let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
    all(&mut depot, [ports(&["A"]), box_of(1, "1"), ended("r1", Verdict::NotDone)]);
    all(&mut depot, [ports(&[]), ports(&["A"]), not_seen(2, false, true, false), typed("1=r1")]);
    let orders = depot.on(box_of(3, "1"));
    assert!(deploys(&orders).is_empty() && said(&orders).contains("type again 1"), "{}", said(&orders));
    // Asked for, and it wants a login: with it, it is that router, or one that was not asked for.
    for (named, deployed) in [("1=r2", None), ("1=r1", Some(on("r1", "A", None)))] {
        let look = looks(&depot.on(typed("again 1")))[0];
        all(&mut depot, [not_seen(look, false, true, false), typed(named)]);
        assert_eq!(deploys(&depot.on(box_of(look + 1, "1"))), Vec::from_iter(deployed), "{named}");
    }
}

#[test]
fn while_a_save_may_run_a_box_is_not_asked_and_what_was_there_is_not_forgotten() {
    let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
    all(&mut depot, [ports(&["A"]), box_of(1, "1"), ended("r1", Verdict::Done)]);
    assert_eq!(looks(&until_ordered(&mut depot)), [2]);
    assert!(said(&depot.on(not_seen(2, false, false, true))).contains("once a save that is in progress has ended"));
    assert_eq!(looks(&until_ordered(&mut depot)), [3]);
    assert!(depot.on(not_seen(3, false, true, false)).is_empty(), "it is still the box that was set up");
}

#[test]
fn boxes_that_save_all_day_are_told_of_once_and_what_a_person_asked_for_is_done_once_they_have() {
    let mut depot = depot(&[candidate("r1", Some("1"))]);
    all(&mut depot, [ports(&["A"]), silent(1)]);
    assert_eq!(looks(&until_ordered(&mut depot)), [2]);
    assert!(depot.on(not_seen(2, false, false, true)).is_empty(), "nobody waits for this look");
    assert_eq!(looks(&until_ordered(&mut depot)), [3]);
    all(&mut depot, [not_seen(3, false, true, false), typed("1=r1")]);
    assert!(said(&depot.on(not_seen(4, false, false, true))).contains("once a save that is in progress has ended"));
    let orders = until_ordered(&mut depot);
    let [DepotOrder::Look(look)] = orders.as_slice() else { panic!("{orders:?}") };
    assert_eq!(look.request.login_of.as_deref(), Some("r1"), "the login is still typed");
}

#[test]
fn at_the_end_nothing_new_begins_and_what_is_in_progress_is_waited_for() {
    for (event, words) in
        [(typed("q"), "finished"), (DepotEvent::NoMoreInput, "finished"), (DepotEvent::Stopping, "undone")]
    {
        let mut depot = depot(&[candidate("r1", Some("1")), candidate("r2", Some("2"))]);
        all(&mut depot, [ports(&["A", "B"]), box_of(1, "1")]);
        let orders = depot.on(event);
        assert!(said(&orders).contains(words) && left(&orders).is_none(), "{}", said(&orders));
        assert!(deploys(&depot.on(box_of(2, "2"))).is_empty(), "nothing new begins");
        assert!(looks(&depot.on(ports(&["A", "B", "C"]))).is_empty());
        assert_eq!(left(&depot.on(ended("r1", Verdict::Done))), Some(Exit::NotDone));
        assert_eq!(left(&depot.on(DepotEvent::Tick)), None, "it is over once");
    }
}

#[test]
fn more_than_eight_consoles_are_not_used() {
    let mut depot = depot(&[candidate("r1", Some("1"))]);
    let names: Vec<String> = (0..9).map(|number| format!("P{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let orders = depot.on(ports(&names));
    assert_eq!(looks(&orders).len(), 8);
    assert!(said(&orders).contains("P8: not used"), "{}", said(&orders));
    // The ninth takes the place of one that is gone.
    assert_eq!(looks(&depot.on(ports(&names[1..]))), [9]);
}

#[test]
fn what_an_earlier_run_of_the_day_has_done_is_counted_and_its_box_may_come_again() {
    let mut done = candidate("r1", Some("1"));
    done.is_done_today = true;
    let mut depot = depot(&[done, candidate("r2", Some("2"))]);
    assert_eq!(depot.counter(), Counter { done: 1, waiting: 1, ..Counter::default() });
    assert_eq!(deploys(&all(&mut depot, [ports(&["A"]), box_of(1, "1")])), [on("r1", "A", None)]);
}

#[test]
fn no_text_of_a_device_a_file_or_a_scanner_acts_on_a_screen() {
    let mut evil = candidate("r1", Some("1"));
    evil.clinic.title = Some("\u{1b}[2Jclinic".to_owned());
    let mut depot = depot(&[evil]);
    let orders = all(
        &mut depot,
        [ports(&["\u{1b}A"]), box_of(1, "\u{1b}]0;x\u{7}99"), typed("\u{202e}77"), typed("s"), typed("x\u{1b}")],
    );
    let said = said(&orders) + &depot.result().join("\n");
    assert!(!said.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{said}");
}

#[test]
fn every_line_is_said_in_both_languages() {
    let candidates = [candidate("r1", Some("1")), candidate("r2", None)];
    let mut depot = Depot::new(candidates.to_vec(), 9600, Lang::Ja);
    let orders =
        all(&mut depot, [ports(&["A", "B"]), box_of(1, "1"), box_of(2, "9"), typed("s"), ended("r1", Verdict::Done)]);
    assert!(said(&orders).lines().all(|line| !line.is_ascii()), "{}", said(&orders));
}
