//! Plans that are kept and rehearsed: bound to what was read, shown when it is no longer so, typed into a mock first.

use mock_device::Fault;

use crate::harness::{Bench, HostKey, Run, playbook, prepared, router3};

fn offline(bench: &Bench, more: &[&str]) -> crate::harness::Run {
    let book = playbook("online-eligibility.yaml");
    let words = ["plan", &book, "-i", "clinics.yaml", "--from-backup", "backup"];
    bench.run(&[words.as_slice(), more].concat())
}

fn backed_up() -> Bench {
    let bench = Bench::one();
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "backup"]).exits(0);
    bench
}

const APPLY: [&str; 7] = ["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--phase", "bench"];

#[test]
fn a_plan_made_offline_is_bound_to_both_configurations_of_its_backup() {
    let bench = backed_up();
    offline(&bench, &["-o", "plan.json"]).exits(2);
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(bench.path("plan.json")).unwrap()).unwrap();
    assert!(kept["routers"][0]["seen"]["startup"].is_string(), "{}", kept["routers"][0]["seen"]);
    bench.run(&APPLY).exits(0);
    bench.plan(&[]).exits(0);
}

#[test]
fn a_router_that_moved_on_since_its_backup_is_refused_and_the_difference_shown() {
    let bench = backed_up();
    offline(&bench, &["-o", "plan.json"]).exits(2);
    // Someone changes something else, and saves it.
    let role = bench.path("roles/day-2");
    std::fs::create_dir_all(&role).unwrap();
    std::fs::write(bench.path("day-2.yaml"), "version: 1\nname: day-2\nplays:\n  - routers: r3\n    roles: [day-2]\n")
        .unwrap();
    std::fs::write(
        role.join("role.yaml"),
        "version: 1\ntitle: { en: Day 2, ja: 変更 }\nowns: [\"ip access-list branch\"]\ntemplates: [lines.ix.j2]\n",
    )
    .unwrap();
    let line = "ip access-list branch permit ip src 10.1.0.0/16 dest any";
    std::fs::write(role.join("lines.ix.j2"), format!("{line}\n")).unwrap();
    bench.run(&["apply", "day-2.yaml", "-i", "clinics.yaml", "--yes"]).exits(0);
    let before = bench.snapshot("r3");
    let run = bench.run(&APPLY).exits(3).says("router.drifted").says("running, planned for");
    assert!(run.stdout.contains(&format!("+{line}")), "{}", run.stdout);
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_backup_whose_configurations_differ_is_no_ground_for_a_plan() {
    let bench = backed_up();
    let startup = bench.path("backup/r3/startup.cfg");
    let text = std::fs::read_to_string(&startup).unwrap();
    std::fs::write(&startup, format!("{text}\nip route 10.0.0.0/8 192.0.2.70\n")).unwrap();
    offline(&bench, &[]).exits(3).says("router.unsaved").says("-ip route 10.0.0.0/8 192.0.2.70");
    offline(&bench, &["--adopt"]).exits(2).says("someone's unsaved changes become permanent with our save");
}

#[test]
fn a_plan_is_rehearsed_on_a_mock_with_and_without_a_device() {
    let bench = backed_up();
    bench.plan(&["--rehearse", "mock"]).exits(2);
    let events = bench.events("r3").len();
    offline(&bench, &["--rehearse", "mock"]).exits(2);
    assert_eq!(bench.events("r3").len(), events, "the rehearsal is no visit to the router");
    let before = bench.snapshot("r3");
    bench.apply(&["--phase", "bench", "--rehearse", "mock"]).exits(0);
    assert_ne!(bench.snapshot("r3"), before);
}

#[test]
fn a_line_that_the_mock_refuses_stops_the_run_before_the_router_sees_a_byte() {
    let bench = Bench::one();
    let role = bench.path("roles/odd");
    std::fs::create_dir_all(&role).unwrap();
    std::fs::write(bench.path("odd.yaml"), "version: 1\nname: odd\nplays:\n  - routers: r3\n    roles: [odd]\n")
        .unwrap();
    // A number that the grammar does not judge and the mock has no virtual router for.
    std::fs::write(
        role.join("role.yaml"),
        "version: 1\ntitle: { en: Odd, ja: 例外 }\nowns: [\"interface GigaEthernet1.0\"]\ntemplates: [odd.ix.j2]\n",
    )
    .unwrap();
    std::fs::write(role.join("odd.ix.j2"), "interface GigaEthernet1.0\n  vrrp 300 ip 192.0.2.1\n").unwrap();
    bench.run(&["plan", "odd.yaml", "-i", "clinics.yaml"]).exits(2);
    let before = bench.snapshot("r3");
    let words = ["apply", "odd.yaml", "-i", "clinics.yaml", "--yes", "--rehearse", "mock"];
    bench.run(&words).exits(3).says("rehearsal.mock").says("the mock refuses line 2 of the plan");
    assert_eq!(bench.snapshot("r3"), before);
    let typed = |event: &mock_device::Event| matches!(&event.what, mock_device::What::Line { line, .. } if line.contains("vrrp"));
    assert!(!bench.events("r3").iter().any(typed));
}

#[test]
fn a_replaced_box_is_restored_and_its_host_key_pinned_anew() {
    let mut bench = Bench::one();
    bench.declare(|router| router.host_key = HostKey::KnownHosts);
    bench.plan(&["--record-host-key"]).exits(2);
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "backup"]).exits(0);
    let depot = bench.snapshot("r3");
    bench.apply(&["--phase", "bench"]).exits(0);
    // Another box is there: another key, another serial number than the inventory knows.
    bench.mock.inject("r3", Fault::HostKeyChanged).unwrap();
    bench.declare(|router| router.serial_number = Some("0000000001".to_owned()));
    let restore = ["restore", "r3", "--from", "backup", "-i", "clinics.yaml", "--yes"];
    bench.run(&restore).exits(3).says("ssh.host-key-changed");
    bench.run(&[restore.as_slice(), &["--replaced"]].concat()).exits(3).says("identity.wrong-serial-number");
    let serial = mock_device::RouterSpec::new("r3").serial();
    let replaced = [restore.as_slice(), &["--replaced", "--serial-number", &serial]].concat();
    bench.run(&replaced).exits(0).says("saved");
    assert_eq!(bench.snapshot("r3"), depot);
    // From now on the new key is the known one, and the old one is not.
    bench.declare(|router| router.serial_number = Some(mock_device::RouterSpec::new("r3").serial()));
    bench.plan(&[]).exits(2);
    bench.mock.inject("r3", Fault::HostKeyChanged).unwrap();
    bench.plan(&[]).exits(3).says("ssh.host-key-changed");
}

