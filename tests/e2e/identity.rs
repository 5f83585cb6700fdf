//! What we refuse before any write: each with its own message and exit status, and nothing changed on the router.

use mock_device::{Event, Fault, Outcome, What, When};

use crate::harness::{self, Bench, CLOSED_PORTS, Declared, HostKey, playbook, prepared, router3};

/// Whether the router's own log knows of a line that changes anything.
fn wrote(events: &[Event]) -> Option<String> {
    const HARMLESS: [&str; 10] = [
        "show ",
        "ping",
        "enable-config",
        "svintr-config",
        "exit",
        "configure",
        "terminal ",
        "event-terminal ",
        "no event-terminal",
        // A comment, by which a session proves that lines may be typed ahead.
        "! ",
    ];
    events.iter().find_map(|event| match &event.what {
        // A comment: the proof that lines may be typed ahead.
        What::Line { outcome: Outcome::Ignored, .. } => None,
        What::Line { line, .. } if !line.is_empty() && !HARMLESS.iter().any(|start| line.starts_with(start)) => {
            Some(line.clone())
        }
        What::Saved { .. } | What::HostKey { .. } | What::Erased => Some(format!("{:?}", event.what)),
        _ => None,
    })
}

/// Applies, and insists on this code and status, and on an untouched router.
fn refuses(bench: &Bench, more: &[&str], status: i32, code: &str, state: &str) {
    let before = bench.snapshot("r3");
    let run = bench.apply(more).exits(status).says(code);
    assert!(run.stdout.contains(state), "`{state}` is not in\n{}", run.stdout);
    assert_eq!(bench.snapshot("r3"), before);
    assert_eq!(wrote(&bench.events("r3")), None, "nothing may be written");
}

#[test]
fn a_wrong_password() {
    let bench = Bench::with_fault(Fault::LoginRefused { times: 0 });
    refuses(&bench, &[], 3, "ssh.authentication", "unreachable");
}

#[test]
fn a_changed_host_key() {
    let mut bench = Bench::one();
    bench.declare(|router| router.host_key = HostKey::Wrong);
    refuses(&bench, &[], 3, "ssh.host-key-changed", "refused");
}

#[test]
fn an_unknown_host_key_is_recorded_only_when_asked_and_then_required() {
    let mut bench = Bench::one();
    bench.declare(|router| router.host_key = HostKey::KnownHosts);
    refuses(&bench, &[], 3, "ssh.host-key-unknown", "refused");
    bench.plan(&["--record-host-key"]).exits(2).says("recorded");
    bench.plan(&[]).exits(2);
    bench.mock.inject("r3", Fault::HostKeyChanged).unwrap();
    refuses(&bench, &["--record-host-key"], 3, "ssh.host-key-changed", "refused");
}

#[test]
fn an_unreachable_host() {
    let bench = Bench::one();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let [gone, ..] = CLOSED_PORTS;
    let port = bench.endpoint("r3").port.unwrap().to_string();
    std::fs::write(bench.path("clinics.yaml"), inventory.replace(&port, &gone.to_string())).unwrap();
    refuses(&bench, &[], 3, "ssh.unreachable", "unreachable");
}

#[test]
fn a_wrong_model() {
    let mut bench = Bench::one();
    bench.declare(|router| {
        router.model = "IX2105";
        router.role = "router2";
        router.vars = String::new();
        router.lifeline = None;
    });
    refuses(&bench, &[], 3, "identity.wrong-model", "refused");
}

#[test]
fn a_wrong_serial_number() {
    let mut bench = Bench::one();
    bench.declare(|router| router.serial_number = Some("0000000001".to_owned()));
    refuses(&bench, &[], 3, "identity.wrong-serial-number", "refused");
}

/// The inventory names neither box. r3's is changed and saved; then r3's connection leads to r4's box, as if the cable had moved.
fn swapped() -> Bench {
    let undeclared = |id| (prepared(id), Declared { serial_number: None, ..router3(id) });
    let bench = Bench::new(vec![undeclared("r3"), undeclared("r4")]);
    let serial = prepared("r3").serial();
    let line = format!("identity: {{ serial_number: \"{serial}\" }}");
    bench.apply(&["--phase", "bench", "-l", "r3"]).exits(0).says(&line);
    let mut inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let [r3, r4] = ["r3", "r4"].map(|id| bench.endpoint(id).clone());
    for [one, other] in
        [[r3.port, r4.port].map(|port| port.unwrap().to_string()), [r3.fingerprint, r4.fingerprint].map(Option::unwrap)]
    {
        inventory = inventory.replace(&one, "OTHER").replace(&other, &one).replace("OTHER", &other);
    }
    std::fs::write(bench.path("clinics.yaml"), inventory).unwrap();
    bench
}

