//! Which routers a run is for, and a run again for those that are not done.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use ixdeploy::message::Explain as _;
use ixdeploy::run::{
    self, ApplyRequest, Exit, FinishedRun, NoOperator, Overrides, PlanHash, PlanRequest, RerunRequest, RunEnv,
    RunOptions, Source,
};
use ixdeploy::state::State;
use mock_device::What;
use test_support::harness::{Bench, CLOSED_PORTS, prepared, router3};

use crate::going_on::go_on;
use crate::operator::Scripted;
use crate::{apply_request, copy_folder, env, on_bench, shipped};

/// Four clinics, the last of which is off.
pub fn four_with_one_off() -> Bench {
    let bench = Bench::new(["c1", "c2", "c3", "c4"].map(|id| (prepared(id), router3(id))).into());
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let prompted = inventory.replace("{ env: TEST_ADMIN_PASSWORD }", "{ prompt: administrator }");
    fs::write(bench.path("on.yaml"), &prompted).unwrap();
    let port = format!("port: {},", bench.endpoint("c4").port.unwrap());
    assert_eq!(prompted.matches(&port).count(), 1);
    fs::write(bench.path("clinics.yaml"), prompted.replace(&port, &format!("port: {},", CLOSED_PORTS[0]))).unwrap();
    let tolerant = fs::read_to_string(shipped()).unwrap().replace("max_failures: 1 ", "max_failures: 9 ");
    fs::write(bench.path("own.yaml"), tolerant).unwrap();
    copy_folder(shipped().with_file_name("roles").as_path(), &bench.path("roles"));
    bench
}

/// Of the four these are off.
pub fn off(bench: &Bench, routers: &[&str]) {
    let port = |id: &str| format!("port: {},", bench.endpoint(id).port.unwrap());
    let off = |text: String, (id, closed): (&&str, &u16)| text.replace(&port(id), &format!("port: {closed},"));
    let text = fs::read_to_string(bench.path("on.yaml")).unwrap();
    fs::write(bench.path("clinics.yaml"), routers.iter().zip(&CLOSED_PORTS).fold(text, off)).unwrap();
}

pub fn switch_on(bench: &Bench) {
    fs::copy(bench.path("on.yaml"), bench.path("clinics.yaml")).unwrap();
}

fn request(bench: &Bench, limit: Option<&str>) -> ApplyRequest {
    ApplyRequest { limit: limit.map(str::to_owned), ..apply_request(bench, bench.path("own.yaml")) }
}

fn apply(env: &RunEnv, bench: &Bench, limit: Option<&str>) -> Result<FinishedRun, String> {
    run::apply(env, &request(bench, limit)).map_err(|error| error.code().to_owned())
}

/// Each router with its state.
pub fn ends(finished: &FinishedRun) -> Vec<String> {
    finished.result.routers.iter().map(|one| format!("{} {}", one.router, one.state.word())).collect()
}

pub fn run_of(finished: &FinishedRun) -> String {
    finished.result.journalled.as_ref().unwrap().run.clone()
}

#[test]
fn rerun_does_just_the_one_that_was_off() {
    let bench = four_with_one_off();
    let env = env(&bench, Arc::new(Scripted::default()));
    let first = apply(&env, &bench, None).unwrap();
    assert_eq!(ends(&first), ["c1 saved", "c2 saved", "c3 saved", "c4 unreachable"]);
    let met = |id: &str| bench.events(id).len();
    let before = ["c1", "c2", "c3"].map(met);

    switch_on(&bench);
    let again = RerunRequest { run: "last".to_owned(), options: on_bench(), ..RerunRequest::default() };
    let second = run::rerun(&env, &again).unwrap();
    assert_eq!((ends(&second), second.exit), (vec!["c4 saved".to_owned()], Exit::Done));
    assert_eq!(["c1", "c2", "c3"].map(met), before, "no other router is met");
    assert_eq!(bench.running("c4"), bench.startup("c4"));

    // The first run is as it was: its name names the same router, which is done by now, and that refuses nothing.
    let by_name = RerunRequest { run: run_of(&first), ..again.clone() };
    let third = run::rerun(&env, &by_name).unwrap();
    assert_eq!((ends(&third), third.exit), (vec!["c4 saved".to_owned()], Exit::Done));
    assert_eq!(run::rerun(&env, &again).unwrap_err().code(), "rerun.nothing");
}

