//! The password of a fleet, rotated by the shipped playbook: proven on each router before it is saved, undone where it is not, and
//! never a third one tried while some routers have the new one and others the old.

use std::process::Stdio;
use std::time::{Duration, Instant};

use mock_device::{Event, Fault, RouterSpec, Start, TransportSpec, What, When};

use crate::harness::{Bench, DEVICE_SECRETS, Declared, PASSWORD, Run, playbook, prepared, router3};
use crate::lost::last_run;

/// The last value that the environment gives the new credential in these tests; found nowhere but there.
const OTHER: &str = DEVICE_SECRETS[1];

/// Routers `r1`, `r2`, ... with these faults. Nothing but the connection's credential is right on them.
fn fleet(faults: &[&[Fault]]) -> Bench {
    let routers = faults.iter().enumerate().map(|(index, faults)| {
        let id = format!("r{}", index + 1);
        let spec = RouterSpec { faults: faults.to_vec(), ..prepared(&id) };
        let deadlines = "{ connect: 60s, command: 60s, lock: 1s, reload: 60s }";
        (spec, Declared { vars: "new_password: new-password".to_owned(), deadlines, ..router3(&id) })
    });
    Bench::new(routers.collect())
}

/// A colleague who gives the administrator another password right behind our line: the fresh login fails.
fn colleague() -> Fault {
    let line = "username admin password plain 1 colleagues-own administrator".to_owned();
    Fault::ColleagueLines { when: Some(When::matching("^username admin")), lines: vec![line] }
}

trait Rotation {
    fn rotate(&self, more: &[&str]) -> Run;
    /// The same with another value of the new credential.
    fn rotate_to(&self, value: &str) -> Run;
    /// Wrong passwords that a router has seen.
    fn refused(&self, id: &str) -> usize;
    /// Whether it runs and has saved something else than before.
    fn has_new(&self, id: &str, before: &(String, String)) -> bool;
}

impl Rotation for Bench {
    fn rotate(&self, more: &[&str]) -> Run {
        let book = playbook("rotate-password.yaml");
        self.run(&[&["apply", &book, "-i", "clinics.yaml", "--yes"], more].concat())
    }

    fn rotate_to(&self, value: &str) -> Run {
        let book = playbook("rotate-password.yaml");
        let mut command = self.command(&["apply", &book, "-i", "clinics.yaml", "--yes"]);
        self.finish(command.env("TEST_NEW_PASSWORD", value).output().unwrap())
    }

    fn refused(&self, id: &str) -> usize {
        let refused = |event: &&Event| matches!(&event.what, What::Login { user, accepted: false } if user == "admin");
        self.events(id).iter().filter(refused).count()
    }

    fn has_new(&self, id: &str, before: &(String, String)) -> bool {
        assert_eq!(self.running(id), self.startup(id), "{id}");
        self.snapshot(id) != *before
    }
}

fn snapshots(bench: &Bench, ids: &[&str]) -> Vec<(String, String)> {
    ids.iter().map(|id| bench.snapshot(id)).collect()
}

#[test]
fn every_router_gets_it_and_later_commands_log_in_with_what_the_journal_says() {
    let bench = fleet(&[&[], &[], &[]]);
    let before = snapshots(&bench, &["r1", "r2", "r3"]);
    let book = playbook("rotate-password.yaml");
    bench
        .run(&["plan", &book, "-i", "clinics.yaml"])
        .exits(2)
        .says("username admin password plain 1 <secret:new-password> administrator");
    let run = bench.rotate(&[]).exits(0).says("admin logs in with the password of `new-password`");
    for (id, before) in ["r1", "r2", "r3"].into_iter().zip(&before) {
        assert!(bench.has_new(id, before), "{}", run.stdout);
        assert_eq!(bench.refused(id), 0, "{}", run.stderr);
    }
    let records = bench.run(&["show", &last_run_of(&bench, "r1")]);
    assert!(records.stdout.contains("password new-password"), "sealed first\n{}", records.stdout);
    // The inventory still names the old one: the journal knows better, for every command.
    bench.rotate(&[]).exits(0).says("nothing to change");
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "masked", "--mask"]).exits(0);
    for id in ["r1", "r2", "r3"] {
        assert_eq!(bench.refused(id), 0, "{id}");
    }
    // And on a machine that has no such journal, each is tried with the old one, then with the new one.
    std::fs::rename(bench.path("state"), bench.path("other-state")).unwrap();
    bench.rotate(&[]).exits(0).says("nothing to change");
    for id in ["r1", "r2", "r3"] {
        assert!((1..=2).contains(&bench.refused(id)), "{id}: {}", bench.refused(id));
    }
}

fn last_run_of(bench: &Bench, router: &str) -> String {
    let told = bench.run(&["--format", "json", "history", router]).exits(0).json();
    told["runs"].as_array().unwrap().last().unwrap()["run"].as_str().unwrap().to_owned()
}

#[test]
fn where_the_fresh_login_fails_the_old_hash_is_entered_again_and_nothing_is_saved() {
    let bench = fleet(&[&[], &[colleague()], &[]]);
    let before = snapshots(&bench, &["r1", "r2", "r3"]);
    let run = bench.rotate(&[]).exits(3).says("login.unproven").says("r2: undone");
    assert_eq!(bench.snapshot("r2"), before[1], "{}", run.stdout);
    assert_eq!(bench.refused("r2"), 1, "the proof was one login");
    // Run again, it goes on with what is left: no router is asked with a password that it does not take.
    let run = bench.rotate(&[]).exits(0);
    for (id, before) in ["r1", "r2", "r3"].into_iter().zip(&before) {
        assert!(bench.has_new(id, before), "{id}\n{}", run.stdout);
    }
    assert_eq!(["r1", "r2", "r3"].map(|id| bench.refused(id)), [0, 1, 0], "{}", run.stderr);
}