#[test]
fn another_box_under_a_known_name_is_refused_where_no_one_is_asked() {
    let bench = swapped();
    let before = bench.snapshot("r4");
    bench.apply(&["--phase", "bench", "-l", "r3"]).exits(3).says("identity.wrong-serial-number");
    assert_eq!(bench.snapshot("r4"), before);
}

#[cfg(unix)]
#[test]
fn another_box_under_a_known_name_is_asked_about() {
    let bench = swapped();
    let before = bench.snapshot("r4");
    let mut command = harness::program();
    command
        .args(["--lang", "en", "apply", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml"])
        .args(["--phase", "bench", "-l", "r3"])
        .env("IXDEPLOY_STATE_DIR", bench.path("state"))
        .env("TEST_ADMIN_PASSWORD", harness::PASSWORD)
        .current_dir(bench.dir.path());
    let mut session = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    let plan = session.exp_regex(r"NOT\s+the\s+box").unwrap().0;
    let question = session.exp_regex(r"label\s+has\s+them:").unwrap().0;
    let serial = prepared("r4").serial();
    assert!(!plan.contains(&serial) && !question.contains(&serial), "it is read off the label: {plan}{question}");
    session.send_line(&serial[serial.len() - 4..]).unwrap();
    session.exp_string("[yes/no]").unwrap();
    session.send_line("no").unwrap();
    assert!(session.exp_eof().unwrap().contains("declined"));
    assert_eq!(bench.snapshot("r4"), before);
}

#[test]
fn a_host_name_counts_after_our_first_deployment_and_not_before() {
    let mut bench = Bench::one();
    bench.declare(|router| {
        router.host_name = Some("suzuki-r3");
        router.vars = "ntt_area: west, hostname: suzuki-r3".to_owned();
    });
    // A box that was never ours has someone else's name, or none.
    bench.plan(&[]).exits(2);
    bench.apply(&["--phase", "bench"]).exits(0);
    bench.plan(&[]).exits(0);
    let renamed = Fault::ColleagueLines { when: None, lines: vec!["hostname tanaka-r3".to_owned()] };
    bench.mock.inject("r3", renamed).unwrap();
    bench.plan(&[]).exits(3).says("identity.wrong-hostname").says("tanaka-r3");
    bench.apply(&[]).exits(3).says("identity.wrong-hostname").says("refused");
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "backup"]).exits(3).says("identity.wrong-hostname");
    assert!(bench.startup("r3").contains("hostname suzuki-r3"), "nothing was saved");
    // A new name that is declared is what is wanted, not a sign of another box.
    bench.declare(|router| {
        router.host_name = Some("tanaka-r3");
        router.vars = "ntt_area: west, hostname: tanaka-r3".to_owned();
    });
    bench.apply(&["--adopt", "--phase", "bench"]).exits(0);
    assert!(bench.startup("r3").contains("hostname tanaka-r3"));
    bench.plan(&[]).exits(0);
}

#[test]
fn an_occupied_config_mode() {
    let bench = Bench::with_fault(Fault::LockHeld { attempts: None });
    refuses(&bench, &[], 3, "session.occupied", "occupied");
}

#[test]
fn config_mode_is_taken_only_on_an_explicit_request() {
    let bench = Bench::with_fault(Fault::LockHeld { attempts: None });
    let stole = |bench: &Bench| {
        bench.events("r3").iter().any(|event| matches!(&event.what, What::Line { line, .. } if line == "svintr-config"))
    };
    bench.plan(&[]).exits(3);
    bench.plan(&["--take-over"]).exits(1).says("--take-over");
    bench.apply(&[]).exits(3).says("session.occupied");
    assert!(!stole(&bench));
    bench.apply(&["--take-over", "--phase", "bench"]).exits(0).says("config mode was taken");
    assert!(stole(&bench));
}

#[test]
fn a_colleague_who_needs_a_moment_is_waited_for() {
    let mut bench = Bench::with_fault(Fault::LockHeld { attempts: Some(1) });
    bench.declare(|router| router.deadlines = "{ connect: 10s, command: 10s, lock: 20s, reload: 3s }");
    bench.plan(&[]).exits(2);
}

