//! Backups of other programs: found by their names, read with their masks, planned from, and applied only after the router itself was
//! read.

use std::path::{Path, PathBuf};

use mock_device::Start;

use crate::harness::{Bench, DEVICE_SECRETS, Run, playbook, prepared, router3};

/// A playbook of one role that owns this.
fn book(bench: &Bench, name: &str, owns: &str, lines: &str) {
    let role = bench.path(&format!("roles/{name}"));
    std::fs::create_dir_all(&role).unwrap();
    let plays = format!("version: 1\nname: {name}\nplays:\n  - routers: r3\n    roles: [{name}]\n");
    std::fs::write(bench.path(&format!("{name}.yaml")), plays).unwrap();
    let text = format!(
        "version: 1\ntitle: {{ en: Day 2, ja: 変更 }}\nowns: [{owns}]\ntemplates: [lines.ix.j2]\n\
         variables:\n  admin: {{ type: credential, default: admin-password }}\n"
    );
    std::fs::write(role.join("role.yaml"), text).unwrap();
    std::fs::write(role.join("lines.ix.j2"), lines).unwrap();
}

/// One that owns a list and the users, and wants the password of one.
fn day_2(bench: &Bench, lines: &str) {
    book(bench, "day-2", "\"ip access-list branch\", username", lines);
}

const LIST: &str = "ip access-list branch permit ip src 10.1.0.0/16 dest any\n";
const WANTED: &str = "ip access-list branch permit ip src 10.1.0.0/16 dest any\nusername admin password plain 1 {{ secret(admin) }} administrator\n";

/// One router whose running configuration other programs keep, its password taken out.
fn kept_by_others() -> Bench {
    let bench = Bench::one();
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "whole"]).exits(0);
    let whole = std::fs::read_to_string(bench.path("whole/r3/running.cfg")).unwrap();
    let user = whole.lines().find(|line| line.starts_with("username admin")).unwrap().to_owned();
    let hash = user.split(' ').nth(4).unwrap().to_owned();
    let write = |place: &str, text: String| {
        let path = bench.path(place);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let rancid = whole.replace(&user, "!username admin password <removed>");
    write("rancid/configs/R3.clinic.example", format!("!RANCID-CONTENT-TYPE: nec-ix\n!\n{rancid}"));
    write("oxidized/tokyo/r3", whole.replace(&hash, "<secret hidden>"));
    let display = whole.replace(&hash, "***").replace('\n', "\r\n");
    write(
        "display/r3.txt",
        format!("\u{feff}r3(config)# show running-config\r\n{display}r3(config)# exit\r\nr3# exit\r\n"),
    );
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "masked", "--mask"]).exits(0);
    bench
}

const STYLES: [&str; 4] = ["rancid", "oxidized", "display", "masked"];

fn plan_day_2(bench: &Bench, from: &str, more: &[&str]) -> Run {
    bench.run(&[&["plan", "day-2.yaml", "-i", "clinics.yaml", "--from-backup", from][..], more].concat())
}

const APPLY: [&str; 7] = ["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--phase", "bench"];

#[test]
fn a_plan_from_a_masked_backup_is_applied_after_a_live_reading_and_undone_with_what_that_showed() {
    for style in STYLES {
        let bench = kept_by_others();
        day_2(&bench, WANTED);
        let before = bench.snapshot("r3");
        let run = plan_day_2(&bench, style, &["--undo", "-o", "plan.json"]).exits(2);
        let run = run
            .says("1 of its routers were planned from masked backups")
            .says("username admin password")
            .says_wrapped("cannot compare");
        assert!(!run.stdout.contains("username admin password plain"), "{style}: never typed:\n{}", run.stdout);
        let plan = bench.kept_plan("plan.json");
        let entry = &plan["routers"][0];
        assert_eq!(entry["seen"]["running"], "", "{style}: a masked backup is no proof of what runs");
        assert_eq!(entry["masked_base"], true, "{style}");
        assert_eq!(entry["cannot_compare"].as_array().map(Vec::len), Some(1), "{style}: {entry}");
        assert_eq!(entry["commands"], serde_json::json!([LIST.trim()]), "{style}");
        plan_day_2(&bench, style, &["--rehearse", "mock"]).exits(2);
        bench.run(&APPLY).exits(0).says("made from masked backups of r3").says("saved");
        let after = bench.snapshot("r3");
        assert_ne!(after, before);
        assert!(!after.0.contains("***") && !after.0.contains("removed") && !after.0.contains("hidden"), "{}", after.0);
        let run = crate::lost::last_run(&bench);
        bench.run(&["undo", &run, "--yes"]).exits(0);
        assert_eq!(bench.snapshot("r3"), before, "{style}: the router is what it was, its password too");
    }
}

