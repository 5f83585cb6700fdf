//! Files that are not what was exported: changed by chance or on purpose, or something else altogether.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::fs;
use std::sync::Arc;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{Machine, exported};
use crate::journal::RunLog;
use crate::message::Explain as _;
use crate::record::fixtures::begun;
use crate::record::{Kind, Readers};
use crate::run::portable::archive::tests::written;
use crate::run::portable::archive::{self, Reader};
use crate::run::portable::flaw::Flaw;
use crate::run::portable::import;
use crate::run::portable::layout::{
    CONFIGURATIONS, HEAD, MANIFEST, PAGE, PLAN, RECORDS, SEAL, is_recording_name, is_run_name, manifest,
};
use crate::run::portable::read::parse;

/// Whether reading these bytes finds out that they are not what was exported.
fn is_found_out(bytes: &[u8]) -> bool {
    parse(bytes, None).is_err()
}

/// Whether a change of this byte is found out.
fn is_noticed(bytes: &[u8], at: usize, change: u8) -> bool {
    let mut changed = bytes.to_vec();
    changed[at] ^= change;
    is_found_out(&changed)
}

#[test]
fn each_byte_that_is_changed_is_noticed_in_every_part_and_between_them() {
    let here = Machine::new();
    let run = here.run_over(&["r1"], include_bytes!("../../../../tests/data/plan-3/plan.json"));
    here.recording("r1-a.cast", "r1", here.evidence(&run).records[0].at_ms / 1000, "r1# ");
    here.export(&run, "run.tar", Some("tapes")).unwrap();
    let bytes = fs::read(here.path("run.tar")).unwrap();
    assert!(!is_found_out(&bytes));
    let parts: Vec<String> = parts_of(&bytes).into_iter().map(|(name, _)| name).collect();
    let all = [HEAD, RECORDS, CONFIGURATIONS, PLAN, PAGE, "recordings/r1-a.cast", MANIFEST, SEAL];
    assert_eq!(parts, all, "every kind of part");
    // One bit of each, and each bit of some: headers, parts, what fills a block, and the end of the file.
    let places: Vec<usize> = (0..bytes.len()).collect();
    let missed: Vec<usize> = std::thread::scope(|scope| {
        let missed = |places: &[usize]| -> Vec<usize> {
            places.iter().copied().filter(|at| !is_noticed(&bytes, *at, 1 << (at % 8))).collect()
        };
        let shares: Vec<_> =
            places.chunks(bytes.len().div_ceil(4)).map(|share| scope.spawn(move || missed(share))).collect();
        shares.into_iter().flat_map(|share| share.join().unwrap()).collect()
    });
    assert_eq!(missed, Vec::<usize>::new(), "of {} bytes", bytes.len());
}

