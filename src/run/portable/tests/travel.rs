//! From one state folder into another.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::fs;
use std::sync::Arc;

use super::{ExportRequest, Machine, export, exported};
use crate::journal::{Fault, JournalError, RunLog};
use crate::message::Explain as _;
use crate::record::{Kind, Readers};
use crate::run::portable::imported::path_of;
use crate::run::portable::{ImportEnd, import, imported_recording, imported_run, verify_export, verify_journal};
use crate::run::{Evidence, KeptText};
use crate::state::State;

/// What an evidence says, but for where it is.
fn said(evidence: &Evidence) -> String {
    let Evidence { run, records, result, in_progress, configurations, notes, faults, .. } = evidence;
    format!("{run:?} {records:?} {result:?} {in_progress:?} {configurations:?} {notes:?} {faults:?}")
}

#[test]
fn an_imported_run_says_the_same_as_where_it_was_carried_out() {
    let (here, run) = exported();
    let there = Machine::new();
    let taken = import(&there.journal, &here.path("run.tar")).unwrap();
    assert_eq!((taken.end, taken.record.imported.as_str()), (ImportEnd::Taken, run.as_str()));
    let (own, imported) = (here.evidence(&run), there.evidence(&run));
    assert_eq!(said(&own), said(&imported));
    assert!(own.imported.is_none() && imported.imported.is_some());
    let KeptText::Masked(after) = &imported.configurations["r1"].after else { panic!("{imported:?}") };
    assert!(after.contains("hostname new") && !after.contains("Canary"), "{after}");
    assert!(imported.faults.len() == 1, "the kept plan is of a later version: {:?}", imported.faults);
    let listed = there.journal.runs_and_imports(5).unwrap();
    assert_eq!(listed[0].ends, here.journal.listing(&run).unwrap().ends);
    assert!(there.journal.open_router_runs().unwrap().is_empty());
    assert!(matches!(there.journal.named(&run), Err(JournalError::Imported { .. })));
}

#[test]
fn nothing_sealed_and_no_secret_is_in_the_file() {
    let (here, _) = exported();
    let bytes = fs::read(here.path("run.tar")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("hostname new") && !text.contains("CanarySealed1Pw"));
}

#[test]
fn the_same_run_again_is_nothing_to_do_and_another_one_of_its_name_is_refused() {
    let (here, run) = exported();
    here.recording("r1-1.cast", "r1", here.journal.records(&run).unwrap()[0].at_ms / 1000, "r1# ");
    here.export(&run, "again.tar", None).unwrap();
    here.export(&run, "tapes.tar", Some("tapes")).unwrap();
    let there = Machine::new();
    let end = |name: &str| import(&there.journal, &here.path(name)).map(|taken| taken.end);
    assert_eq!(end("run.tar").unwrap(), ImportEnd::Taken);
    let before = fs::read(path_of(there.journal.state_dir(), &run)).unwrap();
    assert_eq!(end("run.tar").unwrap(), ImportEnd::Known);
    assert_eq!(end("again.tar").unwrap(), ImportEnd::Known, "when it was exported is not what it is");
    let conflict = end("tapes.tar").unwrap_err();
    assert_eq!(conflict.code(), "import.conflict");
    assert!(conflict.text().en.contains("recordings/r1-1.cast"), "{conflict}");
    assert_eq!(fs::read(path_of(there.journal.state_dir(), &run)).unwrap(), before, "nothing was written over");
    // Where it was carried out it is known; also an export from before it went on.
    let own = import(&here.journal, &here.path("run.tar")).unwrap();
    assert_eq!(own.end, ImportEnd::Own);
    let log = RunLog::of(Arc::clone(&here.journal), &run);
    log.router_journal(&Readers::default(), "r2", "s", 2).record(Kind::Moved { state: State::Undone }).unwrap();
    assert_eq!(import(&here.journal, &here.path("run.tar")).unwrap().end, ImportEnd::Own);
    here.export(&run, "later.tar", None).unwrap();
    assert_eq!(end("later.tar").unwrap_err().code(), "import.conflict");
    assert_eq!(there.journal.verify(None).unwrap().fault, None);
}

#[test]
fn an_imported_file_that_was_changed_is_not_used_and_is_imported_again() {
    let (here, run) = exported();
    let there = Machine::new();
    import(&there.journal, &here.path("run.tar")).unwrap();
    let kept = path_of(there.journal.state_dir(), &run);
    let whole = fs::read(&kept).unwrap();
    for spoilt in [None, Some(b"x".to_vec()), Some([&whole[..], b"x"].concat())] {
        match spoilt {
            Some(bytes) => fs::write(&kept, bytes).unwrap(),
            None => fs::remove_file(&kept).unwrap(),
        }
        assert_eq!(imported_run(&there.journal, &run).unwrap_err().code(), "import.changed");
        let found = verify_journal(&there.journal, None).unwrap();
        assert!(matches!(found.chain.fault, Some(Fault::Imported { .. })), "{:?}", found.chain);
        assert_eq!(import(&there.journal, &here.path("run.tar")).unwrap().end, ImportEnd::Taken);
        assert_eq!(fs::read(&kept).unwrap(), whole);
    }
    // Another export of the same run in its place is not the one that was imported.
    here.export(&run, "again.tar", None).unwrap();
    fs::copy(here.path("again.tar"), &kept).unwrap();
    assert_eq!(imported_run(&there.journal, &run).unwrap_err().code(), "import.changed");
}