#[test]
fn a_run_killed_half_way_goes_on_with_the_journalled_password_first_and_the_other_once() {
    let freeze = Fault::Freeze { when: When::matching("^username admin") };
    let bench = fleet(&[&[], &[freeze], &[]]);
    let before = snapshots(&bench, &["r1", "r2", "r3"]);
    let book = playbook("rotate-password.yaml");
    let mut dying = bench
        .command(&["apply", &book, "-i", "clinics.yaml", "--yes", "-l", "r1,r2"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let frozen = |event: &Event| matches!(&event.what, What::Fault { name } if name == "freeze");
    let deadline = Instant::now() + Duration::from_secs(180);
    while bench.snapshot("r1").1 == before[0].1 || !bench.events("r2").iter().any(frozen) {
        assert!(Instant::now() < deadline, "{:#?}", bench.events("r2"));
        std::thread::yield_now();
    }
    dying.kill().unwrap();
    dying.wait().unwrap();
    let run = bench.rotate(&[]);
    // What r2 had of it is recovered first; the run itself goes on with the rest.
    assert!([0, 3].contains(&run.status), "{}\n{}", run.stdout, run.stderr);
    let run = bench.rotate(&[]).exits(0);
    for (id, before) in ["r1", "r2", "r3"].into_iter().zip(&before) {
        assert!(bench.has_new(id, before), "{id}\n{}", run.stdout);
        assert!(bench.refused(id) <= 1, "{id}: {}\n{}", bench.refused(id), run.stderr);
    }
}

#[test]
fn a_new_value_that_cannot_be_right_is_refused_before_the_first_router() {
    let bench = fleet(&[&[], &[]]);
    for (value, code) in [(PASSWORD, "secret.same"), ("", "secret.empty"), ("two words", "secret.untypable")] {
        bench.rotate_to(value).exits(1).says(code);
    }
    let typed = |event: &Event| matches!(&event.what, What::Line { line, .. } if line.starts_with("username"));
    for id in ["r1", "r2"] {
        assert!(!bench.events(id).iter().any(typed), "{id}");
        assert!(
            bench.events(id).iter().all(|event| !matches!(event.what, What::Login { .. })),
            "{id} was not even asked"
        );
    }
}

#[test]
fn a_rotation_goes_on_with_the_value_that_it_began_with() {
    let bench = fleet(&[&[], &[]]);
    bench.rotate(&["-l", "r1"]).exits(0);
    let run = last_run_of(&bench, "r1");
    bench.rotate_to(OTHER).exits(1).says("secret.changed").says(&run);
    bench.rotate(&[]).exits(0).says("r2: saved");
    assert_eq!(["r1", "r2"].map(|id| bench.refused(id)), [0, 0]);
}

#[test]
fn the_way_back_is_a_rotation_to_the_old_one() {
    let bench = fleet(&[&[]]);
    bench.rotate(&[]).exits(0);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    std::fs::write(
        bench.path("clinics.yaml"),
        inventory.replace("new_password: new-password", "new_password: admin-password"),
    )
    .unwrap();
    let run = bench.rotate(&[]).exits(0);
    assert!(!run.stdout.contains("from now on"), "the inventory names it\n{}", run.stdout);
    bench.rotate(&[]).exits(0).says("nothing to change");
    assert_eq!(bench.refused("r1"), 0);
}

/// A factory box on a console that gets its first administrator; the inventory names no login.
fn first_administrator(faults: Vec<Fault>) -> Bench {
    let mut spec = RouterSpec::new("r3");
    spec.start = Start::FactoryDefault;
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    spec.faults = faults;
    let vars = "ntt_area: west, management: true, management_password: new-password, \
                management_allowed: [198.51.100.0/24], management_address: 192.0.2.66/28";
    Bench::new(vec![(spec, Declared { vars: vars.to_owned(), ..Declared::new("r3", "router3") })])
}

#[test]
fn a_cable_that_slips_out_right_after_the_first_administrator_is_come_back_to_with_that_login() {
    for executed in [true, false] {
        let at = When::matching("^username admin");
        let bench = first_administrator(vec![Fault::Drop { when: at, executed, times: 1 }]);
        let before = bench.snapshot("r3");
        bench.apply(&["--phase", "bench"]).exits(3).says("undone: read again, equals the backup");
        assert_eq!(bench.snapshot("r3"), before);
        assert_eq!(bench.refused("r3"), 0);
    }
}

#[test]
fn the_first_administrator_of_a_box_without_a_login_is_said_and_logs_in_from_then_on() {
    let bench = first_administrator(Vec::new());
    let run = bench.apply(&["--phase", "bench"]).exits(0).says("admin logs in with the password of `new-password`");
    let ended = bench.run(&["--format", "json", "show", &last_run(&bench)]).json().to_string();
    assert!(ended.contains("new-password"), "{ended}\n{}", run.stdout);
    bench.plan(&[]).exits(0).says("nothing to change");
    assert_eq!(bench.refused("r3"), 0);
}
