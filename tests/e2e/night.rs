//! The plan of a night: what several routers get is shown by classes of change, kept in one file, compared, and approved by its name.

use mock_device::Fault;

use crate::harness::{Bench, Declared, Run, assert_visible, prepared, router3};

/// Three clinics that get the same lines with their own names, and one whose config mode is taken.
fn night() -> Bench {
    let clinic = |id: &str| {
        let vars = format!("syslog_host: 192.0.2.{}", id.len() + usize::from(id.as_bytes()[1]));
        (prepared(id), Declared { vars, role: "night", ..router3(id) })
    };
    let mut held = prepared("r6");
    held.faults = vec![Fault::LockHeld { attempts: None }];
    let last = (held, Declared { vars: "syslog_host: 192.0.2.9".into(), role: "night", ..router3("r6") });
    let bench = Bench::new(["r3", "r4", "r5"].map(clinic).into_iter().chain([last]).collect());
    let role = bench.path("roles/night");
    std::fs::create_dir_all(&role).unwrap();
    let book = "version: 1\nname: night\nplays:\n  - roles: [night]\nrollout: { concurrency: 1, max_failures: 9 }\n";
    std::fs::write(bench.path("night.yaml"), book).unwrap();
    std::fs::write(
        role.join("role.yaml"),
        "version: 1\ntitle: { en: Night, ja: 夜間 }\nowns: [\"url-list night\", \"syslog\"]\ntemplates: [lines.ix.j2]\n\
         variables:\n  syslog_host: { type: ipv4-address, required: true, description: { en: h, ja: h } }\n",
    )
    .unwrap();
    std::fs::write(
        role.join("lines.ix.j2"),
        "url-list night permit domain *.new.example\nsyslog ip host {{ syslog_host }}\n",
    )
    .unwrap();
    bench
}

fn plan(bench: &Bench, more: &[&str]) -> Run {
    bench.run(&[&["plan", "night.yaml", "-i", "clinics.yaml"], more].concat())
}

#[test]
fn a_fleet_is_planned_by_classes_and_what_differs_is_named_and_counted() {
    let bench = night();
    let run = plan(&bench, &["-o", "plan.json", "--reason", "a new domain\u{1b}[2J"]).exits(3);
    let run = run.says("4 routers, 1 class(es) of change").says("3 routers: ").says("{syslog_host}");
    assert!(run.stdout.contains("1 router: config mode is occupied") || run.stdout.contains("(r6)"), "{}", run.stdout);
    assert_eq!(run.stdout.matches("url-list night permit domain *.new.example").count(), 2, "{}", run.stdout);

    let shown = bench.run(&["show", "plan.json"]).exits(0).says("reason: a new domain").says("r6");
    assert_visible("show plan.json", &shown.stdout);
    let sites = bench.run(&["show", "plan.json", "--by-site"]).exits(0).says("{syslog_host} = 192.0.2.");
    assert!(["r3: [", "r4: [", "r5: [", "r6: "].iter().all(|router| sites.stdout.contains(router)), "{}", sites.stdout);
    let one = bench.run(&["show", "plan.json", "--router", "r4"]).exits(0).says("syslog ip host 192.0.2.");
    assert!(!one.stdout.contains("r3"), "{}", one.stdout);
    bench.run(&["show", "plan.json", "--router", "r44"]).exits(1).says("plan-file.no-router").says("r4");
    let page = bench.run(&["--format", "md", "show", "plan.json"]).exits(0);
    assert!(
        page.stdout.starts_with("# Plan for review\\: night\n") && page.stdout.contains("```diff\n"),
        "{}",
        page.stdout
    );
    assert_visible("the page", &page.stdout);
    bench.run(&["--format", "md", "plan", "night.yaml", "-i", "clinics.yaml"]).exits(1).says("usage.format");
    bench.run(&["show", "20261122-114603-7k3f", "--by-site"]).exits(1).says("usage.arguments");

    let told = bench.run(&["--format", "json", "show", "plan.json"]).exits(0).json();
    assert_eq!(told["classes"].as_array().map(Vec::len), Some(1), "{}", told["classes"]);
    assert_eq!(told["classes"][0]["different"][0], 3);
    assert_eq!(told["plan"]["unplanned"][0]["router"], "r6");
}

