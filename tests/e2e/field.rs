//! An engineer's visit, typed on a real terminal: from the cable of a factory box to a saved router.

use mock_device::{Event, Fault, RouterSpec, TransportSpec, What, When};

use crate::engineer::{Engineer, KEYS, Terminal};
use crate::harness::{Bench, Declared, PASSWORD, playbook, prepared, router3, unknown_factory_box};

/// A factory box on a console of this speed, whose serial number no inventory has.
pub fn factory_box(baud: u32) -> (Bench, String, String) {
    let (bench, serial) = unknown_factory_box(Some(baud));
    let port = bench.endpoint("r1").path.clone().unwrap().display().to_string();
    (bench, port, serial)
}

#[test]
fn a_factory_box_is_saved_and_proven_in_few_keys() {
    let (bench, port, serial) = factory_box(38_400);
    let mut engineer = Engineer::at(&bench, &port);
    engineer.sees("A cable is there");
    let typed = |event: &Event| matches!(event.what, What::Line { .. });
    assert!(!bench.events("r1").iter().any(typed), "nothing was typed");
    engineer.sees("Nothing is opened before you press its number");
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees("model: IX2215");
    engineer.sees("it is the only one left of today's list");
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees("type the last 4 characters");
    engineer.types(&serial[serial.len() - 4..]);
    engineer.sees("Change 1 of 1 router(s)");
    engineer.sees("[p] ports:");
    engineer.types("y");
    engineer.sees("left)");
    engineer.sees("Saved and proven");
    engineer.sees("leave:");
    engineer.types("q");
    let (_, keys) = engineer.ends(0);
    assert!(keys <= KEYS, "{keys} keys");
    let (running, startup) = bench.snapshot("r1");
    assert_eq!(running, startup, "what runs survives a restart");
    assert!(running.contains("bridge-group 1"), "{running}");
}

#[test]
fn a_pulled_cable_is_noticed_before_a_router_is_worked_on_and_ctrl_c_leaves_it_as_it_was() {
    let (bench, port, _) = factory_box(38_400);
    let before = bench.snapshot("r1");
    let cable = bench.path("cable");
    std::os::unix::fs::symlink(&port, &cable).unwrap();
    let mut engineer = Engineer::at(&bench, &cable.display().to_string());
    engineer.sees("Nothing is opened before you press its number");
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees("it is the only one left of today's list");
    let pulled = std::time::Instant::now();
    std::fs::remove_file(&cable).unwrap();
    engineer.sees("The cable was pulled. Nothing was changed.");
    assert!(pulled.elapsed().as_secs() < 2, "{:?}", pulled.elapsed());
    std::os::unix::fs::symlink(&port, &cable).unwrap();
    engineer.sees("A cable is there");
    engineer.sees("leave:");
    engineer.presses_ctrl_c();
    engineer.ends(3);
    assert_eq!(bench.snapshot("r1"), before);
}

