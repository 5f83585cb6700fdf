//! The other ways to a router, each through the built program: telnet, console servers, programs on a terminal.

use mock_device::TransportSpec;

use crate::harness::{Bench, prepared, router3};

/// A bench of one prepared router that is reached as `connection` says.
fn bench(transport: TransportSpec, connection: impl Fn(&str) -> String) -> Bench {
    let mut spec = prepared("r3");
    // The console the inventory means, and the way the harness knows.
    spec.transports = vec![transport];
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    let end = bench.endpoint("r3");
    let place = match (&end.path, end.port) {
        (Some(path), _) => path.display().to_string(),
        (None, port) => port.unwrap_or_default().to_string(),
    };
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let old = inventory.lines().find(|line| line.trim_start().starts_with("connection:")).unwrap();
    let new = format!("        connection: {{ {} }}", connection(&place));
    std::fs::write(bench.path("clinics.yaml"), inventory.replace(old, &new)).unwrap();
    bench
}

const LOGIN: &str = "login: { user: admin, password: admin-password }";

#[test]
fn a_router_is_changed_over_its_own_telnet_server() {
    let bench = bench(TransportSpec::Telnet, |port| format!("telnet: {{ host: 127.0.0.1, port: {port}, {LOGIN} }}"));
    bench.apply(&["--phase", "bench"]).exits(0);
    bench.plan(&[]).exits(0);
}

#[test]
fn a_console_server_leads_to_a_console_whose_box_must_be_known() {
    // The router's telnet server plays the console server: it asks for the login as a console does. It is only read, since
    // the change that a console survives would cut it.
    let console = |port: &str| {
        format!("console_server: {{ host: 127.0.0.1, port: {port}, service: telnet, baud: 115200, {LOGIN} }}")
    };
    let bench = bench(TransportSpec::Telnet, console);
    bench.plan(&[]).exits(2);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let nameless: String =
        inventory.lines().filter(|line| !line.contains("identity:")).map(|l| format!("{l}\n")).collect();
    std::fs::write(bench.path("clinics.yaml"), nameless).unwrap();
    bench.apply(&["--phase", "bench"]).exits(1).says("identity.unconfirmed");
}

#[test]
#[cfg(unix)]
fn a_program_leads_to_a_console_and_its_session_is_recorded_like_any_other() {
    let program = |path: &str| {
        format!(
            "command: {{ words: [sh, -c, \"stty raw -echo; cat < {path} & exec cat > {path}\"], baud: 115200, {LOGIN} }}"
        )
    };
    let bench = bench(TransportSpec::Serial { baud: None }, program);
    let playbook = crate::harness::playbook("online-eligibility.yaml");
    let mut run = bench.command(&["plan", &playbook, "-i", "clinics.yaml", "--record", "tapes"]);
    // The program and its tools are found on the search path.
    run.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    bench.finish(run.output().unwrap()).exits(2);
    let tape = std::fs::read_to_string(bench.path("tapes/r3-1.cast")).unwrap();
    crate::harness::assert_clean("the recording", &tape);
    assert!(tape.contains("show running-config"), "{tape}");
}

#[test]
#[cfg(unix)]
fn a_second_connection_waits_while_its_console_is_in_use() {
    use mock_device::{Fault, When};
    // Router a is changed over a console, slowly. Router b cuts its own path, and its second way is that very console.
    let mut slow = prepared("a3");
    slow.transports = vec![TransportSpec::Serial { baud: None }];
    slow.faults = vec![Fault::Slow { when: When::matching("^ntp interval"), millis: 9_000, times: 1 }];
    let console = crate::harness::Declared { console_login: true, lifeline: None, ..router3("a3") };
    let bench = Bench::new(vec![(slow, console), (prepared("b3"), router3("b3"))]);
    let port = bench.endpoint("a3").path.clone().unwrap();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let (a, b) = inventory.split_at(inventory.find("      b3:").unwrap());
    let way =
        format!("        second_way: {{ serial: {{ port: \"{}\", {LOGIN} }} }}\n        deadlines:", port.display());
    std::fs::write(bench.path("clinics.yaml"), format!("{a}{}", b.replacen("        deadlines:", &way, 1))).unwrap();
    let book = "version: 1\nname: both\nplays:\n  - routers: a3\n    roles: [clock]\n  - routers: b3\n    roles: [move]\n\
        allow_lifeline_change: true\nrollout: { concurrency: 2, max_failures: 2 }\n";
    std::fs::write(bench.path("both.yaml"), book).unwrap();
    let roles = [
        ("clock", "ntp", "ntp ip enable\nntp interval 600\n"),
        ("move", "interface GigaEthernet2.0", "interface GigaEthernet2.0\n  ip address 192.0.2.67/28\n  no shutdown\n"),
    ];
    for (name, owned, lines) in roles {
        let role = bench.path("roles").join(name);
        std::fs::create_dir_all(&role).unwrap();
        let text = format!("version: 1\ntitle: {{ en: One, ja: 一 }}\nowns: [\"{owned}\"]\ntemplates: [lines.ix.j2]\n");
        std::fs::write(role.join("role.yaml"), text).unwrap();
        std::fs::write(role.join("lines.ix.j2"), lines).unwrap();
    }
    bench.run(&["apply", "both.yaml", "-i", "clinics.yaml", "--yes"]).exits(4).says("is in use for another router");
    assert_eq!(bench.running("a3"), bench.startup("a3"), "no one typed into its session");
    assert!(bench.running("a3").contains("ntp interval 600"));
}

