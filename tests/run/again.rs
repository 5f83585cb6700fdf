//! Which routers a run is for, and a run again for those that are not done.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use ixdeploy::message::Explain as _;
use ixdeploy::run::{self, ApplyRequest, Exit, FinishedRun, RerunRequest, RunEnv, UndoRequest};
use ixdeploy::state::State;
use mock_device::What;
use test_support::harness::{Bench, prepared, router3};

use crate::operator::Scripted;
use crate::{apply_request, copy_folder, env, on_bench, shipped};

/// Four clinics, the last of which is off.
fn four_with_one_off() -> Bench {
    let bench = Bench::new(["c1", "c2", "c3", "c4"].map(|id| (prepared(id), router3(id))).into());
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let prompted = inventory.replace("{ env: TEST_ADMIN_PASSWORD }", "{ prompt: administrator }");
    fs::write(bench.path("on.yaml"), &prompted).unwrap();
    let port = format!("port: {},", bench.endpoint("c4").port.unwrap());
    assert_eq!(prompted.matches(&port).count(), 1);
    fs::write(bench.path("clinics.yaml"), prompted.replace(&port, &format!("port: {},", closed_port()))).unwrap();
    let tolerant = fs::read_to_string(shipped()).unwrap().replace("max_failures: 1 ", "max_failures: 9 ");
    fs::write(bench.path("own.yaml"), tolerant).unwrap();
    copy_folder(shipped().with_file_name("roles").as_path(), &bench.path("roles"));
    bench
}

/// A port of this machine at which nothing answers.
fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn switch_on(bench: &Bench) {
    fs::copy(bench.path("on.yaml"), bench.path("clinics.yaml")).unwrap();
}

fn request(bench: &Bench, limit: Option<&str>) -> ApplyRequest {
    ApplyRequest { limit: limit.map(str::to_owned), ..apply_request(bench, bench.path("own.yaml")) }
}

fn apply(env: &RunEnv, bench: &Bench, limit: Option<&str>) -> Result<FinishedRun, String> {
    run::apply(env, &request(bench, limit)).map_err(|error| error.code().to_owned())
}

/// Each router with its state.
fn ends(finished: &FinishedRun) -> Vec<String> {
    finished.result.routers.iter().map(|one| format!("{} {}", one.router, one.state.word())).collect()
}

fn run_of(finished: &FinishedRun) -> String {
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
fn only_an_apply_is_run_again() {
    let bench = four_with_one_off();
    let env = env(&bench, Arc::new(Scripted::default()));
    let again = RerunRequest { run: "last".to_owned(), options: on_bench(), ..RerunRequest::default() };
    assert_eq!(run::rerun(&env, &again).unwrap_err().code(), "journal.no-run");
    let first = apply(&env, &bench, Some("c1")).unwrap();
    run::undo(&env, &UndoRequest { run: run_of(&first), options: on_bench(), ..UndoRequest::default() }).unwrap();
    assert_eq!(run::rerun(&env, &again).unwrap_err().code(), "rerun.other-action");
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
        (format!("@run:last:saved,c3,!c1"), "c2 c3"),
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
fn naming_book(bench: &Bench) -> PathBuf {
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
