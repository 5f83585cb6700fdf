//! What may not be typed, whatever a template, a kept plan or a file of configuration says.

use mock_device::{Fault, Start, What, When};

use crate::harness::{Bench, Run, prepared, router3};

/// One prepared router, and a day-2 role for it with this template.
fn with_template(owns: &str, template: &str) -> Bench {
    let bench = Bench::one();
    write_role(&bench, owns, template);
    bench
}

fn write_role(bench: &Bench, owns: &str, template: &str) {
    let role = bench.path("roles/day-2");
    std::fs::create_dir_all(&role).unwrap();
    let book = "version: 1\nname: day-2\nallow_lifeline_change: true\nplays:\n  - routers: r3\n    roles: [day-2]\n";
    std::fs::write(bench.path("day-2.yaml"), book).unwrap();
    let role_text = format!("version: 1\ntitle: {{ en: Day 2, ja: 変更 }}\nowns: {owns}\ntemplates: [lines.ix.j2]\n");
    std::fs::write(role.join("role.yaml"), role_text).unwrap();
    std::fs::write(role.join("lines.ix.j2"), template).unwrap();
}

fn day2(bench: &Bench, command: &[&str]) -> Run {
    let (first, rest) = command.split_first().unwrap();
    bench.run(&[&[*first, "day-2.yaml", "-i", "clinics.yaml"], rest].concat())
}

/// The lines that were typed on a router.
fn typed(bench: &Bench) -> Vec<String> {
    let line = |event: mock_device::Event| match event.what {
        What::Line { line, .. } => Some(line),
        _ => None,
    };
    bench.events("r3").into_iter().filter_map(line).collect()
}

