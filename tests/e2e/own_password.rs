//! A new password of the very administrator who logs in: both values are known, each is tried once, and a session that is cut right
//! after the line is recovered all the same.

use mock_device::{Fault, RouterSpec, SaveFault, TransportSpec, What, When};

use crate::harness::{Bench, Declared, Run, prepared, router3};
use crate::lost::last_run;

const TRANSPORTS: [TransportSpec; 3] =
    [TransportSpec::Ssh, TransportSpec::Telnet, TransportSpec::Serial { baud: Some(115_200) }];
const APPLY: [&str; 7] = ["apply", "password.yaml", "-i", "clinics.yaml", "--yes", "--set-secrets", "--phase=bench"];

/// A router whose administrator gets another password, and another line with it.
fn bench(transport: TransportSpec, faults: Vec<Fault>) -> Bench {
    let spec = RouterSpec { transports: vec![transport], faults, ..prepared("r3") };
    let on_console = matches!(transport, TransportSpec::Serial { .. });
    let lifeline = router3("r3").lifeline.filter(|_| !on_console);
    let vars = "new_password: new-password".to_owned();
    let bench = Bench::new(vec![(spec, Declared { console_login: on_console, lifeline, vars, ..router3("r3") })]);
    let role = bench.path("roles/password");
    std::fs::create_dir_all(&role).unwrap();
    let book =
        "version: 1\nname: password\nplays:\n  - routers: r3\n    roles: [password]\nallow_lifeline_change: true\n";
    std::fs::write(bench.path("password.yaml"), book).unwrap();
    std::fs::write(
        role.join("role.yaml"),
        "version: 1\ntitle: { en: Password, ja: パスワード }\nowns: [username, ntp]\ntemplates: [lines.ix.j2]\n\
         variables:\n  new_password: { type: credential, description: { en: New., ja: 新。 } }\n",
    )
    .unwrap();
    let lines = "username admin password plain 1 {{ secret(new_password) }} administrator\nntp ip enable\n";
    std::fs::write(role.join("lines.ix.j2"), lines).unwrap();
    bench
}

/// What a change of the router's own password needs of a bench.
trait OwnPassword {
    /// Wrong passwords that the router has seen.
    fn refused_logins(&self) -> usize;
    /// The inventory's credential is the new one from now on.
    fn take_over_the_new_one(&self);
    fn plan_password(&self) -> Run;
}

impl OwnPassword for Bench {
    fn refused_logins(&self) -> usize {
        // A Return that wakes a console is a login without a name.
        let refused = |event: &mock_device::Event| matches!(&event.what, What::Login { user, accepted: false } if user == "admin");
        self.events("r3").iter().filter(|event| refused(event)).count()
    }

    fn take_over_the_new_one(&self) {
        let inventory = std::fs::read_to_string(self.path("clinics.yaml")).unwrap();
        let new = inventory.replace("password: admin-password", "password: new-password");
        assert_ne!(inventory, new);
        std::fs::write(self.path("clinics.yaml"), new).unwrap();
    }

    fn plan_password(&self) -> Run {
        self.run(&["plan", "password.yaml", "-i", "clinics.yaml"])
    }
}

/// Either all of it is saved and the new password is right, or all of it is gone and the old one is.
#[track_caller]
fn is_whole(bench: &Bench, before: &(String, String), saved: bool) {
    assert_eq!(bench.running("r3"), bench.startup("r3"));
    assert_eq!(bench.snapshot("r3") == *before, !saved);
    bench.run(&["status"]).exits(0);
    if saved {
        bench.take_over_the_new_one();
        bench.plan_password().exits(0).says("nothing to change");
    } else {
        bench.plan_password().exits(2);
    }
}

#[test]
fn it_is_proven_with_the_new_value_saved_and_the_inventory_is_named() {
    for transport in TRANSPORTS {
        let bench = bench(transport, Vec::new());
        let before = bench.snapshot("r3");
        // A recording is searched for both values too.
        let run =
            bench.run(&[&APPLY[..], &["--record", "recorded"]].concat()).exits(0).says("saved").says("new-password");
        assert!(bench.path("recorded").is_dir());
        assert_eq!(bench.refused_logins(), 0, "{}", run.stderr);
        is_whole(&bench, &before, true);
        assert_eq!(bench.refused_logins(), 0);
    }
}