#[test]
fn a_masked_plan_goes_on_only_where_the_router_still_says_what_the_backup_says() {
    let bench = kept_by_others();
    day_2(&bench, WANTED);
    plan_day_2(&bench, "rancid", &["-o", "plan.json"]).exits(2);
    // Something else moved on since, and was saved.
    book(&bench, "other", "\"ip access-list other\"", "ip access-list other permit ip src any dest any\n");
    bench.run(&["apply", "other.yaml", "-i", "clinics.yaml", "--yes"]).exits(0);
    let before = bench.snapshot("r3");
    let run = bench.run(&APPLY).exits(3).says("router.drifted");
    assert!(run.stdout.contains("+ip access-list other permit ip src any dest any"), "{}", run.stdout);
    assert!(!run.stdout.contains("-username") && !run.stdout.contains("+username"), "{}", run.stdout);
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn a_masked_plan_whose_secret_turns_out_to_be_another_is_refused_and_shown() {
    let mut spec = prepared("r3");
    let base = Bench::new(vec![(spec.clone(), router3("r3"))]).running("r3");
    let [_, ike, _] = DEVICE_SECRETS;
    spec.start = mock_device::Start::Config(format!("{base}ike policy peer1 peer 198.51.100.9 key {ike} prop1\n"));
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "masked", "--mask"]).exits(0);
    // The role owns all, so that the policy goes: from the masked backup no one can say how it would come back.
    let book = playbook("online-eligibility.yaml");
    let plan = bench.run(&["plan", &book, "-i", "clinics.yaml", "--from-backup", "masked", "-o", "plan.json"]).exits(2);
    assert!(!plan.stdout.contains("no ike policy"), "{}", plan.stdout);
    let before = bench.snapshot("r3");
    bench.run(&APPLY).exits(3).says("router.drifted").says("+no ike policy peer1");
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn what_a_masked_plan_rests_on_cannot_be_edited_away() {
    let bench = kept_by_others();
    day_2(&bench, WANTED);
    plan_day_2(&bench, "oxidized", &["-o", "plan.json"]).exits(2);
    let mut plan = bench.plan_to_edit("plan.json");
    plan["routers"][0].as_object_mut().unwrap().remove("masked_base");
    std::fs::write(bench.path("plan.json"), plan.to_string()).unwrap();
    bench.run(&APPLY).exits(1).says("plan-file.invalid");
}

#[test]
fn a_masked_backup_is_restored_by_no_style() {
    let bench = kept_by_others();
    let before = bench.snapshot("r3");
    for style in STYLES {
        let run = bench.run(&["restore", "r3", "--from", style, "-i", "clinics.yaml", "--yes"]).exits(1);
        run.says("restore.masked").says("line").says("use an unmasked backup");
    }
    assert_eq!(bench.snapshot("r3"), before);
    // What `fmt` prints of one has lost the comments that replaced lines, and says so.
    let printed = bench.run(&["fmt", "rancid/configs/R3.clinic.example"]).exits(0).stdout;
    std::fs::write(bench.path("printed.cfg"), &printed).unwrap();
    bench
        .run(&["restore", "r3", "--from", "printed.cfg", "-i", "clinics.yaml", "--yes"])
        .exits(1)
        .says("restore.masked");
    assert_eq!(bench.run(&["fmt", "printed.cfg"]).exits(0).stdout, printed);
    // A folder of another program that holds everything restores like ours.
    std::fs::create_dir_all(bench.path("others/tokyo")).unwrap();
    std::fs::copy(bench.path("whole/r3/running.cfg"), bench.path("others/tokyo/R3.cfg")).unwrap();
    bench.run(&["restore", "r3", "--from", "others", "-i", "clinics.yaml", "--yes"]).exits(0);
    assert_eq!(bench.snapshot("r3"), before);
}