#[test]
fn a_rerun_of_a_plan_that_was_approved_asks_as_apply_does() {
    let bench = four_with_one_off();
    let env = env(&bench, Arc::new(Scripted::default()));
    switch_on(&bench);
    let source = Source { playbook: bench.path("own.yaml"), inventory: bench.path("clinics.yaml"), limit: None };
    let plan = PlanRequest { source, from_backup: None, reason: None, options: on_bench() };
    let file = bench.path("plan.json");
    let sha256 = run::plan(&env, &plan).unwrap().save(&*env.operator, &file).unwrap();
    off(&bench, &["c4"]);
    let approved = ApplyRequest { plan_hash: Some(PlanHash::Approved(sha256)), ..apply_request(&bench, file) };
    let first = run::apply(&env, &approved).unwrap();
    assert_ne!(ends(&first)[3], "c4 saved");
    switch_on(&bench);
    let before = bench.snapshot("c4");

    let again = RerunRequest { run: "last".to_owned(), options: on_bench(), ..RerunRequest::default() };
    let nobody = crate::env(&bench, Arc::new(NoOperator));
    assert_eq!(run::rerun(&nobody, &again).unwrap_err().code(), "apply.nobody-to-ask");
    let refusing = Arc::new(Scripted::refusing());
    let second = run::rerun(&crate::env(&bench, Arc::clone(&refusing) as _), &again).unwrap();
    assert_eq!(ends(&second), ["c4 declined"]);
    assert!(refusing.asked().contains(&"change 1 of 1 at 1".to_owned()), "{:?}", refusing.asked());
    assert_eq!(bench.snapshot("c4"), before, "nobody said yes");
    assert_eq!(ends(&run::rerun(&env, &RerunRequest { run: run_of(&first), ..again }).unwrap()), ["c4 saved"]);
}

#[test]
fn a_run_that_goes_on_leaves_out_those_whose_site_has_one_that_failed() {
    let bench = four_with_one_off();
    // The one that is off shares a site with the one before it, which is left as it is because of it.
    for name in ["clinics.yaml", "on.yaml"] {
        let text = fs::read_to_string(bench.path(name)).unwrap();
        fs::write(bench.path(name), text.replace("  site-c4:\n    routers:\n", "")).unwrap();
    }
    let env = env(&bench, Arc::new(Scripted::default()));
    let unasked = ApplyRequest {
        options: RunOptions { assume_yes: true, ..on_bench() },
        ..apply_request(&bench, bench.path("own.yaml"))
    };
    let first = run::apply(&env, &unasked).unwrap();
    assert_eq!(ends(&first), ["c1 saved", "c2 saved", "c3 not-started", "c4 unreachable"]);
    switch_on(&bench);
    let before = bench.snapshot("c3");
    assert_eq!(go_on(&env, &run_of(&first)).unwrap_err(), "continue.nothing");
    assert_eq!(bench.snapshot("c3"), before, "a site changes together or not at all");
    let again = RerunRequest { run: run_of(&first), options: unasked.options, ..RerunRequest::default() };
    assert_eq!(ends(&run::rerun(&env, &again).unwrap()), ["c3 saved", "c4 saved"]);
}

