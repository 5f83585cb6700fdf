//! The password of a fleet: one value under one name, whichever routers a run is for, and a run that knows it to its end.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use ixdeploy::message::Explain as _;
use ixdeploy::run::{
    self, ApplyRequest, ContinueRequest, Continued, DetachRequest, DetachedWork, Exit, FinishedRun, RunError,
    RunOptions, UndoRequest,
};
use ixdeploy::state::State;
use mock_device::{Fault, RouterSpec, What};
use test_support::harness::{Bench, DEVICE_SECRETS, Declared, PASSWORD, playbook, prepared, router3};

use crate::operator::Scripted;
use crate::{apply_request, copy_folder, env, on_bench, prompting};

/// Routers whose administrator is to get the password in a file; the first one has these faults.
fn fleet(faults: Vec<Fault>) -> Bench {
    let routers = ["r1", "r2"].map(|id| {
        let spec = RouterSpec { faults: if id == "r1" { faults.clone() } else { Vec::new() }, ..prepared(id) };
        (spec, Declared { vars: "new_password: new-password".to_owned(), ..router3(id) })
    });
    let bench = prompting(Bench::new(routers.into()));
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let kept = inventory.replace("{ env: TEST_NEW_PASSWORD }", "{ file: new.txt }");
    assert_ne!(kept, inventory);
    fs::write(bench.path("clinics.yaml"), kept).unwrap();
    set(&bench, DEVICE_SECRETS[2]);
    copy_folder(std::path::Path::new(&playbook("roles")), &bench.path("roles"));
    bench
}

/// What the new password is.
fn set(bench: &Bench, value: &str) {
    let path = bench.path("new.txt");
    fs::write(&path, value).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// The shipped playbook with this rollout.
fn book(bench: &Bench, rollout: &str) -> PathBuf {
    let text = fs::read_to_string(playbook("rotate-password.yaml")).unwrap();
    let (head, _) = text.split_once("rollout:").unwrap();
    let path = bench.path("rotation.yaml");
    fs::write(&path, format!("{head}rollout: {{ {rollout} }}\n")).unwrap();
    path
}

fn unasked() -> RunOptions {
    RunOptions { assume_yes: true, ..on_bench() }
}

fn rotate(bench: &Bench, rollout: &str, limit: Option<&str>) -> Result<FinishedRun, RunError> {
    let request = ApplyRequest {
        options: unasked(),
        limit: limit.map(str::to_owned),
        ..apply_request(bench, book(bench, rollout))
    };
    run::apply(&env(bench, Arc::new(Scripted::default())), &request)
}

fn states(finished: &FinishedRun) -> Vec<State> {
    finished.result.routers.iter().map(|outcome| outcome.state).collect()
}

fn refused_logins(bench: &Bench, id: &str) -> usize {
    bench.events(id).iter().filter(|event| matches!(event.what, What::Login { accepted: false, .. })).count()
}

#[test]
fn the_checks_of_a_step_that_proves_itself_log_in_with_the_password_that_was_just_saved() {
    let bench = fleet(Vec::new());
    let finished = rotate(&bench, "concurrency: 1, max_failures: 1, canary: { count: 1, bake: 1s }", None).unwrap();
    assert_eq!(states(&finished), [State::Saved, State::Saved], "{finished:?}");
    let logins = bench.events("r1").iter().filter(|event| matches!(event.what, What::Login { .. })).count();
    assert!(logins >= 3, "the session, the proof, the checks once more: {logins}");
    assert_eq!(["r1", "r2"].map(|id| refused_logins(&bench, id)), [0, 0]);
}

#[test]
fn an_undo_of_a_rotation_gives_the_old_password_back_from_the_run_that_sealed_it_where_the_inventory_has_none() {
    let bench = fleet(Vec::new());
    let simple = "concurrency: 1, max_failures: 1";
    assert_eq!(states(&rotate(&bench, simple, None).unwrap()), [State::Saved, State::Saved]);
    let once = ["r1", "r2"].map(|id| bench.snapshot(id));
    // A second rotation, to a third password. The second one's reference is gone by then.
    let inventory = fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    fs::write(bench.path("third.txt"), DEVICE_SECRETS[1]).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(bench.path("third.txt"), fs::Permissions::from_mode(0o600)).unwrap();
    }
    let declared = "  new-password: { file: new.txt }\n";
    let both = inventory
        .replace(declared, &format!("{declared}  third: {{ file: third.txt }}\n"))
        .replace("new_password: new-password", "new_password: third");
    assert!(both.contains("third.txt") && both.contains("new_password: third"), "{both}");
    fs::write(bench.path("clinics.yaml"), &both).unwrap();
    assert_eq!(states(&rotate(&bench, simple, None).unwrap()), [State::Saved, State::Saved]);
    let renamed = both.replace(declared, "").replace("password: admin-password", "password: third");
    fs::write(bench.path("clinics.yaml"), renamed).unwrap();
    let undo = UndoRequest { run: "last".to_owned(), options: unasked(), ..UndoRequest::default() };
    let undone = run::undo(&env(&bench, Arc::new(Scripted::default())), &undo).unwrap();
    assert_eq!(states(&undone), [State::Saved, State::Saved], "{undone:?}");
    assert_eq!(["r1", "r2"].map(|id| bench.snapshot(id)), once);
    assert_eq!(["r1", "r2"].map(|id| refused_logins(&bench, id)), [0, 0]);
}

