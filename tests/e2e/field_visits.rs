//! Visits that go otherwise than planned, typed on a real terminal: a cable that is pulled, a line and a box that are not the right ones, a
//! box that was exchanged.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use mock_device::{Fault, RouterSpec, Start, TransportSpec, What, When};

use crate::engineer::Engineer;
use crate::field::factory_box;
use crate::harness::{Bench, DEVICE_SECRETS, Declared, PASSWORD, playbook, prepared, router3};
use crate::identity::copy_folder;

/// How long the router holds the line at which the cable goes.
const HELD: Duration = Duration::from_millis(700);
const PATIENT: &str = "{ connect: 5s, login: 5s, command: 5s, lock: 1s, reload: 60s }";
const BENCH: [&str; 2] = ["--phase", "bench"];

/// The shipped playbook with more in it, its roles beside it, each check waiting a second at most.
fn own_book(bench: &Bench, more: &str, change_role: impl Fn(String) -> String) -> String {
    copy_folder(Path::new(&playbook("roles")), &bench.path("roles"));
    let role = bench.path("roles/router1/role.yaml");
    let text = change_role(fs::read_to_string(&role).unwrap().replace("within: 30", "within: 1"));
    fs::write(role, text).unwrap();
    let book = bench.path("own.yaml");
    fs::write(&book, fs::read_to_string(playbook("online-eligibility.yaml")).unwrap() + more).unwrap();
    book.display().to_string()
}

fn typed_beyond_looking(bench: &Bench, id: &str) -> Vec<String> {
    let only_reads =
        |line: &str| ["show", "terminal", "exit", "enable-config"].iter().any(|read| line.starts_with(read));
    let lines = bench.events(id).into_iter().filter_map(|event| match event.what {
        What::Line { line, .. } if !only_reads(&line) => Some(line),
        _ => None,
    });
    lines.collect()
}

/// The way to a console that can be pulled out.
struct Cable<'b> {
    bench: &'b Bench,
    console: String,
}

impl Cable<'_> {
    fn port(&self) -> String {
        self.bench.path("cable").display().to_string()
    }

    fn plug(&self) {
        std::os::unix::fs::symlink(&self.console, self.bench.path("cable")).unwrap();
    }

    fn pull(&self) -> Instant {
        fs::remove_file(self.bench.path("cable")).unwrap();
        Instant::now()
    }
}

#[test]
fn a_cable_pulled_twice_is_noticed_and_the_visit_goes_on_from_what_the_router_has() {
    let at = When::matching("^bridge irb enable");
    let mut spec = RouterSpec::new("r1");
    spec.start = Start::FactoryDefault;
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    let millis = u64::try_from(HELD.as_millis()).unwrap();
    spec.faults =
        vec![Fault::Slow { when: at.clone(), millis, times: 1 }, Fault::Drop { when: at, executed: true, times: 1 }];
    let vars = "ntt_area: east".to_owned();
    let bench = Bench::new(vec![(spec, Declared { vars, deadlines: PATIENT, ..Declared::new("r1", "router1") })]);
    let console = bench.endpoint("r1").path.clone().unwrap().display().to_string();
    let cable = Cable { bench: &bench, console };
    cable.plug();
    let book = own_book(&bench, "lost: finish\n", |role| role);
    let mut engineer = Engineer::with(&bench, &cable.port(), &book, &BENCH);
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees_words("the inventory has its serial number");
    let pulled = cable.pull();
    engineer.sees("The cable was pulled. Nothing was changed.");
    assert!(pulled.elapsed() < Duration::from_secs(2), "{:?}", pulled.elapsed());
    cable.plug();
    engineer.sees("A cable is there");
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees_words("the inventory has its serial number");
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees("[p] ports:");
    engineer.types("y");
    engineer.sees("bridge irb enable");
    let pulled = cable.pull();
    engineer.sees_words("plug it in again");
    assert!(pulled.elapsed() < HELD + Duration::from_secs(2), "{:?}", pulled.elapsed());
    cable.plug();
    engineer.sees_words("it is the same box");
    engineer.sees("Saved and proven");
    engineer.sees("leave:");
    engineer.types("q");
    engineer.ends(0);
    let (running, startup) = bench.snapshot("r1");
    assert_eq!(running, startup);
    assert!(running.contains("bridge-group 1"), "{running}");
}