#[test]
fn a_run_goes_on_within_the_limits_that_were_typed_when_it_began_and_with_the_plan_that_was_approved() {
    let bench = four_with_one_off();
    switch_on(&bench);
    let env = env(&bench, Arc::new(Scripted::default()));
    let source = Source { playbook: bench.path("own.yaml"), inventory: bench.path("clinics.yaml"), limit: None };
    let plan = PlanRequest { source, from_backup: None, reason: None, options: on_bench() };
    let file = bench.path("plan.json");
    run::plan(&env, &plan).unwrap().save(&*env.operator, &file).unwrap();
    off(&bench, &["c1", "c2"]);
    let rollout = Overrides { concurrency: Some(1), budgets: vec!["unreachable=1".to_owned()], ..Overrides::default() };
    let options = RunOptions { assume_yes: true, rollout, ..on_bench() };
    let first = run::apply(&env, &ApplyRequest { options, ..apply_request(&bench, file.clone()) }).unwrap();
    assert_eq!(ends(&first), ["c1 unreachable", "c2 not-started", "c3 not-started", "c4 not-started"]);
    // Its plan is another file by now, and the kept one is gone, was changed, and is back.
    let run = run_of(&first);
    fs::write(&file, fs::read_to_string(&file).unwrap() + " ").unwrap();
    let kept = bench.path("state/plans").join(format!("{run}.json"));
    let approved = fs::read(&kept).unwrap();
    fs::remove_file(&kept).unwrap();
    assert_eq!(go_on(&env, &run).unwrap_err(), "plan-file.hash");
    fs::write(&kept, [approved.as_slice(), b" "].concat()).unwrap();
    assert_eq!(go_on(&env, &run).unwrap_err(), "plan-file.hash");
    fs::write(&kept, approved).unwrap();
    let second = go_on(&env, &run).unwrap();
    assert_eq!(ends(&second), ["c1 unreachable", "c2 unreachable", "c3 not-started", "c4 not-started"]);
    let third = go_on(&env, &run).unwrap();
    assert_eq!(ends(&third), ["c1 unreachable", "c2 unreachable", "c3 saved", "c4 saved"], "as on a bench, too");
}

#[test]
fn a_run_that_is_not_known_is_not_run_again() {
    let bench = four_with_one_off();
    let env = env(&bench, Arc::new(Scripted::default()));
    let again = RerunRequest { run: "last".to_owned(), options: on_bench(), ..RerunRequest::default() };
    assert_eq!(run::rerun(&env, &again).unwrap_err().code(), "journal.no-run");
    let unknown = RerunRequest { run: "20200101-000000-aaaa".to_owned(), ..again };
    assert_eq!(run::rerun(&env, &unknown).unwrap_err().code(), "journal.no-run");
}

#[test]
fn a_limit_names_what_a_run_left_and_what_a_file_lists() {
    let bench = four_with_one_off();
    let env = env(&bench, Arc::new(Scripted::default()));
    let first = apply(&env, &bench, Some("c[1-2],c4")).unwrap();
    assert_eq!(ends(&first), ["c1 saved", "c2 saved", "c4 unreachable"]);
    let run = run_of(&first);
    let list: PathBuf = bench.path("night.txt");
    fs::write(&list, "# tonight\nc1\r\nc[3-9]   # the others\n\n").unwrap();
    let list = list.display().to_string();
    let chosen = |limit: &str| {
        let refusing = crate::env(&bench, Arc::new(Scripted::refusing()));
        apply(&refusing, &bench, Some(limit))
            .map(|finished| finished.result.routers.iter().map(|one| one.router.as_str()).collect::<Vec<_>>().join(" "))
    };
    for (limit, routers) in [
        (format!("@run:{run}"), "c4"),
        (format!("@run:{run}:unreachable"), "c4"),
        ("@run:last:saved,c3,!c1".to_owned(), "c2 c3"),
        (format!("@{list}"), "c1 c3 c4"),
        (format!("@{list},!@run:{run}"), "c1 c3"),
    ] {
        assert_eq!(chosen(&limit).as_deref(), Ok(routers), "{limit}");
    }
    fs::write(bench.path("wrong.txt"), "c1\nc2 c3\nc[\n").unwrap();
    let wrong = format!("@{}", bench.path("wrong.txt").display());
    for (limit, code) in [
        (format!("@run:{run}:lost"), "limit.run-nothing"),
        (format!("@run:{run}:unreachabel"), "limit.run-word"),
        ("@run:".to_owned(), "limit.run-form"),
        ("@run:20200101-000000-aaaa".to_owned(), "journal.no-run"),
        ("@no-such-file".to_owned(), "input.invalid"),
        (wrong, "input.invalid"),
    ] {
        assert_eq!(chosen(&limit).unwrap_err(), code, "{limit}");
    }
}