#[test]
fn a_run_that_saved_nothing_names_the_backup_before_it() {
    use mock_device::When;
    let bench = Bench::with_fault(Fault::refuse(When::matching("ip vrf forwarding")));
    let before = bench.snapshot("r3");
    bench.apply(&["--phase", "bench"]).exits(3);
    let failed = crate::lost::last_run(&bench);
    bench.apply(&["--phase", "bench"]).exits(0);
    assert_ne!(bench.snapshot("r3"), before);
    bench.run(&["restore", "r3", "--from", &failed, "-i", "clinics.yaml", "--yes"]).exits(0);
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_limit_that_names_no_router_of_the_plan_is_no_success() {
    let bench = Bench::new(["a3", "b3"].iter().map(|id| (prepared(id), router3(id))).collect());
    bench.plan(&["-l", "a3", "-o", "plan.json"]).exits(2);
    let run = bench.run(&[&APPLY[..], &["-l", "b3"]].concat()).exits(1);
    let run = run.says("limit.nothing").says("the plan is for: a3");
    assert!(!run.stderr.contains("run 2"), "nothing was begun:\n{}", run.stderr);
}

#[test]
fn a_backup_that_is_no_ground_for_a_plan_is_wrong_input() {
    let bench = Bench::new(["a3", "b3"].iter().map(|id| (prepared(id), router3(id))).collect());
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "backup"]).exits(0);
    let from = |path: &str, more: &[&str]| bench.plan(&[&["--from-backup", path][..], more].concat());
    // One router's configuration is not two routers'.
    let one = "backup/a3/running.cfg";
    from(one, &[]).exits(1).says("backup.one-file").says("--limit");
    from(one, &["-l", "a3"]).exits(2);
    let gone = from("gone", &[]).exits(1).says("DIR/<router>/running.cfg");
    assert_eq!(gone.stderr.matches("error[machine.io]").count(), 1, "one folder, one complaint:\n{}", gone.stderr);
    std::fs::write(bench.path("backup/b3/running.cfg"), "").unwrap();
    from("backup", &[]).exits(1).says("backup.empty").says("b3/running.cfg").says("DIR/<router>/running.cfg");
}