#[test]
fn a_command_that_acts_at_once_is_refused_in_a_template_and_reaches_no_router() {
    for (owns, line) in [
        ("[hostname, write]", "write memory"),
        ("[hostname, wr]", "wr m"),
        ("[hostname, reload]", "reload"),
        ("[hostname, erase]", "erase startup-config"),
        ("[hostname, terminal]", "terminal length 0"),
        ("[hostname, write]", "no write memory"),
    ] {
        let bench = Bench::one();
        // Owned or not: nothing a role may say makes it configuration.
        write_role(&bench, &owns.replace("wr]", "write]"), &format!("hostname x\n{line}\n"));
        for command in [&["check"][..], &["render"], &["plan"], &["apply", "--yes"]] {
            day2(&bench, command).exits(1).says("line.not-configuration").says("lines.ix.j2:2");
        }
        assert_eq!(typed(&bench), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn a_plan_file_edited_by_hand_types_no_such_command() {
    let bench = with_template("[hostname]", "hostname x\n");
    day2(&bench, &["plan", "-o", "plan.json"]).exits(2);
    let mut file = bench.plan_to_edit("plan.json");
    let kept = &mut file["routers"][0];
    kept["intent"]["desired"] = serde_json::json!({ "rendered": "hostname x\nwrite memory\n" });
    kept["intent"]["terms"]["owns"] = serde_json::json!(["all"]);
    kept["commands"] = serde_json::json!(["hostname x", "write memory"]);
    std::fs::write(bench.path("plan.json"), file.to_string()).unwrap();
    let before = bench.snapshot("r3");
    bench.run(&["apply", "plan.json", "-i", "clinics.yaml", "--yes"]).exits(3).says("plan.line").says("`write memory`");
    assert_eq!(bench.snapshot("r3"), before);
    assert!(typed(&bench).iter().all(|line| line != "write memory" && line != "hostname x"), "{:?}", typed(&bench));
}

#[test]
fn the_difference_of_two_files_has_no_operational_command_in_either_direction() {
    let bench = Bench::one();
    std::fs::write(bench.path("old.cfg"), "hostname a\n").unwrap();
    std::fs::write(bench.path("new.cfg"), "hostname a\ninterface GigaEthernet0.0\n  reload\n").unwrap();
    bench.run(&["diff", "old.cfg", "new.cfg"]).exits(1).says("plan.line").says("`reload`");
    bench.run(&["diff", "new.cfg", "old.cfg"]).exits(1).says("plan.line");
    bench.run(&["lint", "new.cfg"]).exits(2).says("error[not-configuration]");
    // Where a block ends is said by words that are read and not typed.
    std::fs::write(bench.path("new.cfg"), "interface GigaEthernet0.0\n  no shutdown\n  exit\nconfigure\nhostname b\n")
        .unwrap();
    bench.run(&["diff", "old.cfg", "new.cfg", "--format", "commands"]).exits(2);
    bench.run(&["lint", "new.cfg"]).exits(0);
}

#[test]
fn a_host_name_that_no_prompt_can_show_is_refused_at_its_place() {
    let bench = with_template("[hostname]", "hostname sato/r1\n");
    for command in [&["check"][..], &["plan"], &["apply", "--yes"]] {
        day2(&bench, command).exits(1).says("line.host-name").says("lines.ix.j2:1");
    }
    assert_eq!(typed(&bench), Vec::<String>::new());
}

/// Two DHCP profiles that are saved, and a change that takes the first one away and is refused once behind that.
fn two_profiles() -> Bench {
    let mut spec = prepared("r3");
    let base = Bench::new(vec![(spec.clone(), router3("r3"))]).running("r3");
    let profiles =
        "ntp ip enable\nip dhcp profile lan1\n  dns-server 192.0.2.1\nip dhcp profile lan2\n  dns-server 192.0.2.2\n";
    spec.start = Start::Config(format!("{base}{profiles}"));
    spec.faults = vec![Fault::refuse(When::matching("^no ntp ip enable"))];
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    write_role(&bench, "[ip dhcp profile, ntp]", "ip dhcp profile lan2\n  dns-server 192.0.2.2\n");
    bench
}

#[test]
fn a_router_whose_profiles_an_undo_left_in_another_order_has_nothing_unsaved() {
    let bench = two_profiles();
    let before = bench.snapshot("r3");
    day2(&bench, &["plan", "-o", "plan.json"]).exits(2);
    day2(&bench, &["apply", "--yes"]).exits(3).says("undone: read again, equals the backup");
    let after = bench.snapshot("r3");
    assert_ne!(after, before, "the profile that was entered again stands behind the other one");
    assert_eq!(after.1, before.1, "nothing was saved");
    // The router is still what the operator approved.
    bench.run(&["apply", "plan.json", "-i", "clinics.yaml", "--yes"]).exits(0).says("saved");
    assert!(!bench.startup("r3").contains("lan1"), "{}", bench.startup("r3"));
    day2(&bench, &["plan"]).exits(0);
}

#[test]
fn a_change_that_was_undone_may_be_tried_again() {
    let bench = two_profiles();
    day2(&bench, &["apply", "--yes"]).exits(3).says("undone");
    day2(&bench, &["apply", "--yes"]).exits(0).says("saved");
    let (running, startup) = bench.snapshot("r3");
    assert_eq!(running, startup);
}

/// Lines with a secret in every form that a person types or a router prints, known to the table or not.
const SECRET_LINES: [&str; 11] = [
    "ike policy p peer any key char CANARY7 prop",
    "ike policy q peer any key CANARY7 prop",
    "http-server username admin secret-password CANARY7 extra",
    "username c password plain 1 CANARY7 administrator extra",
    "crypto isakmp pre-shared-key CANARY7",
    "ntp authentication-key 1 CANARY7",
    "radius chap-password CANARY7",
    "snmp-agent community-string CANARY7",
    "snmp-agent ip community CANARY7 ro",
    "flux account CANARY7",
    "flux PassWd CANARY7",
];

#[test]
fn no_form_of_a_secret_is_shown() {
    let bench = Bench::one();
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "backup"]).exits(0);
    let running = std::fs::read_to_string(bench.path("backup/r3/running.cfg")).unwrap();
    // One file that holds all of them in the global mode and as headers and lines of a block, and one that holds none.
    let lines = SECRET_LINES.join("\n");
    // A server's line with lines below it would leave its place open, and be refused for that.
    let header = |line: &str| if line.starts_with("snmp-agent ip") { format!("flux {line}") } else { line.to_owned() };
    let block = SECRET_LINES.map(|line| format!("{}\n  {line}\n  description x\n", header(line))).concat();
    std::fs::write(bench.path("old.cfg"), &running).unwrap();
    std::fs::write(bench.path("new.cfg"), format!("{running}\n{lines}\nflux-capacitor\n{block}")).unwrap();
    for (from, to) in [("old.cfg", "new.cfg"), ("new.cfg", "old.cfg")] {
        for more in [&["--undo"][..], &["--format", "json"], &["--format", "commands", "--undo"]] {
            let run = bench.run(&[&["diff", from, to], more].concat()).exits(2);
            assert_unseen(&format!("diff {from} {to} {more:?}"), &run);
        }
    }
    // One in abbreviated words is refused, unseen.
    let short = "username b pass plain 1 CANARY7 administrator";
    std::fs::write(bench.path("short.cfg"), format!("{running}\n{short}\n")).unwrap();
    for more in [&[][..], &["--format", "json"]] {
        for file in ["new.cfg", "short.cfg"] {
            assert_unseen("lint", &bench.run(&[&["lint", file], more].concat()).exits(2));
        }
        let refused = bench.run(&[&["diff", "old.cfg", "short.cfg"], more].concat()).exits(1);
        assert_unseen("diff", &refused);
        refused.says("plan.abbreviation");
    }
    // A plan that takes them all away, and would bring them back.
    for name in ["running.cfg", "startup.cfg"] {
        std::fs::copy(bench.path("new.cfg"), bench.path("backup/r3").join(name)).unwrap();
    }
    let book = std::fs::read_to_string(crate::harness::playbook("online-eligibility.yaml")).unwrap();
    std::fs::write(bench.path("own.yaml"), format!("{book}allow_unrecognised: true\nallow_lifeline_change: true\n"))
        .unwrap();
    crate::identity::copy_folder(std::path::Path::new(&crate::harness::playbook("roles")), &bench.path("roles"));
    let words = ["plan", "own.yaml", "-i", "clinics.yaml", "--from-backup", "backup", "--undo"];
    for more in [&["-o", "plan.json"][..], &["--format", "json"]] {
        assert_unseen("plan", &bench.run(&[&words, more].concat()).exits(2));
    }
    let kept = std::fs::read_to_string(bench.path("plan.json")).unwrap();
    assert!(kept.contains("pre-shared-key ********") && !kept.contains("CANARY7"), "{kept}");
    // A template that holds one is refused, unseen.
    for line in SECRET_LINES {
        write_role(&bench, "all", &format!("{line}\n"));
        assert_unseen(line, &day2(&bench, &["check"]));
    }
}

#[track_caller]
fn assert_unseen(what: &str, run: &Run) {
    for text in [&run.stdout, &run.stderr] {
        let line = text.lines().find(|line| line.contains("CANARY7"));
        assert!(line.is_none(), "{what}: {}", line.unwrap_or_default());
    }
}
