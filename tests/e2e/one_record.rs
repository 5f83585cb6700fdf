//! One record: what the document of a run says, and every event about what was done, is in the journal, and can be rebuilt from it
//! alone.

use ixdeploy::journal::Journal;
use ixdeploy::record::RunResult;
use mock_device::{Fault, RouterSpec, SaveFault, When};
use serde_json::Value;

use crate::harness::{Bench, HostKey, Run, prepared, router3};
use crate::hostile::{APPLY, LINES, small_book};
use crate::lost::{apply, own_book};

/// The document of a command.
fn document(bench: &Bench, words: &[&str], status: i32) -> Value {
    bench.run(&[&["--format", "json"], words].concat()).exits(status).json()
}

/// Insists that the journal's file alone, without key or inventory, says what the document of its run says; gives back the run.
#[track_caller]
fn is_rebuilt(bench: &Bench, document: &Value) -> String {
    let run = document["run"].as_str().expect("a run was begun").to_owned();
    let alone = tempfile::tempdir().unwrap();
    std::fs::copy(bench.path("state/journal.sqlite"), alone.path().join("journal.sqlite")).unwrap();
    let records = Journal::open_copy(alone.path()).unwrap().records(&run).unwrap();
    let result = RunResult::of(&records);
    assert_eq!(result.exit.map(u64::from), document["exit"].as_u64());
    let mut said = document.as_object().unwrap().clone();
    for frame in ["schema", "command", "exit"] {
        said.shift_remove(frame);
    }
    assert_eq!(serde_json::to_value(&result).unwrap(), Value::Object(said));
    run
}

fn refusing(id: &str, line: &str) -> RouterSpec {
    RouterSpec { faults: vec![Fault::refuse(When::matching(line))], ..prepared(id) }
}

#[test]
fn the_result_of_a_run_can_be_rebuilt_from_the_journal_alone() {
    // Saved, with checks; one that has nothing to send; and its undo.
    let bench = Bench::one();
    let book = crate::harness::playbook("online-eligibility.yaml");
    let words = ["apply", &book, "-i", "clinics.yaml", "--yes", "--phase", "bench"];
    let saved = document(&bench, &words, 0);
    assert!(!saved["routers"][0]["checks"].as_array().unwrap().is_empty(), "{saved}");
    let run = is_rebuilt(&bench, &saved);
    is_rebuilt(&bench, &document(&bench, &words, 0));
    let shown = document(&bench, &["show", &run], 0);
    assert_eq!(shown["outcomes"], saved["routers"]);
    is_rebuilt(&bench, &document(&bench, &["undo", &run, "-i", "clinics.yaml", "--yes"], 0));
}

#[test]
fn the_proof_of_the_host_key_is_in_the_result_and_rebuilt_from_the_journal() {
    let mut bench = Bench::one();
    let book = crate::harness::playbook("online-eligibility.yaml");
    let words = ["apply", &book, "-i", "clinics.yaml", "--yes", "--phase", "bench"];
    let mut proven = |host_key: HostKey, option: &[&str], proof: &str| {
        bench.declare(|router| router.host_key = host_key.clone());
        let applied = document(&bench, &[&words, option].concat(), 0);
        let connection = &applied["routers"][0]["connection"];
        assert_eq!(connection["transport"], "ssh");
        let mut host_key = connection["host_key"].clone();
        let first_use = host_key.as_object_mut().unwrap().remove("first_use");
        assert_eq!(first_use.is_some(), proof == "known-hosts", "the session that recorded it says so itself");
        let key = serde_json::json!({
            "algorithm": "ssh-rsa",
            "fingerprint": bench.mock.fingerprint("r3").unwrap(),
            "proof": proof,
        });
        assert_eq!(host_key, key);
        let run = is_rebuilt(&bench, &applied);
        bench.run(&["show", &run]).exits(0).says(&format!("({proof})"));
    };
    proven(HostKey::Pinned, &[], "pinned");
    // No one is asked in between, so the one session records it, and the next finds it.
    proven(HostKey::KnownHosts, &["--record-host-key"], "first-use");
    proven(HostKey::KnownHosts, &[], "known-hosts");
}

#[test]
fn the_result_of_a_failed_run_can_be_rebuilt_with_its_advice() {
    let faults = [
        // Refused and undone; a save that fails; config mode taken away for good; a session cut for good.
        (3, Fault::refuse(When::matching("bridge 1 bridge-only"))),
        (3, Fault::Save { how: SaveFault::Fails, times: 1 }),
        (4, Fault::LockTaken { when: When::config_line(2), kept: true }),
        (3, Fault::drop_link(When::matching("bridge 1 bridge-only"))),
    ];
    for (status, fault) in faults {
        let bench = Bench::with_fault(fault);
        own_book(&bench, "");
        let words = ["apply", "own.yaml", "-i", "clinics.yaml", "--phase", "bench", "--yes"];
        let failed = document(&bench, &words, status);
        assert_ne!(failed["routers"][0]["causes"], serde_json::json!([]), "{failed}");
        is_rebuilt(&bench, &failed);
    }
}