#[test]
fn a_backup_of_another_router_is_warned_of() {
    let mut bench = backed_up();
    bench.declare(|router| router.host_name = Some("depot"));
    offline(&bench, &[]).exits(2);
    let path = bench.path("backup/r3/running.cfg");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}\nhostname elsewhere\n")).unwrap();
    let words = ["--from-backup", "backup/r3/running.cfg"];
    bench.plan(&words).exits(2).says("the configuration of `elsewhere`").says("r3 is called `depot`");
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_kept_plan_is_named_by_the_hash_of_its_bytes_and_can_be_demanded() {
    let bench = Bench::one();
    let made = bench
        .run(&[
            "--format",
            "json",
            "plan",
            &playbook("online-eligibility.yaml"),
            "-i",
            "clinics.yaml",
            "-o",
            "plan.json",
        ])
        .exits(2);
    let bytes = std::fs::read(bench.path("plan.json")).unwrap();
    let hash = sha256(&bytes);
    assert!(made.stderr.contains(&hash), "{}", made.stderr);
    assert_eq!(made.json()["plan_sha256"], hash.as_str());
    let before = bench.snapshot("r3");
    // The same content in another layout is another file: only bytes can be compared without trusting this program.
    let content: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    std::fs::write(bench.path("other.json"), serde_json::to_vec(&content).unwrap()).unwrap();
    let apply = |file: &str, hash: &str| -> Run {
        bench.run(&["apply", file, "-i", "clinics.yaml", "--yes", "--phase", "bench", "--plan-hash", hash])
    };
    apply("other.json", &hash).exits(1).says("plan-file.hash").says(&hash);
    apply("plan.json", &hash[..63]).exits(1).says("plan-file.hash");
    apply(&playbook("online-eligibility.yaml"), &hash).exits(1).says("plan-file.not-a-plan");
    assert_eq!(bench.snapshot("r3"), before);
    let history = bench.run(&["--format", "json", "history", "r3"]).exits(0).json();
    assert_eq!(history["runs"], serde_json::json!([]), "nothing was begun");
    let run = apply("plan.json", &hash.to_uppercase()).exits(0).says(&hash);
    run.says("from playbook online-eligibility").says("clinics.yaml");
    let name = crate::lost::last_run(&bench);
    bench.run(&["show", &name]).exits(0).says(&hash);
    let shown = bench.run(&["--format", "json", "show", &name]).exits(0).json();
    assert_eq!(shown["records"][0]["record"]["plan_sha256"], hash.as_str());
}

#[test]
fn what_a_hand_edited_plan_loosens_is_shown_before_anything_is_begun() {
    let bench = Bench::one();
    bench.plan(&["-o", "plan.json"]).exits(2);
    let mut plan = bench.plan_to_edit("plan.json");
    let entry = &mut plan["routers"][0]["intent"]["terms"];
    entry["checks"] = serde_json::json!([]);
    entry["lost"] = "finish".into();
    for flag in ["allow_reload", "allow_lifeline_change", "allow_unrecognised", "set_secrets"] {
        assert_eq!(entry[flag], false, "{flag}");
        entry[flag] = true.into();
    }
    plan["made"]["by"] = "a colleague\n  SHA-256 0000".into();
    std::fs::write(bench.path("plan.json"), plan.to_string()).unwrap();
    let run = bench.run(&APPLY).exits(0);
    let before_the_end = run.stdout.split("\nResult\n").next().unwrap();
    for word in [
        "no required check",
        "finish: what is missing is sent",
        "(allow_reload)",
        "(allow_lifeline_change)",
        "(allow_unrecognised)",
        "(--set-secrets, set_secrets)",
        "made by a colleague\\n  SHA-256 0000",
        &sha256(plan.to_string().as_bytes()),
    ] {
        assert!(before_the_end.contains(word), "{word} is not in\n{before_the_end}");
    }
}

