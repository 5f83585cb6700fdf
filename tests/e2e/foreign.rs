//! A colleague's change, at whatever moment it comes: it is never saved with ours, never undone with ours, and always named.
//! What the router makes by itself is no colleague's.

use mock_device::{Event, Fault, RouterSpec, Start, What, When};

use crate::harness::{Bench, Run, prepared, router3};
use crate::hostile::{APPLY, LINES, colleague, saves, small_book};
use crate::lost::last_run;

/// A line of a family that no playbook here owns.
const FOREIGN: &str = "nm sitename theirs";
/// A line of a family that the playbook owns.
const OWNED: &str = "ip route 10.9.0.0/16 192.0.2.70";

fn bench_of(spec: RouterSpec, lines: &str) -> Bench {
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    small_book(&bench, lines);
    let role = bench.path("roles/small/role.yaml");
    let text = std::fs::read_to_string(&role).unwrap();
    let owns = "\"ntp\", \"ip route\", \"ip access-list l\", \"ip vrf\", \"nm account\", \"device GigaEthernet2 vlan-group 3\", \"interface GigaEthernet2:3.0\"";
    let variables = "variables:\n  password: { type: credential, default: new-password }\n";
    std::fs::write(&role, text.replace("\"ntp\"", owns) + variables).unwrap();
    bench
}

fn bench(faults: Vec<Fault>) -> Bench {
    bench_of(RouterSpec { faults, ..prepared("r3") }, LINES)
}

