//! A depot: several consoles at once, a scanner on standard input, labels in a folder.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use mock_device::{Event, Fault, RouterSpec, What, When};

use crate::harness::{Bench, DEVICE_SECRETS, Declared, assert_clean, assert_visible, factory_on_console, playbook};

/// A factory box on a console of this speed; the inventory has its serial number where it `is_declared`.
fn factory_box(id: &str, baud: Option<u32>, is_declared: bool) -> (RouterSpec, Declared) {
    let spec = factory_on_console(id, baud);
    let mut declared = Declared { vars: "ntt_area: east".to_owned(), ..Declared::new(id, "router1") };
    if !is_declared {
        declared.serial_number = None;
    }
    (spec, declared)
}

fn port(bench: &Bench, id: &str) -> String {
    bench.endpoint(id).path.as_ref().unwrap().display().to_string()
}

/// A depot in progress, whose input stays open.
struct Depot<'b> {
    bench: &'b Bench,
    process: Child,
    input: ChildStdin,
    lines: Box<dyn Iterator<Item = String>>,
}

impl<'b> Depot<'b> {
    fn at(bench: &'b Bench, ports: &[&str], more: &[&str]) -> Self {
        let book = playbook("online-eligibility.yaml");
        let mut words = vec!["depot", &book, "-i", "clinics.yaml", "--yes"];
        words.extend(ports.iter().flat_map(|port| ["--port", port]));
        words.extend(more);
        let mut command = bench.command(&words);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let input = process.stdin.take().unwrap();
        let said = BufReader::new(process.stderr.take().unwrap()).lines();
        Self { bench, process, input, lines: Box::new(said.map_while(Result::ok)) }
    }

    /// Waits until a line with this text was said.
    fn sees(&mut self, text: &str) {
        let mut said = Vec::new();
        for line in self.lines.by_ref() {
            if line.contains(text) {
                return;
            }
            said.push(line);
        }
        panic!("`{text}` was not said:\n{}", said.join("\n"));
    }

