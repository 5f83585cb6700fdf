//! Which routers count as done today: those on which what is wanted now was saved and proven. And a day's work that is done as it was agreed to.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use ixdeploy::run::{self, ApplyRequest, Exit, Loaded, RunEnv, RunOptions, Source, UndoRequest};
use test_support::harness::{Bench, prepared, router3};

use crate::operator::Scripted;
use crate::{
    apply, apply_request, asking_when_lost, copy_folder, env, on_bench, one_router, prompting, shipped, source,
};

/// Whether the only router is done today as far as this playbook goes.
fn is_done(env: &RunEnv, bench: &Bench, playbook: PathBuf) -> bool {
    let loaded = run::load(env, &Source { playbook, ..source(bench) }).unwrap();
    let found = run::candidates(env, &loaded.inventory, &loaded.rendered, None).unwrap();
    let [router] = found.as_slice() else { panic!("{found:?}") };
    router.is_done_today
}

/// Writes the inventory anew with this instead of that.
fn edit(bench: &Bench, from: &str, to: &str) {
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    assert!(inventory.contains(from), "{inventory}");
    fs::write(bench.path("clinics.yaml"), inventory.replace(from, to)).unwrap();
}

#[test]
fn a_router_is_done_today_where_just_what_is_wanted_now_was_saved_last() {
    let bench = one_router(Vec::new());
    let env = env(&bench, Arc::new(Scripted::default()));
    assert!(!is_done(&env, &bench, shipped()), "nothing was saved");
    apply(&bench, &Arc::new(Scripted::default()), shipped());
    assert!(is_done(&env, &bench, shipped()));
    assert!(is_done(&env, &bench, asking_when_lost(&bench)), "another file that wants the same");
    edit(&bench, "ntt_area: west", "ntt_area: east");
    assert!(!is_done(&env, &bench, shipped()), "the inventory was corrected since");
    edit(&bench, "ntt_area: east", "ntt_area: west");
    edit(&bench, "serial_number: \"", "serial_number: \"9");
    assert!(!is_done(&env, &bench, shipped()), "it was another box");
    edit(&bench, "serial_number: \"9", "serial_number: \"");
    assert!(is_done(&env, &bench, shipped()));
    let back = UndoRequest { run: "last".to_owned(), options: on_bench(), ..UndoRequest::default() };
    assert_eq!(run::undo(&env, &back).unwrap().exit, Exit::Done);
    assert!(!is_done(&env, &bench, shipped()), "it was taken back, and that was saved, too");
}

#[test]
fn what_was_saved_without_its_proof_is_not_done_today() {
    let router = mock_device::RouterSpec { linked: Vec::new(), ..prepared("r3") };
    let bench = prompting(Bench::new(vec![(router, router3("r3"))]));
    let env = env(&bench, Arc::new(Scripted::default()));
    let options = RunOptions { line_pending: Some("opens on Friday".to_owned()), ..RunOptions::default() };
    let request = ApplyRequest { options, ..apply_request(&bench, shipped()) };
    assert_eq!(run::apply(&env, &request).unwrap().exit, Exit::NotDone);
    assert_eq!(bench.running("r3"), bench.startup("r3"), "it was saved");
    assert!(!is_done(&env, &bench, shipped()));
}

/// What is wanted of the router `c1`.
fn lines_of_c1(loaded: &Loaded) -> BTreeSet<String> {
    let c1 = loaded.rendered.iter().find(|one| one.router == "c1").unwrap();
    c1.lines.iter().map(|line| line.text.trim().to_owned()).collect()
}

#[test]
fn each_router_of_a_day_is_deployed_as_it_was_agreed_to_whatever_the_files_say_by_then() {
    let bench = prompting(Bench::new(["c1", "c2"].map(|id| (prepared(id), router3(id))).into()));
    let env = env(&bench, Arc::new(Scripted::default()));
    let book = bench.path("own.yaml");
    fs::copy(shipped(), &book).unwrap();
    copy_folder(shipped().with_file_name("roles").as_path(), &bench.path("roles"));
    let source = Source { playbook: book.clone(), ..source(&bench) };
    let agreed = run::load(&env, &source).unwrap();
    let before = bench.snapshot("c2");
    // One saves a half-edited role, another the inventory.
    fs::write(&book, "version: 1\nplays: [").unwrap();
    edit(&bench, "ntt_area: west", "ntt_area: east");
    let request = ApplyRequest { limit: Some("c1".to_owned()), ..apply_request(&bench, book) };
    let finished = run::apply_loaded(&env, &request, &agreed).unwrap();
    let [outcome] = finished.result.routers.as_slice() else { panic!("{finished:?}") };
    assert_eq!((outcome.router.as_str(), finished.exit), ("c1", Exit::Done));
    let later = run::load(&env, &Source { playbook: shipped(), ..source }).unwrap();
    let (agreed, later) = (lines_of_c1(&agreed), lines_of_c1(&later));
    let running = bench.running("c1");
    assert!(agreed.difference(&later).any(|line| running.contains(line)), "{running}");
    assert!(!later.difference(&agreed).any(|line| running.contains(line)), "{running}");
    assert_eq!(bench.snapshot("c2"), before);
}