#[test]
fn a_head_proves_what_it_covers() {
    let (here, run) = exported();
    let export_head = here.journal.head().unwrap();
    let records = here.journal.records(&run).unwrap();
    let run_head = records.last().unwrap().hash.clone();
    let there = Machine::new();
    import(&there.journal, &here.path("run.tar")).unwrap();
    let proof = |head: &str| verify_journal(&there.journal, Some(head)).unwrap();
    let whole = proof(&export_head);
    assert!(whole.chain.fault.is_none() && whole.proof.as_ref().unwrap().whole, "{:?}", whole.proof);
    let of_run = proof(&run_head).proof.unwrap();
    let exported_by = there.journal.import_of(&run).unwrap().unwrap().exported_by;
    assert_eq!((&of_run.run, of_run.exported_by), (&run, exported_by), "whose journal it is of");
    assert_eq!((of_run.records, of_run.of, of_run.whole), (records.len(), records.len(), false));
    let first = proof(&records[2].hash).proof.unwrap();
    assert_eq!(first.records, 3, "what follows it is proven by none");
    let unknown = proof(&"1".repeat(64));
    assert!(unknown.proof.is_none() && matches!(unknown.chain.fault, Some(Fault::HeadUnknown { .. })));
    let of_file = |head: &str| verify_export(&here.path("run.tar"), Some(head)).unwrap().proof;
    assert!(of_file(&export_head).unwrap().whole && of_file("x").is_none());
    let own = there.journal.head().unwrap();
    assert!(proof(&own).proof.is_none() && proof(&own).chain.fault.is_none());
}

#[test]
fn an_imported_run_is_exported_again_as_the_file_that_came_in() {
    let (here, run) = exported();
    let there = Machine::new();
    import(&there.journal, &here.path("run.tar")).unwrap();
    let again = there.export(&run, "again.tar", None).unwrap();
    assert!(again.imported);
    assert_eq!(fs::read(there.path("again.tar")).unwrap(), fs::read(here.path("run.tar")).unwrap());
    assert_eq!(there.export(&run, "again.tar", None).unwrap_err().code(), "export.exists");
}

#[test]
fn a_file_that_is_no_recording_is_left_out_and_said_and_one_that_changes_meanwhile_stops_the_export() {
    let here = Machine::new();
    let run = here.run();
    let at_s = here.journal.records(&run).unwrap()[0].at_ms / 1000;
    here.recording("r1-1.cast", "r1", at_s, "r1# show version\r\n");
    fs::write(here.path("tapes/r1-0.cast"), b"{\"version\":2}\ncut o").unwrap();
    let done = here.export(&run, "run.tar", Some("tapes")).unwrap();
    assert_eq!((done.recordings, done.other_recordings), (1, 0));
    assert_eq!(done.unreadable_recordings, ["r1-0.cast"]);
    let head = here.journal.head().unwrap();
    let (file, secret) = (here.path("changed.tar"), "username a password plain 1 CanaryTape2Pw administrator\r\n");
    let request = ExportRequest {
        run: run.clone(),
        file: file.clone(),
        recordings: Some(here.path("tapes")),
        // The page is made after the recordings were looked at.
        page: &|_| {
            here.recording("r1-1.cast", "r1", at_s, secret);
            String::new()
        },
    };
    assert_eq!(export(&here.journal, &request).unwrap_err().code(), "export.recording");
    assert!(!file.exists() && here.journal.head().unwrap() == head, "nothing was written");
}

#[test]
fn recordings_of_the_run_go_along_and_one_with_a_secret_stops_the_export() {
    let here = Machine::new();
    let run = here.run();
    let at_s = here.journal.records(&run).unwrap()[0].at_ms / 1000;
    here.recording("r1-1.cast", "r1", at_s, "r1# show version\r\n");
    here.recording("r1-2.cast", "r1", at_s - 3600, "of an earlier run");
    here.recording("r9-1.cast", "r9", at_s, "of another router");
    let done = here.export(&run, "run.tar", Some("tapes")).unwrap();
    assert_eq!((done.recordings, done.other_recordings), (1, 2));
    let there = Machine::new();
    import(&there.journal, &here.path("run.tar")).unwrap();
    let replayed = |name: Option<&str>| imported_recording(&there.journal, &run, name);
    for name in [None, Some("r1-1"), Some("r1-1.cast")] {
        let bytes = replayed(name).unwrap().unwrap();
        assert_eq!(bytes, fs::read(here.path("tapes/r1-1.cast")).unwrap());
    }
    assert_eq!(replayed(Some("r1-2")).unwrap_err().code(), "replay.no-recording");
    assert!(imported_recording(&there.journal, "20200101-000000-zzzz", None).unwrap().is_none());
    here.recording("r2-1.cast", "r2", at_s, "username a password plain 1 CanaryTape1Pw administrator\r\n");
    let head = here.journal.head().unwrap();
    assert_eq!(here.export(&run, "secret.tar", Some("tapes")).unwrap_err().code(), "export.recording");
    assert!(!here.path("secret.tar").exists() && here.journal.head().unwrap() == head, "nothing was written");
}

#[test]
fn a_run_that_was_edited_is_not_exported() {
    let here = Machine::new();
    let run = here.run();
    let file = rusqlite::Connection::open(here.journal.path()).unwrap();
    file.execute_batch("DROP TRIGGER record_is_final; UPDATE record SET at_ms = at_ms + 1 WHERE number = 3;").unwrap();
    assert_eq!(here.export(&run, "run.tar", None).unwrap_err().code(), "journal.edited");
    assert!(!here.path("run.tar").exists());
}
