//! A router reached over telnet whose own address the change moves: nothing but what it says about itself tells which box answers there.
#![cfg(target_os = "linux")]

use std::fs;
use std::sync::Arc;
use std::thread;

use ixdeploy::run::{self, ApplyRequest, FinishedRun, RunOptions};
use ixdeploy::state::State;
use mock_device::{Fault, RouterSpec, TransportSpec, What, When};
use test_support::harness::{Bench, Declared, prepared};

use crate::operator::Scripted;
use crate::relay::Relay;
use crate::{apply_request, end, env, on_bench, prompting};

/// The line that moves the address.
const MOVES: &str = "ip address 127.0.0.2/8";

/// Two routers on telnet with one login. The change moves the first from 127.0.0.1 to 127.0.0.2; what answers there is the test's choice.
fn two_boxes(faults: Vec<Fault>) -> (Bench, Relay) {
    let spec = |id: &str, faults| {
        let mut spec = RouterSpec { faults, transports: vec![TransportSpec::Telnet], ..prepared(id) };
        (spec.management_address, spec.management_address_may_change) = ("127.0.0.1/8".to_owned(), true);
        spec
    };
    let lifeline = Some("{ interface: GigaEthernet2.0, address: 127.0.0.1, switch_port: 8 }");
    let deadlines = "{ connect: 5s, command: 5s, lock: 5s, reload: 10s }";
    let declared = |id: &str| Declared { lifeline, deadlines, ..Declared::new(id, "router3") };
    let routers = [("r3", faults), ("other", Vec::new())];
    let bench = prompting(Bench::new(routers.map(|(id, faults)| (spec(id, faults), declared(id))).into()));
    let role = bench.path("roles").join("day-2");
    fs::create_dir_all(&role).unwrap();
    let book = "version: 1\nname: day-2\nplays:\n  - routers: r3\n    roles: [day-2]\nallow_lifeline_change: true\n";
    fs::write(bench.path("day-2.yaml"), book).unwrap();
    fs::write(role.join("lines.ix.j2"), format!("interface GigaEthernet2.0\n  {MOVES}\n  no shutdown\n")).unwrap();
    let described =
        "version: 1\ntitle: { en: Day 2, ja: 変更 }\nowns: [\"interface GigaEthernet2.0\"]\ntemplates: [lines.ix.j2]\n";
    fs::write(role.join("role.yaml"), described).unwrap();
    let own = bench.endpoint("r3").port.unwrap();
    let old = Relay::at("127.0.0.1", 0, own);
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    fs::write(bench.path("clinics.yaml"), inventory.replace(&format!("port: {own}"), &format!("port: {}", old.port)))
        .unwrap();
    (bench, old)
}

fn moves(bench: &Bench) -> FinishedRun {
    let options = RunOptions { assume_yes: true, ..on_bench() };
    let request =
        ApplyRequest { options, limit: Some("r3".to_owned()), ..apply_request(bench, bench.path("day-2.yaml")) };
    run::apply(&env(bench, Arc::new(Scripted::default())), &request).unwrap()
}

fn port(bench: &Bench, id: &str) -> u16 {
    bench.endpoint(id).port.unwrap()
}

#[test]
fn a_router_that_answers_at_its_new_address_is_asked_who_it_is_and_saved() {
    let (bench, old) = two_boxes(Vec::new());
    let _new = Relay::at("127.0.0.2", old.port, port(&bench, "r3"));
    let finished = moves(&bench);
    assert_eq!(end(&finished).0, State::Saved, "{finished:?}");
    assert!(bench.startup("r3").contains(MOVES));
}

#[test]
fn another_box_at_the_new_address_proves_nothing_and_the_change_is_undone() {
    let (bench, old) = two_boxes(Vec::new());
    let before = (bench.snapshot("r3"), bench.snapshot("other"));
    let _new = Relay::at("127.0.0.2", old.port, port(&bench, "other"));
    let finished = moves(&bench);
    let causes: Vec<&str> = finished.result.routers[0].causes.iter().map(|cause| cause.code.as_ref()).collect();
    assert_eq!((end(&finished).0, causes), (State::Undone, vec!["lifeline.another-box"]));
    assert_eq!((bench.snapshot("r3"), bench.snapshot("other")), before);
    let typed = bench.events("other").into_iter().filter_map(|event| match event.what {
        What::Line { line, .. } => Some(line),
        _ => None,
    });
    assert_eq!(typed.collect::<Vec<_>>(), ["show hardware", "show version", "show hardware", "show version", "exit"]);
}

#[test]
fn a_router_that_is_lost_as_it_moves_is_looked_for_at_its_new_address_though_another_box_has_the_old_one() {
    // The line is slow enough for the path to be led elsewhere before its answer.
    let (bench, old) = two_boxes(vec![Fault::Slow { when: When::matching(MOVES), millis: 1500, times: 1 }]);
    let before = (bench.snapshot("r3"), bench.snapshot("other"));
    let _new = Relay::at("127.0.0.2", old.port, port(&bench, "r3"));
    let finished = thread::scope(|scope| {
        scope.spawn(|| {
            let is_moving = || {
                bench.events("r3").iter().any(|event| matches!(&event.what, What::Line { line, .. } if line == MOVES))
            };
            let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
            while !is_moving() && std::time::Instant::now() < until {
                thread::yield_now();
            }
            old.leads_to(port(&bench, "other"));
        });
        moves(&bench)
    });
    assert!(matches!(end(&finished).0, State::Saved | State::Undone), "{finished:?}");
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    assert_eq!(bench.snapshot("other"), before.1);
}