#[test]
fn the_result_of_a_run_holds_those_that_were_never_begun() {
    // One is saved, one cannot be read, one refuses a line, and one is not begun for that; in the order of the inventory.
    let monitor = RouterSpec { faults: vec![Fault::Monitor], ..prepared("b3") };
    let routers = vec![
        (prepared("a3"), router3("a3")),
        (monitor, router3("b3")),
        (refusing("c3", "bridge 1 bridge-only"), router3("c3")),
        (prepared("d3"), router3("d3")),
    ];
    let bench = Bench::new(routers);
    own_book(&bench, "");
    let book = std::fs::read_to_string(bench.path("own.yaml")).unwrap();
    let slow = regex::Regex::new(r"concurrency: \d+").unwrap().replace(&book, "concurrency: 1");
    let slow = slow.replace("max_failures: 3", "max_failures: 2");
    std::fs::write(bench.path("own.yaml"), slow).unwrap();
    let words = ["apply", "own.yaml", "-i", "clinics.yaml", "--phase", "bench", "--yes"];
    let mixed = document(&bench, &words, 3);
    let states: Vec<&str> =
        mixed["routers"].as_array().unwrap().iter().map(|router| router["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["saved", "refused", "undone", "not-started"], "{mixed}");
    let run = is_rebuilt(&bench, &mixed);
    // A router that was never begun is no part of the run that could be recovered or undone.
    let shown = document(&bench, &["show", &run], 0);
    assert_eq!(shown["routers"].as_array().unwrap().len(), 2, "{shown}");
    bench.run(&["status"]).exits(0);
}

#[test]
fn what_was_saved_without_proof_is_rebuilt_with_its_reason() {
    let neither_form = Fault::Refuse { when: When::matching("^show (startup-)?config"), text: None, times: 0 };
    let spec = RouterSpec { faults: vec![neither_form], ..prepared("r3") };
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    small_book(&bench, LINES);
    let unproven = document(&bench, &[APPLY.as_slice(), &["--adopt"]].concat(), 3);
    assert_eq!(unproven["routers"][0]["unverified"], "startup-not-shown");
    let run = is_rebuilt(&bench, &unproven);
    let records = document(&bench, &["show", &run], 0)["records"].clone();
    let intended = records.as_array().unwrap().iter().find(|one| one["record"]["kind"] == "intended").unwrap().clone();
    assert_eq!(intended["record"]["adopt"], true, "the terms are in the record");
}

/// The events of a bench, and the kinds that the journal has for the router.
fn events_and_records(bench: &Bench, run: &str) -> (Vec<Value>, Vec<Value>) {
    let text = std::fs::read_to_string(bench.path("events.jsonl")).unwrap();
    let events = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let shown = document(bench, &["show", run], 0);
    (events, shown["records"].as_array().unwrap().clone())
}

#[test]
fn every_event_of_a_run_is_a_record_of_the_journal_and_the_last_one_says_how_it_ended() {
    let bench = Bench::new(vec![(refusing("r3", "bridge 1 bridge-only"), router3("r3"))]);
    own_book(&bench, "");
    let run: Run = apply(&bench, &["--yes"]).exits(3);
    let name = run.stderr.lines().find_map(|line| line.strip_prefix("run ")).unwrap().trim().to_owned();
    let (events, records) = events_and_records(&bench, &name);
    assert_eq!(events.first().unwrap()["event"], "run-started");
    let last = events.last().unwrap();
    assert_eq!((&last["event"], &last["exit"], &last["run"]), (&"run-ended".into(), &3.into(), &name.clone().into()));
    let sequence: Vec<u64> = events.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert!(sequence.is_sorted_by(|one, next| one < next), "{sequence:?}");
    let of_run = |kind: &str| events.iter().filter(|event| event["run"] == *name && event["event"] == kind).count();
    let kept = |kind: &str| records.iter().filter(|one| one["record"]["kind"] == kind).count();
    for kind in
        ["connected", "identified", "read", "backed-up", "moved", "sending", "compared", "failed", "ended", "run-ended"]
    {
        assert!(kept(kind) > 0, "{kind} is in the journal");
        assert_eq!(of_run(kind), kept(kind), "{kind}");
    }
    let router = events.iter().find(|event| event["event"] == "sending").unwrap();
    assert_eq!((&router["site"], &router["fence"]), (&"site-r3".into(), &1.into()));
}

#[test]
fn a_run_of_a_saved_plan_is_rebuilt_with_the_hash_of_what_was_reviewed() {
    let bench = Bench::one();
    bench.plan(&["-o", "plan.json"]).exits(2);
    let words = ["apply", "plan.json", "-i", "clinics.yaml", "--yes", "--phase", "bench", "-l", "r3"];
    let applied = document(&bench, &words, 0);
    assert!(applied["plan_sha256"].is_string(), "{applied}");
    let run = is_rebuilt(&bench, &applied);
    let records = document(&bench, &["show", &run], 0)["records"].clone();
    assert_eq!(records[0]["record"]["policy"]["limit"], "r3");
    assert_eq!(records[0]["record"]["policy"]["asked"], false);
}

#[test]
fn a_resume_has_a_newer_fence_and_the_record_holds_its_end() {
    let spec = RouterSpec { faults: vec![Fault::drop_link(When::matching("bridge 1 bridge-only"))], ..prepared("r3") };
    let bench = Bench::new(vec![(spec, router3("r3"))]);
    own_book(&bench, "lost: ask");
    let words = ["apply", "own.yaml", "-i", "clinics.yaml", "--phase", "bench", "--yes"];
    let lost = document(&bench, &words, 4);
    let run = is_rebuilt(&bench, &lost);
    let resumed = document(&bench, &["resume", &run, "--yes", "--undo"], 3);
    assert_eq!(resumed["routers"][0]["state"], "undone", "{resumed}");
    assert_eq!(document(&bench, &["show", &run], 0)["outcomes"], resumed["routers"]);
    let text = std::fs::read_to_string(bench.path("events.jsonl")).unwrap();
    let fence = |event: &str| {
        let line = text.lines().rfind(|line| line.contains(&format!("\"event\":\"{event}\""))).unwrap();
        serde_json::from_str::<Value>(line).unwrap()["fence"].as_u64()
    };
    assert_eq!((fence("backed-up"), fence("resumed"), fence("ended")), (Some(1), Some(2), Some(2)));
}