/// A change over a console whose cable can be pulled and put elsewhere: the port is our own link.
#[cfg(unix)]
struct OnACable {
    bench: Bench,
    before: (String, String),
    process: std::process::Child,
    said: Box<dyn Iterator<Item = String>>,
}

#[cfg(unix)]
impl OnACable {
    /// In the middle of the push, its cable still in the right box.
    fn begin(deadlines: &'static str) -> Self {
        Self::begin_after(deadlines, Vec::new(), |_| {})
    }

    /// The same, after something was done with the other box, which has these faults.
    fn begin_after(deadlines: &'static str, of_other: Vec<mock_device::Fault>, first: impl FnOnce(&Bench)) -> Self {
        use mock_device::{Fault, When};
        let console = |id: &str| {
            let mut spec = prepared(id);
            spec.transports = vec![TransportSpec::Serial { baud: None }];
            spec
        };
        let mut spec = console("r3");
        let at = When::matching("^bridge irb enable");
        // Time to put the cable elsewhere before the old one goes.
        spec.faults = vec![
            Fault::Slow { when: at.clone(), millis: 700, times: 1 },
            Fault::Drop { when: at, executed: true, times: 1 },
        ];
        let declared =
            |id: &str| crate::harness::Declared { console_login: true, lifeline: None, deadlines, ..router3(id) };
        let mut other = console("other");
        other.faults = of_other;
        let bench = Bench::new(vec![(spec, declared("r3")), (other, declared("other"))]);
        first(&bench);
        let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
        let port = bench.endpoint("r3").path.clone().unwrap();
        let cable = bench.path("cable");
        let moved = inventory.replace(&port.display().to_string(), &cable.display().to_string());
        assert_ne!(inventory, moved);
        std::fs::write(bench.path("clinics.yaml"), moved).unwrap();
        std::os::unix::fs::symlink(port, &cable).unwrap();
        let before = bench.snapshot("r3");
        let mut on_a_cable = Self::run((bench, before), &["apply", "--phase", "bench"]);
        on_a_cable.hears("bridge irb enable");
        on_a_cable
    }

    fn run((bench, before): (Bench, (String, String)), words: &[&str]) -> Self {
        use std::io::{BufRead, BufReader};
        let book = crate::harness::playbook("online-eligibility.yaml");
        let more: &[&str] = if words[0] == "apply" { &[&book, "-i", "clinics.yaml", "-l", "r3"] } else { &[] };
        let mut command = bench.command(&[words, more, &["--yes"]].concat());
        let mut process =
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap();
        let said = Box::new(BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok));
        Self { bench, before, process, said }
    }

    /// Pulls the cable, or plugs it into a box.
    fn plug(&self, into: Option<&str>) {
        let cable = self.bench.path("cable");
        let Some(id) = into else { return std::fs::remove_file(cable).unwrap() };
        let fresh = self.bench.path("cable.fresh");
        std::os::unix::fs::symlink(self.bench.endpoint(id).path.clone().unwrap(), &fresh).unwrap();
        std::fs::rename(fresh, cable).unwrap();
    }

    #[track_caller]
    fn hears(&mut self, text: &str) -> String {
        let mut before = Vec::new();
        for line in self.said.by_ref() {
            if line.contains(text) {
                return line;
            }
            before.push(line);
        }
        panic!("`{text}` was never said:\n{}", before.join("\n"));
    }

    #[track_caller]
    fn ends(mut self, status: i32) -> (Bench, (String, String)) {
        let rest = self.said.collect::<Vec<_>>().join("\n");
        crate::harness::assert_clean("stderr", &rest);
        assert_eq!(self.process.wait().unwrap().code(), Some(status), "{rest}");
        (self.bench, self.before)
    }
}

