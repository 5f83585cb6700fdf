//! A rollout in steps: what a canary stops, what it does not, and a step that waits for a person.

use mock_device::{Fault, RouterSpec, When};
use serde_json::Value;

use crate::harness::{Bench, CLOSED_PORTS, Run, prepared, router3};
use crate::hostile::small_book;

const LINES: &str = "ntp ip enable\nntp interval 600\n";

/// Clinics with one router each, and a playbook with this rollout that changes a little on each of them.
fn clinics(specs: Vec<RouterSpec>, rollout: &str) -> Bench {
    let declared = |spec: RouterSpec| {
        let declared = router3(&spec.id);
        (spec, declared)
    };
    let bench = Bench::new(specs.into_iter().map(declared).collect());
    small_book(&bench, LINES);
    let book =
        format!("version: 1\nname: small\nplays:\n  - routers: router3\n    roles: [small]\nrollout: {rollout}\n");
    std::fs::write(bench.path("small.yaml"), book).unwrap();
    bench
}

const APPLY: [&str; 4] = ["apply", "small.yaml", "-i", "clinics.yaml"];

fn states(run: &Run) -> Vec<String> {
    let routers = run.json()["routers"].as_array().cloned().unwrap_or_default();
    routers.iter().map(|one| one["state"].as_str().unwrap_or_default().to_owned()).collect()
}

fn apply(bench: &Bench, more: &[&str]) -> Run {
    bench.run(&[&["--format", "json"], &APPLY[..], &["--yes", "--phase", "bench"], more].concat())
}

#[test]
fn a_canary_that_fails_stops_the_rest() {
    let refusing = RouterSpec { faults: vec![Fault::refuse(When::matching("^ntp interval"))], ..prepared("c1") };
    let bench = clinics(vec![refusing, prepared("c2"), prepared("c3")], "{ canary: 1 }");
    let before = bench.snapshot("c2");
    let run = apply(&bench, &[]).exits(3);
    assert_eq!(states(&run), ["undone", "not-started", "not-started"]);
    assert_eq!(bench.snapshot("c2"), before);
    // The same fault is tolerated where a person says so, and without steps all of them begin.
    bench.mock.inject("c1", Fault::refuse(When::matching("^ntp interval"))).unwrap();
    let run = apply(&bench, &["--steps-off", "--max-failures", "2"]).exits(3);
    assert_eq!(states(&run), ["undone", "saved", "saved"]);
}

#[test]
fn a_clinic_that_is_off_does_not_stop_the_others() {
    let bench = clinics(["c1", "c2", "c3"].map(prepared).into(), "{ concurrency: 1, max_failures: 1 }");
    let [gone, ..] = CLOSED_PORTS;
    let port = bench.endpoint("c1").port.unwrap();
    let inventory = std::fs::read_to_string(bench.path("clinics.yaml")).unwrap();
    std::fs::write(bench.path("clinics.yaml"), inventory.replace(&format!("port: {port},"), &format!("port: {gone},")))
        .unwrap();
    assert_eq!(states(&apply(&bench, &[]).exits(3)), ["unreachable", "saved", "saved"]);
}

#[test]
fn a_canary_that_is_done_lets_the_rest_begin_and_the_record_keeps_the_rollout() {
    let bench = clinics(["c1", "c2", "c3"].map(prepared).into(), "{ canary: 1, budgets: { unreachable: 2 } }");
    assert_eq!(states(&apply(&bench, &["--concurrency", "2"]).exits(0)), ["saved", "saved", "saved"]);
    let shown = bench.run(&["--format", "json", "show", "last"]).exits(0).json();
    let rollout = shown.to_string();
    let kept = ["\"rollout\":", "\"budgets\":{\"unreachable\":\"2\"}", "\"concurrency\":2", "\"name\":\"canary\""];
    assert!(kept.iter().all(|text| rollout.contains(text)), "{shown:#}");
}

