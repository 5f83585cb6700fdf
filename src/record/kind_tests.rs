//! The stored form of every kind: its name, its round trip, and what earlier versions wrote.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use serde_json::{Value, json};

use crate::inventory::Fingerprint;
use crate::ix::Identity;
use crate::message::Text;
use crate::record::{
    Advice, Awaited, CauseRecord, CheckResult, ComparedWith, ConnectionRecord, Durability, EndCount, Ending,
    EnrolledRecord, ExportRecord, FirstUseRecord, HeldBecause, HeldRecord, HostKeyProof, ImportRecord, Kind,
    LineRecord, LoginRecord, NeededBy, Outcome, Place, Policy, ProvenHostKey, ShortWindowRecord, SpentRecord,
    StepRecord, TestRecord, Tester,
};
use crate::state::{FailureClass, State};

fn text(words: &str) -> Text {
    Text::new(words, words)
}

fn cause() -> CauseRecord {
    CauseRecord { code: "router.lost".to_owned(), text: text("lost"), hints: vec![text("look")] }
}

fn check(passed: bool) -> CheckResult {
    CheckResult {
        name: "wan".to_owned(),
        role: "router3".to_owned(),
        title: text("the line is up"),
        passed: Some(passed),
        required: true,
        command: "show ip interface".to_owned(),
        unmet: Text::default(),
        recorded: false,
        answer: Some("up".to_owned()),
        host_key: None,
    }
}

fn login() -> LoginRecord {
    LoginRecord { user: "admin".to_owned(), credential: Some("new".to_owned()) }
}

fn ending() -> Ending {
    let advice =
        Advice { now: text("wait"), power_cycle_safe: false, power_cycle: text("not safe"), phone: text("hands off") };
    let outcome = Outcome {
        sent: 2,
        planned: 3,
        serial_number: Some("1".to_owned()),
        foreign: vec!["+ ntp ip enable".to_owned()],
        new_login: Some("new".to_owned()),
        login: Some(login()),
        advice: Some(advice),
        ..Outcome::new("r1", "s", State::Lost)
    };
    Ending { milliseconds: Some(7), causes: vec![cause()], ..Ending::of(&outcome) }
}

fn end_count() -> EndCount {
    EndCount {
        state: Some(State::Lost),
        failure_class: Some(FailureClass::Lost),
        as_declared: false,
        is_open: true,
        routers: 2,
    }
}