#[test]
fn a_session_cut_after_the_password_line_is_recovered_with_whichever_value_the_router_accepts() {
    for transport in TRANSPORTS {
        for (line, executed) in [("^username admin", true), ("^username admin", false), ("^ntp", true)] {
            let cut = Fault::Drop { when: When::matching(line), executed, times: 1 };
            let bench = bench(transport, vec![cut]);
            let before = bench.snapshot("r3");
            let run = bench.run(&APPLY).says("lost");
            assert!([0, 3].contains(&run.status), "{transport:?} {line} {executed}: {}", run.stderr);
            assert!(bench.refused_logins() <= 1, "each value once: {}", run.stderr);
            is_whole(&bench, &before, run.status == 0);
        }
    }
}

#[test]
fn where_the_line_was_accepted_the_new_value_comes_first() {
    for transport in [TransportSpec::Ssh, TransportSpec::Telnet] {
        let bench = bench(transport, vec![Fault::Save { how: SaveFault::CutAfter, times: 1 }]);
        let before = bench.snapshot("r3");
        bench.run(&APPLY).exits(0).says("lost").says("saved");
        assert_eq!(bench.refused_logins(), 0, "{transport:?}: the old value was not tried at all");
        is_whole(&bench, &before, true);
    }
}

/// A router that has the new password, and an inventory that names it; how the router was before, and the run.
fn changed(transport: TransportSpec) -> (Bench, (String, String), String) {
    let bench = bench(transport, Vec::new());
    let before = bench.snapshot("r3");
    bench.run(&APPLY).exits(0);
    bench.take_over_the_new_one();
    let run = last_run(&bench);
    (bench, before, run)
}

#[test]
fn an_undo_of_it_enters_the_old_form_and_saves_it_once_a_fresh_login_has_proven_it() {
    for transport in TRANSPORTS {
        let (bench, before, run) = changed(transport);
        let undone = bench.run(&["undo", &run, "-i", "clinics.yaml", "--yes"]).exits(0).says("admin-password");
        assert_eq!(bench.snapshot("r3"), before, "{transport:?}: {}", undone.stdout);
        assert_eq!(bench.refused_logins(), 0, "{transport:?}: {}", undone.stderr);
        // The inventory still names the new one; the journal knows better.
        bench.plan_password().exits(2);
        assert_eq!(bench.refused_logins(), 0, "{transport:?}");
    }
}

#[test]
fn an_undo_of_it_whose_fresh_login_fails_enters_the_new_form_again_and_saves_nothing() {
    for transport in [TransportSpec::Ssh, TransportSpec::Telnet] {
        let (bench, _, run) = changed(transport);
        let after = bench.snapshot("r3");
        // The reference has another value by now than the router had then.
        let undo: [&str; 5] = ["undo", &run, "-i", "clinics.yaml", "--yes"];
        let ended = bench.command(&undo).env("TEST_ADMIN_PASSWORD", "another-one").output().unwrap();
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        assert_eq!(ended.status.code(), Some(3), "{transport:?}: {said}");
        assert!(said.contains("login.unproven") && said.contains("undone"), "{transport:?}: {said}");
        assert_eq!(bench.snapshot("r3"), after, "{transport:?}");
        bench.plan_password().exits(0).says("nothing to change");
    }
}

#[test]
fn an_undo_of_it_that_is_cut_after_its_line_is_recovered_with_whichever_value_the_router_accepts() {
    for executed in [true, false] {
        let (bench, _, run) = changed(TransportSpec::Ssh);
        let cut = Fault::Drop { when: When::matching("^username admin password hash"), executed, times: 1 };
        bench.mock.inject("r3", cut).unwrap();
        let ended = bench.run(&["undo", &run, "-i", "clinics.yaml", "--yes"]).says("lost");
        assert!([0, 3].contains(&ended.status), "{executed}: {}", ended.stderr);
        assert!(bench.refused_logins() <= 1, "each value once: {}", ended.stderr);
        assert_eq!(bench.running("r3"), bench.startup("r3"), "{executed}");
        bench.run(&["status"]).exits(0);
        bench.plan_password().exits(if ended.status == 0 { 2 } else { 0 });
    }
}