#[test]
fn failed_checks_are_run_again_on_a_key_and_without_a_reason_the_change_is_undone() {
    let mut spec = prepared("r3");
    spec.transports = vec![TransportSpec::Serial { baud: None }];
    spec.faults = vec![Fault::Refuse { when: When::matching("show ip interface"), text: None, times: 0 }];
    let declared = Declared { console_login: true, lifeline: None, ..router3("r3") };
    let bench = Bench::new(vec![(spec, declared)]);
    let port = bench.endpoint("r3").path.clone().unwrap().display().to_string();
    let before = bench.snapshot("r3");
    let looks = || {
        let is_look =
            |event: &&Event| matches!(&event.what, What::Line { line, .. } if line.starts_with("show ip interface"));
        bench.events("r3").iter().filter(is_look).count()
    };
    let mut engineer = Engineer::at(&bench, &port);
    engineer.sees("Nothing is opened before you press its number");
    engineer.sees("leave:");
    engineer.types("1");
    // Of the one router of the list the login is known.
    engineer.sees("the inventory has its serial number");
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees("[p] ports:");
    engineer.types("y");
    engineer.sees("required checks failed");
    engineer.sees("undo:");
    let looked = looks();
    engineer.types("r");
    engineer.sees("required checks failed");
    engineer.sees("undo:");
    assert!(looks() > looked, "the checks were run again");
    engineer.types("");
    engineer.sees("Not done");
    engineer.sees("leave:");
    engineer.types("q");
    engineer.ends(3);
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_mistyped_password_is_asked_for_again_and_one_that_the_box_took_is_not() {
    let spec = RouterSpec { transports: vec![TransportSpec::Serial { baud: None }], ..prepared("r3") };
    let declared = Declared { console_login: true, lifeline: None, ..router3("r3") };
    let bench = Bench::new(vec![(spec, declared)]);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let asked = inventory.replace("{ env: TEST_ADMIN_PASSWORD }", "{ prompt: Password of the clinics }");
    std::fs::write(bench.path("clinics.yaml"), asked).unwrap();
    let port = bench.endpoint("r3").path.clone().unwrap().display().to_string();
    let mut engineer = Engineer::at(&bench, &port);
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees("Password of the clinics:");
    engineer.types("not the password");
    engineer.sees("session.wrong-password");
    engineer.sees("leave:");
    engineer.types("r");
    engineer.sees("Password of the clinics:");
    engineer.types(PASSWORD);
    engineer.sees("the inventory has its serial number");
    engineer.sees("leave:");
    engineer.types("y");
    // The next question is that of the dry run.
    assert!(!engineer.sees("[p] ports:").contains("Password of the clinics"));
    engineer.types("y");
    engineer.sees("Saved and proven");
    engineer.sees("leave:");
    engineer.types("q");
    engineer.ends(0);
}

#[test]
fn on_screens_a_visit_takes_a_key_where_lines_take_a_word() {
    let (bench, port, serial) = factory_box(38_400);
    let mut terminal = Terminal::start(&bench, &port);
    terminal.sees("Nothing is opened before you press its number");
    terminal.takes("1");
    terminal.sees("it is the only one left of today's list");
    terminal.takes("y");
    terminal.sees("type the last 4");
    terminal.takes(&format!("{}\r", &serial[serial.len() - 4..]));
    terminal.sees("Change 1 of 1 router(s)");
    terminal.takes("p");
    terminal.sees("After the change:");
    terminal.sees("| GigaEthernet0 | GigaEthernet1 | GigaEthernet2  1 2 3 4 5 6 7 8 |");
    terminal.takes("c");
    // In a terminal that makes such signs wide they are written in ASCII.
    terminal.sees("== ");
    terminal.takes("y");
    terminal.sees("left for the lines");
    terminal.sees("Saved and proven");
    terminal.takes("q");
    let (drawn, said) = terminal.ends(0);
    let last = |sequence: &str| drawn.rfind(sequence);
    assert!(last("\u{1b}[?25h") > last("\u{1b}[?25l"), "the cursor is given back: {drawn:?}");
    assert!(said.contains("saved"), "{said:?}");
    assert!(said.lines().all(|line| line.chars().count() <= 80), "what is said behind it fits, too: {said}");
    let (running, startup) = bench.snapshot("r1");
    assert!(running == startup && running.contains("bridge-group 1"), "{running}");
}

#[test]
fn a_depot_keeps_every_console_on_one_screen_and_gives_the_terminal_back() {
    let (bench, port, _) = factory_box(38_400);
    let before = bench.snapshot("r1");
    let book = playbook("online-eligibility.yaml");
    let mut terminal = Terminal::of(&bench, &["depot", &book, "-i", "clinics.yaml", "--yes", "--port", &port]);
    terminal.sees("Depot: done 0, in progress 0, failed 0, waiting 1");
    terminal.sees("next: r1");
    terminal.sees("not on the list: IX2215");
    terminal.takes("q\r");
    let (_, result) = terminal.ends(3);
    assert!(result.contains("waiting for its box"), "{result:?}");
    assert_eq!(bench.snapshot("r1"), before);
}
