//! The main job: each of the vendor's three routers, from factory or depot to declared, verified and saved.

use mock_device::{Fault, When};

use crate::harness::{Bench, Declared, PASSWORD, factory_on_console, playbook, prepared, router3};

/// Applies, and insists that the router's own files and a second plan agree.
fn brings_to_declared(bench: &Bench, id: &str, lines: &[&str]) {
    bench.check().exits(0);
    bench.plan(&[]).exits(2);
    bench.apply(&["--phase", "bench"]).exits(0);
    let (running, startup) = bench.snapshot(id);
    assert_eq!(running, startup, "what runs survives a restart");
    for line in lines {
        assert!(running.lines().any(|found| found.trim() == *line), "`{line}` is not in\n{running}");
    }
    bench.plan(&[]).exits(0).says("nothing to change");
}

#[test]
#[cfg(unix)]
fn router_1_from_the_factory_over_a_console() {
    let declared = Declared { vars: "ntt_area: east".to_owned(), ..Declared::new("r1", "router1") };
    let bench = Bench::new(vec![(factory_on_console("r1", None), declared)]);
    brings_to_declared(
        &bench,
        "r1",
        &[
            "bridge 1 bridge-only pppoe",
            "proxy-dns server 2404:1a8:f583:d00::53:1 url-list online-sikaku priority 200",
            "ipv6 filter v6-dflt-list 200 out",
            "ipv6 nd proxy GigaEthernet2.0",
        ],
    );
}

#[test]
#[cfg(unix)]
fn router_1_with_management_gets_a_host_key_and_requires_a_login() {
    let declared = Declared {
        vars: "ntt_area: east, management: true, management_password: admin-password, \
               management_allowed: [198.51.100.0/24], management_address: 192.0.2.1/29"
            .to_owned(),
        console_login: true,
        ..Declared::new("r1", "router1")
    };
    let mut spec = factory_on_console("r1", None);
    spec.password = PASSWORD.to_owned();
    let bench = Bench::new(vec![(spec, declared)]);
    brings_to_declared(
        &bench,
        "r1",
        &["ssh-server ip enable", "ssh-server ip access-list mgmt-src", "ip address 192.0.2.1/29"],
    );
    assert!(bench.mock.fingerprint("r1").is_some(), "an SSH server without a host key lets no one in");
    assert!(bench.running("r1").contains("username admin password hash "));
    let proven = |event: &mock_device::Event| matches!(&event.what, mock_device::What::Login { user, accepted: true } if user == "admin");
    assert!(bench.events("r1").iter().any(proven), "the new administrator logged in before anything was saved");
}

#[test]
#[cfg(unix)]
fn a_new_administrator_who_cannot_log_in_is_never_saved() {
    let declared = Declared {
        vars: "ntt_area: east, management: true, management_password: admin-password, \
               management_allowed: [198.51.100.0/24], management_address: 192.0.2.1/29"
            .to_owned(),
        console_login: true,
        ..Declared::new("r1", "router1")
    };
    let mut spec = factory_on_console("r1", None);
    spec.faults = vec![mock_device::Fault::LoginRefused { times: 0 }];
    let bench = Bench::new(vec![(spec, declared)]);
    let startup = bench.startup("r1");
    // No one can log in any more, so nothing can be undone: lost, said so, and a restart brings the factory lines back.
    let run = bench.apply(&["--phase", "bench"]).exits(4).says("login.unproven");
    assert!(run.stdout.contains("lost"), "{}", run.stdout);
    assert_eq!(bench.startup("r1"), startup);
}

#[test]
fn router_2_prepared_over_ssh() {
    let mut spec = prepared("r2");
    spec.management_interface = "GigaEthernet0.0".to_owned();
    spec.management_address = "192.168.1.254/24".to_owned();
    let declared = Declared {
        lifeline: Some("{ interface: GigaEthernet0.0, address: 192.168.1.254 }"),
        ..Declared::new("r2", "router2")
    };
    let bench = Bench::new(vec![(spec, declared)]);
    brings_to_declared(&bench, "r2", &["ip filter v4-dflt-list 100 out", "ip address 192.168.0.254/24"]);
}

#[test]
fn router_3_prepared_over_ssh() {
    let bench = Bench::one();
    brings_to_declared(
        &bench,
        "r3",
        &["vlan-group 1 port 1 3 5", "ip vrf forwarding VRF1", "ipv6 dhcp server pd6s", "ip address 192.168.1.254/24"],
    );
}