#[test]
fn check_and_plan_show_each_step_with_its_limits() {
    let rollout = "{ concurrency: 4, budgets: { unreachable: 50% }, canary: { count: 1, bake: 10m }, steps: [{ name: others, match: rest, approval: true, max_failures: 2 }] }";
    let bench = clinics(["c1", "c2", "c3"].map(prepared).into(), rollout);
    let said = bench.run(&["check", "small.yaml", "-i", "clinics.yaml"]).exits(0);
    let rows: Vec<Vec<&str>> = said
        .stdout
        .lines()
        .skip_while(|line| !line.contains("══ Rollout: 3 router(s) at 3 site(s)"))
        .skip(1)
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows[0].join(" "), "step takes sites routers at once stops at bake asks first");
    assert_eq!(rows[1].join(" "), "1 canary the first 1 1 1 4 1 failure(s), lost 1 10 min");
    assert_eq!(rows[2].join(" "), "2 others the rest 2 2 4 2 failure(s), lost 4 yes");
    said.says("whole run: at most 4 site(s) at once; nothing more begins after unreachable 1, undo-failed 1, mixed 1");
    let options = ["--canary", "2", "--bake", "0s", "--budget", "unreachable=3"];
    let planned =
        bench.run(&[&["--format", "json", "plan", "small.yaml", "-i", "clinics.yaml"], &options[..]].concat());
    let rollout = &planned.exits(2).json()["rollout"];
    assert_eq!(rollout["steps"][0]["sites"], Value::from(vec!["site-c1", "site-c2"]));
    assert_eq!(rollout["steps"][0]["bake_seconds"], 0);
    assert_eq!(rollout["steps"][1]["approval"], true);
}

#[test]
fn a_limit_that_means_nothing_is_refused_before_anything_is_read() {
    let bench = clinics(vec![prepared("c1")], "{ concurrency: 4 }");
    let refused = |option: &str, value: &str, code: &str| {
        drop(bench.run(&[&APPLY[..], &["--yes", option, value]].concat()).exits(1).says(code));
    };
    refused("--budget", "unreachabel=3", "did you mean `unreachable`?");
    refused("--max-failures", "0", "rollout.option");
    refused("--bake", "10", "rollout.option");
    assert!(bench.events("c1").is_empty());
}

#[cfg(unix)]
mod at_a_terminal {
    use rexpect::session::{PtySession, spawn_command};

    use super::{APPLY, clinics};
    use crate::harness::{Bench, prepared};

    const ASKING: &str = "{ canary: 1, steps: [{ name: others, match: rest, approval: true }] }";

    /// A run whose first step is done, and which asks whether to go on.
    fn asked(bench: &Bench) -> PtySession {
        let mut session =
            spawn_command(bench.command(&[&APPLY[..], &["--phase", "bench"]].concat()), Some(60_000)).unwrap();
        session.exp_string("in 2 step(s) (canary 1,").unwrap();
        session.exp_string("[yes/no]").unwrap();
        session.send_line("yes").unwrap();
        session.exp_string("Begin the step others: 1 router(s) at 1 site(s)?").unwrap();
        session
    }

    fn ends(mut session: PtySession, status: i32) {
        let rest = session.exp_eof().unwrap();
        let end = format!("{:?}", session.process().wait().unwrap());
        assert!(end.ends_with(&format!(", {status})")), "{end}\n{rest}");
    }

    #[test]
    fn a_step_with_approval_begins_when_a_person_says_yes() {
        let bench = clinics(["c1", "c2"].map(prepared).into(), ASKING);
        let mut session = asked(&bench);
        assert_eq!(bench.running("c1"), bench.startup("c1"));
        session.send_line("yes").unwrap();
        ends(session, 0);
        assert!(bench.startup("c2").contains("ntp interval 600"));
    }

    #[test]
    fn a_question_that_is_answered_from_elsewhere_is_closed_and_the_next_answer_is_the_next_questions() {
        let steps = "{ canary: 1, steps: [{ name: second, match: { count: 1 }, approval: true }, \
                     { name: others, match: rest, approval: true }] }";
        let bench = clinics(["c1", "c2", "c3"].map(prepared).into(), steps);
        let mut session =
            spawn_command(bench.command(&[&APPLY[..], &["--phase", "bench"]].concat()), Some(60_000)).unwrap();
        session.exp_string("[yes/no]").unwrap();
        session.send_line("yes").unwrap();
        session.exp_string("Begin the step second: 1 router(s) at 1 site(s)?").unwrap();
        bench.run(&["continue", "last", "--yes"]).exits(0).says("goes on");
        session.exp_string("step second: the question is closed").unwrap();
        session.exp_string("Begin the step others: 1 router(s) at 1 site(s)?").unwrap();
        assert_eq!(bench.running("c2"), bench.startup("c2"));
        session.send_line("yes").unwrap();
        ends(session, 0);
        assert!(bench.startup("c3").contains("ntp interval 600"));
    }

    #[test]
    fn a_step_that_a_person_refuses_is_not_started() {
        let bench = clinics(["c1", "c2"].map(prepared).into(), ASKING);
        let before = bench.snapshot("c2");
        let mut session = asked(&bench);
        session.send_line("no").unwrap();
        ends(session, 3);
        assert_eq!(bench.snapshot("c2"), before);
        assert!(bench.startup("c1").contains("ntp interval 600"));
    }
}
