//! The screen of a depot at 80x24, in both languages, as snapshots: it is the one of docs/depot.

use super::Typed;
use super::tests::{clinic, drawn_page, kept};
use crate::field::Outgoing;
use crate::field::depot::{BoxEnd, Depot, DepotEvent, DepotOrder};
use crate::ix::Identity;
use crate::message::{Lang, Text};
use crate::run::BoxSeen;
use crate::state::Verdict;
use crate::transport::serial::Port;

fn ports(names: &[&str]) -> DepotEvent {
    let ports = names.iter().map(|name| Port { name: (*name).to_owned(), usb: None }).collect();
    DepotEvent::Ports { ports, trouble: Vec::new() }
}

fn shows(look: u64, serial_number: &str) -> DepotEvent {
    let identity = Identity {
        model: Some("IX2215".to_owned()),
        serial_number: Some(serial_number.to_owned()),
        ..Identity::default()
    };
    DepotEvent::Seen { look, seen: Box::new(BoxSeen { identity, speed: 9600, ..BoxSeen::default() }) }
}

fn silent(look: u64) -> DepotEvent {
    let text = Text::new("no answer", "応答がありません");
    let problem =
        crate::field::Problem { text, hints: Vec::new(), is_silent: true, asks_for_login: false, refuses_login: false };
    DepotEvent::NotSeen { look, problem, save_may_run: false }
}

/// A depot with three consoles: at one a router is in progress, at one is a box that is not on the list, at one none.
fn depot(lang: Lang) -> (Depot, Vec<String>) {
    let mut depot = Depot::new(clinic(), 9600, lang);
    let mut said = Vec::new();
    let router = || "sato-r1".to_owned();
    let planned = DepotEvent::Planned { router: router(), lengths: vec![32; 41] };
    let sending = |(number, at_ms)| DepotEvent::Sending { router: router(), line: Outgoing { number, at_ms } };
    let events = [
        ports(&["COM3", "COM4", "COM5"]),
        shows(1, "8609839273"),
        shows(2, "8609840011"),
        silent(3),
        planned,
        sending((1, 1_000)),
        sending((7, 7_000)),
    ];
    for event in events {
        for order in depot.on(event) {
            if let DepotOrder::Say(line) = order {
                said.push(line);
            }
        }
    }
    (depot, said)
}

fn drawn(depot: &Depot, said: &[String], typed: &str) -> String {
    drawn_page(&depot.page(said), &Typed { line: typed.to_owned(), above: 0 })
}

#[test]
fn the_screen_of_a_depot_is_the_one_of_its_guide() {
    for (lang, word) in [(Lang::En, "en"), (Lang::Ja, "ja")] {
        let (depot, said) = depot(lang);
        kept(&format!("depot.{word}"), &drawn(&depot, &said, "sato-r3=8609"));
    }
}

#[test]
fn consoles_stay_in_sight_whatever_is_said_and_a_failed_router_is_named_with_its_reason() {
    let (mut depot, mut said) = depot(Lang::En);
    let end =
        BoxEnd { verdict: Verdict::NotDone, brief: "undone [router.refused-line]".to_owned(), advice: String::new() };
    depot.on(DepotEvent::Ended { router: "sato-r1".to_owned(), end });
    said.extend((1..=60).map(|number| format!("line {number}")));
    let shown = drawn(&depot, &said, "");
    assert!(shown.contains("failed 1, waiting 1"), "{shown}");
    assert!(shown.contains("[1] COM3: ") && shown.contains("[3] COM5: "), "{shown}");
    assert!(shown.contains("failed: sato-r1 (undone [router.refused-line])"), "{shown}");
    assert!(shown.contains("next: sato-r3"), "{shown}");
    assert!(shown.contains("line 60") && !shown.contains("line 10\n"), "{shown}");
}

#[test]
fn what_is_at_a_console_is_said_to_its_end_while_there_is_room_for_what_happens() {
    let port = |number: usize| format!("/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_FT9XK{number}-if00-port0");
    let depot = |consoles: usize| {
        let mut depot = Depot::new(clinic(), 9600, Lang::En);
        let names: Vec<String> = (1..=consoles).map(port).collect();
        depot.on(ports(&names.iter().map(String::as_str).collect::<Vec<_>>()));
        depot.on(shows(1, "8609840011"));
        depot
    };
    let said: Vec<String> = (1..=60).map(|number| format!("line {number}")).collect();
    let shown = drawn(&depot(2), &said, "");
    assert!(shown.contains("serial number 860984****"), "{shown}");
    // With eight, each has its line, and what happens stays in sight.
    let shown = drawn(&depot(8), &said, "");
    assert!(shown.contains("[8] ") && shown.contains("line 60"), "{shown}");
}