#[test]
fn what_changed_since_an_approval_is_said_first_in_one_line() {
    let bench = night();
    plan(&bench, &["-o", "old.json", "-l", "r3,r4"]).exits(2);
    plan(&bench, &["-o", "new.json", "-l", "r3,r4,r5"]).exits(2);
    plan(&bench, &["-o", "again.json", "-l", "r3,r4"]).exits(2);
    let run = bench.run(&["plan", "diff", "old.json", "new.json"]).exits(2);
    assert!(run.stdout.starts_with("1 router(s) more\n"), "{}", run.stdout);
    bench.run(&["plan", "diff", "old.json", "again.json"]).exits(0).says("the same change of the same routers");
    let told = bench.run(&["--format", "json", "plan", "diff", "new.json", "old.json"]).exits(2).json();
    assert_eq!(told["difference"]["removed"][0], "r5", "{told}");
    let role = bench.path("roles/night/lines.ix.j2");
    let lines = std::fs::read_to_string(&role).unwrap();
    std::fs::write(&role, format!("{lines}url-list night permit domain *.third.example\n")).unwrap();
    plan(&bench, &["-o", "third.json", "-l", "r3,r4"]).exits(2);
    let run = bench.run(&["plan", "diff", "old.json", "third.json"]).exits(2);
    assert!(
        run.stdout.starts_with("1 class(es) new, 1 class(es) gone, 2 router(s) with another change\n"),
        "{}",
        run.stdout
    );
    bench.run(&["plan", "diff", "old.json"]).exits(1);
    bench.run(&["plan", "-i", "clinics.yaml"]).exits(1);
}

#[test]
fn a_plan_named_by_its_hash_is_approved_and_its_run_keeps_it() {
    let bench = night();
    plan(&bench, &["-o", "plan.json", "-l", "r3,r4,r5"]).exits(2);
    let bytes = std::fs::read(bench.path("plan.json")).unwrap();
    let told = bench.run(&["--format", "json", "show", "plan.json"]).exits(0).json();
    let sha256 = told["plan_sha256"].as_str().unwrap();
    let apply = ["apply", "plan.json", "-i", "clinics.yaml", "--phase", "bench"];
    bench.run(&apply).exits(1).says("apply.nobody-to-ask");
    let run = bench.run(&[&["--format", "json"], &apply[..], &["--plan-hash", sha256]].concat()).exits(0).json();
    let kept = bench.path("state/plans").join(format!("{}.json", run["run"].as_str().unwrap()));
    assert_eq!(std::fs::read(&kept).unwrap(), bytes);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_plan_without_any_planned_router_says_so_when_it_is_applied() {
    let bench = night();
    plan(&bench, &["-o", "plan.json", "-l", "r6"]).exits(3);
    bench.run(&["show", "plan.json"]).exits(0).says("r6");
    bench.run(&["apply", "plan.json", "-i", "clinics.yaml", "--yes"]).exits(1).says("plan-file.nothing");
}

#[test]
fn backups_of_a_fleet_are_planned_from_with_their_ages() {
    let bench = night();
    bench.run(&["backup", "-i", "clinics.yaml", "-o", "backup", "-l", "r3,r4,r5"]).exits(0);
    let run = plan(&bench, &["--from-backup", "backup", "-l", "r3,r4,r5"]).exits(2);
    assert!(run.stderr.contains("backups: 3 shown by the router's clock"), "{}", run.stderr);
    assert!(run.stdout.contains("3 routers, 1 class(es) of change"), "{}", run.stdout);
}