#[test]
fn diff_and_lint_read_every_style_and_say_what_they_cannot_compare() {
    let bench = kept_by_others();
    for file in ["rancid/configs/R3.clinic.example", "oxidized/tokyo/r3", "display/r3.txt", "masked/r3/running.cfg"] {
        for words in [["diff", "whole/r3/running.cfg", file], ["diff", file, "whole/r3/running.cfg"]] {
            bench.run(&words).exits(0).says("1 line(s) are masked").says_wrapped("cannot compare");
            let json = bench.run(&[&["--format", "json"][..], &words].concat()).exits(0).json();
            assert_eq!(json["same"], true);
            assert_eq!(json["notes"][0]["id"], "line.cannot-compare");
            assert!(json["notes"][0]["about"].as_str().unwrap().starts_with("username admin password"), "{json}");
            let commands = bench.run(&[&["--format", "commands"][..], &words].concat()).exits(0);
            assert_eq!(commands.stdout, "");
        }
    }
    for file in ["rancid/configs/R3.clinic.example", "oxidized/tokyo/r3", "display/r3.txt", "masked/r3/running.cfg"] {
        let lint = bench.run(&["lint", file]);
        assert!(lint.stdout.contains("info[masked]: `username admin password"), "{}", lint.stdout);
    }
    let japanese = bench.command(&["diff", "whole/r3/running.cfg", "oxidized/tokyo/r3", "--lang=ja"]).output().unwrap();
    assert!(String::from_utf8_lossy(&japanese.stdout).contains("比較できません"));
}

#[test]
fn folders_are_linted_whole_and_compared_name_by_name() {
    let bench = kept_by_others();
    std::fs::write(bench.path("oxidized/README"), "what this is: nothing of a router here\n").unwrap();
    let lint = bench.run(&["lint", "oxidized", "masked"]).says("README is left out");
    let masked = format!("{}:", Path::new("oxidized").join("tokyo").join("r3").display());
    assert!(lint.stdout.contains(&masked) && lint.stdout.contains("running.cfg:"), "{}", lint.stdout);
    bench.run(&["lint", "--coverage", "rancid"]).exits(0);
    for folder in STYLES {
        let run = bench.run(&["diff", "whole", folder]).exits(0);
        assert!(!run.stdout.contains("Commands"), "{}", run.stdout);
        run.says_wrapped("cannot compare");
    }
    std::fs::copy(bench.path("whole/r3/running.cfg"), bench.path("oxidized/tokyo/r4")).unwrap();
    bench.run(&["diff", "whole", "oxidized"]).exits(2).says("r4: only here");
    std::fs::copy(bench.path("whole/r3/running.cfg"), bench.path("oxidized/r3.cfg")).unwrap();
    bench.run(&["diff", "whole", "oxidized"]).exits(1).says("backup.ambiguous");
    bench.run(&["diff", "whole", "whole/r3/running.cfg"]).exits(1).says("usage.arguments");
    bench.run(&["--format", "commands", "diff", "whole", "rancid"]).exits(1).says("usage.arguments");
    std::fs::create_dir(bench.path("empty")).unwrap();
    bench.run(&["lint", "empty"]).exits(1).says("input.no-configuration");
}