#[test]
fn routers_that_are_left_get_no_other_value_than_those_that_have_it() {
    let bench = fleet(Vec::new());
    let simple = "concurrency: 1, max_failures: 1";
    assert_eq!(states(&rotate(&bench, simple, Some("r1")).unwrap()), [State::Saved]);
    set(&bench, DEVICE_SECRETS[1]);
    let before = bench.snapshot("r2");
    assert_eq!(rotate(&bench, simple, Some("r2")).unwrap_err().code(), "secret.changed");
    assert_eq!(bench.snapshot("r2"), before);
    set(&bench, DEVICE_SECRETS[2]);
    assert_eq!(states(&rotate(&bench, simple, Some("r2")).unwrap()), [State::Saved]);
}

#[test]
fn a_rotation_that_goes_on_does_so_with_the_value_that_it_sealed_first() {
    let bench = fleet(vec![Fault::Monitor]);
    let first = rotate(&bench, "concurrency: 1, max_failures: 1", None).unwrap();
    assert_eq!(states(&first), [State::Refused, State::NotStarted], "{first:?}");
    let go_on = || {
        let request = ContinueRequest { run: "last".to_owned(), options: unasked(), ..ContinueRequest::default() };
        run::continue_run(&env(&bench, Arc::new(Scripted::default())), &request)
    };
    let before = bench.snapshot("r2");
    set(&bench, DEVICE_SECRETS[1]);
    assert_eq!(go_on().unwrap_err().code(), "secret.changed");
    assert_eq!(bench.snapshot("r2"), before);
    set(&bench, DEVICE_SECRETS[2]);
    let Continued::Finished(finished) = go_on().unwrap() else { panic!("it goes on here") };
    assert_eq!(states(&finished), [State::Refused, State::Saved], "{finished:?}");
}

#[test]
fn a_run_whose_passwords_cannot_be_sealed_ends_and_touches_no_router() {
    let bench = fleet(Vec::new());
    let simple = "concurrency: 1, max_failures: 1";
    assert_eq!(states(&rotate(&bench, simple, Some("r1")).unwrap()), [State::Saved]);
    let file = rusqlite::Connection::open(bench.path("state").join("journal.sqlite")).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON sealed WHEN NEW.name LIKE 'password %' \
                BEGIN SELECT RAISE(ABORT, 'full'); END";
    file.execute_batch(full).unwrap();
    drop(file);
    let finished = rotate(&bench, simple, Some("r2")).unwrap();
    assert_eq!((states(&finished), finished.exit), (vec![State::NotStarted], Exit::Usage), "{finished:?}");
    assert!(finished.result.journalled.unwrap().journal_head.is_some(), "its end is written");
    assert!(bench.events("r2").is_empty(), "not even met");
}

#[test]
fn a_new_password_that_is_the_old_one_is_refused_before_a_run_that_is_to_be_detached_is_asked_about() {
    let bench = fleet(Vec::new());
    set(&bench, PASSWORD);
    let asking = Arc::new(Scripted::refusing());
    let apply = ApplyRequest { options: on_bench(), ..apply_request(&bench, book(&bench, "max_failures: 1")) };
    let request = DetachRequest { work: DetachedWork::Apply(apply), at: None, options: Vec::new() };
    let refused = run::detach(&env(&bench, Arc::clone(&asking) as _), &request).unwrap_err();
    assert_eq!(refused.code(), "secret.same");
    assert!(asking.asked().iter().all(|asked| asked == "secret"), "{:?}", asking.asked());
    assert!(["r1", "r2"].iter().all(|id| bench.events(id).is_empty()), "not even met");
}