#[test]
fn any_change_of_a_byte_of_a_larger_run_is_noticed() {
    let (here, _) = exported();
    let bytes = fs::read(here.path("run.tar")).unwrap();
    assert!(!is_found_out(&bytes));
    let noticed = |at: usize, change: u8| is_noticed(&bytes, at, change);
    // The ends of every block, where headers, parts and what fills them meet; the rest by chance, from one seed.
    for at in (0..bytes.len()).filter(|at| [0, 1, 511].contains(&(at % 512))) {
        assert!(noticed(at, 0x20), "byte {at} of {}", bytes.len());
    }
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner =
        TestRunner::new_with_rng(Config { cases: 600, failure_persistence: None, ..Config::default() }, rng);
    let some = (0..bytes.len(), 1..=255_u8);
    runner
        .run(&some, |(at, change)| {
            proptest::prop_assert!(noticed(at, change), "byte {at} ^ {change}");
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_part_that_was_changed_is_named() {
    let (here, _) = exported();
    let bytes = fs::read(here.path("run.tar")).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    for (of, name) in [("<p>", "report.html"), ("\"schema\": \"ixdeploy-export", "manifest.json")] {
        let mut changed = bytes.clone();
        changed[text.find(of).unwrap() + of.len() - 1] ^= 1;
        let Flaw::Damaged(why) = parse(&changed[..], None).map(drop).unwrap_err() else { panic!("{name}") };
        assert!(why.en.contains(name), "{why}");
    }
}

#[test]
fn two_parts_that_changed_places_are_named_by_the_first_of_them() {
    let here = Machine::new();
    let run = here.run();
    let begun_s = here.evidence(&run).records[0].at_ms / 1000;
    here.recording("r1-a.cast", "r1", begun_s, "one\r\n");
    here.recording("r1-b.cast", "r1", begun_s, "two\r\n");
    here.export(&run, "run.tar", Some("tapes")).unwrap();
    let mut parts = parts_of(&fs::read(here.path("run.tar")).unwrap());
    let at = parts.iter().position(|(name, _)| name == "recordings/r1-a.cast").unwrap();
    let body = std::mem::take(&mut parts[at].1);
    let other = std::mem::replace(&mut parts[at + 1].1, body);
    parts[at].1 = other;
    let Flaw::Damaged(why) = parse(&written(&parts)[..], None).map(drop).unwrap_err() else { panic!() };
    assert!(why.en.contains("recordings/r1-a.cast"), "{why}");
}

#[test]
fn what_is_cut_off_or_added_anywhere_is_noticed() {
    let (here, _) = exported();
    let bytes = fs::read(here.path("run.tar")).unwrap();
    for at in (0..bytes.len()).step_by(97) {
        assert!(is_found_out(&bytes[..at]), "cut at {at}");
        assert!(is_found_out(&[&bytes[..at], b"\0", &bytes[at..]].concat()), "a byte more at {at}");
    }
    assert!(is_found_out(&[&bytes[..], &bytes[..]].concat()));
}

/// The parts of an export, to be put together in another way.
fn parts_of(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    archive::tests::parts_of(bytes).unwrap()
}

/// The same parts, with a manifest that names them as they are.
fn manifested(mut parts: Vec<(String, Vec<u8>)>, run: &str) -> Vec<u8> {
    let at = parts.iter().position(|(name, _)| name == MANIFEST).unwrap();
    let before = written(&parts[..at]);
    let mut reader = Reader::new(&before[..]);
    while let Some(entry) = reader.entry().unwrap() {
        reader.each(entry, u64::MAX, |_| Ok(())).unwrap();
    }
    parts[at].1 = manifest(run, reader.parts()).unwrap().into_bytes();
    written(&parts)
}

#[test]
fn parts_of_another_order_twice_missing_or_with_a_path_for_a_name_are_refused() {
    let (here, run) = exported();
    let bytes = fs::read(here.path("run.tar")).unwrap();
    let parts = parts_of(&bytes);
    assert_eq!(written(&parts), bytes, "put together again it is the same");
    assert_eq!(manifested(parts.clone(), &run), bytes);
    for at in 0..parts.len() {
        let mut without = parts.clone();
        without.remove(at);
        assert!(is_found_out(&written(&without)), "without {}", parts[at].0);
        let mut twice = parts.clone();
        twice.insert(at, parts[at].clone());
        assert!(is_found_out(&written(&twice)), "{} twice", parts[at].0);
        let mut turned = parts.clone();
        turned.swap(at, (at + 1) % parts.len());
        assert!(is_found_out(&written(&turned)), "{} elsewhere", parts[at].0);
    }
    let at = parts.iter().position(|(name, _)| name == MANIFEST).unwrap();
    for name in ["recordings/../../x.cast", "recordings//x.cast", "/etc/x", "recordings/x", "recordings/.cast", "x"] {
        let mut more = parts.clone();
        more.insert(at, (name.to_owned(), b"{}".to_vec()));
        assert!(is_found_out(&manifested(more, &run)), "{name}");
    }
}

#[test]
fn a_forged_record_shows_although_manifest_and_digests_fit() {
    let (here, run) = exported();
    let parts = parts_of(&fs::read(here.path("run.tar")).unwrap());
    let forged = |name: &str, from: &str, to: &str| {
        let mut parts = parts.clone();
        let part = parts.iter_mut().find(|(known, _)| known == name).unwrap();
        let text = String::from_utf8(part.1.clone()).unwrap();
        assert!(text.contains(from), "{name}: {text}");
        part.1 = text.replacen(from, to, 1).into_bytes();
        let error = parse(&manifested(parts, &run)[..], None).map(drop).unwrap_err();
        let Flaw::Damaged(why) = error else { panic!("{error:?}") };
        why.en
    };
    assert!(forged(RECORDS, "hostname new", "hostname xxx").contains("record "));
    assert!(forged(RECORDS, "\"exit\\\":4", "\"exit\\\":0").contains("record "));
    assert!(forged("configurations.jsonl", "hostname new", "hostname xxx").contains(SEAL));
    assert!(forged("report.html", "records", "RECORDS").contains(SEAL));
    assert!(forged(SEAL, "\\\"by\\\":", "\\\"By\\\":").contains(SEAL));
    assert!(forged(SEAL, "{\"number\":", "{ \"number\":").contains(SEAL), "one form of it");
}

#[test]
fn other_files_and_later_forms_are_told_apart() {
    let (here, run) = exported();
    let there = Machine::new();
    let code = |bytes: &[u8]| {
        let path = here.path("other.tar");
        fs::write(&path, bytes).unwrap();
        import(&there.journal, &path).map(drop).unwrap_err().code().to_owned()
    };
    let parts = parts_of(&fs::read(here.path("run.tar")).unwrap());
    for other in [&b""[..], b"x", b"{}", &[0; 4096], b"PK\x03\x04", &written(&[("x".to_owned(), Vec::new())])] {
        assert_eq!(code(other), "export.format");
    }
    let with_head = |text: String| {
        let mut parts = parts.clone();
        parts[0].1 = text.into_bytes();
        written(&parts)
    };
    assert_eq!(code(&with_head("{\"schema\":\"ixdeploy-export/2\"}".to_owned())), "export.newer");
    assert_eq!(code(&with_head("{\"schema\":\"ixdeploy-plan/5\"}".to_owned())), "export.format");
    let named =
        |run: &str| with_head(format!("{{\"schema\":\"ixdeploy-export/1\",\"run\":\"{run}\",\"plan\":\"kept\"}}"));
    for name in ["../../../etc/x", "", "con", "20261122-114603-7k3f/x"] {
        assert_eq!(code(&named(name)), "export.damaged", "{name}");
    }
    assert_eq!(code(&with_head("[".repeat(5000))), "export.damaged");
    // Too large to be a head, whatever it says of its form.
    let padded =
        |size: usize| with_head(format!("{{\"schema\":\"ixdeploy-export/2\",\"x\":\"{}\"}}", "x".repeat(size)));
    assert_eq!(code(&padded(1000)), "export.newer");
    assert_eq!(code(&padded(1024 * 1024)), "export.too-large");
    assert!(!there.path("state/imported").join(format!("{run}.tar")).exists());
    assert!(there.journal.imports().unwrap().is_empty());
}

/// A run with three records alone: its beginning, its end, and what is intended for one router.
fn run_with(here: &Machine, begun: Kind, kept: serde_json::Value) -> String {
    let readers = Readers::default();
    let log = RunLog::begin(Arc::clone(&here.journal), &readers, begun).unwrap();
    let intended = Kind::Intended { site: "s".to_owned(), kept, adopt: false, take_over: false };
    log.router_journal(&readers, "r1", "s", 1).record(intended).unwrap();
    log.recorder(&readers).record(Kind::RunEnded { exit: 3 }).unwrap();
    log.run().as_str().to_owned()
}

#[test]
fn records_that_would_take_many_times_their_size_in_memory_are_not_read() {
    let here = Machine::new();
    let run = run_with(&here, begun(["r1"]), serde_json::json!(vec![0; 200_000]));
    // What is written is read back at once.
    let refused = here.export(&run, "run.tar", None).unwrap_err();
    assert_eq!(refused.code(), "export.too-large");
}

#[test]
fn a_name_that_no_journal_should_keep_for_good_is_not_imported() {
    let (here, there) = (Machine::new(), Machine::new());
    let mut long = begun(["r1"]);
    if let Kind::Begun { inventory, .. } = &mut long {
        *inventory = "x".repeat(100_000);
    }
    let run = run_with(&here, long, serde_json::Value::Null);
    here.export(&run, "run.tar", None).unwrap();
    assert_eq!(import(&there.journal, &here.path("run.tar")).unwrap_err().code(), "export.too-large");
    assert!(there.journal.imports().unwrap().is_empty());
}

#[test]
fn names_are_those_of_runs_and_of_recordings() {
    for (name, is) in
        [("20261122-114603-7k3f", true), ("20261122-114603-7K3f", false), ("2026-1", false), ("..", false)]
    {
        assert_eq!(is_run_name(name), is, "{name}");
    }
    for (name, is) in [("r1-1.cast", true), (".cast", false), ("a/b.cast", false), ("..cast", false), ("r1.txt", false)]
    {
        assert_eq!(is_recording_name(name), is, "{name}");
    }
}
