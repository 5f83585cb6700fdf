//! What the operator is told where there would otherwise be silence or a bare refusal: a drift of our own path, a right that
//! only reads, a password that is sent in clear.

use mock_device::{Fault, TransportSpec};

use crate::harness::{Bench, Declared, playbook, prepared, router3};

/// A playbook that wants another address on the very interface that we come in by, and one check.
fn moving_book(bench: &Bench) {
    let role = bench.path("roles").join("move");
    std::fs::create_dir_all(&role).unwrap();
    std::fs::write(bench.path("move.yaml"), "version: 1\nname: move\nplays:\n  - routers: r3\n    roles: [move]\n")
        .unwrap();
    std::fs::write(
        role.join("role.yaml"),
        "version: 1\ntitle: { en: Move, ja: 移動 }\nowns: [\"interface GigaEthernet2.0\"]\ntemplates: [lines.ix.j2]\n\
         checks:\n  - name: up\n    title: { en: up, ja: 有効 }\n    command: show version\n    phase: bench\n    level: required\n    expect: [{ contains: no-such-words }]\n",
    )
    .unwrap();
    let lines = "interface GigaEthernet2.0\n  ip address 192.0.2.67/28\n  no shutdown\n";
    std::fs::write(role.join("lines.ix.j2"), lines).unwrap();
}

#[test]
fn verify_shows_a_drift_that_touches_our_own_path_and_its_checks() {
    let bench = Bench::one();
    moving_book(&bench);
    bench.run(&["plan", "move.yaml", "-i", "clinics.yaml"]).exits(3).says("lifeline.touched");
    let run = bench.run(&["verify", "move.yaml", "-i", "clinics.yaml"]).exits(2);
    assert!(run.stdout.contains("192.0.2.67/28") && run.stdout.contains("check failed: up"), "{}", run.stdout);
    let told = bench.run(&["--format", "json", "verify", "move.yaml", "-i", "clinics.yaml"]).exits(2).json();
    let router = &told["routers"][0];
    assert_eq!(router["checks"][0]["passed"], false, "{router}");
    assert_eq!(router["verified"], false);
    assert!(router["diff"].as_str().unwrap_or_default().contains("192.0.2.67/28"), "{router}");
}

#[test]
fn line_says_which_line_a_router_is_on_and_what_does_not_fit() {
    let mut spec = prepared("r3");
    (spec.advertised_prefix, spec.readings.advertiser_seen) = (Some("2001:db8:1000::/64".to_owned()), true);
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    let line = ["line", "-i", "clinics.yaml"];
    bench.run(&line).exits(0).says("asks nothing of an IPv6 line");
    bench.apply(&["--phase", "bench"]).exits(0);
    let told = bench.run(&line).exits(2).says("r3: GigaEthernet0.0").says("IPv6: likely RA only");
    told.says("does not fit: a delegated prefix").says("Internet: not known");
    bench.run(&[&line[..], &["--east", "nowhere"]].concat()).exits(1).says("nowhere");
    assert!(bench.running("r3") == bench.startup("r3"), "nothing was written");
}

#[test]
fn quietly_a_plan_is_what_changes_and_the_exact_commands() {
    let bench = Bench::one();
    let whole = bench.plan(&[]).exits(2).stdout;
    let quiet = bench.plan(&["-q"]).exits(2);
    let commands = |text: &str| {
        let (_, commands) = text.split_once("\nCommands (").unwrap();
        commands.lines().take_while(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(commands(&quiet.stdout), commands(&whole), "what would be sent is shown whole");
    assert!(whole.contains("\nDifference\n") && !quiet.stdout.contains("\nDifference\n"), "{}", quiet.stdout);
    assert!(quiet.stdout.contains("1 router(s) to change"), "{}", quiet.stdout);
    assert!(quiet.stdout.lines().count() * 3 < whole.lines().count() * 2, "{}", quiet.stdout);
}

#[test]
fn quietly_each_routers_own_values_are_shown_and_an_undo_is_brief_too() {
    let named = |id: &str| {
        let vars = format!("ntt_area: west, hostname: {id}-clinic");
        (prepared(id), Declared { vars, ..router3(id) })
    };
    let bench = Bench::new(vec![named("r3"), named("r4")]);
    let told = bench.apply(&["-q", "--phase", "bench", "--concurrency", "1"]).exits(0).stdout;
    assert!(told.contains("r4: the same plan as r3, with ") && told.contains("{hostname} = r4-clinic"), "{told}");
    let run = crate::lost::last_run(&bench);
    let undone = bench.run(&["undo", &run, "-i", "clinics.yaml", "--yes", "-q"]).exits(0).stdout;
    assert!(undone.contains("\nCommands (") && !undone.contains("\nDifference\n"), "{undone}");
}

#[test]
fn a_user_who_may_only_look_is_told_so_and_gets_plan_and_backup() {
    let bench = Bench::with_fault(Fault::Monitor);
    let before = bench.snapshot("r3");
    bench.plan(&[]).exits(2).says("monitor right: it may enter config mode and read");
    bench
        .run(&["backup", "-i", "clinics.yaml", "-o", "kept"])
        .exits(0)
        .says("`apply` needs a user with administrator right");
    assert!(std::fs::read_to_string(bench.path("kept/r3/running.cfg")).unwrap().contains("hostname"));
    bench.apply(&["--phase", "bench"]).exits(3).says("session.monitor-right");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_password_in_clear_is_warned_of_once_however_many_routers_there_are() {
    let telnet = |id: &str| {
        let mut spec = prepared(id);
        spec.transports = vec![TransportSpec::Telnet];
        (spec, router3(id))
    };
    let bench = Bench::new(vec![telnet("r3"), telnet("r4")]);
    for run in [bench.check().exits(0), bench.plan(&[]).exits(2)] {
        let warned = run.stderr.matches("warning[connection.clear-text]").count();
        assert_eq!(warned, 1, "{}", run.stderr);
        assert!(run.stderr.contains("2 router(s): r3, r4"), "{}", run.stderr);
    }
    let bench = Bench::one();
    let run = bench.run(&["check", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml"]).exits(0);
    assert!(!run.stderr.contains("clear-text"), "{}", run.stderr);
}