#[test]
fn a_line_that_only_advertises_is_said_in_those_words_and_without_a_reason_all_is_undone() {
    let mut spec = RouterSpec::new("r1");
    spec.start = Start::FactoryDefault;
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    spec.delegated_prefix = None;
    spec.advertised_prefix = Some("2001:db8:1000::/64".to_owned());
    spec.readings.advertiser_seen = true;
    let vars = "ntt_area: east".to_owned();
    let bench = Bench::new(vec![(spec, Declared { vars, ..Declared::new("r1", "router1") })]);
    let before = bench.snapshot("r1");
    let port = bench.endpoint("r1").path.clone().unwrap().display().to_string();
    let required = |role: String| {
        let (head, rest) = role.split_once("  - name: delegated-prefix").unwrap();
        format!("{head}  - name: delegated-prefix{}", rest.replacen("level: advisory", "level: required", 1))
    };
    let book = own_book(&bench, "", required);
    let mut engineer = Engineer::with(&bench, &port, &book, &[]);
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees("[p] ports:");
    engineer.types("y");
    engineer.sees_words("there is only RA on this line");
    engineer.sees_words("required checks failed");
    engineer.sees("undo:");
    engineer.types("");
    engineer.sees("Not done");
    engineer.sees("undone");
    engineer.sees("leave:");
    engineer.types("q");
    engineer.ends(3);
    assert_eq!(bench.snapshot("r1"), before);
}

#[test]
fn a_box_with_another_serial_number_fits_no_router_and_gets_nothing_when_one_is_insisted_on() {
    let (mut bench, port, _) = factory_box(38_400);
    bench.declare(|router| router.serial_number = Some("0000000001".to_owned()));
    let before = bench.snapshot("r1");
    let mut engineer = Engineer::with(&bench, &port, &playbook("online-eligibility.yaml"), &BENCH);
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees("No router fits.");
    engineer.sees("leaves:");
    engineer.types("r1");
    engineer.sees("router r1");
    engineer.sees("leaves:");
    engineer.types("1");
    engineer.sees("you chose it");
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees("Not done");
    engineer.sees("identity.wrong-serial-number");
    engineer.sees("leave:");
    engineer.types("q");
    engineer.ends(3);
    assert_eq!(bench.snapshot("r1"), before);
    assert_eq!(typed_beyond_looking(&bench, "r1"), [""; 0]);
}

#[test]
fn a_new_box_gets_what_the_old_one_ran_and_the_secrets_that_only_the_engineer_knows() {
    let [_, _, clerk] = DEVICE_SECRETS;
    let base = Bench::new(vec![(prepared("r3"), router3("r3"))]).running("r3");
    let start = Start::Config(format!("username clerk password plain 1 {clerk} monitor\n{base}"));
    let old = RouterSpec { start, ..prepared("r3") };
    let new = RouterSpec {
        start: Start::FactoryDefault,
        transports: vec![TransportSpec::Serial { baud: None }],
        password: PASSWORD.to_owned(),
        ..RouterSpec::new("spare")
    };
    let serial = new.serial();
    // The inventory does not name it.
    let number = Some("0000000001".to_owned());
    let spare =
        Declared { serial_number: number, vars: "ntt_area: east".to_owned(), ..Declared::new("spare", "router1") };
    let bench = Bench::new(vec![(old, router3("r3")), (new, spare)]);
    bench.apply(&["--phase", "bench", "-l", "r3"]).exits(0);
    let port = bench.endpoint("spare").path.clone().unwrap().display().to_string();
    let more = [&BENCH[..], &["--replace", "-l", "r3"]].concat();
    let mut engineer = Engineer::with(&bench, &port, &playbook("online-eligibility.yaml"), &more);
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees_words("Is this box swapped for that of:");
    engineer.sees(&prepared("r3").serial());
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees("r3: username clerk:");
    engineer.types(clerk);
    engineer.sees("once more");
    engineer.sees("r3: username clerk:");
    engineer.types(clerk);
    engineer.sees_words("type the last 4 characters");
    engineer.types(&serial[serial.len() - 4..]);
    engineer.sees("Change 1 of 1 router(s)");
    engineer.sees("[p] ports:");
    engineer.types("y");
    engineer.sees("Saved and proven");
    engineer.sees("leave:");
    engineer.types("q");
    engineer.ends(0);
    let (running, startup) = bench.snapshot("spare");
    assert_eq!(running, startup);
    assert!(running.contains("bridge-group 1") && running.contains("username clerk password hash"), "{running}");
    bench.run(&["status"]).exits(0);
}