#[test]
fn nothing_is_sent_to_a_site_that_is_not_to_be_touched_and_the_others_go_on() {
    let bench = four_with_one_off();
    switch_on(&bench);
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let barred = inventory
        .replace("  site-c1:\n", "  site-c1:\n    do_not_touch: { reason: moving house, until: 2999-12-31 }\n")
        .replace("  site-c2:\n", "  site-c2:\n    do_not_touch: { reason: long ago, until: 2020-12-31 }\n");
    fs::write(bench.path("clinics.yaml"), barred).unwrap();
    let env = env(&bench, Arc::new(Scripted::default()));
    let finished = apply(&env, &bench, Some("c[1-2]")).unwrap();
    assert_eq!((ends(&finished), finished.exit), (vec!["c1 refused".into(), "c2 saved".into()], Exit::NotDone));
    let cause = &finished.result.routers[0].causes[0];
    assert_eq!((cause.code.as_str(), finished.result.routers[0].state), ("site.do-not-touch", State::Refused));
    assert_eq!(cause.text.en, "site-c1 is not to be touched until the end of 2999-12-31: moving house");
    assert!(!bench.events("c1").iter().any(|event| matches!(event.what, What::Line { .. })), "nobody came");
    // Alone it begins no run at all.
    let alone = apply(&env, &bench, Some("c1")).unwrap();
    assert_eq!((ends(&alone), alone.result.journalled), (vec!["c1 refused".to_owned()], None));
}

/// A playbook that sets the host name, and needs nothing of a clinic.
pub fn naming_book(bench: &Bench) -> PathBuf {
    let role = bench.path("roles/naming");
    fs::create_dir_all(&role).unwrap();
    let described = "version: 1\ntitle: { en: Name, ja: 名前 }\ndescription: { en: A name., ja: 名前 }\n\
         owns: [hostname]\ntemplates: [name.ix.j2]\n";
    fs::write(role.join("role.yaml"), described).unwrap();
    fs::write(role.join("name.ix.j2"), "hostname {{ router.name }}-night\n").unwrap();
    let book = bench.path("naming.yaml");
    fs::write(&book, "version: 1\nname: naming\nplays:\n  - routers: c*\n    roles: [naming]\n").unwrap();
    book
}

#[test]
fn a_site_without_a_window_is_not_begun_and_a_reason_sets_its_windows_aside() {
    let bench = four_with_one_off();
    switch_on(&bench);
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let timed = inventory
        .replace("  site-c1:\n", "  site-c1:\n    opening: daily 00:00-24:00\n")
        .replace("  site-c2:\n", "  site-c2:\n    windows: daily 00:00-24:00\n");
    fs::write(bench.path("clinics.yaml"), timed).unwrap();
    let env = env(&bench, Arc::new(Scripted::default()));
    let book = naming_book(&bench);
    let mut request = ApplyRequest { limit: Some("c[1-2]".to_owned()), ..apply_request(&bench, book) };
    request.options.on_bench = false;
    let before = bench.snapshot("c1");
    let finished = run::apply(&env, &request).unwrap();
    assert_eq!((ends(&finished), finished.exit), (vec!["c1 not-started".into(), "c2 saved".into()], Exit::NotDone));
    assert_eq!(finished.result.routers[0].causes[0].code, "run.no-window");
    assert_eq!(bench.snapshot("c1"), before);

    let run = run_of(&finished);
    let mut again = RerunRequest { run: run.clone(), ..RerunRequest::default() };
    again.options.outside_windows = Some("the clinic asked for it".to_owned());
    let finished = run::rerun(&env, &again).unwrap();
    assert_eq!(ends(&finished), ["c1 saved"]);
    let records = env.journal().unwrap().records(&run_of(&finished)).unwrap();
    let begun = serde_json::to_string(&records[0].record).unwrap();
    assert!(begun.contains("the clinic asked for it"), "{begun}");
}