#[test]
#[cfg(unix)]
fn router_3_from_the_factory_over_a_console() {
    let declared = Declared { vars: "ntt_area: both".to_owned(), ..Declared::new("r3", "router3") };
    let bench = Bench::new(vec![(factory_on_console("r3", None), declared)]);
    brings_to_declared(&bench, "r3", &["vlan-group 3 port 7", "ip vrf forwarding VRF1"]);
}

#[test]
fn a_router_that_should_have_no_internet_gets_the_closing_list() {
    let declared = Declared {
        vars: "ntt_area: west, ipv6_internet: closed, allowed_prefixes: [\"2001:db8:100::/40\"]".to_owned(),
        ..router3("r3")
    };
    let bench = Bench::new(vec![(prepared("r3"), declared)]);
    brings_to_declared(&bench, "r3", &["ipv6 access-list v6-allow-list permit ip src any dest 2001:db8:100::/40"]);
}

#[test]
fn the_day_2_change_adds_a_domain_and_moves_nothing_else() {
    let mut bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    let before = bench.running("r3");
    bench.declare(|router| router.vars = "ntt_area: west, extra_domains: [\"*new.example\"]".to_owned());
    let add = playbook("add-domain.yaml");
    let plan = bench.run(&["--format", "json", "plan", &add, "-i", "clinics.yaml"]).exits(2).json();
    assert_eq!(
        plan["routers"][0]["commands"],
        serde_json::json!(["url-list online-sikaku permit domain *new.example"])
    );
    bench.run(&["apply", &add, "-i", "clinics.yaml", "--yes"]).exits(0);
    let added: Vec<String> =
        bench.running("r3").lines().filter(|line| !before.lines().any(|old| old == *line)).map(str::to_owned).collect();
    assert_eq!(added, ["url-list online-sikaku permit domain *new.example"]);
    assert_eq!(bench.running("r3").lines().count(), before.lines().count() + 1, "nothing else moved");
    // The playbook that built the router agrees with the day-2 change.
    bench.plan(&[]).exits(0);
}

#[test]
fn many_routers_with_one_plan_are_shown_once() {
    let bench = Bench::new(
        ["a3", "b3", "c3"]
            .iter()
            .map(|id| {
                let mut spec = prepared(id);
                spec.hostname = Some("depot".to_owned());
                (spec, router3(id))
            })
            .collect(),
    );
    let plan = bench.plan(&[]).exits(2).says("3 routers at 3 sites\n  a3, b3, c3\n");
    assert_eq!(
        plan.stdout.matches("bridge 1 bridge-only pppoe").count(),
        2,
        "once in the difference, once as a command"
    );
    bench.apply(&["--phase", "bench", "-l", "a3,!b3"]).exits(0);
    assert!(bench.running("b3") != bench.running("a3"), "an excluded router is not touched");
    bench.apply(&["--phase", "bench"]).exits(0);
    bench.plan(&[]).exits(0);
}