/// One of every kind.
fn every_kind() -> Vec<Kind> {
    let word = || "word".to_owned();
    let first_use = Some(FirstUseRecord { at: word(), by: word() });
    let host_key = ProvenHostKey { algorithm: word(), fingerprint: word(), proof: HostKeyProof::KnownHosts, first_use };
    let connection =
        ConnectionRecord { transport: word(), peer: word(), host_key: Some(host_key), login: Some(login()) };
    let known = || Some(word());
    let identity = || Identity { model: known(), serial_number: known(), firmware: known(), host_name: None };
    let step = |bake_seconds| StepRecord { step: 1, step_name: word(), bake_seconds, stand_in: None };
    let policy = Policy {
        concurrency: 4,
        max_failures: Some(1),
        rollout: None,
        limit: Some("r*".to_owned()),
        asked: true,
        answered_at: Some(word()),
        outside_windows: None,
        on_bench: false,
        line_pending: None,
        adopt: false,
        set_secrets: false,
        replaced: true,
        replaces: None,
        kept_sha256: None,
    };
    vec![
        Kind::RunStarted { action: word(), routers: 1, sites: 1 },
        Kind::Begun {
            action: word(),
            by: word(),
            machine: word(),
            version: word(),
            inventory: word(),
            source: word(),
            title: Some(text("t")),
            plan_sha256: Some(word()),
            routers: vec![word()],
            places: vec![Place { router: word(), site: word() }],
            policy: Some(policy.clone()),
        },
        Kind::Intended { site: word(), kept: json!({ "commands": [] }), adopt: true, take_over: true },
        Kind::Connected(connection),
        Kind::Warned { warning: text("w") },
        Kind::TookOver,
        Kind::Identified { identity: identity() },
        Kind::Read { running_lines: 1, milliseconds: 1 },
        Kind::BackedUp {
            identity: identity(),
            started_at: None,
            running: word(),
            taken_over: false,
            clock_offset: None,
        },
        Kind::Sealed { name: word(), sha256: word() },
        Kind::NotSealed { name: word(), why: word() },
        Kind::Pruned { name: word() },
        Kind::Exported(ExportRecord {
            exported: word(),
            manifest_sha256: word(),
            by: word(),
            machine: word(),
            version: word(),
        }),
        Kind::Imported(Box::new(ImportRecord { imported: word(), ends: vec![end_count()], ..ImportRecord::default() })),
        Kind::Moved { state: State::Applying },
        Kind::Sending { number: 1, total: 2, line: word(), undo: false },
        Kind::Answered { number: 1, undo: false, accepted: true, text: word() },
        Kind::HostKeyMade { text: word() },
        Kind::Compared { with: ComparedWith::Startup, differences: 0, foreign: 0 },
        Kind::checked(1, &check(true)),
        Kind::CheckedBefore { check: word(), role: word(), passed: Some(false), unmet: text("u"), answer: None },
        Kind::LineSeen(LineRecord {
            interface: word(),
            prefix: Some(word()),
            seems: text("s"),
            misfits: vec![text("m")],
        }),
        Kind::Probed(LineRecord { interface: word(), prefix: None, seems: text("s"), misfits: Vec::new() }),
        Kind::Tested(TestRecord {
            check: word(),
            role: word(),
            title: text("t"),
            test: text("x"),
            is_negative: true,
            passed: Some(true),
            by: Some(Tester::Person),
            through: Some(word()),
            told: text("seen"),
        }),
        Kind::HostKeyEnrolled(EnrolledRecord {
            fingerprint: Fingerprint::Md5([7; 16]),
            hosts: vec![word()],
            serial_number: Some(word()),
        }),
        Kind::Saving,
        Kind::Restarting,
        Kind::Restarted { started_at: Some(word()) },
        Kind::RestartFound { found: word(), started_at: None, woke_up_by: None },
        Kind::Unverified { checks: vec![word()], reason: word() },
        Kind::RouterMade { identity: identity(), lines: vec![word()] },
        Kind::ForeignStays { lines: vec![word()] },
        Kind::Waiting { awaited: Awaited::Cable, peer: word(), seconds: 1 },
        Kind::StillWaiting { seconds: 1, seconds_left: 1, last: text("w"), is_line: false },
        Kind::AnotherBox { expected: word(), found: word() },
        Kind::FoundAgain { serial_number: word(), seconds: 1 },
        Kind::Failed { cause: cause(), for_person: true },
        Kind::Abandoned,
        Kind::Continued { by: word(), machine: word(), routers: vec![word()], policy: Some(policy) },
        Kind::Resumed { by: word(), machine: word() },
        Kind::StepAwaits(step(None)),
        Kind::StepBegun(step(None)),
        Kind::StepBakes(step(Some(600))),
        Kind::StepEnded(step(None)),
        Kind::StepUnproven(step(None)),
        Kind::StepStandIn(StepRecord { stand_in: Some(word()), ..step(None) }),
        Kind::WindowTooShort(ShortWindowRecord {
            waiting: word(),
            needed_seconds: 600,
            needed_by: NeededBy::Estimate,
            closes_in_seconds: 420,
            opens_in_seconds: 85_800,
        }),
        Kind::WindowAwaited { opens: word() },
        Kind::Held(HeldRecord {
            what: word(),
            held: word(),
            because: HeldBecause::WrongPassword,
            detail: word(),
            seen_on: vec![word()],
        }),
        Kind::BudgetSpent(SpentRecord { of_step: Some(1), class: FailureClass::CheckFailed, failures: 2 }),
        Kind::ComesBack { again: word(), in_seconds: 60 },
        Kind::Ended(Box::new(ending())),
        Kind::RunEnded { exit: 3 },
    ]
}