#[test]
fn the_checks_of_a_plan_are_shown_with_what_they_expect() {
    let bench = Bench::one();
    let plan = bench.plan(&["-o", "plan.json"]).exits(2).says("Checks and policy: r3");
    let plan = plan.says("check wan-enabled (required): `show ip interface").says("if the session is lost: nearest");
    assert!(!plan.stdout.contains("(allow_") && !plan.stdout.contains("no required check"), "{}", plan.stdout);
    bench.run(&APPLY).exits(0).says("check wan-enabled (required)").says("not run on a bench: ");
}

#[test]
fn a_plan_whose_other_forms_of_removals_were_taken_out_or_changed_is_refused() {
    let bench = Bench::one();
    bench.plan(&["-o", "plan.json"]).exits(2);
    let before = bench.snapshot("r3");
    let mut plan = bench.plan_to_edit("plan.json");
    plan["routers"][0]["alternatives"] = serde_json::json!(["line 1: no strange command"]);
    std::fs::write(bench.path("plan.json"), plan.to_string()).unwrap();
    bench.run(&APPLY).exits(3).says("router.drifted").says("-line 1: no strange command");
    plan["routers"][0].as_object_mut().unwrap().remove("alternatives");
    std::fs::write(bench.path("plan.json"), plan.to_string()).unwrap();
    bench.run(&APPLY).exits(1).says("plan-file.invalid").says("`alternatives` is missing");
    assert_eq!(bench.snapshot("r3"), before);
}

/// Three routers and one kept plan for them.
fn three() -> Bench {
    let bench = Bench::new(["a3", "b3", "c3"].iter().map(|id| (prepared(id), router3(id))).collect());
    bench.plan(&["-o", "plan.json"]).exits(2);
    bench
}

#[test]
fn a_kept_plan_goes_on_where_it_stopped() {
    let bench = three();
    bench.run(&[&APPLY[..], &["-l", "a3"]].concat()).exits(0);
    let done = bench.snapshot("a3");
    let all = bench.run(&[&["--format", "json"], &APPLY[..]].concat()).exits(0).json();
    for (index, sent) in [(0, false), (1, true), (2, true)] {
        let router = &all["routers"][index];
        assert_eq!(router["state"], "saved", "{router}");
        assert_eq!(router["sent"].as_u64() > Some(0), sent, "{router}");
    }
    assert_eq!(bench.snapshot("a3"), done);
    for id in ["a3", "b3", "c3"] {
        let (running, startup) = bench.snapshot(id);
        assert_eq!(running, startup, "{id}");
    }
    // Once more: all are done.
    let again = bench.run(&APPLY).exits(0);
    for id in ["a3", "b3", "c3"] {
        assert!(again.stdout.contains(&format!("{id}: nothing to change")), "{}", again.stdout);
    }
}

#[test]
fn a_router_that_holds_the_plan_unsaved_is_not_done() {
    let bench = three();
    // Someone typed the plan by hand and did not save it.
    let kept = bench.kept_plan("plan.json");
    let lines = kept["routers"][0]["commands"].as_array().unwrap();
    let lines = lines.iter().map(|line| line.as_str().unwrap().to_owned()).collect();
    bench.mock.inject("a3", Fault::ColleagueLines { when: None, lines }).unwrap();
    let startup = bench.startup("a3");
    assert_ne!(bench.running("a3"), startup);
    bench.run(&[&APPLY[..], &["-l", "a3"]].concat()).exits(3).says("router.unsaved");
    assert_eq!(bench.startup("a3"), startup);
    // Its save is what is left to do, on an explicit word.
    bench.run(&[&APPLY[..], &["-l", "a3", "--adopt"]].concat()).exits(0).says("saved");
    assert_eq!(bench.running("a3"), bench.startup("a3"));
}

#[test]
fn another_box_that_holds_the_plan_is_not_done() {
    let mut bench = three();
    bench.run(&[&APPLY[..], &["-l", "a3"]].concat()).exits(0);
    // The plan was made for another serial number; the inventory does not say which one is there.
    bench.declare(|router| router.serial_number = None);
    let text = std::fs::read_to_string(bench.path("plan.json")).unwrap();
    let serial = mock_device::RouterSpec::new("a3").serial();
    std::fs::write(bench.path("plan.json"), text.replace(&serial, "0000000001")).unwrap();
    bench.run(&[&APPLY[..], &["-l", "a3"]].concat()).exits(3).says("router.drifted");
}
