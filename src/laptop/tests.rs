//! Tests over real sockets of this machine, whose loopback is the clinic's network.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use test_support::harness::CLOSED_PORTS;
use test_support::name_server::{Answers, NameServer};

use super::{Tried, try_out};
use crate::cancel::Cancel;
use crate::playbook::{AddressKind, Attempt, LaptopTest};

const FOUND: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
const SHORT: Duration = Duration::from_millis(300);
const AMPLE: Duration = Duration::from_secs(20);

fn test(lan: &str, attempt: Attempt, within: Duration) -> LaptopTest {
    LaptopTest { lan: lan.parse().unwrap(), attempt, is_negative: false, within }
}

fn must_fail(test: &LaptopTest) -> LaptopTest {
    LaptopTest { is_negative: true, ..test.clone() }
}

fn resolve(server: SocketAddr, record: AddressKind) -> Attempt {
    Attempt::Resolve { name: "www.example.jp".to_owned(), record, server }
}

fn asked(answers: Answers, within: Duration) -> (LaptopTest, NameServer) {
    let server = NameServer::here(answers);
    (test("127.0.0.0/8", resolve(server.address(), AddressKind::A), within), server)
}

fn tried(test: &LaptopTest) -> Tried {
    try_out(test, &Cancel::default())
}

#[test]
fn a_name_is_resolved_and_it_is_said_from_where() {
    let (test, _server) = asked(Answers::Address(FOUND), AMPLE);
    let found = tried(&test);
    assert_eq!((found.passed, found.told.en.as_str()), (Some(true), "the answer is 192.0.2.7"));
    assert!(found.through.unwrap().starts_with("127.0.0.1 ("));
    assert_eq!(tried(&must_fail(&test)).passed, Some(false));
}

#[test]
fn a_name_is_resolved_over_the_sixth_version_too() {
    // A machine without IPv6 has no such address.
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_err() {
        return;
    }
    let server = NameServer::at(Ipv6Addr::LOCALHOST, Answers::Address("2001:db8::7".parse().unwrap()));
    let found = tried(&test("::1/128", resolve(server.address(), AddressKind::Aaaa), AMPLE));
    assert_eq!((found.passed, found.told.en.as_str()), (Some(true), "the answer is 2001:db8::7"));
}

#[test]
fn an_answer_that_does_not_fit_is_fetched_over_tcp() {
    let (test, server) = asked(Answers::OverTcp(FOUND), AMPLE);
    let found = tried(&test);
    assert_eq!((found.passed, found.told.en.as_str()), (Some(true), "the answer is 192.0.2.7 (over TCP)"));
    assert_eq!(server.asked(), 1);
}

#[test]
fn what_answers_another_question_is_passed_over() {
    let (test, _server) = asked(Answers::AfterSpoofed(FOUND, [198, 51, 100, 66].into()), AMPLE);
    assert_eq!(tried(&test).told.en, "the answer is 192.0.2.7");
}

#[test]
fn a_server_that_cannot_find_out_yet_is_asked_again() {
    let (test, server) = asked(Answers::InTheEnd(FOUND), AMPLE);
    assert_eq!((tried(&test).passed, server.asked()), (Some(true), 2));
}

#[test]
fn a_name_that_does_not_exist_fails_and_is_proof_where_it_must_not_resolve() {
    let (test, _server) = asked(Answers::NoSuchName, SHORT);
    assert_eq!(tried(&test).passed, Some(false));
    assert_eq!(tried(&must_fail(&test)).passed, Some(true));
}

#[test]
fn a_silent_server_proves_nothing_and_ends_within_the_time() {
    let (test, _server) = asked(Answers::Nothing, SHORT);
    let begun = Instant::now();
    let found = tried(&test);
    assert_eq!((found.passed, found.told.en.as_str()), (Some(false), "no answer came"));
    assert_eq!(tried(&must_fail(&test)).passed, Some(false));
    assert!(begun.elapsed() < 2 * SHORT + Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[test]
fn a_connection_opens_or_is_refused() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let open = test("127.0.0.0/8", Attempt::Connect { to: listener.local_addr().unwrap() }, SHORT);
    assert_eq!((tried(&open).passed, tried(&must_fail(&open)).passed), (Some(true), Some(false)));
    let closed = SocketAddr::from((Ipv4Addr::LOCALHOST, CLOSED_PORTS[0]));
    let closed = test("127.0.0.0/8", Attempt::Connect { to: closed }, SHORT);
    let found = tried(&must_fail(&closed));
    assert_eq!((found.passed, found.told.en.as_str()), (Some(true), "the connection was refused"));
    assert_eq!(tried(&closed).passed, Some(false));
}

#[test]
fn without_a_port_in_the_network_nothing_is_judged() {
    let server = NameServer::here(Answers::Address(FOUND));
    let away = test("240.0.0.0/24", resolve(server.address(), AddressKind::A), AMPLE);
    for test in [away.clone(), must_fail(&away)] {
        let found = tried(&test);
        assert_eq!((found.passed, found.through), (None, None));
        assert!(found.told.en.starts_with("no port of this computer has an address in 240.0.0.0/24"));
    }
    assert_eq!(server.asked(), 0, "nothing is sent");
}

#[test]
fn a_request_to_stop_ends_the_repeating() {
    let (test, server) = asked(Answers::NoSuchName, AMPLE);
    let cancel = Cancel::default();
    cancel.ask();
    assert_eq!((try_out(&test, &cancel).passed, server.asked()), (Some(false), 1));
}
