//! A night over SSH whose controller is killed in the middle: clinics that are off, occupied, drop or refuse, and all others. `continue`
//! goes on, and what the journal says of each clinic is what its router runs and has saved.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use mock_device::{Fault, RouterSpec, When};

use crate::harness::{Bench, CLOSED_PORTS, prepared, router3};
use crate::lost::own_book;

/// So many clinics; `.ci/full` has a hundred.
fn clinics() -> usize {
    std::env::var("IXDEPLOY_NIGHT_SSH").ok().and_then(|count| count.parse().ok()).unwrap_or(16)
}

/// What every clinic gets ends with this.
const SIGN: &str = "url-list online-sikaku";

fn name(clinic: usize) -> String {
    format!("c{clinic:03}")
}

/// What becomes of a clinic: of every sixteen one is off, one occupied, two are dropped in the middle, one refuses.
fn clinic(number: usize) -> RouterSpec {
    let mut spec = prepared(&name(number));
    let line = || When::matching("bridge 1 bridge-only");
    match number % 16 {
        3 => spec.faults.push(Fault::LockHeld { attempts: None }),
        5 => spec.faults.push(Fault::Drop { when: line(), executed: true, times: 1 }),
        8 => spec.faults.push(Fault::Drop { when: line(), executed: false, times: 1 }),
        13 => spec.faults.push(Fault::refuse(When::matching("ip vrf forwarding"))),
        _ => {}
    }
    spec
}

fn is_off(number: usize) -> bool {
    number % 16 == 11
}

fn bench() -> Bench {
    let all = 0..clinics();
    let bench = Bench::new(all.clone().map(|number| (clinic(number), router3(&name(number)))).collect());
    own_book(&bench, "");
    let book = std::fs::read_to_string(bench.path("own.yaml")).unwrap();
    let tolerant = book.replace("max_failures: 3 ", &format!("max_failures: {} ", clinics()));
    assert_ne!(tolerant, book);
    std::fs::write(bench.path("own.yaml"), tolerant).unwrap();
    let mut text = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let off: Vec<usize> = all.filter(|number| is_off(*number)).collect();
    // Two clinics at one address would be one box.
    assert!(off.len() <= CLOSED_PORTS.len(), "{} clinics that are off", off.len());
    for (number, closed) in off.into_iter().zip(CLOSED_PORTS) {
        let on = format!("port: {},", bench.endpoint(&name(number)).port.unwrap());
        text = text.replace(&on, &format!("port: {closed},"));
    }
    std::fs::write(bench.path("clinics.yaml"), text).unwrap();
    bench
}

/// How many clinics have saved what they got.
fn saved(bench: &Bench) -> usize {
    (0..clinics()).filter(|number| bench.startup(&name(*number)).contains(SIGN)).count()
}

#[test]
fn a_night_whose_controller_is_killed_goes_on_and_its_journal_says_of_each_clinic_what_is_true() {
    let bench = bench();
    let before: BTreeMap<String, _> = (0..clinics()).map(name).map(|id| (id.clone(), bench.snapshot(&id))).collect();
    let mut dying = bench
        .command(&["apply", "own.yaml", "-i", "clinics.yaml", "--phase", "bench", "--yes"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(300);
    while saved(&bench) * 3 < clinics() {
        assert!(Instant::now() < deadline, "{} saved", saved(&bench));
        std::thread::yield_now();
    }
    dying.kill().unwrap();
    dying.wait().unwrap();

    let run = bench.run(&["continue", "last", "--yes"]).exits(3);
    let shown = bench.run(&["--format", "json", "show", "last"]).json();
    let states: BTreeMap<&str, &str> = shown["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["router"].as_str().unwrap(), one["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states.len(), clinics(), "{shown}");
    for number in 0..clinics() {
        let id = name(number);
        let (now, saved) = (bench.snapshot(&id), states[id.as_str()] == "saved");
        assert_eq!(
            (now.0.contains(SIGN), now.0 == now.1),
            (saved, true),
            "{id} is {}\n{}",
            states[id.as_str()],
            run.stdout
        );
        assert!(saved || now == before[&id], "{id} is {}, and not what it was", states[id.as_str()]);
        match number % 16 {
            3 => assert_eq!(states[id.as_str()], "occupied"),
            11 => assert_eq!(states[id.as_str()], "unreachable"),
            13 => assert_eq!(states[id.as_str()], "undone"),
            // Those that were in flight when the controller died are finished or undone, whichever they were nearer to.
            _ => assert!(["saved", "undone"].contains(&states[id.as_str()]), "{id} is {}", states[id.as_str()]),
        }
    }
    let done = states.values().filter(|state| **state == "saved").count();
    assert!(done * 16 >= clinics() * 8, "{states:?}");
    bench.run(&["status"]).exits(0);
    bench.run(&["journal", "verify"]).exits(0);
}
