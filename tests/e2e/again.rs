//! One command that goes on where a run left off, and what is said of the times of sites.

use crate::harness::{Bench, CLOSED_PORTS, playbook, prepared, router3};
use crate::lost::{apply, last_run, own_book};

fn rewrite(bench: &Bench, from: &str, to: &str) {
    let text = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    std::fs::write(bench.path("clinics.yaml"), text.replace(from, to)).unwrap();
}

#[test]
fn of_four_clinics_rerun_does_just_the_one_that_was_off() {
    let bench = Bench::new(["c1", "c2", "c3", "c4"].map(|id| (prepared(id), router3(id))).into());
    own_book(&bench, "");
    let (on, off) = (bench.endpoint("c4").port.unwrap(), CLOSED_PORTS[0]);
    rewrite(&bench, &format!("port: {on},"), &format!("port: {off},"));
    let first = apply(&bench, &["--yes", "--format", "json"]).exits(3).json();
    let states: Vec<&str> =
        first["routers"].as_array().unwrap().iter().filter_map(|one| one["state"].as_str()).collect();
    assert_eq!(states, ["saved", "saved", "saved", "unreachable"]);

    rewrite(&bench, &format!("port: {off},"), &format!("port: {on},"));
    let met = |id: &str| bench.events(id).len();
    let before = ["c1", "c2", "c3"].map(met);
    let second = bench.run(&["rerun", "last", "--yes", "--phase", "bench", "--format", "json"]).exits(0).json();
    let routers = second["routers"].as_array().unwrap();
    assert_eq!((routers.len(), &routers[0]["router"], &routers[0]["state"]), (1, &"c4".into(), &"saved".into()));
    assert_eq!(["c1", "c2", "c3"].map(met), before, "no other router is met");
    assert_eq!(bench.running("c4"), bench.startup("c4"));
    bench.run(&["rerun", "last", "--yes", "--phase", "bench"]).exits(1).says("rerun.nothing");
}

#[test]
fn check_says_when_sites_may_be_touched_and_plan_which_are_not_to_be() {
    let bench = Bench::new(["c1", "c2", "c3"].map(|id| (prepared(id), router3(id))).into());
    rewrite(&bench, "  site-c1:\n", "  site-c1:\n    windows: 00:00-24:00\n    opening: daily 00:00-24:00\n");
    rewrite(
        &bench,
        "  site-c2:\n",
        "  site-c2:\n    do_not_touch: { reason: 移転作業中, until: 2999-12-31 }\n    phone: 03-0000-0000\n",
    );
    let book = playbook("online-eligibility.yaml");
    let checked = bench.run(&["check", &book, "-i", "clinics.yaml"]).exits(0);
    let checked = checked.says("1 site(s) with no window in the next 31 days: site-c1");
    checked.says("2 site(s) without windows and opening hours, at any time: site-c2, site-c3");
    let planned = bench.plan(&["-l", "c[2-3]", "--format", "json"]).exits(2);
    assert!(!planned.stdout.contains("03-0000-0000"), "personal data is not in JSON");
    planned.says("site-c2 is not to be touched until the end of 2999-12-31: 移転作業中");
}

#[test]
fn a_restore_is_run_again_from_the_run_that_was_recorded_whatever_another_folder_holds() {
    let bench = Bench::one();
    bench.apply(&["--phase", "bench"]).exits(0);
    let (run, applied) = (last_run(&bench), bench.snapshot("r3"));
    // No playbook could allow an undo a restart without saving.
    bench.run(&["undo", &run, "--yes", "--rollback-notes"]).exits(0).says("and this change follows none");
    let (on, off) = (bench.endpoint("r3").port.unwrap(), CLOSED_PORTS[0]);
    rewrite(&bench, &format!("port: {on},"), &format!("port: {off},"));
    bench.run(&["restore", "r3", "--from", &run, "-i", "clinics.yaml", "--yes"]).exits(3);
    rewrite(&bench, &format!("port: {off},"), &format!("port: {on},"));
    // There a file has the run's name.
    let elsewhere = bench.path("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::write(elsewhere.join(&run), "hostname another\n").unwrap();
    let mut again = bench.command(&["rerun", "last", "--yes"]);
    bench.finish(again.current_dir(&elsewhere).output().unwrap()).exits(0);
    assert_eq!(bench.snapshot("r3"), applied);
}