    fn types(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    fn signal(&self, name: &str) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// What it said last, and its result.
    fn ends(mut self, status: i32) -> (String, String) {
        let said = self.lines.collect::<Vec<_>>().join("\n");
        let mut result = String::new();
        self.process.stdout.take().unwrap().read_to_string(&mut result).unwrap();
        assert_eq!(self.process.wait().unwrap().code(), Some(status), "{said}\n{result}");
        for (place, text) in [("stderr", &said), ("stdout", &result)] {
            assert_clean(place, text);
            assert_visible(place, text);
        }
        assert_clean("the events", &std::fs::read_to_string(self.bench.path("events.jsonl")).unwrap_or_default());
        (said, result)
    }
}

/// Lines that a router took in any mode but the one in which it only shows.
fn written(bench: &Bench, id: &str) -> Vec<Event> {
    let is_written = |event: &Event| matches!(&event.what, What::Line { mode, .. } if !mode.is_empty());
    bench.events(id).into_iter().filter(is_written).collect()
}

fn page(folder: &Path, name: &str) -> String {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    assert_clean(name, &text);
    text
}

#[test]
fn boxes_at_several_consoles_are_saved_at_once_each_with_its_label_and_one_that_is_not_on_the_list_is_left_alone() {
    let bench = Bench::new(["r1", "r2", "stranger"].map(|id| factory_box(id, None, true)).to_vec());
    let stranger = bench.snapshot("stranger");
    let ports = ["r1", "r2", "stranger"].map(|id| port(&bench, id));
    let ports = ports.each_ref().map(String::as_str);
    let mut depot = Depot::at(&bench, &ports, &["-l", "r1,r2", "--labels", "labels"]);
    depot.sees("done 2, in progress 0, failed 0, waiting 0");
    let (_, result) = depot.ends(0);
    assert!(result.contains("router r1 (role: router1): done\n"), "{result}");
    for id in ["r1", "r2"] {
        let (running, startup) = bench.snapshot(id);
        assert!(running == startup && running.contains("bridge-group 1"), "{id}: {running}");
        let label = page(&bench.path("labels"), &format!("{id}.html"));
        assert!(label.contains(&RouterSpec::new(id).serial()) && label.contains("What goes where"), "{label}");
    }
    let sheet = page(&bench.path("labels"), "labels.html");
    assert!(["r1", "r2"].iter().all(|id| sheet.contains(&RouterSpec::new(*id).serial())), "{sheet}");
    assert_eq!(bench.snapshot("stranger"), stranger);
    assert!(written(&bench, "stranger").is_empty());
    // The label is made from the journal alone, and can be made again.
    let again = bench.run_plainly(&["report", "last", "--labels"]).exits(0);
    assert!(again.stdout.contains("What goes where") && again.stdout.contains("SHA-256"), "{}", again.stdout);
    assert!(!again.stdout.contains(DEVICE_SECRETS[0]));
    bench.run_plainly(&["--format", "csv", "report", "last", "--labels"]).exits(1).says("usage.format");
}

#[test]
fn a_secret_that_no_router_of_the_day_needs_is_not_asked_for() {
    let bench = Bench::new(vec![factory_box("r1", None, true)]);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let asked = inventory.replace("{ env: TEST_NEW_PASSWORD }", "{ prompt: Password of another clinic }");
    assert_ne!(asked, inventory);
    std::fs::write(bench.path("clinics.yaml"), asked).unwrap();
    // No terminal: a question could not be answered.
    let mut depot = Depot::at(&bench, &[&port(&bench, "r1")], &[]);
    depot.sees("done 1, in progress 0, failed 0, waiting 0");
    depot.ends(0);
}

#[test]
fn a_serial_number_is_scanned_for_a_router_before_its_box_is_touched() {
    let bench = Bench::new(vec![factory_box("r1", None, false), factory_box("r2", None, false)]);
    let mut depot = Depot::at(&bench, &[&port(&bench, "r1")], &["-l", "r1,r2"]);
    depot.sees("not on the list");
    let serial = RouterSpec::new("r1").serial();
    depot.types(&serial);
    depot.sees("Which is it?");
    depot.types("r1");
    depot.sees("[yes/no]");
    assert!(written(&bench, "r1").is_empty(), "no one has agreed");
    depot.types("yes");
    depot.sees("✓ r1: saved");
    depot.sees("done 1, in progress 0, failed 0, waiting 1");
    depot.types("q");
    let (_, result) = depot.ends(3);
    assert!(result.contains("router r2 (role: router1): waiting for its box"), "{result}");
    let (running, startup) = bench.snapshot("r1");
    assert!(running == startup && running.contains("bridge-group 1"), "{running}");
    let record = bench.run_plainly(&["--format", "json", "report", "last"]).exits(0).json();
    assert_eq!(record["report"]["routers"][0]["serial_number"], serial.as_str());
}

#[test]
fn boxes_swapped_between_reading_and_pushing_are_noticed_before_the_first_line() {
    let bench = Bench::new(vec![factory_box("r1", None, false), factory_box("r2", None, false)]);
    let cable = bench.path("cable");
    std::os::unix::fs::symlink(port(&bench, "r1"), &cable).unwrap();
    let mut depot = Depot::at(&bench, &[&cable.display().to_string()], &["-l", "r1"]);
    depot.sees("not on the list");
    depot.types("r1");
    depot.sees("from the label");
    // The person confirms the box that was read, and another one is on the cable by then.
    let other = bench.path("other");
    std::os::unix::fs::symlink(port(&bench, "r2"), &other).unwrap();
    std::fs::rename(&other, &cable).unwrap();
    let serial = RouterSpec::new("r1").serial();
    depot.types(&serial[serial.len() - 4..]);
    depot.sees("✗ r1: refused");
    depot.types("q");
    let (_, result) = depot.ends(3);
    assert!(result.contains("identity.wrong-serial-number"), "{result}");
    assert!(written(&bench, "r1").is_empty() && written(&bench, "r2").iter().all(is_harmless), "nothing was written");
}

/// Config mode is taken before a box is read.
fn is_harmless(event: &Event) -> bool {
    matches!(&event.what, What::Line { line, .. } if line.starts_with("show ") || line == "exit" || line.starts_with("terminal "))
}

#[test]
fn a_box_that_is_unplugged_in_the_middle_is_found_again_and_settled_and_stops_no_other() {
    let (mut cut, declared) = factory_box("r1", None, true);
    cut.faults = vec![Fault::Drop { when: When::config_line(5), executed: true, times: 1 }];
    let bench = Bench::new(vec![(cut, declared), factory_box("r2", None, true)]);
    let before = bench.snapshot("r1");
    let ports = [port(&bench, "r1"), port(&bench, "r2")];
    let mut depot = Depot::at(&bench, &[&ports[0], &ports[1]], &[]);
    depot.sees("done 1, in progress 0, failed 1, waiting 0");
    // A few lines of many ran on it: the nearest known state is the one before.
    assert_eq!(bench.snapshot("r1"), before);
    depot.types("again 1");
    depot.sees("done 2, in progress 0, failed 0, waiting 0");
    depot.ends(0);
    for id in ["r1", "r2"] {
        let (running, startup) = bench.snapshot(id);
        assert!(running == startup && running.contains("bridge-group 1"), "{id}: {running}");
    }
}

#[test]
fn a_box_that_refuses_a_line_is_undone_and_its_reason_kept_while_the_other_is_saved() {
    let (mut bad, declared) = factory_box("r1", None, true);
    bad.faults = vec![Fault::Refuse { when: When::config_line(5), text: None, times: 1 }];
    let bench = Bench::new(vec![(bad, declared), factory_box("r2", None, true)]);
    let before = bench.snapshot("r1");
    let ports = [port(&bench, "r1"), port(&bench, "r2")];
    let mut depot = Depot::at(&bench, &[&ports[0], &ports[1]], &["--labels", "labels"]);
    depot.sees("done 1, in progress 0, failed 1, waiting 0");
    depot.types("q");
    let (_, result) = depot.ends(3);
    assert!(result.contains("router r1 (role: router1): undone") && result.contains("router.refused-line"), "{result}");
    assert_eq!(bench.snapshot("r1"), before);
    assert!(!bench.path("labels").join("r1.html").exists() && bench.path("labels").join("r2.html").exists());
}

#[test]
fn a_signal_stops_every_box_in_a_known_state() {
    let bench = Bench::new(vec![factory_box("r1", Some(38_400), true), factory_box("r2", Some(38_400), true)]);
    let before = [bench.snapshot("r1"), bench.snapshot("r2")];
    let ports = [port(&bench, "r1"), port(&bench, "r2")];
    let mut depot = Depot::at(&bench, &[&ports[0], &ports[1]], &[]);
    depot.sees("applying: sending the plan");
    depot.signal("-INT");
    let (said, result) = depot.ends(3);
    assert!(said.contains("Stopping: nothing new begins"), "{said}");
    assert!(result.contains("done 0, in progress 0, failed 2, waiting 0"), "{result}");
    assert_eq!([bench.snapshot("r1"), bench.snapshot("r2")], before);
}

#[test]
fn without_a_yes_and_without_a_terminal_nothing_is_opened() {
    let bench = Bench::new(vec![factory_box("r1", None, true)]);
    let book = playbook("online-eligibility.yaml");
    let port = port(&bench, "r1");
    bench.run(&["depot", &book, "-i", "clinics.yaml", "--port", &port]).exits(1).says("apply.nobody-to-ask");
    let typed = |event: &Event| matches!(event.what, What::Line { .. });
    assert!(!bench.events("r1").iter().any(typed), "nothing was typed");
}

/// Seconds that a depot takes for so many boxes on consoles of 9600 bit/s.
fn seconds(count: usize) -> f64 {
    let names: Vec<String> = (1..=count).map(|number| format!("r{number}")).collect();
    let bench = Bench::new(names.iter().map(|id| factory_box(id, Some(9600), true)).collect());
    let ports: Vec<String> = names.iter().map(|id| port(&bench, id)).collect();
    let ports: Vec<&str> = ports.iter().map(String::as_str).collect();
    let begun = Instant::now();
    Depot::at(&bench, &ports, &[]).ends(0);
    begun.elapsed().as_secs_f64()
}

#[test]
#[ignore = "two minutes, and a figure that means something only on a machine that does nothing else"]
#[expect(clippy::print_stdout, reason = "the figure is the point")]
fn eight_paced_consoles_take_little_longer_than_one() {
    let (one, eight) = (seconds(1), seconds(8));
    assert!(Duration::from_secs_f64(one) > Duration::from_secs(5), "the consoles are not paced: {one:.1} s");
    let ratio = eight / one;
    println!("eight consoles: {eight:.1} s, one: {one:.1} s, {ratio:.2} times");
    assert!(ratio <= 1.2, "eight in {eight:.1} s, one in {one:.1} s: {ratio:.2} times");
}