#[test]
fn a_kept_plan_is_applied_as_it_is_and_refused_when_the_router_has_moved_on() {
    let bench = Bench::one();
    bench.plan(&["-o", "plan.json"]).exits(2);
    bench.run(&["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--phase", "bench"]).exits(0);
    bench.plan(&[]).exits(0);
    // A domain that the plan does not hold, saved: the router is no longer what the plan was made for.
    let mut bench = bench;
    bench.declare(|router| router.vars = "ntt_area: west, extra_domains: [\"*new.example\"]".to_owned());
    bench.run(&["apply", &playbook("add-domain.yaml"), "-i", "clinics.yaml", "--yes"]).exits(0);
    let before = bench.snapshot("r3");
    let again = bench.run(&["apply", "plan.json", "-i", "clinics.yaml", "--yes"]).exits(3).says("router.drifted");
    assert!(again.stdout.contains("drifted"));
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_backup_is_enough_for_the_whole_plan_without_a_device() {
    let bench = Bench::one();
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "backup"]).exits(0);
    let with_device = bench
        .run(&["--format", "json", "plan", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml"])
        .exits(2)
        .json();
    let events = bench.events("r3").len();
    for source in ["backup", "backup/r3/running.cfg"] {
        let words = [
            "--format",
            "json",
            "plan",
            &playbook("online-eligibility.yaml"),
            "-i",
            "clinics.yaml",
            "--from-backup",
            source,
        ];
        let offline = bench.run(&words).exits(2).json();
        assert_eq!(offline["routers"][0]["commands"], with_device["routers"][0]["commands"]);
        assert_eq!(offline["routers"][0]["undo"], with_device["routers"][0]["undo"]);
    }
    assert_eq!(bench.events("r3").len(), events, "no device was asked");
}

#[test]
fn verify_says_what_differs_and_writes_nothing() {
    let bench = Bench::one();
    let verify =
        |phase| bench.run(&["verify", &playbook("online-eligibility.yaml"), "-i", "clinics.yaml", "--phase", phase]);
    let before = bench.snapshot("r3");
    verify("bench").exits(2);
    assert_eq!(bench.snapshot("r3"), before);
    bench.apply(&["--phase", "bench"]).exits(0);
    verify("bench").exits(0).says("check passed: wan-enabled").says("0 as declared with a failed check, 1 as declared");
    // As declared, and a check that fails all the same: the count says so, and the exit status agrees.
    bench.mock.inject("r3", Fault::refuse(When::matching("show ip interface"))).unwrap();
    let failed = verify("bench").exits(2);
    assert!(failed.stdout.contains("r3:\n  check failed: "), "{}", failed.stdout);
    assert!(failed.stdout.contains("expected that the answer comes at all"), "{}", failed.stdout);
    // In the clinic the line is looked at, too; no terminal is plugged in here.
    verify("clinic").says("check passed: delegated-prefix").says("advisory check failed: terminal-there");
    assert!(failed.stdout.contains("1 as declared with a failed check, 0 as declared, 0 without"), "{}", failed.stdout);
}

#[test]
fn a_backup_that_cannot_be_written_loses_nothing_of_the_other_routers() {
    let bench = Bench::new(["a3", "b3", "c3"].iter().map(|id| (prepared(id), router3(id))).collect());
    std::fs::create_dir(bench.path("backup")).unwrap();
    std::fs::write(bench.path("backup/b3"), "in the way").unwrap();
    let words = ["--format", "json", "backup", "-i", "clinics.yaml", "-o", "backup"];
    let backup = bench.run(&words).exits(1).says("b3: error[machine.io]").json();
    assert_eq!(backup["routers"][1]["causes"][0]["code"], "machine.io");
    for id in ["a3", "c3"] {
        for file in ["running.cfg", "startup.cfg"] {
            assert!(bench.path("backup").join(id).join(file).exists(), "{id}/{file}");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_link_into_a_git_work_tree_is_no_place_for_a_backup() {
    let bench = Bench::one();
    std::fs::create_dir_all(bench.path("tree/.git")).unwrap();
    std::fs::create_dir_all(bench.path("tree/kept")).unwrap();
    std::os::unix::fs::symlink(bench.path("tree/kept"), bench.path("link")).unwrap();
    for place in ["link", "link/new", "tree/new"] {
        bench.run(&["backup", "-i", "clinics.yaml", "-o", place]).exits(1).says("backup.git");
    }
    // The folder is another one, a router's own folder in it is the link.
    std::fs::create_dir(bench.path("outside")).unwrap();
    std::os::unix::fs::symlink(bench.path("tree/kept"), bench.path("outside/r3")).unwrap();
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "outside"]).exits(1).says("backup.git");
    assert!(bench.events("r3").is_empty(), "no router was asked");
}

#[test]
fn a_window_is_proven_with_comments_and_can_be_switched_off() {
    use mock_device::{Outcome, What};
    let comments = |bench: &Bench| {
        let ignored = |event: &mock_device::Event| matches!(&event.what, What::Line { line, outcome: Outcome::Ignored, .. } if line.starts_with('!'));
        bench.events("r3").iter().filter(|event| ignored(event)).count()
    };
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    assert!(comments(&bench) > 1, "the router has shown that it takes as many lines");
    let bench = Bench::one();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let alone = inventory.replace("user: admin, ", "user: admin, window: 1, ");
    assert_ne!(alone, inventory);
    std::fs::write(bench.path("clinics.yaml"), alone).unwrap();
    bench.apply(&["--phase", "bench"]).exits(0);
    assert_eq!(comments(&bench), 0, "nothing but the lines themselves");
}