#[test]
fn an_undo_of_it_whose_old_value_is_known_to_no_one_is_refused_before_anything_is_written() {
    let (bench, _, run) = changed(TransportSpec::Ssh);
    let after = bench.snapshot("r3");
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    let forgotten = inventory.replace("  admin-password: { env: TEST_ADMIN_PASSWORD }\n", "");
    assert_ne!(inventory, forgotten);
    std::fs::write(bench.path("clinics.yaml"), &forgotten).unwrap();
    let undo: [&str; 5] = ["undo", &run, "-i", "clinics.yaml", "--yes"];
    bench.run(&undo).exits(1).says("secret.undeclared").says("rotate-password.yaml");
    assert_eq!(bench.snapshot("r3"), after);
    // A backup says nothing of the login with which it was read: over the network its user's line cannot be proven.
    std::fs::write(bench.path("clinics.yaml"), inventory).unwrap();
    let (old, _) = bench.snapshot("r3");
    let hash = |text: &str| text.lines().find(|line| line.starts_with("username admin")).unwrap().to_owned();
    let other = old.replace(&hash(&old), "username admin password hash 0123456789ABCDEF@ administrator");
    std::fs::write(bench.path("other.cfg"), other).unwrap();
    let restore = ["restore", "r3", "--from", "other.cfg", "-i", "clinics.yaml", "--yes"];
    bench.run(&restore).exits(3).says("lifeline.old-password").says("rotate-password.yaml");
    assert_eq!(bench.snapshot("r3"), after);
}

#[test]
fn resume_tries_both_values_once_each_and_ends_it() {
    for transport in TRANSPORTS {
        // A colleague holds config mode when we come back, so that the run stays lost.
        let faults = vec![Fault::LockTaken { when: When::matching("^username admin"), kept: true }];
        let bench = bench(transport, faults);
        let before = bench.snapshot("r3");
        bench.run(&APPLY).exits(4).says("router.lost");
        assert!(bench.refused_logins() <= 1);
        let seen = bench.refused_logins();
        let run = last_run(&bench);
        let ended = bench.run(&["resume", &run, "--yes", "--take-over"]);
        assert!([0, 3].contains(&ended.status), "{transport:?}: {}\n{}", ended.stdout, ended.stderr);
        assert!(bench.refused_logins() <= seen + 1, "each value once: {}", ended.stderr);
        is_whole(&bench, &before, ended.status == 0);
    }
}

/// A colleague who gives the administrator a third password right behind our line.
fn colleague() -> Fault {
    let line = "username admin password plain 1 colleagues-own administrator".to_owned();
    Fault::ColleagueLines { when: Some(When::matching("^username admin")), lines: vec![line] }
}

#[test]
fn where_neither_value_is_right_each_is_tried_once_and_the_router_stays_lost() {
    for transport in [TransportSpec::Ssh, TransportSpec::Telnet] {
        let cut = Fault::Drop { when: When::matching("^username admin"), executed: true, times: 1 };
        let bench = bench(transport, vec![colleague(), cut]);
        bench.run(&APPLY).exits(4).says("router.lost");
        assert_eq!(bench.refused_logins(), 2, "{transport:?}");
    }
}

#[test]
fn a_new_value_that_does_not_work_is_not_saved() {
    for transport in TRANSPORTS {
        let bench = bench(transport, vec![colleague()]);
        let before = bench.snapshot("r3");
        let run = bench.run(&APPLY);
        assert!([3, 4].contains(&run.status), "{transport:?}: {}", run.stderr);
        // Over the network the first session is still there and takes the change back; a console was left for the proof.
        assert!(run.stdout.contains("login.unproven"), "{transport:?}: {}", run.stdout);
        assert!(bench.refused_logins() <= 2, "{transport:?}: {}", run.stderr);
        assert_eq!(bench.startup("r3"), before.1, "nothing was saved");
    }
}