#[cfg(unix)]
const PATIENT: &str = "{ connect: 5s, login: 5s, command: 5s, lock: 1s, reload: 60s }";

#[test]
#[cfg(unix)]
fn a_pulled_cable_is_said_at_once_and_plugged_in_again_the_run_goes_on() {
    let mut run = OnACable::begin(PATIENT);
    run.plug(None);
    run.hears("plug it in again, into the same box. It is waited for, at most 60 s. To stop: Ctrl-C");
    run.plug(Some("other"));
    let said = run.hears("this is another box");
    let serial = |id: &str| mock_device::RouterSpec::new(id).serial();
    assert!(said.contains(&serial("r3")) && said.contains(&serial("other")), "{said}");
    run.plug(Some("r3"));
    run.hears("it is the same box");
    let (bench, before) = run.ends(3);
    assert_eq!(bench.snapshot("r3"), before);
    let typed = bench.events("other").iter().any(|event| {
        matches!(&event.what, mock_device::What::Line { line, .. } if !["show", "terminal", "exit"].iter().any(|read| line.starts_with(read)))
    });
    assert!(!typed, "the other box was only asked who it is: {:?}", bench.events("other"));
    let events = std::fs::read_to_string(bench.path("events.jsonl")).unwrap();
    for kind in ["waiting", "another-box", "found-again"] {
        assert!(events.contains(&format!("\"event\":\"{kind}\"")), "{kind}");
    }
}

#[test]
#[cfg(unix)]
fn resume_waits_for_a_pulled_cable_in_the_same_words() {
    let mut run = OnACable::begin("{ connect: 5s, login: 5s, command: 5s, lock: 1s, reload: 3s }");
    run.plug(None);
    run.hears("plug it in again");
    let bench = run.ends(4);
    let mut run = OnACable::run(bench, &["resume"]);
    run.hears("the router is looked for over");
    run.plug(Some("r3"));
    run.hears("it is the same box");
    let (bench, before) = run.ends(3);
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
#[cfg(unix)]
fn a_cable_that_is_put_into_a_box_whose_save_may_still_run_types_nothing_there_until_its_time_is_over() {
    use mock_device::{Fault, What, When};
    use std::time::{Duration, Instant};
    const SLOW_SAVE: &str = "{ connect: 5s, login: 5s, command: 5s, save: 60s, lock: 1s, reload: 120s }";
    let slow = Fault::Slow { when: When::matching("^write memory"), millis: 20_000, times: 1 };
    let lines =
        |bench: &Bench| bench.events("other").iter().filter(|event| matches!(&event.what, What::Line { .. })).count();
    let mut run = OnACable::begin_after(SLOW_SAVE, vec![slow], |bench| {
        let book = crate::harness::playbook("online-eligibility.yaml");
        let words = ["apply", &book, "-i", "clinics.yaml", "-l", "other", "--phase", "bench", "--yes"];
        let quiet = || std::process::Stdio::null();
        let mut dying = bench.command(&words).stdout(quiet()).stderr(quiet()).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(120);
        let saves = || {
            std::fs::read_to_string(bench.path("events.jsonl")).is_ok_and(|told| told.contains("\"event\":\"saving\""))
        };
        while !saves() {
            assert!(Instant::now() < deadline, "it has never saved");
            std::thread::yield_now();
        }
        dying.kill().unwrap();
        dying.wait().unwrap();
    });
    run.plug(None);
    run.hears("plug it in again, into the same box");
    let typed = lines(&run.bench);
    run.plug(Some("other"));
    run.hears("the last record of other says that a save may still be running");
    assert_eq!(lines(&run.bench), typed, "no byte went into the box that may be saving");
    run.plug(Some("r3"));
    run.hears("it is the same box");
    let (bench, before) = run.ends(3);
    assert_eq!(bench.snapshot("r3"), before);
}