fn refused(when: &str) -> Fault {
    Fault::refuse(When::matching(when))
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// The router is as before but for these lines of a colleague, nothing was saved, and the run says so.
#[track_caller]
fn stays(bench: &Bench, before: &(String, String), lines: &[&str]) -> Run {
    let run = bench.run(&APPLY).exits(3).says("router.foreign").says("undone");
    let mut expected = sorted(&before.0);
    expected.extend(lines.iter().map(|line| (*line).to_owned()));
    expected.sort();
    assert_eq!(sorted(&bench.running("r3")), expected, "{}", run.stdout);
    assert_eq!((bench.startup("r3"), saves(bench)), (before.1.clone(), 0));
    let mut run = run;
    for line in lines {
        run = run.says(line.trim());
    }
    run
}

#[test]
fn a_line_that_comes_in_the_middle_of_a_push_stays_and_ours_go() {
    for line in [FOREIGN, OWNED] {
        let bench = bench(vec![colleague("^description ours", &[line])]);
        let before = bench.snapshot("r3");
        stays(&bench, &before, &[line]);
        // It is decided: the record names whose lines they were not, and the next plan finds them unsaved.
        bench.run(&["status"]).exits(0);
        bench.run(&["show", &last_run(&bench)]).exits(0).says("foreign-stays").says(line);
        bench.run(&APPLY).exits(3).says("router.unsaved");
    }
}

#[test]
fn a_line_that_comes_in_a_block_of_the_box_that_we_change_stays_too() {
    let bench = bench(vec![colleague("^no shutdown", &["interface GigaEthernet1.0", "ip mtu 1400"])]);
    let before = bench.snapshot("r3");
    stays(&bench, &before, &["  ip mtu 1400"]);
}

#[test]
fn a_line_that_a_colleague_takes_away_stays_away() {
    let mut spec = prepared("r3");
    spec.faults = vec![colleague("^description ours", &["no ip access-list theirs"])];
    let text = {
        let plain = Bench::new(vec![(prepared("r3"), router3("r3"))]);
        plain.running("r3")
    };
    spec.start = Start::Config(format!("ip access-list theirs permit ip src any dest any\n{text}"));
    let bench = bench_of(spec, LINES);
    let before = bench.snapshot("r3");
    assert!(before.0.contains("ip access-list theirs"), "{}", before.0);
    bench.run(&APPLY).exits(3).says("router.foreign").says("-ip access-list theirs").says("undone");
    let expected: String =
        before.0.lines().filter(|line| !line.contains("theirs")).map(|line| format!("{line}\n")).collect();
    assert_eq!((bench.running("r3"), bench.startup("r3")), (expected, before.1));
}

#[test]
fn a_foreign_line_in_the_place_of_ours_is_mixed_and_left_alone() {
    let list = "ip access-list l deny ip src any dest any\nntp interval 600\n";
    for (lines, when, his) in [
        (LINES, "^description ours", "ntp interval 900"),
        (list, "^ntp interval", "ip access-list l permit ip src any dest any"),
    ] {
        let bench = bench_of(RouterSpec { faults: vec![colleague(when, &[his])], ..prepared("r3") }, lines);
        let before = bench.snapshot("r3");
        bench.run(&APPLY).exits(4).says("router.mixed").says(his);
        assert!(bench.running("r3").contains(his), "the colleague's line was removed");
        assert_eq!((bench.startup("r3"), saves(&bench)), (before.1, 0), "his line was made permanent");
    }
}

#[test]
fn a_line_that_needs_one_of_ours_is_mixed() {
    let his = ["interface GigaEthernet0.0", "ip filter l 10 in"];
    let lines = "ip access-list l deny ip src any dest any\nntp interval 600\n";
    let bench = bench_of(RouterSpec { faults: vec![colleague("^ntp interval", &his)], ..prepared("r3") }, lines);
    bench.run(&APPLY).exits(4).says("router.mixed").says("ip filter l 10 in");
    let running = bench.running("r3");
    assert!(running.contains("ip filter l 10 in") && running.contains("ip access-list l deny"), "{running}");
    assert_eq!(saves(&bench), 0);
}

/// Which line of a whole run the last reading before the save is.
fn last_reading() -> u64 {
    let undisturbed = bench(Vec::new());
    undisturbed.run(&APPLY).exits(0);
    let typed = |event: &Event| match &event.what {
        What::Line { line, .. } if !line.is_empty() => Some(line.clone()),
        _ => None,
    };
    let lines: Vec<String> = undisturbed.events("r3").iter().filter_map(typed).collect();
    let save = lines.iter().position(|line| line == "write memory").unwrap();
    lines.iter().take(save).rposition(|line| line == "show running-config").unwrap() as u64 + 1
}

#[test]
fn what_is_found_only_after_the_save_is_mixed_and_nothing_more_is_written() {
    let lines = || vec![FOREIGN.to_owned()];
    let saved_with_ours = Fault::ColleagueLines { when: Some(When::line(last_reading())), lines: lines() };
    let just_behind_it = Fault::ColleagueLines { when: Some(When::matching("^write memory")), lines: lines() };
    for (fault, in_startup) in [(saved_with_ours, true), (just_behind_it, false)] {
        let bench = bench(vec![fault]);
        bench.run(&APPLY).exits(4).says("router.mixed").says(FOREIGN).says("do not restart");
        assert_eq!(saves(&bench), 1, "nothing more is written");
        let (running, startup) = bench.snapshot("r3");
        assert_eq!(startup.contains(FOREIGN), in_startup);
        for line in [FOREIGN, "ntp interval 600"] {
            assert!(running.contains(line), "{running}");
        }
    }
}

#[test]
fn a_foreign_line_that_comes_before_or_during_the_undo_stays() {
    let second_rung = || Fault::refuse(When::matching("^no ntp ip enable"));
    for faults in [
        // Before it: in the push, whose last line is refused.
        vec![colleague("^description ours", &[OWNED]), refused("^no shutdown")],
        // During it: at its first line.
        vec![colleague("^no (description|ip address)", &[OWNED]), refused("^no shutdown")],
        // During it, and the first step does not succeed.
        vec![colleague("^no (description|ip address)", &[OWNED]), refused("^no shutdown"), second_rung()],
    ] {
        let bench = bench(faults);
        let before = bench.snapshot("r3");
        stays(&bench, &before, &[OWNED]).says("router.refused-line");
    }
}

#[test]
fn an_undo_that_would_remove_a_colleagues_line_is_not_begun() {
    let lines = "ip access-list l deny ip src any dest any\nntp interval 600\nntp retry 3\n";
    let his = "ip access-list l permit ip src any dest any";
    let faults = vec![colleague("^ntp interval", &[his]), refused("^ntp retry")];
    let bench = bench_of(RouterSpec { faults, ..prepared("r3") }, lines);
    bench.run(&APPLY).exits(4).says("router.refused-line").says("router.mixed").says(his);
    assert!(bench.running("r3").contains(his), "the colleague's line was removed");
    assert_eq!(saves(&bench), 0);
}

#[test]
fn no_restart_undoes_where_a_colleagues_line_is_unsaved() {
    let faults = vec![
        colleague("^description ours", &[FOREIGN]),
        refused("^no shutdown"),
        Fault::Refuse { when: When::matching("^no ntp"), text: None, times: 0 },
    ];
    let bench = bench(faults);
    let book = std::fs::read_to_string(bench.path("small.yaml")).unwrap();
    std::fs::write(bench.path("small.yaml"), format!("{book}allow_reload: true\n")).unwrap();
    bench.run(&APPLY).exits(4).says("undo-failed");
    assert!(bench.running("r3").contains(FOREIGN));
    assert!(!bench.events("r3").iter().any(|event| matches!(event.what, What::Restarted { .. })));
}

#[test]
fn lines_that_the_router_makes_are_not_called_foreign_after_a_change() {
    let lines = "ntp interval 600\nnm account group password plain {{ secret(password) }}\nip vrf v\ndevice GigaEthernet2\n  vlan-group 3 port 3\ninterface GigaEthernet1.0\n  ip vrf forwarding v\n  ip address 198.51.100.1/24\n  no shutdown\ninterface GigaEthernet1.1\n  encapsulation dot1q 10\n  ip address 198.51.100.129/25\n  no shutdown\ninterface GigaEthernet2:3.0\n  ip address 203.0.113.1/24\n  no shutdown\n";
    for makes_auto_connect in [false, true] {
        let mut spec = prepared("r3");
        spec.readings.makes_auto_connect = makes_auto_connect;
        let bench = bench_of(spec, lines);
        let book = std::fs::read_to_string(bench.path("small.yaml")).unwrap();
        std::fs::write(bench.path("small.yaml"), format!("{book}allow_lifeline_change: true\n")).unwrap();
        bench.run(&APPLY).exits(0).says("saved");
        let (running, startup) = bench.snapshot("r3");
        assert_eq!(running, startup);
        assert_eq!(running.contains("\n  auto-connect\n"), makes_auto_connect);
        assert!(
            running.contains("interface GigaEthernet2:3.0") && running.contains("nm account group password secret")
        );
        bench.run(&["plan", "small.yaml", "-i", "clinics.yaml"]).exits(0).says("nothing to change");
    }
}

fn fact(bench: &Bench, lines: &[&str]) {
    let lines: String = lines.iter().map(|line| format!("  - \"{line}\"\n")).collect();
    let head = "version: 1\nmodel: IX2215\nfirmware: \"10.9.34\"\nserial_number: SN\nreviewed_by: Sato\n";
    std::fs::create_dir_all(bench.path("facts")).unwrap();
    std::fs::write(bench.path("facts/IX2215.yaml"), format!("{head}router_made:\n{lines}")).unwrap();
}

#[test]
fn a_line_that_a_fact_calls_the_routers_own_is_accepted_and_never_typed() {
    let (made, section) = ("nm sitename theirs", "interface GigaEthernet1.0 / ip mtu 1400");
    // The second is where the playbook owns everything.
    let lines = [made, "interface GigaEthernet1.0", "ip mtu 1400"];
    let fault = || vec![colleague("^description ours", &lines)];
    let without = bench(fault());
    let before = without.snapshot("r3");
    stays(&without, &before, &[made, "  ip mtu 1400"]).says("router_made:").says("facts/IX2215-");
    let wrong_section = bench(fault());
    fact(&wrong_section, &[made, "interface GigaEthernet0.0 / ip mtu 1400"]);
    wrong_section.run(&APPLY).exits(3).says("router.foreign").says("facts/IX2215.yaml");

    let with = bench(fault());
    fact(&with, &[made, section]);
    let run = with.run(&APPLY).exits(0).says_wrapped("reviewed by Sato").says("SHA-256").says("saved");
    run.says(made).says("ip mtu 1400");
    let startup = with.startup("r3");
    assert!(startup.contains(made) && startup.contains("ip mtu 1400"), "{startup}");
    let typed = |event: &Event| matches!(&event.what, What::Line { line, .. } if line.contains("mtu") || line.contains("sitename"));
    assert!(!with.events("r3").iter().any(typed), "a line of a fact is for comparison alone");
    with.run(&["plan", "small.yaml", "-i", "clinics.yaml"]).exits(0).says("nothing to change");
}

#[test]
fn the_undo_leaves_a_line_that_a_fact_calls_the_routers_own() {
    let made = "nm sitename theirs";
    let bench = bench(vec![colleague("^description ours", &[made]), refused("^no shutdown")]);
    fact(&bench, &[made]);
    let before = bench.snapshot("r3");
    bench.run(&APPLY).exits(3).says("router.refused").says("undone");
    let mut expected = sorted(&before.0);
    expected.push(made.to_owned());
    expected.sort();
    assert_eq!((sorted(&bench.running("r3")), bench.startup("r3")), (expected, before.1));
}

#[test]
fn a_fact_that_calls_a_server_the_routers_own_is_refused_before_anything_is_opened() {
    let bench = bench(Vec::new());
    fact(&bench, &["telnet-server ip enable"]);
    bench.run(&APPLY).exits(1).says("facts.router-made").says("telnet-server");
    assert!(bench.events("r3").iter().all(|event| !matches!(event.what, What::Line { .. })));
}

#[test]
fn the_same_line_on_two_routers_of_a_model_holds_the_third() {
    let (ids, faults) = (["ra", "rb", "rc"], || vec![colleague("^description ours", &[FOREIGN])]);
    let routers = ids.map(|id| (RouterSpec { faults: faults(), ..prepared(id) }, router3(id)));
    let bench = Bench::new(routers.into());
    small_book(&bench, LINES);
    let book = "version: 1\nname: small\nplays:\n  - routers: router3\n    roles: [small]\nrollout: { concurrency: 1, max_failures: 3 }\n";
    std::fs::write(bench.path("small.yaml"), book).unwrap();
    let before = bench.snapshot("rc");
    let run = bench.run(&["--format", "json", "apply", "small.yaml", "-i", "clinics.yaml", "--yes"]).exits(3).json();
    let states: Vec<&str> = run["routers"].as_array().unwrap().iter().filter_map(|one| one["state"].as_str()).collect();
    assert_eq!(states, ["undone", "undone", "not-started"], "{run:#}");
    let cause = run["routers"][2]["causes"][0].to_string();
    assert!(cause.contains("run.model-held") && cause.contains(FOREIGN), "{cause}");
    assert_eq!(bench.snapshot("rc"), before);
}