#[test]
fn a_router_is_found_by_the_names_of_files_and_by_nothing_else() {
    let bench = kept_by_others();
    day_2(&bench, WANTED);
    let whole = std::fs::read_to_string(bench.path("whole/r3/running.cfg")).unwrap();
    let put = |place: &str| -> PathBuf {
        let path = bench.path(place);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &whole).unwrap();
        path
    };
    let shown = |path: &Path| path.strip_prefix(bench.dir.path()).unwrap().display().to_string();
    let one = put("groups/tokyo/r3.cfg");
    let json = bench
        .run(&["--format", "json", "plan", "day-2.yaml", "-i", "clinics.yaml", "--from-backup", "groups"])
        .exits(2)
        .json();
    let base = &json["routers"][0]["backup"];
    assert_eq!(base["file"], shown(&one));
    assert_eq!(base["masked"], false);
    assert!(base["written"].is_string() && base["firmware"].is_string() && base["shown"].is_string(), "{base}");
    let two = put("groups/osaka/R3");
    plan_day_2(&bench, "groups", &[]).exits(1).says("backup.ambiguous").says(&shown(&one)).says(&shown(&two));
    // What a file says about itself finds nothing.
    std::fs::create_dir_all(bench.path("inside")).unwrap();
    std::fs::write(bench.path("inside/backup.cfg"), format!("{whole}\nhostname r3\n")).unwrap();
    plan_day_2(&bench, "inside", &[]).exits(1).says("backup.none").says("DIR/configs/<name>");
}

#[test]
fn a_template_that_was_copied_from_a_masked_backup_is_refused_before_anything_is_typed() {
    let bench = Bench::one();
    day_2(&bench, "username sato password plain 1 ******** monitor\n");
    bench.run(&["check", "day-2.yaml", "-i", "clinics.yaml"]).exits(1).says("line.masked");
    bench.run(&["plan", "day-2.yaml", "-i", "clinics.yaml"]).exits(1).says("line.masked");
}

#[test]
fn a_saved_router_is_saved_in_its_backup_too_whatever_the_encoding_of_its_descriptions() {
    let bench = Bench::one();
    book(&bench, "day-2", "\"ip access-list branch\"", LIST);
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "sjis"]).exits(0);
    for name in ["running.cfg", "startup.cfg"] {
        let path = bench.path(&format!("sjis/r3/{name}"));
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(b"interface Loopback0.0\n  description \x83\x5c\x83\x8b WAN\n");
        std::fs::write(&path, bytes).unwrap();
    }
    let plan = plan_day_2(&bench, "sjis", &[]).exits(2);
    assert!(plan.stdout.contains("ip access-list branch permit"), "{}", plan.stdout);
}

#[test]
fn bytes_that_are_not_ascii_are_typed_back_as_they_were_by_undo_and_restore() {
    let plain = Bench::one().mock.running_config("r3").unwrap();
    let (header, line) = ("interface GigaEthernet1.0\n", "  description \u{f783}\u{f78b} WAN\n");
    let described = plain.replacen(header, &format!("{header}{line}"), 1);
    assert_ne!(described, plain);
    let mut spec = prepared("r3");
    spec.start = Start::Config(described);
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    let before = bench.snapshot("r3");
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "kept"]).exits(0);
    let kept = std::fs::read_to_string(bench.path("kept/r3/running.cfg")).unwrap();
    assert!(kept.contains(line), "{kept}");
    std::fs::write(bench.path("without.cfg"), kept.replace(line, "")).unwrap();
    let restore = |from: &str| {
        let words = ["--format", "json", "restore", "r3", "--from", from, "-i", "clinics.yaml", "--yes"];
        bench.run(&words).exits(0).json()["run"].as_str().unwrap().to_owned()
    };
    let removed = restore("without.cfg");
    assert!(!bench.running("r3").contains("WAN"), "{}", bench.running("r3"));
    bench.run(&["undo", &removed, "-i", "clinics.yaml", "--yes"]).exits(0);
    assert_eq!(bench.snapshot("r3"), before);
    restore("without.cfg");
    let typed = restore("kept");
    assert_eq!(bench.snapshot("r3"), before);
    restore("without.cfg");
    restore(&typed);
    assert_eq!(bench.snapshot("r3"), before, "what a run left is what it was sealed as");
}