#[test]
fn every_kind_is_stored_under_its_name_and_reads_back_as_it_was() {
    let kinds = every_kind();
    let names: std::collections::BTreeSet<&str> = kinds.iter().map(Kind::name).collect();
    assert_eq!(names.len(), kinds.len(), "a name for each");
    for kind in kinds {
        let stored = serde_json::to_value(&kind).unwrap();
        assert_eq!(stored["kind"], kind.name());
        assert_eq!(serde_json::from_value::<Kind>(stored).unwrap(), kind);
    }
}

#[test]
fn no_kind_has_a_field_that_its_envelope_has() {
    // Events show both in one object; the site of an intent is for journals that do not have it elsewhere.
    for kind in every_kind().iter().filter(|kind| !matches!(kind, Kind::Intended { .. })) {
        let Value::Object(fields) = serde_json::to_value(kind).unwrap() else { panic!("{kind:?}") };
        for name in ["schema", "at", "event", "seq", "run", "fence", "site", "router"] {
            assert!(!fields.contains_key(name), "{name} of {kind:?}");
        }
    }
}

#[test]
fn what_is_about_to_be_done_to_a_router_is_written_ahead() {
    let ahead: Vec<&str> =
        every_kind().iter().filter(|kind| kind.durability() == Durability::WriteAhead).map(Kind::name).collect();
    assert_eq!(
        ahead,
        ["begun", "intended", "moved", "sending", "saving", "restarting", "unverified", "continued", "resumed"]
    );
    let deferred = [State::Locked, State::BackedUp, State::Applied, State::Verifying, State::Confirmed, State::Saving];
    for state in State::ALL {
        let expected = match state {
            State::Applying => Durability::WriteAhead,
            state if deferred.contains(&state) => Durability::Deferred,
            _ => Durability::Immediate,
        };
        assert_eq!(Kind::Moved { state }.durability(), expected, "{state:?}");
    }
}

#[test]
fn what_earlier_versions_wrote_is_read() {
    let bodies = [
        json!({ "kind": "begun", "action": "apply", "by": "b", "machine": "m", "version": "0.1.0", "inventory": "i", "source": "s", "routers": ["r1"] }),
        json!({ "kind": "intended", "site": "s", "kept": { "commands": ["x"] } }),
        json!({ "kind": "backed-up", "model": "m", "serial_number": "1", "firmware": "f", "started_at": null, "running": "h", "taken_over": false }),
        json!({ "kind": "sealed", "name": "before", "sha256": "h" }),
        json!({ "kind": "moved", "state": "applying" }),
        json!({ "kind": "sending", "number": 1, "total": 1, "line": "x", "undo": false }),
        json!({ "kind": "answered", "number": 1, "undo": false, "accepted": true, "text": "" }),
        json!({ "kind": "failed", "code": "router.lost", "text": { "en": "lost", "ja": "lost" } }),
        json!({ "kind": "saving" }),
        json!({ "kind": "restarted", "started_at": null }),
        json!({ "kind": "unverified", "checks": [], "reason": "startup-not-shown" }),
        json!({ "kind": "abandoned" }),
        json!({ "kind": "resumed", "by": "b", "machine": "m" }),
        json!({ "kind": "ended", "state": "saved", "sent": 1, "restart_pending": false }),
        json!({ "kind": "run-ended", "exit": 0 }),
    ];
    for body in bodies {
        let kind: Kind = serde_json::from_value(body.clone()).unwrap_or_else(|error| panic!("{error}: {body}"));
        let again = serde_json::to_value(&kind).unwrap();
        let same = |(field, value): (&String, &Value)| again.get(field) == Some(value);
        assert!(body.as_object().unwrap().iter().all(same), "{body} became {again}");
    }
}