#[test]
fn an_unsaved_running_configuration() {
    let bench = Bench::with_fault(Fault::ColleagueLines {
        when: None,
        lines: vec!["ip route 10.0.0.0/8 192.0.2.70".to_owned()],
    });
    refuses(&bench, &[], 3, "router.unsaved", "refused");
    bench.plan(&[]).exits(3).says("+ip route 10.0.0.0/8 192.0.2.70");
}

#[test]
fn a_monitor_user() {
    let bench = Bench::with_fault(Fault::Monitor);
    refuses(&bench, &[], 3, "session.monitor", "refused");
}

#[test]
fn without_a_terminal_and_without_yes_no_router_is_read() {
    let bench = Bench::one();
    let words = ["apply", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml"];
    bench.run(&words).exits(1).says("apply.nobody-to-ask");
    assert!(bench.events("r3").is_empty());
}

#[test]
fn after_the_first_failure_the_rest_is_not_started() {
    let mut bad = prepared("a3");
    bad.faults = vec![Fault::refuse(When::matching("bridge irb"))];
    let bench = Bench::new(vec![(bad, router3("a3")), (prepared("b3"), router3("b3"))]);
    // One at a time: the shipped playbook begins four at once.
    let text = std::fs::read_to_string(playbook("online-eligibility.yaml")).unwrap();
    let slow = text.replace("concurrency: 4", "concurrency: 1");
    assert_ne!(text, slow);
    std::fs::write(bench.path("slow.yaml"), slow).unwrap();
    copy_folder(std::path::Path::new(&playbook("roles")), &bench.path("roles"));
    let before = bench.snapshot("b3");
    let run = bench
        .run(&["--format", "json", "apply", "slow.yaml", "-i", "clinics.yaml", "--yes", "--phase", "bench"])
        .exits(3);
    let routers = run.json()["routers"].clone();
    assert_eq!((&routers[0]["state"], &routers[1]["state"]), (&"undone".into(), &"not-started".into()));
    assert_eq!(bench.snapshot("b3"), before);
}

/// Among hundreds one line says how many ended how, and how the others go on.
#[test]
fn the_result_says_how_to_go_on_without_what_failed() {
    let (gone, there) = (prepared("a3"), prepared("b3"));
    let bench = Bench::new(vec![(gone, router3("a3")), (there, router3("b3"))]);
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    // Another box than the inventory says: refused before anything is written.
    let serial = prepared("a3").serial();
    let wrong = inventory.replacen(&serial, "0000000000", 1);
    assert_ne!(inventory, wrong);
    std::fs::write(bench.path("clinics.yaml"), wrong).unwrap();
    // One after the other: the second one's turn does not come.
    crate::lost::own_book(&bench, "");
    let words = ["apply", "own.yaml", "-i", "clinics.yaml", "--yes", "--phase", "bench"];
    let slow = [&words[..], &["--concurrency", "1", "--max-failures", "1"]].concat();
    let run = bench.run(&slow).exits(3).says("2 routers: 1 not-started, 1 refused");
    assert!(bench.events("b3").is_empty(), "not even met");
    run.says("ixdeploy rerun ");
    // Those that were not begun go on without what failed.
    bench.run(&["continue", "last", "--yes"]).says("b3: saved");
}

pub fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
#[cfg(unix)]
fn on_a_console_without_a_serial_number_a_bare_yes_is_refused() {
    let (bench, serial) = harness::unknown_factory_box(None);
    bench.apply(&[]).exits(1).says("identity.unconfirmed");
    let typed = bench.events("r1").iter().any(|event| matches!(event.what, What::Line { .. }));
    assert!(!typed, "not even read");
    let wrong = bench.apply(&["--serial-number", "0000000001"]).exits(3).says("identity.wrong-serial-number");
    // An operator who typed the number is not sent to the inventory.
    wrong.says("and 0000000001 is expected").says("from `--serial-number`");
    // A kept plan names a box; whether that box is on the cable is still the operator's to say.
    bench.plan(&["-o", "plan.json"]).exits(2);
    bench.run(&["apply", "plan.json", "-i", "clinics.yaml", "--yes"]).exits(1).says("identity.unconfirmed");
    bench.apply(&["--serial-number", &serial, "--phase", "bench"]).exits(0);
}

#[test]
fn one_box_is_not_two_routers() {
    let mut bench = Bench::new(vec![(prepared("r3"), router3("r3")), (prepared("twin"), router3("twin"))]);
    bench.declare(|router| {
        router.serial_number = None;
        // The two readings meet at the one box's config mode: the second waits for the first.
        router.deadlines = "{ connect: 10s, command: 10s, lock: 20s, reload: 3s }";
    });
    let (one, other) = (bench.endpoint("r3").clone(), bench.endpoint("twin").clone());
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let crossed = inventory
        .replace(&other.port.unwrap().to_string(), &one.port.unwrap().to_string())
        .replace(other.fingerprint.as_deref().unwrap(), one.fingerprint.as_deref().unwrap());
    std::fs::write(bench.path("clinics.yaml"), crossed).unwrap();
    let before = bench.snapshot("r3");
    // Nobody is asked: what is dialled at one address is seen before anything is read.
    bench.apply(&[]).exits(3).says("identity.same-address");
    assert!(bench.events("r3").is_empty(), "not even read");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
#[cfg(unix)]
fn a_box_that_the_inventory_declares_is_changed_under_no_other_name_also_where_that_router_takes_no_part() {
    let undeclared = Declared { serial_number: None, ..router3("twin") };
    let bench = Bench::new(vec![(prepared("r3"), router3("r3")), (prepared("twin"), undeclared)]);
    let (one, other) = (bench.endpoint("r3").clone(), bench.endpoint("twin").clone());
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let crossed = inventory
        .replace(&other.port.unwrap().to_string(), &one.port.unwrap().to_string())
        .replace(other.fingerprint.as_deref().unwrap(), one.fingerprint.as_deref().unwrap());
    std::fs::write(bench.path("clinics.yaml"), crossed).unwrap();
    let before = bench.snapshot("r3");
    bench.apply(&["-l", "twin"]).exits(3).says("identity.same-box");
    // Someone who is asked is not asked about it.
    let command = bench.command(&["apply", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml", "-l", "twin"]);
    let mut session = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    session.exp_string("identity.same-box").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_kept_plan_cannot_make_us_type_anything_else() {
    let bench = Bench::one();
    bench.plan(&["-o", "plan.json"]).exits(2);
    let text = std::fs::read_to_string(bench.path("plan.json")).unwrap();
    let edited = text.replace("\"show ip interface GigaEthernet0.0\"", "\"erase startup-config\"");
    assert_ne!(text, edited);
    std::fs::write(bench.path("plan.json"), edited).unwrap();
    let events = bench.events("r3").len();
    bench.run(&["apply", "plan.json", "-i", "clinics.yaml", "--yes"]).exits(1).says("plan-file.invalid");
    assert_eq!(bench.events("r3").len(), events);
}

#[test]
#[cfg(unix)]
fn on_a_console_the_box_is_known_before_anything_but_a_look_is_typed() {
    use mock_device::{TransportSpec, What};
    let console = |id: &str| {
        let mut spec = prepared(id);
        spec.transports = vec![TransportSpec::Serial { baud: None }];
        (spec, Declared { console_login: true, lifeline: None, ..router3(id) })
    };
    let bench = Bench::new(vec![console("r3"), console("x3")]);
    // The cable leads to the right box when the plan is made, and to another one when it is applied.
    let port = |id: &str| bench.endpoint(id).path.clone().unwrap().display().to_string();
    let (right, wrong, seen) = (port("r3"), port("x3"), bench.path("seen").display().to_string());
    let script = format!(
        "stty raw -echo\nport='{right}'\n[ -e '{seen}' ] && port='{wrong}'\n: > '{seen}'\ncat < \"$port\" &\nexec cat > \"$port\"\n"
    );
    std::fs::write(bench.path("cable.sh"), script).unwrap();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let serial = format!("serial: {{ port: \"{right}\",");
    assert!(inventory.contains(&serial), "{inventory}");
    let command = format!("command: {{ words: [sh, \"{}\"], baud: 115200,", bench.path("cable.sh").display());
    std::fs::write(bench.path("clinics.yaml"), inventory.replace(&serial, &command)).unwrap();
    let run = |words: &[&str]| {
        let mut command = bench.command(&[words, &["-i", "clinics.yaml", "-l", "r3"]].concat());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        bench.finish(command.output().unwrap())
    };
    run(&["plan", &playbook("online-eligibility.yaml"), "-o", "plan.json"]).exits(2);
    let run = run(&["apply", "plan.json", "--yes", "--phase", "bench"]).exits(3).says("identity.wrong-serial-number");
    let typed: Vec<String> = bench
        .events("x3")
        .into_iter()
        .filter_map(|event| match event.what {
            What::Line { line, .. } => Some(line),
            _ => None,
        })
        .collect();
    assert!(typed.iter().any(|line| line == "show hardware"), "{typed:?}");
    for line in &typed {
        assert!(line.starts_with("show ") || line == "exit" || line.is_empty(), "`{line}` was typed\n{}", run.stderr);
    }
}
